use chrono::TimeDelta;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError, Context, audit, crypto,
    db::{DbError, Tx},
    outbox::{self, CountedKinds, EMAIL, Key, Post, enqueue},
};
use uuid::Uuid;

use super::{acts::on_person, link::last_method};
use crate::{
    emails::{EmailChanged, VerifyEmail},
    model::{IDENTITY_CHANGED, Viewer},
    reads,
    rules::{self, SecretKind},
    store::emails::{self, NewEmailRow},
};

/// How long an emailed link can be used.
pub const EMAIL_LINK_LASTS: TimeDelta = TimeDelta::minutes(15);

/// The maximum number of links that a person can request per hour.
const LINKS_PER_HOUR: i64 = 5;

/// The kind of an email with a link.
const LINK: &str = "verify_email";

/// Emails a verification link to an address. Opening it in the same session proves that the viewer owns
/// the address. An earlier address that was never verified is deleted.
///
/// # Errors
/// When email is not set up, the sign-in is not recent, the address is invalid or already theirs, or they requested too
/// many links.
pub async fn ask_to_verify(
    context: &Context,
    post: &Post,
    viewer: &Viewer,
    typed: &str,
) -> Result<(), ActionError> {
    let address = rules::email_address(typed)?;
    if !post.channels.has(EMAIL) {
        return Err(no_mail().into());
    }
    let mut tx = context.begin().await?;
    let (person, now) = (viewer.user_id, context.now());
    // Keeps concurrent requests from each counting too few emails.
    tx.lock_rows("users", [person.0]).await?;
    rules::freshly(reads::signed_in_at(&tx, viewer).await?, now)?;
    let own = reads::verified_email(&tx, person).await?;
    if own.is_some_and(|own| own.eq_ignore_ascii_case(&address)) {
        return Err(yours().into());
    }
    let hour_ago = now - TimeDelta::hours(1);
    if outbox::sent_since(&tx, person.0, EMAIL, CountedKinds::Only(LINK), hour_ago).await?
        >= LINKS_PER_HOUR
    {
        return Err(too_many().into());
    }
    outbox::count_email_to(&tx, context, Some(person.0), &address).await?;
    emails::remove_unverified(&tx, person).await?;
    let (id, token) = (context.ids.next(), SecretKind::Email.make(crypto::random()?));
    let new = NewEmailRow {
        id,
        user_id: person,
        address: &address,
        token_hash: rules::hash(&token),
        session_id: viewer.by.id(),
        now,
        expires_at: now + EMAIL_LINK_LASTS,
    };
    emails::insert(&tx, new).await?;
    let email = VerifyEmail {
        login: viewer.login.clone(),
        link: format!("{}/settings/email/verify?token={token}", post.site),
    };
    let content = post.write(&email, None)?;
    let key = key(person.0, LINK, id);
    enqueue(&mut tx, context, key, &address, &content, now).await?;
    Ok(tx.commit().await?)
}

pub(super) fn key(person: Uuid, kind: &'static str, object: Uuid) -> Key<'static> {
    Key { person, kind, object, occurrence: "", channel: EMAIL }
}

/// Verifies an address with an emailed link. It replaces the previous address, which gets an email about it, and
/// becomes a sign-in method, which the person is notified of.
///
/// # Errors
/// When the sign-in is not recent, the link was used, has expired or belongs to another session, or another person
/// verified the address.
pub async fn verify_email(
    context: &Context,
    post: &Post,
    viewer: &Viewer,
    token: &str,
) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    // Keeps two people from verifying the same address at once.
    tx.serialize("identity.emails").await?;
    let (person, now) = (viewer.user_id, context.now());
    rules::freshly(reads::signed_in_at(&tx, viewer).await?, now)?;
    let hash = rules::hash(token);
    let asked = emails::by_link(&tx, hash, person, viewer.by.id(), now).await?;
    let asked = asked.ok_or_else(dead_link)?;
    let owner = emails::owner(&tx, &asked.address).await?;
    if owner.is_some_and(|owner| owner != person.0) {
        return Err(taken().into());
    }
    notify_former(&mut tx, context, post, viewer, asked.id).await?;
    emails::remove_others(&tx, person, asked.id).await?;
    emails::verify(&tx, asked.id, now).await?;
    // The address is personal data and stays out of the audit log, which cannot be erased.
    audit::record(&tx, context, on_person(viewer.actor(), "email.verify", person)).await?;
    notify_change(&mut tx, context, viewer).await?;
    Ok(tx.commit().await?)
}

/// Deletes a person's addresses, so that they no longer receive email. The verified one gets an email about it.
///
/// # Errors
/// When the sign-in is not recent, or they would have no sign-in method left.
pub async fn remove_email(
    context: &Context,
    post: &Post,
    viewer: &Viewer,
) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    // Keeps a concurrent removal of an account from relying on the address.
    tx.serialize("identity.accounts").await?;
    rules::freshly(reads::signed_in_at(&tx, viewer).await?, context.now())?;
    let own = reads::identities(&tx, viewer.user_id).await?;
    if own.iter().all(|own| own.unlinked_at.is_some()) {
        return Err(last_method().into());
    }
    let removal = context.ids.next();
    let was_verified = notify_former(&mut tx, context, post, viewer, removal).await?;
    if emails::remove_others(&tx, viewer.user_id, Uuid::nil()).await? > 0 {
        let act = on_person(viewer.actor(), "email.remove", viewer.user_id);
        audit::record(&tx, context, act).await?;
    }
    if was_verified {
        notify_change(&mut tx, context, viewer).await?;
    }
    Ok(tx.commit().await?)
}

/// Emails the verified address that it is replaced or removed; `change` identifies the change. Returns true if there is
/// one.
async fn notify_former(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    viewer: &Viewer,
    change: Uuid,
) -> Result<bool, ActionError> {
    let Some(former) = reads::verified_email(tx, viewer.user_id).await? else {
        return Ok(false);
    };
    let email = EmailChanged { login: viewer.login.clone() };
    let content = post.write(&email, None)?;
    let key = key(viewer.user_id.0, "email_changed", change);
    enqueue(tx, context, key, &former, &content, context.now()).await?;
    Ok(true)
}

/// Has the person notified of a changed sign-in method.
async fn notify_change(tx: &mut Tx, context: &Context, viewer: &Viewer) -> Result<(), ActionError> {
    let (person, ids) = (viewer.user_id.0, context.ids.as_ref());
    Ok(tx.wake(IDENTITY_CHANGED, [person], ids, context.now()).await?)
}

/// Returns the error for what needs email on a server that sends none.
#[must_use]
pub fn no_mail() -> Problem {
    let detail = "This server cannot send email. Ask an admin to set it up at /admin/settings.";
    Problem::new(ProblemKind::Conflict, "EMAIL_NOT_CONFIGURED", detail)
}

/// Deletes unverified addresses whose link expired before an instant; returns their number.
pub async fn forget_unverified(context: &Context, before: Timestamp) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let forgotten = emails::forget_unverified(&tx, before).await?;
    tx.commit().await?;
    Ok(forgotten)
}

fn yours() -> Problem {
    let detail = "You have already verified this address.";
    Problem::new(ProblemKind::Conflict, "EMAIL_ALREADY_VERIFIED", detail).at("address")
}

fn too_many() -> Problem {
    let detail = "We already sent you five emails in the last hour. Try again in an hour.";
    Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_EMAILS", detail).after(3600)
}

fn dead_link() -> Problem {
    let detail = "This link was already used, is older than 15 minutes, or belongs to another browser. Request a new one at /settings/email.";
    Problem::new(ProblemKind::Conflict, "LINK_INVALID", detail)
}

fn taken() -> Problem {
    let detail =
        "Another account has already verified this address. Remove it from that account first.";
    Problem::new(ProblemKind::Conflict, "EMAIL_TAKEN", detail)
}
