//! Statements for opportunities and the health of their repositories.

use kernel::{Ids, Timestamp};
use platform::db::{DbError, Kind, Rows, Sql, Tx, numbers};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{Derived, DerivedHealth};

/// The lock for changes of opportunities. It gives the changes of all processes one order, which search indexes follow.
const OPPORTUNITIES: &str = "discovery.opportunities";

/// A stored opportunity, as far as its derivation compares it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(crate) struct StoredOpportunity {
    pub(crate) number: i64,
    pub(crate) digest: String,
    pub(crate) comments: i64,
    pub(crate) reactions: i64,
    pub(crate) trend: i64,
    /// The person who works on it.
    pub(crate) claimed_by: Option<Uuid>,
    /// When a pull request last completed a claim of it.
    pub(crate) completed_at: Option<Timestamp>,
}

/// Lets one transaction at a time change opportunities or their claims, until it ends.
pub(crate) async fn lock(tx: &Tx) -> Result<(), DbError> {
    tx.serialize(OPPORTUNITIES).await
}

/// Returns the stored opportunities of a repository with these numbers.
pub(crate) async fn stored(
    db: &impl Sql,
    repository: Uuid,
    of: impl IntoIterator<Item = i64>,
) -> Result<Vec<StoredOpportunity>, DbError> {
    let mut query = db.query();
    let rows = query.rows(numbers(of), "r");
    let repository = query.bind(repository);
    let sql = format!(
        "SELECT o.number, o.digest, o.comments, o.reactions, o.trend, o.claimed_by, (SELECT max(c.ended_at) \
         FROM opportunity_claims c WHERE c.opportunity_id = o.id AND c.status = 'completed') AS completed_at FROM {rows} \
         JOIN opportunities o ON o.repository_id = {repository} AND o.number = r.number"
    );
    db.all(query.statement(sql)).await
}

/// Stores what was derived from issues of a repository, each with the next number in the order of changes.
pub(crate) async fn record(
    tx: &Tx,
    ids: &dyn Ids,
    repository: Uuid,
    derived: &[Derived],
    now: Timestamp,
) -> Result<(), DbError> {
    if derived.is_empty() {
        return Ok(());
    }
    lock(tx).await?;
    let last = last_change(tx).await?;
    let mut query = tx.query();
    let rows = query.rows(rows(ids, derived, last), "r");
    let (repository, now) = (query.bind(repository), query.bind(now));
    let columns: Vec<String> = DERIVED.split(", ").map(|column| format!("r.{column}")).collect();
    let set: Vec<String> =
        DERIVED.split(", ").map(|column| format!("{column} = excluded.{column}")).collect();
    let sql = format!(
        "INSERT INTO opportunities (id, created_at, updated_at, first_seen_at, repository_id, {DERIVED}) \
         SELECT r.id, {now}, {now}, {now}, {repository}, {} FROM {rows} WHERE true \
         ON CONFLICT (repository_id, number) DO UPDATE SET updated_at = excluded.updated_at, {}",
        columns.join(", "),
        set.join(", ")
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// The columns that [`rows`] lists.
const DERIVED: &str = "issue_id, number, type, status, title, body_digest, labels, complexity, impact, confidence, urgency, \
     overall, comments, reactions, trend, analysis, required_skills, estimated_hours, language, is_good_first, is_help_wanted, dropped_reason, \
     opened_at, active_at, digest, changed_seq";

fn rows(ids: &dyn Ids, derived: &[Derived], last: i64) -> Rows<27> {
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("issue_id", Kind::Uuid),
        ("number", Kind::Int),
        ("type", Kind::Text),
        ("status", Kind::Text),
        ("title", Kind::Text),
        ("body_digest", Kind::Text),
        ("labels", Kind::Text),
        ("complexity", Kind::Int),
        ("impact", Kind::Int),
        ("confidence", Kind::Int),
        ("urgency", Kind::Int),
        ("overall", Kind::Int),
        ("comments", Kind::Int),
        ("reactions", Kind::Int),
        ("trend", Kind::Int),
        ("analysis", Kind::Text),
        ("required_skills", Kind::Text),
        ("estimated_hours", Kind::Int),
        ("language", Kind::Text),
        ("is_good_first", Kind::Bool),
        ("is_help_wanted", Kind::Bool),
        ("dropped_reason", Kind::Text),
        ("opened_at", Kind::At),
        ("active_at", Kind::At),
        ("digest", Kind::Text),
        ("changed_seq", Kind::Int),
    ]);
    for (own, seq) in derived.iter().zip(last + 1..) {
        rows.push([
            ids.next().into(),
            own.issue_id.into(),
            own.number.into(),
            own.kind.as_str().into(),
            own.status.as_str().into(),
            own.title.as_str().into(),
            own.body_digest.as_str().into(),
            own.labels.as_str().into(),
            own.complexity.into(),
            own.impact.into(),
            own.confidence.into(),
            own.urgency.into(),
            own.overall.into(),
            own.noted.comments.into(),
            own.noted.reactions.into(),
            own.noted.trend.into(),
            own.analysis.as_str().into(),
            own.required_skills.as_str().into(),
            own.estimated_hours.into(),
            own.language.clone().into(),
            own.is_good_first.into(),
            own.is_help_wanted.into(),
            own.dropped_reason.clone().into(),
            own.opened_at.into(),
            own.active_at.into(),
            own.digest.as_str().into(),
            seq.into(),
        ]);
    }
    rows
}

/// Returns the number of the last change, 0 before the first.
pub(crate) async fn last_change(db: &impl Sql) -> Result<i64, DbError> {
    db.count(db.statement("SELECT coalesce(max(changed_seq), 0) FROM opportunities", [])).await
}

/// The facts that the opportunities of a repository were derived from, and when.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ScannedRepository {
    pub(crate) facts_digest: String,
    pub(crate) last_scanned_at: Timestamp,
}

/// Returns when the opportunities of a repository were last derived.
pub(crate) async fn scanned(
    db: &impl Sql,
    repository: Uuid,
) -> Result<Option<ScannedRepository>, DbError> {
    let sql =
        "SELECT facts_digest, last_scanned_at FROM repository_health WHERE repository_id = $1";
    db.one(db.statement(sql, [repository.into()])).await
}

/// Returns the attention that each opportunity of a repository gains that can be done.
pub(crate) async fn trends(db: &impl Sql, repository: Uuid) -> Result<Vec<i64>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        trend: i64,
    }
    let sql = "SELECT trend FROM opportunities WHERE repository_id = $1 AND status IN ('active', 'claimed')";
    let rows: Vec<Row> = db.all(db.statement(sql, [repository.into()])).await?;
    Ok(rows.into_iter().map(|row| row.trend).collect())
}

/// Keeps the health of a repository, and the attention that it gains.
pub(crate) async fn keep_health(
    tx: &Tx,
    id: Uuid,
    repository: Uuid,
    health: &DerivedHealth,
    trend: Option<i64>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO repository_health (id, created_at, updated_at, last_scanned_at, repository_id, health, activity, \
               community, documentation, reasons, response_words, facts_digest, name_key, facets, is_listed, trend) \
               VALUES ($1, $2, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (repository_id) DO UPDATE SET \
               updated_at = excluded.updated_at, last_scanned_at = excluded.last_scanned_at, health = excluded.health, \
               activity = excluded.activity, community = excluded.community, documentation = excluded.documentation, \
               reasons = excluded.reasons, response_words = excluded.response_words, facts_digest = excluded.facts_digest, \
               name_key = excluded.name_key, facets = excluded.facets, is_listed = excluded.is_listed, trend = excluded.trend";
    let values = [
        id.into(),
        now.into(),
        repository.into(),
        health.health.into(),
        health.activity.into(),
        health.community.into(),
        health.documentation.into(),
        health.reasons.as_str().into(),
        health.response_words.clone().into(),
        health.facts_digest.as_str().into(),
        health.name_key.as_str().into(),
        health.facets.as_str().into(),
        health.is_listed.into(),
        trend.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
