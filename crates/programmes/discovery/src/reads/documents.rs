use std::collections::HashMap;

use github::model::{DescribedRepository, Issue};
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{Document, Kind};

/// The opportunities that are read at once.
const PAGE: i64 = 500;

#[derive(FromQueryResult)]
struct Row {
    repository_id: Uuid,
    issue_id: Uuid,
    number: i64,
    kind: String,
    title: String,
    labels: String,
    complexity: i64,
    impact: i64,
    overall: i64,
    required_skills: String,
    estimated_hours: i64,
    language: Option<String>,
    active_at: Timestamp,
    changed_seq: i64,
    health: Option<i64>,
}

/// Returns the opportunities that can be done, as the search index reads them, in the order of their changes, which follow the
/// change `after`, and the last change; no document at the end.
///
/// # Errors
/// When the database fails.
pub(crate) async fn documents(db: &impl Sql, after: i64) -> Result<(Vec<Document>, i64), DbError> {
    let sql = "SELECT o.repository_id, o.issue_id, o.number, o.type AS kind, o.title, o.labels, o.complexity, o.impact, \
               o.overall, o.required_skills, o.estimated_hours, o.language, o.active_at, o.changed_seq, h.health \
               FROM opportunities o LEFT JOIN repository_health h ON h.repository_id = o.repository_id \
               WHERE o.changed_seq > $1 AND o.status = 'active' ORDER BY o.changed_seq LIMIT $2";
    let rows: Vec<Row> = db
        .all(db.statement(sql, [after.into(), PAGE.into()]))
        .await?;
    let last = rows.last().map_or(after, |row| row.changed_seq);
    let issues = github::reads::issues(db, rows.iter().map(|row| row.issue_id.into())).await?;
    let issues: HashMap<Uuid, Issue> = issues.into_iter().map(|issue| (issue.id, issue)).collect();
    let repositories = rows.iter().map(|row| row.repository_id.into());
    let described = github::reads::described(db, repositories).await?;
    let described: HashMap<Uuid, DescribedRepository> =
        described.into_iter().map(|own| (own.id, own)).collect();
    let documents = rows.into_iter().map(|row| {
        let issue = issues.get(&row.issue_id);
        let body = issue.map(|issue| issue.body.clone()).unwrap_or_default();
        let repository = described.get(&row.repository_id);
        row.document(repository, body)
    });
    Ok((documents.collect(), last))
}

impl Row {
    fn document(self, described: Option<&DescribedRepository>, body: String) -> Document {
        let repository = described
            .map(|own| own.full_name.clone())
            .unwrap_or_default();
        let profile = described.and_then(|own| own.profile.as_ref());
        let mut topics = profile
            .map(|(profile, _)| profile.topics.clone())
            .unwrap_or_default();
        topics.extend(list(&self.required_skills));
        topics.sort_unstable();
        topics.dedup();
        let positive = |number: i64| u64::try_from(number).unwrap_or_default();
        Document {
            key: format!("{repository}#{}", self.number),
            number: Some(positive(self.number)),
            repository,
            title: self.title,
            body,
            labels: list(&self.labels),
            topics,
            language: self.language,
            kind: Kind::named(&self.kind),
            complexity: positive(self.complexity),
            impact: positive(self.impact),
            overall: positive(self.overall),
            hours: positive(self.estimated_hours),
            health: positive(self.health.unwrap_or_default()),
            active_at: positive(self.active_at.timestamp()),
            tie: positive(self.changed_seq),
        }
    }
}

fn list(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_default()
}
