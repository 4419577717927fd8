use identity::model::UserId;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::{
    act_on, apply::open_application, leave_team::leave_within, locked, places::fill_places,
    staff_invitations::revoke, still_changeable,
};
use crate::{
    model::{ApplicationStatus, MemberStatus},
    reads::{self, ApplicationView, HackathonView},
    store::{
        applications::{self, NewStatus},
        staff_invitations::Revoked,
    },
};

/// Withdraws an application: the person leaves their team, and their place goes to the waitlist. Repeating it changes nothing.
///
/// # Errors
/// When the person has no application that they can withdraw, or the hackathon is over.
pub async fn withdraw(context: &Context, person: UserId, slug: &str) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    let hackathon = locked(&tx, slug).await?;
    let own = reads::application(&tx, hackathon.key(), person).await?;
    if own.is_some_and(|own| own.status == ApplicationStatus::Withdrawn) {
        return Ok(());
    }
    let application = open_application(&tx, context, &hackathon, person).await?;
    still_changeable(context, &hackathon)?;
    withdraw_within(&tx, context, &hackathon, &application).await?;
    fill_places(&mut tx, context, &hackathon).await?;
    Ok(tx.commit().await?)
}

/// Withdraws an open application in the caller's transaction, which holds the lock of the hackathon's row.
pub(super) async fn withdraw_within(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    application: &ApplicationView,
) -> Result<(), ActionError> {
    let new = NewStatus { status: ApplicationStatus::Withdrawn, rank: None, is_approved: false };
    let now = context.now();
    applications::set_status(tx, application.key(), new, None, None, now).await?;
    let actor = Actor::Person(application.user_id);
    leave_within(tx, context, hackathon, application.user_id.into(), MemberStatus::Left, actor)
        .await?;
    let after = json!({ "person": application.user_id });
    let act = act_on(hackathon, actor, "application.withdraw", Some(after));
    audit::record(tx, context, act).await?;
    Ok(())
}

/// Withdraws the open applications of a person in hackathons that are not over, in the caller's transaction. Returns these hackathons,
/// whose rows are locked.
pub(super) async fn leave_all(
    tx: &Tx,
    context: &Context,
    person: UserId,
) -> Result<Vec<HackathonView>, ActionError> {
    let own = reads::own_applications(tx, person).await?;
    let ids = || own.iter().map(|application| application.hackathon_id);
    tx.lock_rows("hackathons", ids()).await?;
    let now = context.now();
    let mut left = Vec::new();
    for id in ids() {
        let hackathon = reads::hackathon_by_id(tx, id.into()).await?;
        let application = reads::application(tx, id.into(), person).await?;
        let open = application.filter(|application| application.status.is_open());
        if let Some((hackathon, application)) = hackathon.zip(open)
            && !hackathon.phase(now).is_over()
        {
            withdraw_within(tx, context, &hackathon, &application).await?;
            left.push(hackathon);
        }
    }
    Ok(left)
}

/// Withdraws the open applications of a person who closed their account, so that the waitlists move, and
/// revokes the invitations to staffs that they sent. A person who restored it meanwhile keeps them.
///
/// # Errors
/// When the database fails.
pub async fn leave_after_closing(
    tx: &mut Tx,
    context: &Context,
    person: UserId,
) -> Result<(), ActionError> {
    if identity::reads::has_profile(tx, person).await? {
        return Ok(());
    }
    for hackathon in leave_all(tx, context, person).await? {
        fill_places(tx, context, &hackathon).await?;
    }
    revoke(tx, Revoked::AllBy(person), context.now()).await?;
    Ok(())
}
