use identity::{actions::lock_people, model::UserId};
use platform::{ActionError, Context, db::Tx};

use super::withdraw::withdraw_within;
use crate::{
    reads,
    store::{applications, friends, judging, prizes, rewards, staff, submissions, teams},
};

/// The name of a team that only erased people were in.
const FORMER: &str = "Former team";

/// Erases a person in the caller's transaction: withdraws their open applications (the waitlist moves at its next turn), removes
/// their words from all of them and from what they submitted alone, removes them from the staff of hackathons and from the hosts, and
/// deletes their friendships, invitations, notes as a judge and
/// the addresses to which rewards and prizes are sent. What remains contains only IDs, numbers and codes.
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &Tx, context: &Context, person: UserId) -> Result<(), ActionError> {
    // A request that is being sent to the person is erased as well.
    lock_people(tx, [person]).await?;
    friends::forget(tx, person).await?;
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
    submissions::forget(tx, person, now).await?;
    judging::forget(tx, person).await?;
    rewards::forget(tx, person).await?;
    prizes::forget(tx, person, now).await?;
    staff::forget(tx, person).await?;
    teams::forget_invitations(tx, person).await?;
    Ok(teams::forget_names(tx, person, FORMER, now).await?)
}
