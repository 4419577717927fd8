use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Tx},
};
use serde_json::json;

use super::competitor_rows::changeable_competitor;
use crate::{
    model::{CompetitorId, DiscrepancyId, Reporter},
    reads,
    store::discrepancies::{self, NewDiscrepancy},
};

/// Reports that a number of a competitor is wrong, and stores both sums. Returns whether the report is new: while one is open,
/// repeating it changes nothing.
///
/// # Errors
/// When the competitor is unknown, has left, was erased or is not on the platform, or the roster is archived.
pub async fn report_discrepancy(
    context: &Context,
    actor: Actor,
    competitor: CompetitorId,
    reporter: Reporter,
) -> Result<bool, ActionError> {
    let tx = context.begin().await?;
    let view = changeable_competitor(&tx, competitor).await?;
    if !view.is_on_platform() {
        return Err(not_there().into());
    }
    if reads::open_discrepancy(&tx, competitor).await?.is_some() {
        return Ok(false);
    }
    let id = DiscrepancyId::new(context.ids.next());
    let new = compared(&tx, id, competitor, reporter).await?;
    discrepancies::insert(&tx, new, context.now()).await?;
    let (here, there) = (new.here, new.there);
    let after = json!({ "competitor": competitor.0, "here": here, "there": there });
    let act = Act { after: Some(after), ..act(id, actor, "ctf_discrepancy.report") };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(true)
}

/// Reads both sums.
async fn compared(
    tx: &Tx,
    id: DiscrepancyId,
    competitor: CompetitorId,
    reporter: Reporter,
) -> Result<NewDiscrepancy, DbError> {
    let here = reads::stored_on_demand(tx, competitor).await?;
    let there = reads::platform_totals(tx, competitor).await?;
    let there = there.map(|there| (there.challenges_completed, there.total_score));
    Ok(NewDiscrepancy {
        id,
        competitor,
        reporter,
        here: (here.solves, here.points),
        there: there.unwrap_or_default(),
    })
}

fn not_there() -> Problem {
    let detail = "The competitor is not on the game platform, so there is nothing to compare.";
    Problem::new(ProblemKind::Conflict, "NOT_ON_PLATFORM", detail)
}

fn act(id: DiscrepancyId, actor: Actor, action: &'static str) -> Act<'static> {
    Act {
        actor,
        action,
        target_kind: "ctf_discrepancy",
        target_id: id.0,
        before: None,
        after: None,
        reason: None,
    }
}

/// Resolves a report. Repeating it changes nothing.
///
/// # Errors
/// When the report is unknown.
pub async fn resolve_discrepancy(
    context: &Context,
    actor: Actor,
    id: DiscrepancyId,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    tx.lock_rows("ctf_discrepancies", [id.0]).await?;
    let found = reads::discrepancy(&tx, id).await?;
    found.ok_or_else(unknown)?;
    if discrepancies::resolve(&tx, id, actor.person(), context.now()).await? {
        let act = act(id, actor, "ctf_discrepancy.resolve");
        audit::record(&tx, context, act).await?;
    }
    Ok(tx.commit().await?)
}

fn unknown() -> Problem {
    Problem::not_found("Unknown report. Reload the list of reports and try again.")
}
