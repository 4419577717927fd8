use identity::model::UserId;
use platform::{ActionError, Context, db::Tx};

use super::withdraw::withdraw_within;
use crate::{
    reads,
    store::{applications, staff, teams},
};

/// The name of a team that only erased people were in.
const FORMER: &str = "Former team";

/// Erases a person in the caller's transaction: withdraws their open applications (the waitlist moves at its next turn), removes
/// their words from all of them, and removes them from the staff of hackathons and from the hosts. What remains contains only IDs,
/// numbers and codes.
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &Tx, context: &Context, person: UserId) -> Result<(), ActionError> {
    let own = reads::own_applications(tx, person).await?;
    let ids = || own.iter().map(|application| application.hackathon_id);
    tx.lock_rows("hackathons", ids()).await?;
    let now = context.now();
    for id in ids() {
        let hackathon = reads::hackathon_by_id(tx, id.into()).await?;
        let application = reads::application(tx, id.into(), person).await?;
        let open = application.filter(|application| application.status().is_open());
        if let Some((hackathon, application)) = hackathon.zip(open)
            && !hackathon.phase(now).is_over()
        {
            withdraw_within(tx, context, (&hackathon, &application)).await?;
        }
    }
    applications::forget(tx, person, now).await?;
    staff::forget(tx, person).await?;
    Ok(teams::forget_names(tx, person, FORMER, now).await?)
}
