use identity::model::UserId;
use platform::{ActionError, Context, db::Tx};

use super::{new_code, staff_invitations::revoke};
use crate::{
    model::{HackathonId, TeamId},
    store::{hackathons, staff, staff_invitations::Revoked, teams},
};

/// Replaces the codes that a banned person knows: those of the invitation links that they saw as an organizer, except
/// of public hackathons, and those of their teams. The open invitations to these teams end, because they may have sent
/// them, and so do those to staffs that they sent.
///
/// # Errors
/// When the server has no randomness, or the database fails.
pub(crate) async fn replace_codes(
    tx: &Tx,
    context: &Context,
    person: UserId,
) -> Result<(), ActionError> {
    let now = context.now();
    let organized = staff::organized_privately(tx, person).await?;
    let joined = teams::joined(tx, person).await?;
    let events = joined.iter().map(|row| row.hackathon_id).chain(organized.iter().copied());
    tx.lock_rows("hackathons", events).await?;
    for id in organized {
        hackathons::set_invite_code(tx, HackathonId::new(id), &new_code()?, now).await?;
    }
    for row in joined {
        let team = TeamId::new(row.team_id);
        teams::end_invitations(tx, team).await?;
        teams::set_code(tx, team, &new_code()?, now).await?;
    }
    revoke(tx, Revoked::AllBy(person), now).await?;
    Ok(())
}
