use chrono::TimeDelta;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context, crypto,
    db::{DbError, Tx},
    jobs::{self, Progress},
    outbox::{EMAIL, Post, enqueue},
};
use uuid::Uuid;

use super::{
    email::{EMAIL_LINK_LASTS, key, no_mail},
    sign_in::{Welcome, enter},
};
use crate::{
    emails::SignInLink,
    model::SIGN_IN_ASKED,
    model::{AccountKind, Device},
    rules,
    store::sign_in_links::{self as links, New},
};

/// Links that can be asked for at one address in an hour.
const AN_HOUR: i64 = 3;

/// How long a link is counted that was asked for.
const COUNTED: TimeDelta = TimeDelta::hours(1);

/// Notes that a browser wants to sign in by a link mailed to an address; gives the secret by which that
/// browser is known again. Whose the address is, if anybody's, is looked up after the answer
/// ([`mail_sign_in_links`]), so that neither the answer nor its time tells who has an account.
///
/// # Errors
/// When mail is not set up here, the address is none, too many were asked for there, or the database fails.
pub async fn ask_to_sign_in(
    context: &Context,
    post: &Post,
    typed: &str,
    return_to: &str,
) -> Result<String, ActionError> {
    let address = rules::email_address(typed)?.to_ascii_lowercase();
    if !post.channels.has(EMAIL) {
        return Err(no_mail().into());
    }
    let browser = crypto::token()?;
    let mut tx = context.begin().await?;
    let now = context.now();
    // Two at once must not both be the third.
    tx.serialize("identity.sign_in_links").await?;
    if links::asked_since(&tx, &address, now - COUNTED).await? >= AN_HOUR {
        return Err(too_many().into());
    }
    let id = context.ids.next();
    let new = New {
        id,
        address: &address,
        browser_hash: rules::hash(&browser),
        return_to: rules::return_path(Some(return_to)),
        now,
        expires_at: now + EMAIL_LINK_LASTS,
    };
    links::insert(&tx, new).await?;
    tx.wake(SIGN_IN_ASKED, [id], context.ids.as_ref(), now)
        .await?;
    tx.commit().await?;
    Ok(browser)
}

/// Mails the links that were asked for to those who proved the address to be theirs. To others nothing is
/// sent.
///
/// # Errors
/// When a letter cannot be written or the database fails.
pub async fn mail_sign_in_links(context: &Context, post: &Post) -> Result<Progress, ActionError> {
    let Some((mut tx, claimed)) = jobs::claimed(context, SIGN_IN_ASKED).await? else {
        return Ok(Progress::Idle);
    };
    for wake_up in &claimed {
        mail(&mut tx, context, post, wake_up.object_id).await?;
    }
    Ok(jobs::worked(tx, &claimed).await?)
}

async fn mail(tx: &mut Tx, context: &Context, post: &Post, id: Uuid) -> Result<(), ActionError> {
    let now = context.now();
    let Some(addressee) = links::addressee(tx, id, now).await? else {
        return Ok(());
    };
    let token = rules::link_token(crypto::random()?);
    links::arm(tx, id, addressee.user_id, rules::hash(&token)).await?;
    let email = SignInLink {
        login: addressee.login,
        link: format!("{}/sign-in/email/{token}", post.site),
    };
    let content = post.write(&email, None)?;
    let key = key(addressee.user_id, "sign_in_link", id);
    enqueue(tx, context, key, &addressee.address, &content, now).await?;
    Ok(())
}

/// Signs in whoever opens a mailed link in the browser that asked for it (`browser`, its secret), as
/// [`super::sign_in`] does; gives the path to go on to. A link is good once.
///
/// # Errors
/// When the link was used, is too old, was asked for in another browser or its address is no longer the
/// person's, they were deleted or are banned here, or the database fails.
pub async fn sign_in_by_link(
    context: &Context,
    token: &str,
    browser: &str,
    device: &Device,
    former: Option<&str>,
) -> Result<(Welcome, String), ActionError> {
    if !rules::is_link_token(token) {
        return Err(dead_link().into());
    }
    let mut tx = context.begin().await?;
    let now = context.now();
    let found = links::find(&tx, rules::hash(token), now).await?;
    let found = found.ok_or_else(dead_link)?;
    if found.browser_hash != rules::hash(browser) {
        return Err(other_browser().into());
    }
    if !links::use_up(&tx, found.id, now).await? {
        return Err(dead_link().into());
    }
    let kind = AccountKind::stored(&found.kind);
    let welcome = enter(&mut tx, context, found.user_id.into(), kind, device, former).await?;
    tx.commit().await?;
    let path = rules::return_path(Some(&found.return_to)).to_owned();
    Ok((welcome, path))
}

/// Forgets links that can neither be used nor are counted any more; gives how many.
pub async fn forget_sign_in_links(context: &Context) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let forgotten = links::forget(&tx, context.now() - COUNTED).await?;
    tx.commit().await?;
    Ok(forgotten)
}

fn too_many() -> Problem {
    let detail = "Links for this address were asked for three times within the hour. Open the latest letter, or try again in an hour.";
    Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_EMAILS", detail)
}

fn dead_link() -> Problem {
    let detail = "This link was used or is older than 15 minutes, so that nobody was signed in. Ask for another at /sign-in.";
    Problem::new(ProblemKind::Malformed, "SIGN_IN_LINK_DEAD", detail)
}

fn other_browser() -> Problem {
    let detail = "This link was asked for in another browser, or a newer one was asked for in this one. Open it in the browser that asked for it, or ask for another at /sign-in.";
    Problem::new(ProblemKind::Malformed, "SIGN_IN_OTHER_BROWSER", detail)
}
