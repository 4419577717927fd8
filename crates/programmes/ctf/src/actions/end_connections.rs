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
    store::own_profiles,
};

/// Disconnects the accounts of competitors for which a person answers but no longer may, because they were banned since or neither
/// coach the roster nor are an admin: they see the data of a pupil only because of a link that this person made. It waits for those who are connecting by such a link. Running it again
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
    let connections = own_profiles::lock_connections(tx, person).await?;
    if connections.is_empty() {
        return Ok(());
    }
    let banned_at = last_banned(tx, person).await?;
    let is_admin = role(tx, person).await? == Some(Role::Admin);
    for connection in connections {
        let was_banned = banned_at.is_some_and(|at| at >= connection.connected_at);
        let roster = RosterId::new(connection.roster_id);
        if !was_banned && (is_admin || coaches(tx, roster, person).await?) {
            continue;
        }
        let id = CompetitorId::new(connection.id);
        own_profiles::disconnect(tx, id, context.now()).await?;
        let act = act_on_competitor(id, actor, "ctf_competitor.disconnect", None);
        audit::record(tx, context, act).await?;
    }
    Ok(())
}

async fn coaches(tx: &Tx, roster: RosterId, person: UserId) -> Result<bool, ActionError> {
    Ok(reads::roster_role(tx, roster, person).await? == Some(RosterRole::Coach))
}
