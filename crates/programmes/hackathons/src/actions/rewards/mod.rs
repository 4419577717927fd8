//! Changes of rewards and their redemptions.

mod catalogue;
mod monitor;
mod notify;
mod redeem;
mod settle;
mod step;

pub use catalogue::{NewReward, add_codes, archive_reward, create_reward, edit_reward};
pub use monitor::remind_owners;
pub(crate) use monitor::{OVERDUE, STOCK, measure_stocks, overdue_incidents, stock_incidents};
pub use notify::{notify_overdue, notify_redemption};
pub use redeem::redeem_reward;
pub(crate) use settle::{mismatches_of_rewards, resettle_rewards};
pub use step::step_redemption;

use platform::{
    ActionError, Context,
    audit::{Act, Actor},
    crypto::{CryptoError, KeyRing},
    db::Tx,
};
use serde_json::Value;

use crate::{
    access,
    reads::{self, RewardView},
};

/// Finds a reward and locks its row: of two transactions that change its stock, one waits for the other.
async fn locked(tx: &Tx, slug: &str) -> Result<RewardView, ActionError> {
    let found = reads::reward(tx, slug).await?;
    let id = found.ok_or_else(|| access::unknown_reward(slug))?.id;
    tx.lock_rows("rewards", [id]).await?;
    let found = reads::reward(tx, slug).await?;
    Ok(found.ok_or_else(|| access::unknown_reward(slug))?)
}

/// Returns an action on a reward, to record.
fn act_on(
    reward: uuid::Uuid,
    actor: Actor,
    action: &'static str,
    after: Option<Value>,
) -> Act<'static> {
    Act {
        actor,
        action,
        target_kind: "reward",
        target_id: reward,
        before: None,
        after,
        reason: None,
    }
}

/// Returns the keys that encrypt claim details and codes.
pub(super) fn ring(context: &Context) -> Result<&KeyRing, CryptoError> {
    context.keys.as_ref().ok_or(CryptoError::Undecryptable)
}

/// Decrypts claim details or a coupon code.
///
/// # Errors
/// When no key of the server decrypts it.
pub fn opened(context: &Context, sealed: Option<&Vec<u8>>) -> Result<Option<String>, ActionError> {
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let plain = ring(context)?.open(sealed)?;
    Ok(Some(String::from_utf8_lossy(&plain).into_owned()))
}
