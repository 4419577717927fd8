use chrono::TimeDelta;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError, Context,
    audit::{self, Act},
    crypto,
    db::{DbError, Tx},
    outbox::{self, EMAIL, Key, Post, enqueue},
};
use uuid::Uuid;

use crate::{
    emails::{EmailChanged, VerifyEmail},
    model::Viewer,
    reads, rules,
    store::emails::{self, New},
};

/// How long a mailed link can be used.
pub const EMAIL_LINK_LASTS: TimeDelta = TimeDelta::minutes(15);

/// Letters of this kind that a person can ask for in an hour.
const AN_HOUR: i64 = 5;

/// What stands before a link's token, so that a found one is known for what it is.
const PREFIX: &str = "guildhall_email_";

/// Mails a link to an address; whoever opens it in the session that asked proves that it is theirs.
/// An address that was asked for before and never verified is forgotten.
///
/// # Errors
/// When mail is not set up here, the address is none or theirs already, too many were asked for, or the
/// database fails.
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
    let own = reads::verified_email(&tx, person).await?;
    if own.is_some_and(|own| own.eq_ignore_ascii_case(address)) {
        return Err(yours().into());
    }
    let hour_ago = now - TimeDelta::hours(1);
    if outbox::sent_since(&tx, person.0, EMAIL, hour_ago).await? >= AN_HOUR {
        return Err(too_many().into());
    }
    emails::remove_unverified(&tx, person).await?;
    let (id, token) = (context.ids.next(), format!("{PREFIX}{}", crypto::token()?));
    let new = New {
        id,
        user_id: person,
        address,
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
    let key = key(person.0, "verify_email", id);
    enqueue(&mut tx, context, key, address, &content, now).await?;
    Ok(tx.commit().await?)
}

pub(super) fn key(person: Uuid, kind: &'static str, object: Uuid) -> Key<'static> {
    Key {
        person,
        kind,
        object,
        occurrence: "",
        channel: EMAIL,
    }
}

/// Takes a link that was mailed: the address is the person's own from now on, and the only one. One that
/// they had before is told.
///
/// # Errors
/// When the link was used, is too old or was asked for in another session, somebody else verified the
/// address first, or the database fails.
pub async fn verify_email(
    context: &Context,
    post: &Post,
    viewer: &Viewer,
    token: &str,
) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    // Two people must not both find an address free.
    tx.serialize("identity.emails").await?;
    let (person, now) = (viewer.user_id, context.now());
    let hash = rules::hash(token);
    let asked = emails::by_link(&tx, hash, person, viewer.by.id(), now).await?;
    let asked = asked.ok_or_else(dead_link)?;
    let owner = emails::owner(&tx, &asked.address).await?;
    if owner.is_some_and(|owner| owner != person.0) {
        return Err(taken().into());
    }
    if let Some(former) = reads::verified_email(&tx, person).await? {
        let content = post.write(
            &EmailChanged {
                login: viewer.login.clone(),
            },
            None,
        )?;
        let key = key(person.0, "email_changed", asked.id);
        enqueue(&mut tx, context, key, &former, &content, now).await?;
    }
    emails::remove_others(&tx, person, asked.id).await?;
    emails::verify(&tx, asked.id, now).await?;
    record(&tx, context, viewer, "email.verify").await?;
    Ok(tx.commit().await?)
}

/// Forgets a person's address: no mail reaches them from now on. Of none it is nothing.
pub async fn remove_email(context: &Context, viewer: &Viewer) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    if emails::remove_others(&tx, viewer.user_id, Uuid::nil()).await? > 0 {
        record(&tx, context, viewer, "email.remove").await?;
    }
    Ok(tx.commit().await?)
}

/// The address itself is personal and stays out of the log, which nobody can erase.
async fn record(
    tx: &Tx,
    context: &Context,
    viewer: &Viewer,
    action: &'static str,
) -> Result<(), ActionError> {
    let act = Act {
        actor: viewer.actor(),
        action,
        target_kind: "user",
        target_id: viewer.user_id.0,
        before: None,
        after: None,
        reason: None,
    };
    Ok(audit::record(tx, context, act).await?)
}

pub(super) fn no_mail() -> Problem {
    let detail = "This server cannot send mail. Whoever runs it sets SMTP_URL or RESEND_API_KEY.";
    Problem::new(ProblemKind::Conflict, "MAIL_NOT_SET_UP", detail)
}

/// Forgets addresses whose link ended before an instant without being opened: whoever's they are never
/// said that they are a person's here. Gives how many.
pub async fn forget_unverified(context: &Context, before: Timestamp) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let forgotten = emails::forget_unverified(&tx, before).await?;
    tx.commit().await?;
    Ok(forgotten)
}

fn yours() -> Problem {
    let detail = "This address is verified as yours already, so that nothing was sent.";
    Problem::new(ProblemKind::Conflict, "EMAIL_IS_YOURS", detail)
}

fn too_many() -> Problem {
    let detail = "Several letters are on their way to you already. Try again in an hour.";
    Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_EMAILS", detail)
}

fn dead_link() -> Problem {
    let detail = "This link was used, is older than 15 minutes, or was asked for in another browser. Ask for a new one at /settings/email.";
    Problem::new(ProblemKind::Conflict, "DEAD_LINK", detail)
}

fn taken() -> Problem {
    let detail = "This address is verified as somebody else's here. Remove it there first.";
    Problem::new(ProblemKind::Conflict, "EMAIL_TAKEN", detail)
}
