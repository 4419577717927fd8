use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;

use super::{act_on, award_of, locked, refused};
use crate::{
    model::{PRIZE_CHANGED, PrizeAwardId, PrizeState},
    reads::PrizeAwardView,
    rules::prizes::{admit_step, read_reason},
    store::prizes,
};

/// Moves a published award to a state: sent, received, or forfeited with a reason, after which the prize can be awarded again. The
/// winners are notified. Returns the award.
///
/// # Errors
/// When the award is unknown, the results are not published, the state does not allow the change, or a forfeited prize has no
/// reason.
pub async fn step_prize(
    context: &Context,
    actor: Actor,
    hackathon: &str,
    id: PrizeAwardId,
    to: PrizeState,
    reason: &str,
) -> Result<PrizeAwardView, ActionError> {
    let reason = read_reason(to, reason)?;
    let mut tx = context.begin().await?;
    let hackathon = locked(&tx, hackathon).await?;
    let award = award_of(&tx, &hackathon, id).await?;
    if award.published_at.is_none() {
        return Err(refused(format!(
            "The results of {} are not published. Take the award back instead.",
            hackathon.title
        )));
    }
    let from = award.state;
    admit_step(from, to)?;
    let now = context.now();
    prizes::set_state(&tx, id, to, reason.as_deref(), actor.person(), now).await?;
    let after = json!({ "award": id.0, "from": from.as_str(), "state": to.as_str() });
    let act = audit::Act {
        reason: reason.as_deref(),
        ..act_on(&hackathon, actor, "prize.step", Some(after))
    };
    audit::record(&tx, context, act).await?;
    tx.wake(PRIZE_CHANGED, [id.0], context.ids.as_ref(), now).await?;
    let stepped = award_of(&tx, &hackathon, id).await?;
    tx.commit().await?;
    Ok(stepped)
}
