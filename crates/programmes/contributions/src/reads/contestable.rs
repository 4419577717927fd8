use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::of_pull_request;
use crate::{
    model::{DisputeKind, FlagState, ProjectId, SOURCE},
    rules::disputes::DisputeTarget,
};

/// A decision that is held against a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contestable {
    pub kind: DisputeKind,
    /// The ID of the pull request, the flag, the sanction or the ban.
    pub target_id: Uuid,
    /// The project of the pull request.
    pub project: Option<ProjectId>,
    /// The instant from which it can be contested.
    pub since: Timestamp,
}

/// Finds what a person contests; `None` if it is not theirs, or not held against them at an instant.
///
/// # Errors
/// When the database fails.
pub async fn contestable(
    db: &impl Sql,
    person: UserId,
    target: &DisputeTarget,
    now: Timestamp,
) -> Result<Option<Contestable>, DbError> {
    match target {
        DisputeTarget::Pull { full_name, number } => {
            let pull = github::reads::pull_request(db, full_name, *number).await?;
            let own = pull.filter(|pull| pull.author_id == Some(person.0));
            match own {
                Some(pull) => contestable_pull(db, pull.id).await,
                None => Ok(None),
            }
        }
        DisputeTarget::Flag(number) => flag(db, person, *number).await,
        DisputeTarget::Sanction(id) => sanction(db, person, *id).await,
        DisputeTarget::Ban(id) => ban(db, person, *id, now).await,
    }
}

/// Returns the points of a pull request as something to contest; `None` if it belongs to no project.
async fn contestable_pull(db: &impl Sql, pull: Uuid) -> Result<Option<Contestable>, DbError> {
    let Some(found) = of_pull_request(db, pull.into()).await? else {
        return Ok(None);
    };
    let posted = recognition::reads::last_posted(db, SOURCE, [pull]).await?;
    let ended = [found.merged_at, found.closed_at, posted.get(&pull).copied()];
    let since = ended.into_iter().flatten();
    Ok(Some(Contestable {
        kind: DisputeKind::Score,
        target_id: pull,
        project: Some(found.project_id.into()),
        since: since.fold(found.opened_at, Timestamp::max),
    }))
}

#[derive(FromQueryResult)]
struct HeldSince {
    id: Uuid,
    since: Timestamp,
}

impl HeldSince {
    fn contestable(self, kind: DisputeKind) -> Contestable {
        Contestable { kind, target_id: self.id, project: None, since: self.since }
    }
}

async fn flag(db: &impl Sql, person: UserId, number: i64) -> Result<Option<Contestable>, DbError> {
    let sql = "SELECT f.id, f.decided_at AS since FROM fair_play_flags f \
               JOIN fair_play_subjects s ON s.flag_id = f.id AND s.kind = 'person' \
               WHERE f.number = $1 AND s.subject_id = $2 AND f.state = $3 AND f.decided_at IS NOT NULL";
    let state = FlagState::Confirmed.as_str();
    let values = [number.into(), person.into(), state.into()];
    let found: Option<HeldSince> = db.one(db.statement(sql, values)).await?;
    Ok(found.map(|held| held.contestable(DisputeKind::Flag)))
}

async fn sanction(db: &impl Sql, person: UserId, id: Uuid) -> Result<Option<Contestable>, DbError> {
    let sql = "SELECT s.id, s.created_at AS since FROM sanctions s \
               WHERE s.id = $1 AND s.user_id = $2 AND s.lifted_at IS NULL";
    let values = [id.into(), person.into()];
    let found: Option<HeldSince> = db.one(db.statement(sql, values)).await?;
    Ok(found.map(|held| held.contestable(DisputeKind::Sanction)))
}

async fn ban(
    db: &impl Sql,
    person: UserId,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<Contestable>, DbError> {
    let current = identity::reads::current_ban(db, person, now).await?;
    let found =
        current.filter(|ban| ban.id == id).map(|ban| HeldSince { id, since: ban.created_at });
    Ok(found.map(|held| held.contestable(DisputeKind::Ban)))
}
