//! Spending points. A redemption changes neither boards nor all-time points, and its return is a redemption of opposite
//! sign, never a reversal.

use std::{collections::BTreeSet, sync::Arc};

use kernel::{Points, Problem, ProblemKind};
use platform::{
    ActionError, Context,
    db::{DbError, Sql, Tx},
};
use uuid::Uuid;

use super::{LOCK, post::post};
use crate::{
    model::{Entitlement, EntryKind, Posting, Redemption},
    reads::spendable,
    rules::EntitlementKey,
    store::ledger,
};

/// Spends a person's points in the caller's transaction. Repeating it changes nothing. Holds the ledger's lock until the
/// transaction ends, like [`reconcile`](super::reconcile()), so it comes after the caller's own locks.
///
/// # Errors
/// When the person has fewer points than that to spend.
pub async fn redeem(tx: &Tx, context: &Context, redemption: Redemption) -> Result<(), ActionError> {
    tx.serialize(LOCK).await?;
    let redemptions = [redemption];
    if missing(tx, &redemptions).await?.is_empty() {
        return Ok(());
    }
    let [redemption] = &redemptions;
    let balance = spendable(tx, redemption.user_id).await?;
    if balance + redemption.points < 0 {
        return Err(insufficient(balance, -redemption.points).into());
    }
    post_redemptions(tx, context, &redemptions).await?;
    Ok(())
}

fn insufficient(balance: Points, cost: Points) -> Problem {
    let detail = format!(
        "This costs {cost} points, and you have {balance} to spend. Earn more, or choose something that costs less."
    );
    Problem::new(ProblemKind::Conflict, "INSUFFICIENT_POINTS", detail)
}

/// Posts the redemptions among these that the ledger lacks, in the caller's transaction, without asking for the balance.
/// Returns their number. Holds the ledger's lock until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn post_redemptions(
    tx: &Tx,
    context: &Context,
    redemptions: &[Redemption],
) -> Result<usize, DbError> {
    tx.serialize(LOCK).await?;
    let mut postings = Vec::new();
    for redemption in missing(tx, redemptions).await? {
        postings.extend(posting(tx, redemption).await?);
    }
    post(tx, context, &postings).await?;
    Ok(postings.len())
}

/// Counts the redemptions among these that the ledger lacks.
///
/// # Errors
/// When the database fails.
pub async fn unposted_redemptions(
    db: &impl Sql,
    redemptions: &[Redemption],
) -> Result<usize, DbError> {
    Ok(missing(db, redemptions).await?.len())
}

/// Returns the redemptions that have no entry.
async fn missing<'a>(
    db: &impl Sql,
    redemptions: &'a [Redemption],
) -> Result<Vec<&'a Redemption>, DbError> {
    let scope: Vec<EntitlementKey> = redemptions.iter().map(|it| (it.source, it.reason)).collect();
    let posted = ledger::of_sources(db, &scope).await?;
    let posted: BTreeSet<(&str, Uuid, &str)> =
        posted.iter().map(|entry| (&*entry.source_kind, entry.source_id, &*entry.reason)).collect();
    let is_missing =
        |it: &&Redemption| !posted.contains(&(it.source.kind, it.source.id, it.reason));
    Ok(redemptions.iter().filter(is_missing).collect())
}

/// Returns the entry of a redemption. It names the account of the person's latest entry; a person without entries had
/// no points to spend.
async fn posting(tx: &Tx, redemption: &Redemption) -> Result<Option<Posting>, DbError> {
    let account = ledger::last_account(tx, redemption.user_id).await?;
    Ok(account.map(|identity_id| Posting {
        kind: EntryKind::Redemption,
        generation: 1,
        reverses_id: None,
        entitlement: Entitlement {
            user_id: redemption.user_id,
            identity_id,
            source: redemption.source,
            reason: redemption.reason,
            kind: EntryKind::Redemption,
            points: redemption.points,
            occurred_at: redemption.occurred_at,
            boards: Arc::from([]),
            explanation: redemption.explanation.clone(),
        },
    }))
}
