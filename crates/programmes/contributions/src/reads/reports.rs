use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use uuid::Uuid;

use super::project_of_repository;
use crate::{
    model::{FlagState, ReportReason},
    store::{fair_play, reports},
};

/// A report, for the person who made it.
#[derive(Clone, Debug)]
pub struct OwnReport {
    pub id: Uuid,
    pub reason: ReportReason,
    pub words: Option<String>,
    pub state: FlagState,
    /// When it was made.
    pub reported_at: Timestamp,
}

/// Finds a report that a person made.
///
/// # Errors
/// When the database fails.
pub async fn own_report(
    db: &impl Sql,
    person: UserId,
    id: Uuid,
) -> Result<Option<OwnReport>, DbError> {
    let found = reports::report(db, id).await?;
    let Some(report) = found.filter(|report| report.reporter_id == person.0) else {
        return Ok(None);
    };
    let outcome = fair_play::outcome(db, report.flag_id.into()).await?;
    Ok(Some(OwnReport {
        id,
        reason: report.reason,
        words: report.words,
        state: outcome.map_or(FlagState::Open, |outcome| outcome.state),
        reported_at: report.created_at,
    }))
}

/// Finds a public repository of a project by its full name, in any case: its name and the slug of the project.
///
/// # Errors
/// When the database fails.
pub async fn public_repository(
    db: &impl Sql,
    full_name: &str,
) -> Result<Option<(github::reads::RepositoryNames, String)>, DbError> {
    for repository in github::reads::with_name(db, full_name).await? {
        let project = project_of_repository(db, repository.id.into()).await?;
        if let Some(slug) = project.filter(|_| !repository.is_private) {
            return Ok(Some((repository, slug)));
        }
    }
    Ok(None)
}
