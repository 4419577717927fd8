use platform::{Context, db::DbError};
use uuid::Uuid;

use super::trouble::SyncTrouble;
use crate::{
    gateway::{GamePlatform, PlatformError},
    model::CompetitorId,
    rules::memberships::{self, FormerMemberships, Membership, MembershipChanges},
    store::team_syncs::{self, MemberRow},
};

/// The outcome of calls to the platform about a person, unless the database failed.
type PlatformOutcome<T> = Result<Result<T, PlatformError>, DbError>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MembershipSending {
    Assigned,
    /// The competitor is not on the platform.
    Absent,
    /// It ended since, or another process sent it.
    Obsolete,
}

/// Ends the memberships of these competitors on the platform that are over. Returns the competitors who were removed, and the
/// first error.
pub(crate) async fn end_memberships(
    context: &Context,
    platform: &dyn GamePlatform,
    members: &[MemberRow],
) -> Result<(Vec<CompetitorId>, Option<PlatformError>), DbError> {
    let mut removed = Vec::new();
    for member in members {
        match end_former(context, platform, member.competitor_id).await? {
            Ok(true) => removed.push(member.competitor_id.into()),
            Ok(false) => {}
            Err(error) => return Ok((removed, Some(error))),
        }
    }
    Ok((removed, None))
}

/// Ends the former membership of a competitor on the platform, whatever the team, unless a later one replaced it there. Returns
/// whether they were removed. The memberships are read here, because the caller's may be out of date.
pub(crate) async fn end_former(
    context: &Context,
    platform: &dyn GamePlatform,
    competitor: Uuid,
) -> PlatformOutcome<bool> {
    let rows = team_syncs::of_competitor(&context.db, competitor).await?;
    match memberships::former(&plain(&rows)) {
        FormerMemberships::Absent => Ok(Ok(false)),
        FormerMemberships::Replaced => {
            store(context, competitor, memberships::replaced).await?;
            Ok(Ok(false))
        }
        FormerMemberships::Over(over) => match rows.iter().find_map(MemberRow::user) {
            Some(user) => unassign(context, platform, competitor, user, &over).await,
            None => Ok(Ok(false)),
        },
    }
}

/// Takes a competitor out of a team that was deleted here, unless a later one replaced it on the platform.
pub(crate) async fn take_out(
    context: &Context,
    platform: &dyn GamePlatform,
    competitor: Uuid,
    user: &str,
) -> PlatformOutcome<bool> {
    let rows = team_syncs::of_competitor(&context.db, competitor).await?;
    let rows = plain(&rows);
    if memberships::is_placed(&rows) {
        return Ok(Ok(false));
    }
    let over = match memberships::former(&rows) {
        FormerMemberships::Over(over) => over,
        FormerMemberships::Absent | FormerMemberships::Replaced => Vec::new(),
    };
    unassign(context, platform, competitor, user, &over).await
}

async fn unassign(
    context: &Context,
    platform: &dyn GamePlatform,
    competitor: Uuid,
    user: &str,
    over: &[Uuid],
) -> PlatformOutcome<bool> {
    match platform.unassign(user).await {
        Ok(()) | Err(PlatformError::Unknown) => {}
        Err(error) => return Ok(Err(error)),
    }
    store(context, competitor, |all| memberships::ended(all, over)).await?;
    Ok(Ok(true))
}

/// Sends a new membership. The caller has ended the former one. The membership is read here, because the caller's may be out of
/// date.
pub(crate) async fn assign(
    context: &Context,
    platform: &dyn GamePlatform,
    team: &str,
    member: &MemberRow,
) -> Result<MembershipSending, SyncTrouble> {
    let competitor = member.competitor_id;
    let rows = team_syncs::of_competitor(&context.db, competitor).await?;
    let own = rows.iter().find(|row| row.id == member.id && row.is_new());
    let Some(own) = own else {
        return Ok(MembershipSending::Obsolete);
    };
    let Some(user) = own.user() else {
        return Ok(MembershipSending::Absent);
    };
    platform.assign(team, user).await?;
    let own = own.id;
    store(context, competitor, |all| memberships::assigned(all, own)).await?;
    Ok(MembershipSending::Assigned)
}

/// Stores what the platform confirmed about a competitor, as a rule says of the memberships as they are now.
async fn store(
    context: &Context,
    competitor: Uuid,
    decide: impl FnOnce(&[Membership]) -> MembershipChanges + Send,
) -> Result<(), DbError> {
    let (tx, now) = (context.begin().await?, context.now());
    tx.lock_rows("competitors", [competitor]).await?;
    let rows = team_syncs::of_competitor(&tx, competitor).await?;
    for (id, is_there) in decide(&plain(&rows)) {
        team_syncs::set_assigned(&tx, id, is_there.then_some(now)).await?;
    }
    tx.commit().await
}

fn plain(rows: &[MemberRow]) -> Vec<Membership> {
    rows.iter().map(MemberRow::membership).collect()
}
