use std::{
    collections::{BTreeSet, HashMap},
    panic::resume_unwind,
};

use chrono::TimeDelta;
use github::{model::PullRequestId, reads::PullRequest};
use identity::model::UserId;
use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Sql},
};
use uuid::Uuid;

use super::{fill_windows::fill, settle::places};
use crate::{
    reads::{ProjectView, RulesVersion},
    rules::{
        RulesDocument, VersionedRules,
        comparison::{Comparison, compare, earnings},
    },
    store::{
        contributions::{self, RecentContribution},
        projects::{self, Published},
        windows::{self, Openings, Row, WindowKey},
    },
};

/// The length of the time whose pull requests are compared.
const RANGE: TimeDelta = TimeDelta::days(30);

/// The maximum number of pull requests that are compared.
const MOST: usize = 20_000;

/// The effect that a document would have had on a project's latest pull requests.
#[derive(Clone, Debug)]
pub struct RulesPreview {
    /// The pull requests were opened since then.
    pub from: Timestamp,
    /// The pull requests were opened until then.
    pub to: Timestamp,
    pub pull_requests: usize,
    /// True if there are more, so that only the latest are compared.
    pub is_cut: bool,
    pub comparison: Comparison,
    /// The listed pull requests by ID, except those of private repositories.
    pub named: HashMap<Uuid, PullRequest>,
    /// The logins of the listed people.
    pub logins: HashMap<UserId, String>,
}

/// Calculates what the pull requests of a project's last 30 days would have earned, if a document had applied since the
/// start. Changes nothing. The facts are those that each pull request was scored on.
///
/// # Errors
/// When the database fails.
pub async fn preview_rules(
    context: &Context,
    project: &ProjectView,
    current: &RulesVersion,
    document: RulesDocument,
) -> Result<RulesPreview, DbError> {
    let to = context.now();
    let from = to.checked_sub_signed(RANGE).unwrap_or(to);
    let db = context.db.snapshot().await?;
    let sample = PreviewSample::read(&db, project, from, MOST).await?;
    let candidate = VersionedRules {
        version: i32::try_from(current.version + 1).unwrap_or(i32::MAX),
        document,
    };
    let other = sample.published.only(project.id.into(), candidate);
    let (pull_requests, is_cut) = (sample.pulls.len(), sample.is_cut);
    // A project's busiest month takes longer than a task may keep others waiting.
    let compared = tokio::task::spawn_blocking(move || sample.compare(&other)).await;
    let comparison = compared.unwrap_or_else(|error| resume_unwind(error.into_panic()));
    let pulls = comparison.largest.iter().map(|pull| pull.pull_request_id);
    let people = comparison.ranks.iter().map(|rank| rank.user_id);
    Ok(RulesPreview {
        from,
        to,
        pull_requests,
        is_cut,
        named: github::reads::pull_requests(&db, pulls).await?,
        logins: identity::reads::logins(&db, people).await?,
        comparison,
    })
}

/// The pull requests that are compared, with all pull requests of their windows.
struct PreviewSample {
    pulls: Vec<(PullRequestId, UserId)>,
    is_cut: bool,
    keys: BTreeSet<WindowKey>,
    rows: Vec<Row>,
    openings: Openings,
    published: Published,
    unlisted: BTreeSet<UserId>,
}

impl PreviewSample {
    async fn read(
        db: &impl Sql,
        project: &ProjectView,
        from: Timestamp,
        most: usize,
    ) -> Result<Self, DbError> {
        let project = project.id.into();
        let mut recent = contributions::recent(db, project, from, most as i64 + 1).await?;
        let is_cut = recent.len() > most;
        recent.truncate(most);
        let authored = |recent: &RecentContribution| {
            let author = recent.placed.author_id?;
            Some((recent.pull_request_id.into(), author.into()))
        };
        let pulls: Vec<_> = recent.iter().filter_map(authored).collect();
        let keys = recent.iter().flat_map(|recent| places(&recent.placed));
        let keys: BTreeSet<WindowKey> = keys.collect();
        let mut rows = windows::facts(db, &keys).await?;
        for row in &mut rows {
            // Pull requests that await settlement may have been stored under another project.
            row.project_id = project;
        }
        let people: BTreeSet<UserId> = pulls.iter().map(|(_, author)| *author).collect();
        Ok(Self {
            openings: windows::openings(db, &rows, []).await?,
            published: projects::published(db, &BTreeSet::from([project])).await?,
            unlisted: recognition::reads::unlisted(db, people).await?,
            pulls,
            is_cut,
            keys,
            rows,
        })
    }

    fn compare(&self, other: &Published) -> Comparison {
        let by = |published| earnings(&fill(&self.keys, &self.rows, &self.openings, published));
        let (before, after) = (by(&self.published), by(other));
        compare(&self.pulls, &before, &after, &self.unlisted)
    }
}
