use identity::{actions::no_mail, model::UserId, rules::email_address};
use kernel::Timestamp;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    crypto,
    db::{DbError, Tx},
    outbox::{self, EMAIL, Key, Post, count_email_to, enqueue},
};
use serde_json::json;
use uuid::Uuid;

use super::{act_on, changeable, locked};
use crate::{
    access,
    emails::StaffInvited,
    model::{StaffInvitationId, StaffRole},
    reads::HackathonView,
    rules::staff_invitations::{INVITATION_LASTS, check_open, digest, quoted_title},
    store::staff_invitations::{self as store, NewInvitation, Revoked},
};

/// The kind of the emails with invitations.
pub(super) const MAIL: &str = "staff_invitation";

/// An invitation that was sent.
#[derive(Clone, Debug)]
pub struct NewStaffInvitation {
    pub id: StaffInvitationId,
    /// Its token, which is not stored.
    pub token: String,
    pub role: StaffRole,
    /// The address that it was sent to.
    pub address: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Invites the owner of an email address to the staff of a hackathon, with a link that only they can accept. It replaces an open
/// invitation to the same address.
///
/// # Errors
/// When the address is not valid, the server or the sender can send no email to it, too many invitations are open, or the hackathon
/// is over.
pub async fn invite_staff(
    context: &Context,
    post: &Post,
    actor: Actor,
    slug: &str,
    address: &str,
    role: StaffRole,
) -> Result<NewStaffInvitation, ActionError> {
    let address = email_address(address)?;
    let mut tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let sent = send(&mut tx, context, post, actor, &hackathon, (&address, role)).await?;
    tx.commit().await?;
    Ok(sent)
}

/// Sends an open invitation again, with another link and for the full time: the sender answers for it from now on.
///
/// # Errors
/// When the hackathon has no such open invitation, or as for [`invite_staff`].
pub async fn send_staff_invitation_again(
    context: &Context,
    post: &Post,
    actor: Actor,
    slug: &str,
    id: StaffInvitationId,
) -> Result<NewStaffInvitation, ActionError> {
    let mut tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let open = store::open(&tx, hackathon.key(), context.now()).await?;
    let row = open.into_iter().find(|row| row.id == id.0);
    let row = row.ok_or_else(access::unknown_staff_invitation)?;
    let address = row.address.ok_or_else(access::unknown_staff_invitation)?;
    let sent = send(&mut tx, context, post, actor, &hackathon, (&address, row.role)).await?;
    tx.commit().await?;
    Ok(sent)
}

async fn send(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    actor: Actor,
    hackathon: &HackathonView,
    (address, role): (&str, StaffRole),
) -> Result<NewStaffInvitation, ActionError> {
    if !post.channels.has(EMAIL) {
        return Err(no_mail().into());
    }
    let (hackathon_id, now) = (hackathon.key(), context.now());
    revoke(tx, Revoked::SentTo(hackathon_id, address), now).await?;
    check_open(store::open(tx, hackathon_id, now).await?.len())?;
    count_email_to(tx, context, actor.person(), address).await?;
    let sent = NewStaffInvitation {
        id: StaffInvitationId::new(context.ids.next()),
        token: crypto::token()?,
        role,
        address: address.to_owned(),
        created_at: now,
        expires_at: now + INVITATION_LASTS,
    };
    let new = NewInvitation {
        id: sent.id,
        hackathon: hackathon_id,
        role,
        address,
        digest: &digest(&sent.token),
        invited_by: actor.person(),
        expires_at: sent.expires_at,
    };
    store::insert(tx, new, now).await?;
    let email = StaffInvited {
        hackathon: quoted_title(&hackathon.title),
        role,
        link: format!("{}/hackathon-invitations/{}", post.site, sent.token),
        days: INVITATION_LASTS.num_days(),
    };
    let content = post.write(&email, None)?;
    let key =
        Key { person: Uuid::nil(), kind: MAIL, object: sent.id.0, occurrence: "", channel: EMAIL };
    enqueue(tx, context, key, address, &content, now).await?;
    let after = json!({ "invitation": sent.id.0, "role": role.as_str() });
    let act = act_on(hackathon, actor, "hackathon.invite_staff", Some(after));
    audit::record(tx, context, act).await?;
    Ok(sent)
}

/// Withdraws an invitation to the staff, so that its link no longer works. Repeating it changes nothing.
///
/// # Errors
/// When the hackathon has no such invitation.
pub async fn withdraw_staff_invitation(
    context: &Context,
    actor: Actor,
    slug: &str,
    id: StaffInvitationId,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let hackathon = locked(&tx, slug).await?;
    let found = store::by_id(&tx, hackathon.key(), id).await?;
    found.ok_or_else(access::unknown_staff_invitation)?;
    if revoke(&tx, Revoked::One(id), context.now()).await? > 0 {
        let after = json!({ "invitation": id.0 });
        let act = act_on(&hackathon, actor, "hackathon.withdraw_staff_invitation", Some(after));
        audit::record(&tx, context, act).await?;
    }
    Ok(tx.commit().await?)
}

/// Revokes invitations in the caller's transaction, and forgets the emails with them. Returns their number.
pub(super) async fn revoke(tx: &Tx, which: Revoked<'_>, now: Timestamp) -> Result<usize, DbError> {
    let revoked = store::revoke(tx, which, now).await?;
    outbox::forget_about(tx, MAIL, revoked.iter().copied()).await?;
    Ok(revoked.len())
}

/// Revokes the invitations to the staff of a hackathon that a person sent, and those to their own address, after they lost a role:
/// they let no one in any longer.
pub(super) async fn revoke_after_loss(
    tx: &Tx,
    hackathon: &HackathonView,
    person: UserId,
    now: Timestamp,
) -> Result<(), DbError> {
    let id = hackathon.key();
    revoke(tx, Revoked::SentBy(id, person), now).await?;
    if let Some(own) = identity::reads::verified_email(tx, person).await? {
        revoke(tx, Revoked::SentTo(id, &own), now).await?;
    }
    Ok(())
}

/// Forgets the addresses of invitations that have expired. Returns their number.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired_invitations(context: &Context) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let forgotten = store::forget_expired(&tx, context.now()).await?;
    tx.commit().await?;
    Ok(forgotten)
}

/// Erases a person from the invitations to staffs in the caller's transaction: those that they sent and those to their own address
/// end, and neither their name nor the address remains.
pub(super) async fn forget_invitations(
    tx: &Tx,
    person: UserId,
    now: Timestamp,
) -> Result<(), DbError> {
    revoke(tx, Revoked::AllBy(person), now).await?;
    store::forget_sender(tx, person).await?;
    if let Some(own) = identity::reads::verified_email(tx, person).await? {
        revoke(tx, Revoked::AllTo(&own), now).await?;
        outbox::forget_to(tx, MAIL, &own).await?;
    }
    Ok(())
}
