use std::collections::BTreeMap;

use identity::model::UserId;
use kernel::Timestamp;
use platform::{
    db::{DbError, Sql, ids},
    web::List,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{OpportunityView, opportunities};
use crate::model::{Dismissal, DismissalReason, FeedbackKind};

/// The number of newest dismissals that count.
const DISMISSALS: i64 = 20;

/// The statements of a person about an opportunity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct StatedFeedback {
    /// They saved it.
    pub(crate) is_saved: bool,
    /// They dismissed it.
    pub(crate) is_dismissed: bool,
    /// They started on it.
    pub(crate) is_started: bool,
    /// They found it worth proposing.
    pub(crate) is_helpful: bool,
}

#[derive(FromQueryResult)]
struct Row {
    opportunity_id: Uuid,
    kind: FeedbackKind,
    reason: Option<DismissalReason>,
    stated_at: Timestamp,
    id: Uuid,
}

/// Returns what a person stated about opportunities, by ID.
///
/// # Errors
/// When the database fails.
pub(crate) async fn stated(
    db: &impl Sql,
    person: UserId,
    about: impl IntoIterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, StatedFeedback>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(about), "r");
    let person = query.bind(person);
    let sql = format!(
        "SELECT f.id, f.opportunity_id, f.kind, f.reason, f.stated_at FROM {rows} JOIN opportunity_feedback f \
         ON f.user_id = {person} AND f.opportunity_id = r.id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let mut all: BTreeMap<Uuid, StatedFeedback> = BTreeMap::new();
    for row in rows {
        let own = all.entry(row.opportunity_id).or_default();
        match row.kind {
            FeedbackKind::Saved => own.is_saved = true,
            FeedbackKind::Dismissed => own.is_dismissed = true,
            FeedbackKind::Started => own.is_started = true,
            FeedbackKind::Helpful => own.is_helpful = true,
        }
    }
    Ok(all)
}

/// Returns the IDs of all opportunities that a person dismissed.
///
/// # Errors
/// When the database fails.
pub(crate) async fn dismissed(db: &impl Sql, person: UserId) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct DismissedOpportunity {
        opportunity_id: Uuid,
    }
    let sql =
        "SELECT opportunity_id FROM opportunity_feedback WHERE user_id = $1 AND kind = 'dismissed'";
    let rows: Vec<DismissedOpportunity> = db.all(db.statement(sql, [person.into()])).await?;
    Ok(rows.into_iter().map(|row| row.opportunity_id).collect())
}

/// Returns the newest issues that a person dismissed, newest first, as rules compare them with others.
///
/// # Errors
/// When the database fails.
pub(crate) async fn dismissals(db: &impl Sql, person: UserId) -> Result<Vec<Dismissal>, DbError> {
    let rows = newest(db, person, FeedbackKind::Dismissed, None, DISMISSALS).await?;
    let wanted: Vec<Uuid> = rows.iter().map(|row| row.opportunity_id).collect();
    let views = opportunities(db, &wanted).await?;
    let dismissal = |row: &Row| {
        let of = views.iter().find(|own| own.id == row.opportunity_id)?;
        Some(Dismissal {
            reason: row.reason.unwrap_or(DismissalReason::Other),
            at: row.stated_at,
            repository: of.repository_id,
            kind: of.kind(),
            language: of.analysis.language.clone(),
            skills: of.analysis.skills.clone(),
            complexity: of.analysis.complexity,
            hours: of.analysis.hours.1,
        })
    };
    Ok(rows.iter().filter_map(dismissal).collect())
}

async fn newest(
    db: &impl Sql,
    person: UserId,
    kind: FeedbackKind,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Row>, DbError> {
    let mut query = db.query();
    let (person, kind) = (query.bind(person), query.bind(kind.as_str()));
    let before = before.map_or(String::new(), |id| format!("AND id < {}", query.bind(id)));
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT id, opportunity_id, kind, reason, stated_at FROM opportunity_feedback WHERE user_id = {person} \
         AND kind = {kind} {before} ORDER BY id DESC LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// An opportunity that a person saved.
#[derive(Clone, Debug)]
pub(crate) struct SavedRecord {
    pub(crate) saved_at: Timestamp,
    pub(crate) opportunity: OpportunityView,
}

/// Lists at most `limit` opportunities that a person saved before another one, latest first. Those whose repository is no
/// longer public are left out: a page can have fewer rows than others.
///
/// # Errors
/// When the database fails.
pub(crate) async fn saved(
    db: &impl Sql,
    person: UserId,
    before: Option<Uuid>,
    limit: i64,
) -> Result<List<SavedRecord>, DbError> {
    let rows = newest(db, person, FeedbackKind::Saved, before, limit + 1).await?;
    let rows = List::cut(rows, limit, |own| own.id.to_string());
    let wanted: Vec<Uuid> = rows.items.iter().map(|row| row.opportunity_id).collect();
    let views = opportunities(db, &wanted).await?;
    let saved = |row: Row| {
        let view = views.iter().find(|own| own.id == row.opportunity_id)?;
        Some(SavedRecord { saved_at: row.stated_at, opportunity: view.clone() })
    };
    Ok(rows.filter_map(saved))
}

/// Returns how many people saved or claimed opportunities, wait for them, or started on them without a claim, by ID. Someone
/// who did several of these counts as often.
///
/// # Errors
/// When the database fails.
pub(crate) async fn attention(
    db: &impl Sql,
    of: impl IntoIterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, i64>, DbError> {
    #[derive(FromQueryResult)]
    struct Count {
        id: Uuid,
        people: i64,
    }
    let mut query = db.query();
    let rows = query.rows(ids(of), "r");
    let sql = format!(
        "SELECT r.id, (SELECT count(*) FROM opportunity_feedback f WHERE f.opportunity_id = r.id \
         AND (f.kind = 'saved' OR f.kind = 'started' AND NOT EXISTS (SELECT 1 FROM opportunity_claims c \
         WHERE c.opportunity_id = r.id AND c.user_id = f.user_id))) \
         + (SELECT count(DISTINCT c.user_id) FROM opportunity_claims c WHERE c.opportunity_id = r.id) AS people FROM {rows}"
    );
    let rows: Vec<Count> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.people)).collect())
}

/// Counts the statements about issues by kind, those of one person or of all.
///
/// # Errors
/// When the database fails.
pub(crate) async fn feedback_counts(
    db: &impl Sql,
    person: Option<UserId>,
) -> Result<[(FeedbackKind, i64); FeedbackKind::ALL.len()], DbError> {
    #[derive(FromQueryResult)]
    struct Count {
        kind: FeedbackKind,
        count: i64,
    }
    let mut query = db.query();
    let of =
        person.map_or(String::new(), |person| format!("WHERE user_id = {}", query.bind(person)));
    let sql =
        format!("SELECT kind, count(*) AS count FROM opportunity_feedback {of} GROUP BY kind");
    let rows: Vec<Count> = db.all(query.statement(sql)).await?;
    Ok(FeedbackKind::ALL.map(|kind| {
        let own = rows.iter().find(|row| row.kind == kind);
        (kind, own.map_or(0, |row| row.count))
    }))
}
