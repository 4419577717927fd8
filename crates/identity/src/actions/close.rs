use crate::model::UserId;
use chrono::TimeDelta;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Tx},
    outbox::{EMAIL, Post, enqueue},
};
use uuid::Uuid;

use super::{email::key, erase::must_not_be_last};
use crate::{
    emails::AccountClosed, model::EXPORT_ASKED, model::Viewer, reads, rules, store::privacy,
};

/// How long what was asked for can be fetched.
pub const EXPORT_LASTS: TimeDelta = TimeDelta::days(7);

/// Between two exports that a person can ask for.
const EXPORT_EVERY: TimeDelta = TimeDelta::hours(1);

/// Closes the account of who is signed in: sessions and tokens end, nobody is shown it, and signing in again
/// within 30 days brings it back. After that it is erased. A letter tells.
///
/// # Errors
/// When the login typed is not theirs, they signed in too long ago, they are the last admin, or the database
/// fails.
pub async fn close_account(
    context: &Context,
    post: &Post,
    viewer: &Viewer,
    typed: &str,
) -> Result<(), ActionError> {
    if !typed.trim().eq_ignore_ascii_case(&viewer.login) {
        return Err(not_confirmed(&viewer.login).into());
    }
    let mut tx = context.begin().await?;
    // Two admins at once must not both go.
    tx.serialize("identity.bans").await?;
    let (person, now) = (viewer.user_id, context.now());
    rules::freshly(reads::signed_in_at(&tx, viewer).await?, now)?;
    must_not_be_last(&tx, context, person).await?;
    if let Some(address) = reads::verified_email(&tx, person).await?
        && post.channels.has(EMAIL)
    {
        let email = AccountClosed {
            login: viewer.login.clone(),
            until: now + rules::CLOSED_LASTS,
        };
        let content = post.write(&email, None)?;
        let key = key(person.0, "account_closed", context.ids.next());
        enqueue(&mut tx, context, key, &address, &content, now).await?;
    }
    privacy::close(&tx, person, now).await?;
    record(&tx, context, person, "user.close").await?;
    Ok(tx.commit().await?)
}

/// How somebody stands who signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AccountState {
    /// They are here.
    Here,
    /// They closed their account, and still may have it back.
    Closed,
    /// They are gone for good.
    Gone,
}

/// How somebody stands who signs in.
pub(super) async fn standing(
    tx: &Tx,
    context: &Context,
    person: UserId,
) -> Result<AccountState, DbError> {
    let Some(stored) = privacy::standing(tx, person).await? else {
        return Ok(AccountState::Gone);
    };
    let now = context.now();
    let waits = |at| stored.erased_at.is_none() && rules::may_reopen(at, now);
    Ok(match (stored.is_deleted, stored.closed_at) {
        (false, _) => AccountState::Here,
        (true, Some(at)) if waits(at) => AccountState::Closed,
        (true, _) => AccountState::Gone,
    })
}

/// Who closed their account and comes back in time has it again.
pub(super) async fn bring_back(
    tx: &Tx,
    context: &Context,
    person: UserId,
) -> Result<(), ActionError> {
    privacy::reopen(tx, person, context.now()).await?;
    record(tx, context, person, "user.reopen").await
}

/// Notes that somebody wants to take what is held of them; a job makes it.
///
/// # Errors
/// When they asked within the hour, or the database fails.
pub async fn ask_for_export(context: &Context, viewer: &Viewer) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    tx.serialize("identity.exports").await?;
    let (person, now) = (viewer.user_id, context.now());
    let before = privacy::export(&tx, person).await?;
    if before.is_some_and(|before| now - before.created_at < EXPORT_EVERY) {
        return Err(too_often().into());
    }
    let id = context.ids.next();
    privacy::ask(&tx, id, person, now).await?;
    record(&tx, context, person, "user.export").await?;
    tx.wake(EXPORT_ASKED, [id], context.ids.as_ref(), now)
        .await?;
    Ok(tx.commit().await?)
}

/// For whom an export is to be made, if it still is.
pub async fn export_asked(tx: &Tx, id: Uuid) -> Result<Option<UserId>, DbError> {
    privacy::asked(tx, id).await
}

/// Keeps what was made until it is fetched or too old.
pub async fn keep_export(
    tx: &Tx,
    context: &Context,
    id: Uuid,
    document: Vec<u8>,
) -> Result<(), DbError> {
    privacy::complete(tx, id, document, context.now()).await
}

/// Forgets exports that are too old to be fetched; gives how many.
pub async fn forget_exports(context: &Context) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let forgotten = privacy::forget(&tx, context.now() - EXPORT_LASTS).await?;
    tx.commit().await?;
    Ok(forgotten)
}

async fn record(
    tx: &Tx,
    context: &Context,
    person: UserId,
    action: &'static str,
) -> Result<(), ActionError> {
    let act = Act {
        actor: Actor::Person(person.into()),
        action,
        target_kind: "user",
        target_id: person.0,
        before: None,
        after: None,
        reason: None,
    };
    Ok(audit::record(tx, context, act).await?)
}

fn not_confirmed(login: &str) -> Problem {
    let detail = format!("Nothing was changed. To close the account, write its login: {login}.");
    Problem::new(ProblemKind::Invalid, "NOT_CONFIRMED", detail)
}

fn too_often() -> Problem {
    let detail = "You asked for this within the hour. It is made after a moment, and can be fetched at /settings/account.";
    Problem::new(ProblemKind::TooManyRequests, "EXPORT_TOO_OFTEN", detail)
}
