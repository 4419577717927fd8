use std::collections::{BTreeSet, HashMap};

use github::model::{DescribedRepository, Issue};
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    model::{Document, IndexChange, Status, WorkKind},
    rules::vectors::stored,
    store::{embeddings, opportunities},
};

/// The opportunities that are read at once.
const PAGE: i64 = 500;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    repository_id: Uuid,
    issue_id: Uuid,
    number: i64,
    kind: WorkKind,
    status: Status,
    title: String,
    labels: String,
    complexity: i64,
    impact: i64,
    overall: i64,
    trend: i64,
    required_skills: String,
    estimated_hours: i64,
    language: Option<String>,
    active_at: Timestamp,
    changed_seq: i64,
    health: Option<i64>,
    content_embedding: Option<Vec<u8>>,
    embedding_with: Option<String>,
}

/// The opportunity that a change was of, and what it was derived from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromQueryResult)]
pub(crate) struct ChangeOf {
    id: Uuid,
    digest: String,
}

/// Returns the next changes of the search index after the change `after`, in their order, and the last of them; none at the
/// end.
///
/// # Errors
/// When the database fails.
pub(crate) async fn changes(db: &impl Sql, after: i64) -> Result<(Vec<IndexChange>, i64), DbError> {
    let sql = "SELECT o.id, o.repository_id, o.issue_id, o.number, o.type AS kind, o.status, o.title, o.labels, o.complexity, \
               o.impact, o.overall, o.trend, o.required_skills, o.estimated_hours, o.language, o.active_at, o.changed_seq, \
               h.health, o.content_embedding, o.embedding_with FROM opportunities o LEFT JOIN repository_health h ON h.repository_id = o.repository_id \
               WHERE o.changed_seq > $1 ORDER BY o.changed_seq LIMIT $2";
    let rows: Vec<Row> = db.all(db.statement(sql, [after.into(), PAGE.into()])).await?;
    let last = rows.last().map_or(after, |row| row.changed_seq);
    let found = || rows.iter().filter(|row| row.is_found());
    let issues = github::reads::issues(db, found().map(|row| row.issue_id.into())).await?;
    let issues: HashMap<Uuid, Issue> = issues.into_iter().map(|issue| (issue.id, issue)).collect();
    let repositories: BTreeSet<Uuid> = found().map(|row| row.repository_id).collect();
    let repositories = repositories.into_iter().map(Into::into);
    let described = github::reads::described(db, repositories).await?;
    let described: HashMap<Uuid, DescribedRepository> =
        described.into_iter().map(|own| (own.id, own)).collect();
    let changes = rows.into_iter().map(|row| {
        if !row.is_found() {
            return IndexChange::Remove(row.id.to_string());
        }
        let issue = issues.get(&row.issue_id);
        let body = issue.map(|issue| issue.body.clone()).unwrap_or_default();
        let repository = described.get(&row.repository_id);
        IndexChange::Put(Box::new(row.document(repository, body)))
    });
    Ok((changes.collect(), last))
}

/// Returns vectors of opportunities that are found, in pages by their IDs: the ID, the number of the last change, and the vector.
///
/// # Errors
/// When the database fails.
pub(crate) async fn vectors(
    db: &impl Sql,
    with: &str,
    after: Uuid,
) -> Result<Vec<(Uuid, u64, Vec<f32>)>, DbError> {
    let page = embeddings::vectors(db, with, after, 1_000).await?;
    let read = |own: embeddings::Vector| {
        let vector = stored(&own.content_embedding).unwrap_or_default();
        (own.id, positive(own.changed_seq), vector)
    };
    Ok(page.into_iter().map(read).collect())
}

/// Returns the number of the last change, 0 before the first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn last_change(db: &impl Sql) -> Result<i64, DbError> {
    opportunities::last_change(db).await
}

/// Returns the opportunity that a change was of, if it did not change again.
///
/// # Errors
/// When the database fails.
pub(crate) async fn change_of(db: &impl Sql, change: i64) -> Result<Option<ChangeOf>, DbError> {
    let sql = "SELECT id, digest FROM opportunities WHERE changed_seq = $1";
    db.one(db.statement(sql, [change.into()])).await
}

/// Returns the number of opportunities that are found, and the sum of the numbers of their changes.
///
/// # Errors
/// When the database fails.
pub(crate) async fn totals(db: &impl Sql) -> Result<(u64, u64), DbError> {
    #[derive(FromQueryResult)]
    struct Totals {
        found: i64,
        sum: i64,
    }
    let sql = "SELECT count(*) AS found, CAST(coalesce(sum(changed_seq), 0) AS BIGINT) AS sum FROM opportunities \
               WHERE status IN ('active', 'claimed')";
    let totals: Option<Totals> = db.one(db.statement(sql, [])).await?;
    Ok(totals.map_or((0, 0), |own| (positive(own.found), positive(own.sum))))
}

fn positive(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

impl Row {
    /// Returns true if searches find it.
    fn is_found(&self) -> bool {
        self.status.can_be_done()
    }

    fn document(self, described: Option<&DescribedRepository>, body: String) -> Document {
        let repository = described.map(|own| own.full_name.clone()).unwrap_or_default();
        let profile = described.and_then(|own| own.profile.as_ref());
        let mut topics = profile.map(|(profile, _)| profile.topics.clone()).unwrap_or_default();
        topics.extend(list(&self.required_skills));
        topics.sort_unstable();
        topics.dedup();
        Document {
            key: self.id.to_string(),
            number: Some(positive(self.number)),
            repository,
            title: self.title,
            body,
            labels: list(&self.labels),
            topics,
            language: self.language,
            kind: Some(self.kind),
            complexity: positive(self.complexity),
            impact: positive(self.impact),
            overall: positive(self.overall),
            trend: positive(self.trend),
            hours: positive(self.estimated_hours),
            health: positive(self.health.unwrap_or_default()),
            active_at: positive(self.active_at.timestamp()),
            tie: positive(self.changed_seq),
            embedding: self.embedding_with.zip(self.content_embedding),
        }
    }
}

fn list(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_default()
}
