//! Lists of pull requests.

use std::collections::HashMap;

use github::reads::PullRequest;
use identity::{model::UserId, rules::has_profile};
use platform::Context;
use ui::{
    Tag, Who,
    csv::{self, Cell},
    download::{Batch, next_batch},
    format::{self, Instant, Number},
    paging::ListPosition,
};
use uuid::Uuid;

use super::state::state;
use crate::reads::{self, Contribution, pull_address};

#[derive(Clone, Debug)]
pub(super) struct PullLink {
    /// The path of the page that explains the points.
    pub(super) address: String,
    /// `owner/name #number`.
    pub(super) label: String,
    pub(super) title: String,
}

#[derive(Clone, Debug)]
pub(super) struct ListedPull {
    pub(super) id: Uuid,
    pub(super) link: PullLink,
    /// The author, who is gone when the account is deleted.
    pub(super) author: Who,
    pub(super) state: Tag,
    pub(super) opened: Instant,
    pub(super) merged: Option<Instant>,
    pub(super) closed: Option<Instant>,
    /// The points in the ledger.
    pub(super) points: Number,
    pub(super) pending: Number,
}

impl PullLink {
    pub(super) fn of(pull: &PullRequest) -> Self {
        Self {
            address: pull_address(&pull.full_name, pull.number),
            label: format!("{} #{}", pull.full_name, pull.number),
            title: pull.title.clone(),
        }
    }
}

impl ListedPull {
    /// Creates the row of a contribution; `None` if its repository is now private.
    pub(super) fn of(
        row: &Contribution,
        names: &HashMap<Uuid, PullRequest>,
        people: &HashMap<UserId, Who>,
    ) -> Option<Self> {
        let pull = names.get(&row.pull_request_id)?;
        let author = pull.author_id.and_then(|id| people.get(&id.into()));
        let author = author.cloned().unwrap_or_default();
        Some(Self {
            id: row.pull_request_id,
            link: PullLink::of(pull),
            author,
            state: state(row.state),
            opened: Instant(row.opened_at),
            merged: row.merged_at.map(Instant),
            closed: row.closed_at.map(Instant),
            points: Number(row.score),
            pending: Number(row.opening_pending + row.merge_pending),
        })
    }

    /// Writes a batch of a CSV, and returns where the next one begins.
    pub(super) async fn batch(context: &Context, rows: &[Contribution]) -> Batch<ListPosition> {
        let names = reads::pull_requests(&context.db, rows).await?;
        let authors = names.values().filter_map(|pull| pull.author_id);
        let people = identity::reads::who(&context.db, authors.map(Into::into)).await?;
        let pulls = rows.iter().filter_map(|row| Self::of(row, &names, &people));
        let text = pulls.map(|pull| csv::line(&pull.cells())).collect();
        let next = next_batch(rows, |row| Some((row.opened_at, row.pull_request_id)));
        Ok((text, next))
    }

    /// The columns of a CSV.
    pub(super) const HEAD: [&'static str; 8] =
        ["pull_request", "title", "author", "state", "opened_at", "merged_at", "points", "pending"];

    fn cells(self) -> [Cell; 8] {
        [
            self.link.label.into(),
            self.link.title.into(),
            self.author.login.into(),
            self.state.word.into(),
            self.opened.0.into(),
            self.merged.map(|at| at.0).into(),
            self.points.0.into(),
            self.pending.0.into(),
        ]
    }
}

/// Returns the path of a person's profile, unless the account is closed or erased.
pub(super) fn profile(login: &str) -> Option<String> {
    has_profile(login).then(|| format!("/people/{}", format::segment(login)))
}
