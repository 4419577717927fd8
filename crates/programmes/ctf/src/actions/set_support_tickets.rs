use kernel::Month;
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
};
use serde_json::json;

use crate::{
    rules::rollout_goals::{ticket_count, ticket_month},
    store::support_tickets,
};

/// Stores the number of support tickets of a month. Repeating it changes nothing. Returns the month.
///
/// # Errors
/// When the month is not one of the last 24 or the present one, or the number is not between 0 and 9,999.
pub async fn set_support_tickets(
    context: &Context,
    actor: Actor,
    month: &str,
    tickets: &str,
) -> Result<Month, ActionError> {
    let now = context.now();
    let (month, tickets) = match (ticket_month(month, now), ticket_count(tickets)) {
        (Ok(month), Ok(tickets)) => (month, tickets),
        (Err(problem), tickets) => return Err(problem.with(tickets).into()),
        (_, Err(problem)) => return Err(problem.into()),
    };
    let tx = context.begin().await?;
    tx.serialize("ctf.support_tickets").await?;
    let stored = support_tickets::of_month(&tx, month).await?;
    if stored.is_some_and(|stored| stored.tickets == tickets) {
        return Ok(month);
    }
    let id = stored.map_or_else(|| context.ids.next(), |stored| stored.id);
    match stored {
        Some(_) => support_tickets::change(&tx, id, tickets, now).await?,
        None => support_tickets::insert(&tx, id, month, tickets, now).await?,
    }
    let act = Act {
        actor,
        action: "ctf_support_tickets.set",
        target_kind: "ctf_support_tickets",
        target_id: id,
        before: stored.map(|stored| json!({ "tickets": stored.tickets })),
        after: Some(json!({ "month": month, "tickets": tickets })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(month)
}
