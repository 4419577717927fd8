use identity::{
    actions::{Welcome, enter_invited, invited_account},
    model::{Device, UserId},
    rules::check_addressee,
};
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::{Sql, Tx},
    outbox,
};
use serde_json::json;

use super::{act_on, locked, staff_invitations::MAIL, still_changeable};
use crate::{
    FLAG, access,
    model::StaffRole,
    reads::{self, HackathonView, SentInvitation},
    rules::staff_invitations::{InvitationState, not_in_staff},
    store::{staff, staff_invitations as store},
};

/// Accepts an invitation to the staff: the person has its role from now on. Returns the hackathon and the role.
///
/// # Errors
/// When the invitation is unknown, has ended, or was sent to an address that the person has not verified; when they take part, are in
/// the staff already, or the hackathon can no longer be changed.
pub async fn accept_staff_invitation(
    context: &Context,
    person: UserId,
    token: &str,
) -> Result<(HackathonView, StaffRole), ActionError> {
    let tx = context.begin().await?;
    let accepted = accept(&tx, context, person, token).await?;
    tx.commit().await?;
    Ok(accepted)
}

/// Accepts an invitation to the staff like [`accept_staff_invitation`], by its link alone, and signs in as the owner of the address,
/// with a new account if it has no owner. The browser's previous session (`former`, its token) ends.
///
/// # Errors
/// When the link proves no address, its owner is banned or has no hackathons, or as for [`accept_staff_invitation`].
pub async fn accept_staff_invitation_by_mail(
    context: &Context,
    token: &str,
    device: &Device,
    former: Option<&str>,
) -> Result<(Welcome, HackathonView, StaffRole), ActionError> {
    let mut tx = context.begin().await?;
    let found = reads::staff_invitation(&tx, token, context.now()).await?;
    let address = found.and_then(|found| found.proves);
    let address = address.ok_or_else(access::unknown_staff_invitation)?;
    let person = invited_account(&tx, context, &address).await?;
    let who = identity::reads::flag_viewer(&tx, person).await?;
    if !context.flags.is_on(FLAG, who) {
        return Err(access::unknown_staff_invitation().into());
    }
    let (hackathon, role) = accept(&tx, context, person, token).await?;
    let welcome = enter_invited(&mut tx, context, person, device, former).await?;
    tx.commit().await?;
    Ok((welcome, hackathon, role))
}

async fn accept(
    tx: &Tx,
    context: &Context,
    person: UserId,
    token: &str,
) -> Result<(HackathonView, StaffRole), ActionError> {
    let now = context.now();
    let found = reads::staff_invitation(tx, token, now).await?;
    let found = found.ok_or_else(access::unknown_staff_invitation)?;
    let hackathon = locked(tx, &found.hackathon.slug).await?;
    // It may have ended while the hackathon was locked.
    let invitation = reads::staff_invitation(tx, token, now).await?;
    let invitation = invitation.ok_or_else(access::unknown_staff_invitation)?;
    check_invited(tx, &invitation, person).await?;
    still_changeable(context, &hackathon)?;
    may_join(tx, &hackathon, invitation.role, person).await?;
    let (row, role) = (context.ids.next(), invitation.role);
    staff::set(tx, row, hackathon.key(), person, role, now).await?;
    if !store::accept(tx, invitation.key(), now).await? {
        InvitationState::Revoked.check()?;
    }
    outbox::forget_about(tx, MAIL, [invitation.id]).await?;
    let after = json!({ "invitation": invitation.id, "person": person.0, "role": role.as_str() });
    let actor = Actor::Person(person.0);
    let act = act_on(&hackathon, actor, "hackathon.accept_staff_invitation", Some(after));
    audit::record(tx, context, act).await?;
    Ok((hackathon, role))
}

/// Refuses an invitation that has ended, or that was sent to an address that a person has not verified.
///
/// # Errors
/// When it is one of these.
pub async fn check_invited(
    db: &impl Sql,
    invitation: &SentInvitation,
    person: UserId,
) -> Result<(), ActionError> {
    invitation.state.check()?;
    let own = identity::reads::verified_email(db, person).await?;
    let invited = invitation.address.as_deref().unwrap_or_default();
    Ok(check_addressee(invited, own.as_deref())?)
}

/// Refuses a person who is in the staff of a hackathon already, or takes part in it and would decide about others.
async fn may_join(
    tx: &Tx,
    hackathon: &HackathonView,
    role: StaffRole,
    person: UserId,
) -> Result<(), ActionError> {
    let id = hackathon.key();
    not_in_staff(&hackathon.title, reads::role_in(tx, id, person).await?)?;
    let application = reads::application(tx, id, person).await?;
    if role.may_take_part() || application.is_none_or(|it| !it.status.is_open()) {
        return Ok(());
    }
    let detail = format!(
        "You take part in {}. Withdraw your application first, then open the invitation again.",
        hackathon.title
    );
    Err(Problem::new(ProblemKind::Conflict, "STAFF_CANNOT_APPLY", detail).into())
}
