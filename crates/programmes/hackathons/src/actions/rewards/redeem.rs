use identity::model::UserId;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;

use super::{act_on, locked, ring, settle::debit};
use crate::{
    access,
    model::{ClaimKind, REDEMPTION_CHANGED, RedemptionId},
    reads::{self, RedemptionView},
    rules::rewards::read_claim,
    store::rewards::{self, NewRedemption},
};

/// Redeems a reward for a person: spends their points, and takes one from the stock. Returns the redemption.
///
/// # Errors
/// When the reward is unknown, not active or out of stock, the person reached the limit or lacks points, or the claim
/// details are not valid.
pub async fn redeem_reward(
    context: &Context,
    person: UserId,
    slug: &str,
    claim: &str,
) -> Result<RedemptionView, ActionError> {
    let mut tx = context.begin().await?;
    if !claim.trim().is_empty() {
        tx.serialize(rewards::CLAIMS).await?;
    }
    let reward = locked(&tx, slug).await?;
    let now = context.now();
    let held = reads::redemptions_held(&tx, reward.key(), person).await?;
    reward.offer().admit(held, now)?;
    let claim = read_claim(reward.claim_kind, claim)?;
    let claim = match claim {
        Some(claim) => Some(ring(context)?.seal(claim.as_bytes())?),
        None => None,
    };
    let id = RedemptionId::new(context.ids.next());
    let new = NewRedemption { id, reward: reward.key(), person, cost: reward.cost, claim };
    rewards::insert_redemption(&tx, new, now).await?;
    rewards::move_stock(&tx, reward.key(), -1).await?;
    if reward.claim_kind == ClaimKind::Code {
        rewards::take_code(&tx, reward.key(), id).await?;
    }
    let found = reads::redemption(&tx, id).await?;
    let redemption = found.ok_or_else(access::unknown_redemption)?;
    let after = json!({ "redemption": id.0, "cost": reward.cost });
    let act = act_on(reward.id, Actor::Person(person.0), "reward.redeem", Some(after));
    audit::record(&tx, context, act).await?;
    let ids = context.ids.as_ref();
    tx.wake(REDEMPTION_CHANGED, [id.0], ids, now).await?;
    recognition::actions::redeem(&tx, context, debit(&redemption)).await?;
    tx.commit().await?;
    Ok(redemption)
}
