//! Queries for the phases that hackathons entered.

use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{Phase, Steps, Timeline};

/// The dates and steps that the phase of a hackathon follows from, with the phase that was recorded last.
#[derive(Clone, Debug, FromQueryResult)]
pub struct RecordedPhase {
    /// The ID of the hackathon.
    pub id: Uuid,
    #[sea_orm(nested)]
    pub timeline: Timeline,
    #[sea_orm(nested)]
    pub steps: Steps,
    /// The phase; `None` before the first one is recorded.
    pub phase: Option<Phase>,
    /// The number of recorded phases; `None` before the first one.
    pub number: Option<i64>,
}

/// Lists the hackathons whose phase can still change, each with the one that was recorded last.
pub async fn recorded_phases(db: &impl Sql) -> Result<Vec<RecordedPhase>, DbError> {
    // A process of the previous release records `canceled`.
    let sql = format!(
        "SELECT h.id, h.application_opens_at, h.application_closes_at, h.submission_opens_at, \
         h.submission_closes_at, h.judging_opens_at, h.judging_closes_at, h.published_at, \
         h.canceled_at, h.results_published_at, h.archived_at, p.phase, p.number FROM hackathons h \
         LEFT JOIN hackathon_phases p ON p.hackathon_id = h.id AND p.number = \
         (SELECT max(n.number) FROM hackathon_phases n WHERE n.hackathon_id = h.id) \
         WHERE p.phase IS NULL OR p.phase NOT IN ('{completed}', '{}', '{}', 'canceled') \
         OR (p.phase = '{completed}' AND h.archived_at IS NOT NULL) ORDER BY h.id",
        Phase::Archived.as_str(),
        Phase::Canceled.as_str(),
        completed = Phase::Completed.as_str()
    );
    db.all(db.statement(&sql, [])).await
}
