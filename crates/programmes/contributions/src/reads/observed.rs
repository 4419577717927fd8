use std::collections::{BTreeMap, BTreeSet};

use github::{
    model::PullRequestId,
    reads::{Endorsements, endorsements},
};
use identity::{model::UserId, reads::accounts_created};
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    model::ProjectId,
    rules::{
        PullFacts, RulesDocument,
        fair_play::{
            PeriodActivity, PullActivity, PullChanges, ReviewActivity, TitleDigest, is_small,
        },
        labels,
    },
    store::projects::{self, Published},
};

/// The number of pull requests that are read at once.
const PAGE: i64 = 2_000;

/// The number of authors whose accounts are read at once.
const AUTHORS: usize = 2_000;

/// Returns the pull requests of all projects opened at or after an instant, without those of bots and of deleted accounts,
/// and when the accounts of their authors were created. Reads them in pages, and keeps about 200 bytes of each.
///
/// # Errors
/// When the database fails, or a stored snapshot cannot be read.
pub async fn observed(db: &impl Sql, since: Timestamp) -> Result<PeriodActivity, DbError> {
    let projects: BTreeSet<ProjectId> = projects::all(db).await?;
    let published = projects::published(db, &projects).await?;
    let mut pulls = Vec::new();
    for project in projects {
        let mut place = (since, Uuid::nil());
        loop {
            let rows = page(db, project, place).await?;
            let Some(last) = rows.last() else { break };
            place = (last.opened_at, last.pull_request_id);
            pulls.extend(observed_pulls(db, &published, rows).await?);
        }
    }
    pulls.sort_by_key(|pull| (pull.opened_at, pull.id));
    let accounts = accounts(db, &pulls).await?;
    Ok(PeriodActivity { pulls, accounts })
}

/// Returns when the accounts of authors were created, as far as known.
async fn accounts(
    db: &impl Sql,
    pulls: &[PullActivity],
) -> Result<BTreeMap<UserId, Timestamp>, DbError> {
    let authors: BTreeSet<UserId> = pulls.iter().map(|pull| pull.author).collect();
    let authors: Vec<UserId> = authors.into_iter().collect();
    let mut accounts = BTreeMap::new();
    for some in authors.chunks(AUTHORS) {
        accounts.extend(accounts_created(db, some.iter().copied()).await?);
    }
    Ok(accounts)
}

#[derive(FromQueryResult)]
struct Row {
    pull_request_id: Uuid,
    project_id: Uuid,
    repository_id: Uuid,
    author_id: Option<Uuid>,
    opened_at: Timestamp,
    facts: String,
}

async fn page(
    db: &impl Sql,
    project: ProjectId,
    (opened_at, id): (Timestamp, Uuid),
) -> Result<Vec<Row>, DbError> {
    let sql = "SELECT pull_request_id, project_id, repository_id, author_id, opened_at, facts \
               FROM contributions WHERE project_id = $1 AND (opened_at, pull_request_id) > ($2, $3) \
               ORDER BY opened_at, pull_request_id LIMIT $4";
    let values = [project.into(), opened_at.into(), id.into(), PAGE.into()];
    db.all(db.statement(sql, values)).await
}

async fn observed_pulls(
    db: &impl Sql,
    published: &Published,
    rows: Vec<Row>,
) -> Result<Vec<PullActivity>, DbError> {
    let ids: Vec<PullRequestId> = rows.iter().map(|row| row.pull_request_id.into()).collect();
    let mut endorsed = endorsements(db, &ids).await?;
    let mut pulls = Vec::with_capacity(rows.len());
    for row in rows {
        let rules = published.in_force(row.project_id.into(), row.opened_at);
        let endorsed = endorsed.remove(&row.pull_request_id.into());
        pulls.extend(pull(&row, &rules.document, &endorsed.unwrap_or_default())?);
    }
    Ok(pulls)
}

/// Returns a pull request as detectors see it; `None` for those of bots and of deleted accounts.
fn pull(
    row: &Row,
    rules: &RulesDocument,
    endorsed: &Endorsements,
) -> Result<Option<PullActivity>, DbError> {
    let facts = PullFacts::deserialize(&mut serde_json::Deserializer::from_str(&row.facts))
        .map_err(|error| sea_orm::DbErr::Type(format!("facts of a contribution: {error}")))?;
    let Some(author) = row.author_id.filter(|_| !facts.author_is_bot) else {
        return Ok(None);
    };
    let lines = facts.counted_lines();
    let is_labeled = labels::first_of(&facts.labels, &rules.spam.labels).is_some();
    let reviews = endorsed.reviews.iter();
    let reviews = reviews.filter(|review| review.reviewer != author.into());
    Ok(Some(PullActivity {
        id: facts.pull_request_id,
        repository: row.repository_id.into(),
        author: author.into(),
        is_own: facts.author_owns_repository,
        opened_at: facts.created_at,
        ended_at: facts.merged_at.or(facts.closed_at),
        is_merged: facts.merged_at.is_some(),
        merged_by: endorsed.decided_by,
        title: TitleDigest::of(&facts.title),
        lines,
        is_small: is_small(&facts.title, lines, &rules.low_value.words),
        is_marked: facts.marked_spam || facts.marked_low_value || is_labeled,
        changes: facts.paths.as_deref().and_then(PullChanges::of),
        reviews: reviews
            .map(|review| ReviewActivity {
                reviewer: review.reviewer,
                at: review.submitted_at,
                approves: review.approves,
            })
            .collect(),
    }))
}
