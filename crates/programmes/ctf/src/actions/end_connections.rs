use identity::{
    model::{Role, UserId},
    reads::{last_banned, role},
};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};

use super::competitor_acts::act_on_competitor;
use crate::{
    model::{CompetitorId, RosterId, RosterRole},
    reads,
    store::own_profiles::{self, Connection},
};

/// Disconnects the accounts of competitors for which a person answers but no longer may: they see the data of a pupil
/// only because of a link that this person made. It waits for those who are connecting by such a link. Running it again
/// changes nothing.
///
/// # Errors
/// When the database fails.
pub(crate) async fn end_connections(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    person: UserId,
) -> Result<(), ActionError> {
    for connection in own_profiles::lock_connections(tx, person).await? {
        if may_answer(tx, person, &connection).await? {
            continue;
        }
        let id = CompetitorId::new(connection.id);
        own_profiles::disconnect(tx, id, context.now()).await?;
        let act = act_on_competitor(id, actor, "ctf_competitor.disconnect", None);
        audit::record(tx, context, act).await?;
    }
    Ok(())
}

/// Returns whether a person may answer for an account: they were not banned since, and coach the roster or are an
/// admin.
async fn may_answer(tx: &Tx, person: UserId, connection: &Connection) -> Result<bool, ActionError> {
    let banned_at = last_banned(tx, person).await?;
    if banned_at.is_some_and(|at| at >= connection.connected_at) {
        return Ok(false);
    }
    let roster = RosterId::new(connection.roster_id);
    let coaches = reads::roster_role(tx, roster, person).await? == Some(RosterRole::Coach);
    Ok(coaches || role(tx, person).await? == Some(Role::Admin))
}
