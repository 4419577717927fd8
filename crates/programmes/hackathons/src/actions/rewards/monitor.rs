use kernel::counted;
use platform::{
    ActionError, Context,
    alerts::{Incident, Severity},
    db::DbError,
};

use crate::{
    REWARDS,
    actions::prizes::prize_incidents,
    model::REDEMPTION_OVERDUE,
    reads::{self, RewardView},
    rules::rewards::{ADMINS_AFTER, OWNER_AFTER},
    store::rewards,
    telemetry,
};

/// The kind of alert for a stock at or below its threshold.
pub(crate) const STOCK: &str = "reward_stock";

/// The kind of alert for redemptions that wait for too long.
pub(crate) const OVERDUE: &str = "reward_fulfillment";

/// Wakes the worker that reminds owners of rewards, once for each redemption that waits for seven days. Returns their number.
///
/// # Errors
/// When the database fails.
pub async fn remind_owners(context: &Context) -> Result<usize, ActionError> {
    let now = context.now();
    let mut tx = context.begin().await?;
    let notified = rewards::notify_owners(&tx, now - OWNER_AFTER, now).await?;
    let count = notified.len();
    let ids = context.ids.as_ref();
    tx.wake(REDEMPTION_OVERDUE, notified, ids, now).await?;
    tx.commit().await?;
    Ok(count)
}

/// Returns an incident for each reward whose stock is at or below its threshold.
pub(crate) async fn stock_incidents(context: &Context) -> Result<Vec<Incident>, ActionError> {
    if !context.flags.is_on_for_anyone(REWARDS) {
        return Ok(Vec::new());
    }
    let incident = |reward: RewardView| Incident {
        subject: reward.slug,
        severity: Severity::Medium,
        title: format!("Few are left of {}", reward.name),
        text: format!(
            "The stock is {}. Raise it or archive the reward.",
            reward.stock.unwrap_or_default()
        ),
        link: "/admin/rewards",
    };
    let found = reads::low_stock(&context.db).await?;
    Ok(found.into_iter().map(incident).collect())
}

/// Measures the stock and the threshold of each reward.
pub(crate) async fn measure_stocks(context: &Context) -> Result<(), DbError> {
    for reward in reads::stocks(&context.db).await? {
        let shown = |count: Option<i64>| {
            let watched = count.filter(|_| reward.archived_at.is_none());
            watched.map_or(f64::NAN, |count| count as f64)
        };
        telemetry::STOCK.set(&[&reward.slug], shown(reward.stock));
        telemetry::STOCK_THRESHOLD.set(&[&reward.slug], shown(reward.low_stock));
    }
    Ok(())
}

/// Returns an incident while redemptions wait for fourteen days, and one for each hackathon whose prizes do.
pub(crate) async fn overdue_incidents(context: &Context) -> Result<Vec<Incident>, ActionError> {
    let mut found = prize_incidents(context).await?;
    found.extend(overdue_redemptions(context).await?);
    Ok(found)
}

async fn overdue_redemptions(context: &Context) -> Result<Option<Incident>, ActionError> {
    if !context.flags.is_on_for_anyone(REWARDS) {
        return Ok(None);
    }
    let waiting = reads::overdue(&context.db, context.now() - ADMINS_AFTER).await?;
    Ok((waiting > 0).then(|| Incident {
        subject: "redemptions".to_owned(),
        severity: Severity::Medium,
        title: "People wait for their rewards".to_owned(),
        text: format!(
            "{} for more than 14 days. Fulfill or cancel them.",
            counted(waiting, "redemption waits", "redemptions wait")
        ),
        link: "/admin/rewards/redemptions",
    }))
}
