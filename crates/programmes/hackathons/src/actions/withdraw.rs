use identity::model::UserId;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::{
    act_on, apply::open_application, leave_team::leave_within, locked, places::fill_places,
    still_changeable,
};
use crate::{
    model::{ApplicationStatus, MemberStatus},
    reads::{self, ApplicationView, HackathonView},
    store::applications::{self, NewStatus},
};

/// Withdraws an application: the person leaves their team, and their place goes to the waitlist. Repeating it changes nothing.
///
/// # Errors
/// When the person has no application that they can withdraw, or the hackathon is over.
pub async fn withdraw(context: &Context, person: UserId, slug: &str) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    let hackathon = locked(&tx, slug).await?;
    let own = reads::application(&tx, hackathon.key(), person).await?;
    if own.is_some_and(|own| own.status() == ApplicationStatus::Withdrawn) {
        return Ok(());
    }
    let application = open_application(&tx, context, &hackathon, person).await?;
    still_changeable(context, &hackathon)?;
    withdraw_within(&tx, context, (&hackathon, &application)).await?;
    fill_places(&mut tx, context, &hackathon).await?;
    Ok(tx.commit().await?)
}

/// Withdraws an open application in the caller's transaction, which holds the lock of the hackathon's row.
pub(super) async fn withdraw_within(
    tx: &Tx,
    context: &Context,
    (hackathon, application): (&HackathonView, &ApplicationView),
) -> Result<(), ActionError> {
    let new = NewStatus {
        status: ApplicationStatus::Withdrawn,
        rank: None,
        is_approved: false,
    };
    let now = context.now();
    applications::set_status(tx, application.key(), new, (None, None), now).await?;
    let actor = Actor::Person(application.user_id);
    let member = (application.user_id.into(), MemberStatus::Left);
    leave_within(tx, context, hackathon, member, actor).await?;
    let after = json!({ "person": application.user_id });
    let act = (actor, "application.withdraw");
    audit::record(tx, context, act_on(hackathon, act, Some(after))).await?;
    Ok(())
}
