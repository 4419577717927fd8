use identity::{actions::lock_people, model::UserId};
use platform::{ActionError, Context, db::Tx};

use super::{
    pictures::forget_pictures, staff_invitations::forget_invitations, withdraw::leave_all,
};
use crate::store::{
    applications, calendar_feeds,
    exports::{self, DeletedExports},
    friends, help, judging, prizes, publications, rewards, staff, submissions, surveys, tasks,
    teams,
};

/// The name of a team that only erased people were in.
const FORMER: &str = "Former team";

/// The title of a task whose title an erased person wrote.
const FORMER_TASK: &str = "Former task";

/// Erases a person in the caller's transaction: withdraws their open applications (the waitlist moves at its next turn), removes
/// their words from all of them, and their words and pictures from what they submitted alone, removes them from the staff of hackathons and from the hosts,
/// ends the invitations to staffs that they sent or got, and deletes their friendships, invitations, personal calendar, answers to
/// surveys, notes as a judge, requests for help, answers to those, titles of tasks, connections of boards and the addresses to which
/// rewards and prizes are sent. What remains contains only IDs, numbers and codes.
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &Tx, context: &Context, person: UserId) -> Result<(), ActionError> {
    // A request that is being sent to the person is erased as well.
    lock_people(tx, [person]).await?;
    friends::forget(tx, person).await?;
    calendar_feeds::remove(tx, person).await?;
    let now = context.now();
    leave_all(tx, context, person).await?;
    applications::forget(tx, person, now).await?;
    forget_pictures(tx, person, now).await?;
    submissions::forget(tx, person, now).await?;
    judging::forget(tx, person).await?;
    publications::forget(tx, person).await?;
    rewards::forget(tx, person).await?;
    prizes::forget(tx, person, now).await?;
    help::forget(tx, person, now).await?;
    surveys::forget(tx, person).await?;
    exports::delete(tx, DeletedExports::Person(person)).await?;
    tasks::forget(tx, person, FORMER_TASK, now).await?;
    forget_invitations(tx, person, now).await?;
    staff::forget(tx, person).await?;
    teams::forget_invitations(tx, person).await?;
    Ok(teams::forget_names(tx, person, FORMER, now).await?)
}
