//! Actions that change badges and their holders.

mod award;
mod change;
mod create;
mod credential;
mod evaluate;
mod everyone;
mod revoke;
mod seeds;

pub use award::award_badge;
pub use change::{BadgeChange, change_badge};
pub use create::{NewBadge, create_badge};
pub use credential::{Issuer, sign_credential};
pub use evaluate::{evaluate_due, evaluate_person};
pub use everyone::{evaluate_everyone, evaluate_next};
pub use revoke::revoke_badge;
pub use seeds::seed_badges;

use platform::{
    ActionError, Context,
    audit::{Act, Actor},
    db::{DbError, Tx},
};
use serde_json::Value;

use crate::{
    model::{BADGE_CHANGED, BadgeRow},
    reads::unknown_badge,
    store::badges,
};

/// The lock for changes of badges and of their holders.
const LOCK: &str = "recognition.badges";

/// Begins a transaction that may change badges and their holders.
async fn begin(context: &Context) -> Result<Tx, DbError> {
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    Ok(tx)
}

async fn find(tx: &Tx, slug: &str) -> Result<BadgeRow, ActionError> {
    let found = badges::find(tx, slug).await?;
    Ok(found.ok_or_else(|| unknown_badge(slug))?)
}

/// Requests an evaluation of everyone because of a badge.
async fn request(tx: &mut Tx, context: &Context, badge: &BadgeRow) -> Result<(), DbError> {
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(BADGE_CHANGED, [badge.id], ids, now).await
}

/// Returns the audit log entry of a change of a badge.
fn changed(
    actor: Actor,
    action: &'static str,
    badge: &BadgeRow,
    (before, after): (Option<Value>, Option<Value>),
) -> Act<'static> {
    Act { actor, action, target_kind: "badge", target_id: badge.id, before, after, reason: None }
}

/// Describes a badge for the audit log.
fn described(badge: &BadgeRow) -> Value {
    let criteria: Value = serde_json::from_str(&badge.criteria).unwrap_or_default();
    serde_json::json!({
        "slug": badge.slug, "name": badge.name, "description": badge.description,
        "criteria": criteria, "rarity": badge.rarity, "retired_at": badge.retired_at,
    })
}
