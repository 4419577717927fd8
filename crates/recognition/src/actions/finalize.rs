use chrono::TimeDelta;
use kernel::{Month, Problem, ProblemKind, Timestamp, counted};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Sql, Tx},
};
use serde_json::json;

use super::LOCK;
use crate::{
    Programmes,
    model::{Finalizer, month_board},
    reads,
    store::{
        boards::{self, Board},
        finals,
    },
};

/// The scheduled job, which the audit log counts among operators.
const BY_JOB: (Actor, Finalizer) = (Actor::Operator, Finalizer::Job);

/// Makes a board final in the caller's transaction: its rows stay as they are, and entries that count on it and that are
/// written from then on are noted. Returns whether it was not final before.
pub async fn finalize_board(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    key: &str,
) -> Result<bool, DbError> {
    tx.serialize(LOCK).await?;
    boards::ensure_one(tx, context.ids.as_ref(), key, context.now()).await?;
    finals::close(tx, key, actor.into(), context.now()).await
}

/// Makes the leaderboards of a month final for a person or an operator. Returns whether they were not final before.
///
/// # Errors
/// When facts of the month may still change, the month has no points, or settlement is behind.
pub async fn finalize_month(
    context: &Context,
    programmes: Programmes,
    actor: Actor,
    month: Month,
) -> Result<bool, ActionError> {
    finalize(context, programmes, (actor, actor.into()), month).await
}

/// Makes the leaderboards of a month final. Of several that try at once, one does, and the others find it final. Returns false
/// then, and if the job must wait.
async fn finalize(
    context: &Context,
    programmes: Programmes,
    (actor, by): (Actor, Finalizer),
    month: Month,
) -> Result<bool, ActionError> {
    let closes_at = month_closes_at(context, programmes, month).await?;
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    let key = month_board(month);
    let board = boards::find(&tx, &key).await?;
    // A month stays final, also if rules are published later by which points mature longer.
    if board.is_some_and(|board| board.is_final) {
        return Ok(false);
    }
    let now = context.now();
    if now < closes_at {
        return Err(open(month, closes_at).into());
    }
    let board = board.ok_or_else(|| nothing(month))?;
    // Under the lock, so that no settlement posts points in between.
    if by == Finalizer::Job && !is_quiet(&tx, month, now).await? {
        return Ok(false);
    }
    let behind = super::awaiting(context, programmes).await?;
    if behind > 0 {
        return Err(settling(behind).into());
    }
    finals::close_month(&tx, &key, by, now).await?;
    record(&tx, context, actor, by, month, board).await?;
    tx.commit().await?;
    Ok(true)
}

/// Returns when the last fact of a month can have closed, from when the month can be final.
///
/// # Errors
/// When the database fails.
pub async fn month_closes_at(
    context: &Context,
    programmes: Programmes,
    month: Month,
) -> Result<Timestamp, DbError> {
    Ok(closing(month, closes_after(context, programmes).await?))
}

/// How long the points of a month must not have changed before the job makes it final. A repository's first sync, an import or
/// a replay may take hours, and what it adds after the month is final does not count on the month's leaderboards.
const QUIET: TimeDelta = TimeDelta::days(1);

/// Makes all months final whose last fact can have closed, by this server's clock and by the facts themselves: as long as
/// nothing later was earned, the clock may be wrong. Months whose points changed within a day are left for later. Returns the
/// months.
///
/// # Errors
/// When settlement is behind.
pub async fn finalize_months(
    context: &Context,
    programmes: Programmes,
) -> Result<Vec<Month>, ActionError> {
    let after = closes_after(context, programmes).await?;
    let mut done = Vec::new();
    let Some(last) = reads::last_earned(&context.db).await? else {
        return Ok(done);
    };
    let now = context.now().min(last);
    for month in reads::open_months(&context.db).await? {
        if now >= closing(month, after) && finalize(context, programmes, BY_JOB, month).await? {
            done.push(month);
        }
    }
    Ok(done)
}

/// Returns whether the points of a month have not changed for [`QUIET`].
async fn is_quiet(db: &impl Sql, month: Month, now: Timestamp) -> Result<bool, DbError> {
    let changed = reads::last_changed(db, month).await?;
    Ok(changed.is_none_or(|at| now.signed_duration_since(at) >= QUIET))
}

/// Returns how long facts stay open after the end of what they belong to, in all programmes.
async fn closes_after(context: &Context, programmes: Programmes) -> Result<TimeDelta, DbError> {
    let mut longest = TimeDelta::zero();
    for programme in programmes.iter() {
        longest = longest.max(programme.closes_after(context).await?);
    }
    Ok(longest)
}

/// Returns when the last fact of a month can have closed.
fn closing(month: Month, after: TimeDelta) -> Timestamp {
    let closing = month.end().checked_add_signed(after);
    closing.unwrap_or(Timestamp::MAX_UTC)
}

async fn record(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    by: Finalizer,
    month: Month,
    board: Board,
) -> Result<(), DbError> {
    let act = Act {
        actor,
        action: "leaderboard.finalize",
        target_kind: "leaderboard",
        target_id: board.id,
        before: None,
        after: Some(json!({ "month": month.to_string(), "by": by.as_str() })),
        reason: None,
    };
    audit::record(tx, context, act).await
}

fn open(month: Month, closes_at: Timestamp) -> Problem {
    let detail = format!(
        "{month} cannot be final before {} UTC, because its points may change until then.",
        closes_at.format("%Y-%m-%d %H:%M")
    );
    Problem::new(ProblemKind::Conflict, "MONTH_OPEN", detail)
}

fn nothing(month: Month) -> Problem {
    let detail = format!(
        "{month} has no points, so it cannot be final. See /leaderboards/months for all months with points."
    );
    Problem::not_found(detail)
}

/// Returns the problem that windows await settlement, so that nothing can be declared final.
#[must_use]
pub fn settling(windows: usize) -> Problem {
    let windows = counted(windows, "window awaits", "windows await");
    let detail = format!("{windows} settlement. Try again in a minute.");
    Problem::new(ProblemKind::Conflict, "SETTLEMENT_BEHIND", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_closes_when_its_last_fact_can_have_closed() {
        let month: Month = "2026-10".parse().expect("a month");
        let expected: Timestamp = "2026-11-08T00:00:00Z".parse().expect("an instant");
        assert_eq!(closing(month, TimeDelta::days(7)), expected);
        assert_eq!(closing(month, TimeDelta::MAX), Timestamp::MAX_UTC);
    }
}
