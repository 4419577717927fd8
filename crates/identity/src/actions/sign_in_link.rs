use chrono::TimeDelta;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context, crypto,
    db::{DbError, Tx},
    jobs::{self, Progress},
    module::Modules,
    outbox::{EMAIL, Post, enqueue, may_write_to},
};
use uuid::Uuid;

use super::{
    email::{EMAIL_LINK_LASTS, key, no_mail},
    invited_account::invited_account,
    sign_in::{Welcome, enter},
};
use crate::{
    emails::{AccountLink, SignInLink},
    model::{AccountKind, Device, SIGN_IN_ASKED},
    rules::{self, SecretKind},
    store::{
        emails,
        sign_in_links::{self as links, LinkBy, NewSignInLink, ValidSignInLink},
    },
};

/// The maximum number of links that can be requested for one address per hour.
const LINKS_PER_HOUR: i64 = 3;

/// How long a requested link counts toward the limit.
const COUNTED: TimeDelta = TimeDelta::hours(1);

/// Requests an emailed sign-in link; returns a secret that identifies the browser. The owner of the
/// address is looked up after the response ([`mail_sign_in_links`]), so that neither the response nor its
/// timing reveals which addresses have an account.
///
/// # Errors
/// When email is not set up, the address is invalid, or too many links were requested for it.
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
    // Keeps concurrent requests from exceeding the limit.
    tx.serialize("identity.sign_in_links").await?;
    if links::asked_since(&tx, &address, now - COUNTED).await? >= LINKS_PER_HOUR {
        return Err(too_many().into());
    }
    let id = context.ids.next();
    let new = NewSignInLink {
        id,
        address: &address,
        browser_hash: rules::hash(&browser),
        return_to: rules::return_path(Some(return_to)),
        now,
        expires_at: now + EMAIL_LINK_LASTS,
    };
    links::insert(&tx, new).await?;
    tx.wake(SIGN_IN_ASKED, [id], context.ids.as_ref(), now).await?;
    tx.commit().await?;
    Ok(browser)
}

/// Emails the requested links to verified addresses, and to those that an open invitation of a module was sent to; other
/// addresses get nothing.
///
/// # Errors
/// When an email cannot be rendered.
pub async fn mail_sign_in_links(
    context: &Context,
    post: &Post,
    modules: Modules,
) -> Result<Progress, ActionError> {
    let Some((mut tx, claimed)) = jobs::claimed(context, SIGN_IN_ASKED).await? else {
        return Ok(Progress::Idle);
    };
    for wake_up in &claimed {
        if !mail(&mut tx, context, post, wake_up.object_id).await? {
            mail_invited(&mut tx, context, post, modules, wake_up.object_id).await?;
        }
    }
    Ok(jobs::worked(tx, &claimed).await?)
}

/// Emails a link to the person who verified its address; returns whether there is one.
async fn mail(tx: &mut Tx, context: &Context, post: &Post, id: Uuid) -> Result<bool, ActionError> {
    let now = context.now();
    let Some(addressee) = links::addressee(tx, id, now).await? else {
        return Ok(false);
    };
    let (link, code) = arm(tx, post, id, Some(addressee.user_id)).await?;
    let email = SignInLink { login: addressee.login, link, code };
    let content = post.write(&email, None)?;
    let key = key(addressee.user_id, "sign_in_link", id);
    enqueue(tx, context, key, &addressee.address, &content, now).await?;
    Ok(true)
}

/// Gives a link its token and its code, which are stored nowhere else, and its person; `None` for an invited address without an
/// account. Returns the URL and the code.
async fn arm(
    tx: &Tx,
    post: &Post,
    id: Uuid,
    user_id: Option<Uuid>,
) -> Result<(String, String), ActionError> {
    let token = SecretKind::SignInLink.make(crypto::random()?);
    let code = rules::sign_in_code(crypto::random()?);
    let hashes = (rules::hash(&token), rules::hash(&code.replace(' ', "")));
    links::arm(tx, id, user_id, hashes).await?;
    Ok((format!("{}/sign-in/email/{token}", post.site), code))
}

/// Emails a link that creates an account to an invited address that no one verified.
async fn mail_invited(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    modules: Modules,
    id: Uuid,
) -> Result<(), ActionError> {
    let now = context.now();
    let Some(address) = links::unsent(tx, id, now).await? else {
        return Ok(());
    };
    let has_owner = emails::owner(tx, &address).await?.is_some();
    if has_owner
        || !modules.invite(tx, context, &address).await?
        || !may_write_to(tx, context, None, &address).await?
    {
        return Ok(());
    }
    let (link, code) = arm(tx, post, id, None).await?;
    let email = AccountLink { link, code };
    let content = post.write(&email, None)?;
    let key = key(Uuid::nil(), "account_link", id);
    enqueue(tx, context, key, &address, &content, now).await?;
    Ok(())
}

/// Signs in with an emailed link, in the browser that requested it (`browser`, its secret), like
/// [`super::sign_in`]; returns the path to continue to. A link works once. One to an invited address creates the account, unless
/// another link did so before.
///
/// # Errors
/// When the link was used, has expired, belongs to another browser or its address is no longer the
/// person's, they are erased, or they are banned with a closed account.
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
    let found = links::find(&tx, LinkBy::Token(rules::hash(token)), now).await?;
    let found = found.ok_or_else(dead_link)?;
    if found.browser_hash != rules::hash(browser) {
        return Err(other_browser().into());
    }
    let entered = use_link(&mut tx, context, &found, device, former).await?;
    tx.commit().await?;
    Ok(entered)
}

/// Uses a link up and signs its person in, in the caller's transaction; returns the path to continue to. The caller checked that the
/// browser requested it.
pub(super) async fn use_link(
    tx: &mut Tx,
    context: &Context,
    found: &ValidSignInLink,
    device: &Device,
    former: Option<&str>,
) -> Result<(Welcome, String), ActionError> {
    if !links::use_up(tx, found.id, context.now()).await? {
        return Err(dead_link().into());
    }
    let (person, kind) = match found.user_id.zip(found.kind) {
        Some((person, kind)) => (person.into(), kind),
        None => (invited_account(tx, context, &found.address).await?, AccountKind::User),
    };
    let welcome = enter(tx, context, person, kind, device, former).await?;
    let path = rules::return_path(Some(&found.return_to)).to_owned();
    Ok((welcome, path))
}

/// Ends a link that its recipient did not request: neither it nor its code signs in any longer. One that has ended stays so.
pub async fn end_sign_in_link(context: &Context, token: &str) -> Result<(), DbError> {
    if !rules::is_link_token(token) {
        return Ok(());
    }
    let (tx, now) = (context.begin().await?, context.now());
    if let Some(found) = links::find(&tx, LinkBy::Token(rules::hash(token)), now).await? {
        links::use_up(&tx, found.id, now).await?;
    }
    tx.commit().await
}

/// Deletes links that have expired and no longer count toward the limit; returns their number.
pub async fn forget_sign_in_links(context: &Context) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let forgotten = links::forget(&tx, context.now() - COUNTED).await?;
    tx.commit().await?;
    Ok(forgotten)
}

fn too_many() -> Problem {
    let detail = "Three links were requested for this address in the last hour. Use the link in the latest email, or try again in an hour.";
    Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_EMAILS", detail).after(3600)
}

fn dead_link() -> Problem {
    let detail =
        "This link was already used or is older than 15 minutes. Request a new one at /sign-in.";
    Problem::new(ProblemKind::Malformed, "SIGN_IN_LINK_DEAD", detail)
}

fn other_browser() -> Problem {
    let detail = "This link was requested in another browser, or a newer link was requested in this one. Open it in the browser that requested it, type the code from the email there, or request a new one at /sign-in.";
    Problem::new(ProblemKind::Malformed, "SIGN_IN_OTHER_BROWSER", detail)
}
