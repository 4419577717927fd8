//! Queries for the phases that hackathons entered.

use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

use super::{HackathonView, hackathons::HACKATHON};
use crate::model::Phase;

/// A hackathon with the phase that was recorded last.
#[derive(Clone, Debug, FromQueryResult)]
pub struct RecordedPhase {
    #[sea_orm(nested)]
    pub hackathon: HackathonView,
    /// The phase; `None` before the first one is recorded.
    pub phase: Option<Phase>,
    /// The number of recorded phases; `None` before the first one.
    pub number: Option<i64>,
}

/// Lists the hackathons whose phase can still change, each with the one that was recorded last.
pub async fn recorded_phases(db: &impl Sql) -> Result<Vec<RecordedPhase>, DbError> {
    // A process of the previous release records `canceled`.
    let sql = format!(
        "SELECT {HACKATHON}, p.phase, p.number FROM hackathons h \
         LEFT JOIN hackathon_phases p ON p.hackathon_id = h.id AND p.number = \
         (SELECT max(n.number) FROM hackathon_phases n WHERE n.hackathon_id = h.id) \
         WHERE p.phase IS NULL OR p.phase NOT IN ('{}', '{}', 'canceled') ORDER BY h.id",
        Phase::Archived.as_str(),
        Phase::Canceled.as_str()
    );
    db.all(db.statement(&sql, [])).await
}
