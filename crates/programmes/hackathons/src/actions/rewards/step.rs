use identity::model::UserId;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use recognition::actions::post_redemptions;
use serde_json::json;

use super::{act_on, settle::credit};
use crate::{
    access,
    model::{REDEMPTION_CHANGED, RedemptionId, RedemptionStatus},
    reads::{self, RedemptionView},
    rules::rewards::admit_step,
    store::rewards,
};

/// Moves a redemption to a status. Admins take it one step further, or cancel it until it is delivered; `person` is given
/// for a person who cancels their own while it is requested. Canceling returns the points and the stock; a code that the
/// person has seen is not given to another. Returns the redemption.
///
/// # Errors
/// When the redemption is unknown or not the person's, or its status does not allow the change.
pub async fn step_redemption(
    context: &Context,
    actor: Actor,
    person: Option<UserId>,
    id: RedemptionId,
    to: RedemptionStatus,
) -> Result<RedemptionView, ActionError> {
    let mut tx = context.begin().await?;
    let found = reads::redemption(&tx, id).await?;
    let is_own = |it: &RedemptionView| person.is_none_or(|person| it.user_id == person.0);
    let found = found.filter(is_own).ok_or_else(access::unknown_redemption)?;
    tx.lock_rows("rewards", [found.reward_id]).await?;
    let redemption = reads::redemption(&tx, id).await?;
    let redemption = redemption.ok_or_else(access::unknown_redemption)?;
    let from = redemption.status;
    admit_step(from, to, person.is_none())?;
    let now = context.now();
    if to == RedemptionStatus::Canceled {
        post_redemptions(&tx, context, &[credit(&redemption, now)]).await?;
        if redemption.code.is_none() || !from.shows_code() {
            rewards::free_code(&tx, id).await?;
            rewards::move_stock(&tx, redemption.reward_id.into(), 1).await?;
        }
    }
    let decided_by = actor.person().filter(|_| person.is_none());
    rewards::set_status(&tx, id, to, decided_by, now).await?;
    let after = json!({ "redemption": id.0, "from": from.as_str(), "status": to.as_str() });
    let act = act_on(redemption.reward_id, actor, "reward.step_redemption", Some(after));
    audit::record(&tx, context, act).await?;
    let ids = context.ids.as_ref();
    tx.wake(REDEMPTION_CHANGED, [id.0], ids, now).await?;
    let stepped = reads::redemption(&tx, id).await?;
    tx.commit().await?;
    Ok(stepped.ok_or_else(access::unknown_redemption)?)
}
