//! Lists of pull requests and where they go on.

use std::collections::HashMap;
use ui::{
    csv::Cell,
    format::{self, Instant, Number},
};

use contributions::reads::Contribution;
use github::reads::PullRequest;
use identity::model::UserId;
use kernel::{Problem, Timestamp};
use platform::web::{self, ListQuery, cursor_after};
use uuid::Uuid;

use super::words::{self, Tag};

/// Rows shown at once.
pub(super) const ROWS: i64 = 25;

/// A part of a list.
pub(super) struct List<T> {
    pub(super) rows: Vec<T>,
    pub(super) next: Option<String>,
    pub(super) is_first: bool,
    /// What its CSV is asked with: the same part.
    pub(super) asked: String,
}

/// Where a list begins: behind a place, or at its beginning.
pub(super) type Place = Option<(Timestamp, Uuid)>;

/// The place that a cursor names.
pub(super) fn place(cursor: &str) -> Result<Place, Problem> {
    let query = ListQuery {
        limit: None,
        cursor: (!cursor.is_empty()).then(|| cursor.to_owned()),
    };
    query.place()
}

impl<T> List<T> {
    /// A part that was asked for with one row more than it shows.
    pub(super) fn cut(rows: Vec<T>, cursor: &str, place: impl Fn(&T) -> (Timestamp, Uuid)) -> Self {
        let cut = web::List::cut(rows, ROWS, |row| cursor_after(place(row)));
        Self {
            rows: cut.items,
            next: cut.next_cursor,
            is_first: cursor.is_empty(),
            asked: cursor.to_owned(),
        }
    }

    /// The same part, each row seen otherwise.
    pub(super) fn map<U>(self, view: impl FnMut(T) -> Option<U>) -> List<U> {
        List {
            rows: self.rows.into_iter().filter_map(view).collect(),
            next: self.next,
            is_first: self.is_first,
            asked: self.asked,
        }
    }
}

/// A pull request as a link.
#[derive(Clone)]
pub(super) struct PullLink {
    pub(super) address: String,
    pub(super) label: String,
    pub(super) title: String,
}

/// A pull request in a list.
pub(super) struct Pull {
    pub(super) link: PullLink,
    /// Its author's login; empty when the account is gone.
    pub(super) author: String,
    pub(super) author_address: String,
    pub(super) state: Tag,
    pub(super) opened: Instant,
    pub(super) merged: Option<Instant>,
    pub(super) points: Number,
    pub(super) pending: Number,
}

impl PullLink {
    pub(super) fn of(pull: &PullRequest) -> Self {
        let name = pull.full_name.split('/').map(format::segment);
        let path = name.collect::<Vec<_>>().join("/");
        Self {
            address: format!("/pull-requests/{path}/{}", pull.number),
            label: format!("{} #{}", pull.full_name, pull.number),
            title: pull.title.clone(),
        }
    }
}

impl Pull {
    /// None of a repository whose name is not shown.
    pub(super) fn of(
        row: &Contribution,
        names: &HashMap<Uuid, PullRequest>,
        logins: &HashMap<UserId, String>,
    ) -> Option<Self> {
        let pull = names.get(&row.pull_request_id)?;
        let author = pull.author_id.and_then(|id| logins.get(&id.into()));
        let author = author.cloned().unwrap_or_default();
        Some(Self {
            link: PullLink::of(pull),
            author_address: format!("/people/{}", format::segment(&author)),
            author,
            state: words::state(&row.state),
            opened: Instant(row.opened_at),
            merged: row.merged_at.map(Instant),
            points: Number(row.score),
            pending: Number(row.opening_pending + row.merge_pending),
        })
    }

    /// The columns of [`Pull::cells`].
    pub(super) const HEAD: [&'static str; 8] = [
        "pull_request",
        "title",
        "author",
        "state",
        "opened_at",
        "merged_at",
        "points",
        "pending",
    ];

    /// The row as CSV.
    pub(super) fn cells(self) -> [Cell; 8] {
        [
            self.link.label.into(),
            self.link.title.into(),
            self.author.into(),
            self.state.word.into(),
            self.opened.0.into(),
            self.merged.map(|at| at.0).into(),
            self.points.0.into(),
            self.pending.0.into(),
        ]
    }
}
