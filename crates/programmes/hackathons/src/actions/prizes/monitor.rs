use kernel::counted;
use platform::{
    ActionError, Context,
    alerts::{Incident, Severity},
};

use crate::{
    FLAG,
    model::PRIZE_OVERDUE,
    reads::{self, WaitingPrizes},
    rules::prizes::{ADMINS_AFTER, ORGANIZERS_AFTER},
    store::prizes,
};

/// Wakes the worker that reminds organizers, once for each award that waits seven days after the results. Returns their number.
///
/// # Errors
/// When the database fails.
pub async fn remind_of_prizes(context: &Context) -> Result<usize, ActionError> {
    let now = context.now();
    let mut tx = context.begin().await?;
    let due = prizes::remind_organizers(&tx, now - ORGANIZERS_AFTER, now).await?;
    let count = due.len();
    let ids = context.ids.as_ref();
    tx.wake(PRIZE_OVERDUE, due, ids, now).await?;
    tx.commit().await?;
    Ok(count)
}

/// Returns an incident for each hackathon whose prizes wait fourteen days after the results.
pub(crate) async fn prize_incidents(context: &Context) -> Result<Vec<Incident>, ActionError> {
    if !context.flags.is_on_for_anyone(FLAG) {
        return Ok(Vec::new());
    }
    let found = reads::waiting_prizes(&context.db, context.now() - ADMINS_AFTER).await?;
    let incident = |hackathon: WaitingPrizes| Incident {
        subject: format!("prizes of {}", hackathon.slug),
        severity: Severity::Medium,
        title: format!("Winners of {} wait for their prizes", hackathon.title),
        text: format!(
            "{} for more than 14 days. Ask the organizers to send or forfeit them at /hackathons/{}/prize-awards.",
            counted(hackathon.waiting, "prize waits", "prizes wait"),
            hackathon.slug
        ),
        link: "/admin/hackathons",
    };
    Ok(found.into_iter().map(incident).collect())
}
