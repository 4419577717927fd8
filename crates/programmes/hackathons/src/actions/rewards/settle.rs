//! Redemptions as the ledger has them.

use platform::{Context, db::DbError};
use recognition::{
    actions::{post_redemptions, unposted_redemptions},
    model::{Mismatch, Redemption, Resettled, SettlementMode, Source},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    model::{REDEMPTION_SOURCE, RedemptionStatus},
    reads::{self, RedemptionView},
};

/// The number of redemptions that one transaction settles.
const AT_ONCE: i64 = 500;

/// Returns the points that a person spent on a redemption.
pub(super) fn debit(redemption: &RedemptionView) -> Redemption {
    Redemption {
        user_id: redemption.user_id.into(),
        source: Source { kind: REDEMPTION_SOURCE, id: redemption.id },
        reason: "reward_redeemed",
        points: -redemption.cost,
        occurred_at: redemption.created_at,
        explanation: json!({ "cost": redemption.cost }).to_string(),
    }
}

/// Returns the points that a person got back at an instant, when a redemption was canceled.
pub(super) fn credit(redemption: &RedemptionView, at: kernel::Timestamp) -> Redemption {
    Redemption {
        reason: "reward_returned",
        points: redemption.cost,
        occurred_at: at,
        ..debit(redemption)
    }
}

fn entries(redemption: &RedemptionView) -> Vec<Redemption> {
    let mut entries = vec![debit(redemption)];
    if redemption.status == RedemptionStatus::Canceled {
        entries.push(credit(redemption, redemption.status_at));
    }
    entries
}

/// Compares the ledger with all redemptions, and posts what it lacks if `mode` says so. Calls `progress` with the number of
/// redemptions that are done.
pub(crate) async fn resettle_rewards(
    context: &Context,
    mode: SettlementMode,
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<Resettled, DbError> {
    let (mut after, mut all, mut posted) = (Uuid::nil(), 0, 0);
    loop {
        let tx = context.begin().await?;
        let page = reads::redemptions_after(&tx, after, AT_ONCE).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        let wanted: Vec<Redemption> = page.iter().flat_map(entries).collect();
        match mode {
            SettlementMode::Post => {
                posted += post_redemptions(&tx, context, &wanted).await?;
                tx.commit().await?;
            }
            SettlementMode::Check => posted += unposted_redemptions(&tx, &wanted).await?,
        }
        all += page.len();
        progress(all);
    }
    Ok(Resettled {
        summary: kernel::counted(all, "redemption of a reward", "redemptions of rewards"),
        entries: posted,
    })
}

/// Finds redemptions whose net points differ from those of the ledger.
pub(crate) async fn mismatches_of_rewards(context: &Context) -> Result<Vec<Mismatch>, DbError> {
    let (mut after, mut found) = (Uuid::nil(), Vec::new());
    loop {
        let db = context.db.snapshot().await?;
        let page = reads::redemptions_after(&db, after, AT_ONCE).await?;
        let Some(last) = page.last() else { break };
        let sums = recognition::reads::sums(&db, REDEMPTION_SOURCE, after, last.id).await?;
        for redemption in &page {
            let stored = sums.get(&redemption.id).copied().unwrap_or(0);
            let counted: i64 = entries(redemption).iter().map(|it| it.points).sum();
            if stored != counted {
                found.push(Mismatch {
                    what: "redemption of a reward".to_owned(),
                    which: redemption.id.to_string(),
                    stored: stored.to_string(),
                    counted: counted.to_string(),
                });
            }
        }
        after = last.id;
    }
    Ok(found)
}
