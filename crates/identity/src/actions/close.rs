use kernel::Timestamp;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::{DbError, Tx},
    outbox::{self, EMAIL, Post, WEBHOOK, enqueue},
};

use super::{
    acts::on_person,
    admins::must_not_be_last,
    email::key,
    github_token::{end_at_github, stored_token},
};
use crate::{
    emails::AccountClosed,
    gateway::OauthApp,
    model::{ACCOUNT_CLOSED, LISTING_CHANGED, UserId, Viewer},
    reads, rules,
    store::privacy,
};

/// Closes the viewer's account: sessions and tokens end, and the account is hidden. Signing in within 30 days
/// restores it; after that it is erased. An email confirms it. Their token on GitHub is revoked there too.
///
/// # Errors
/// When the typed login is not theirs, they signed in too long ago, or they are the last admin.
pub async fn close_account(
    context: &Context,
    post: &Post,
    app: &OauthApp,
    viewer: &Viewer,
    typed: &str,
) -> Result<(), ActionError> {
    rules::closing_confirmed(&viewer.login, typed)?;
    let mut tx = context.begin().await?;
    let (person, now) = (viewer.user_id, context.now());
    rules::freshly(reads::signed_in_at(&tx, viewer).await?, now)?;
    must_not_be_last(&tx, context, person).await?;
    send_confirmation(&mut tx, context, post, viewer).await?;
    let token = stored_token(&tx, context, person).await?;
    privacy::close(&tx, person, now).await?;
    outbox::forget_waiting(&tx, person.0, WEBHOOK).await?;
    for topic in [LISTING_CHANGED, ACCOUNT_CLOSED] {
        tx.wake(topic, [person.0], context.ids.as_ref(), now).await?;
    }
    audit::record(&tx, context, on_person(viewer.actor(), "user.close", person)).await?;
    tx.commit().await?;
    end_at_github(context, app, token).await;
    Ok(())
}

async fn send_confirmation(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    viewer: &Viewer,
) -> Result<(), ActionError> {
    let (person, now) = (viewer.user_id, context.now());
    if let Some(address) = reads::verified_email(tx, person).await?
        && post.channels.has(EMAIL)
    {
        let email = AccountClosed { login: viewer.login.clone(), until: now + rules::CLOSED_LASTS };
        let content = post.write(&email, None)?;
        let key = key(person.0, "account_closed", context.ids.next());
        enqueue(tx, context, key, &address, &content, now).await?;
    }
    Ok(())
}

/// The account state of a person who is signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AccountState {
    Open,
    /// Closed, but can still be restored.
    Closed,
    /// Erased, or closed too long ago to be restored.
    Gone,
}

/// Looks up the state of a person's account.
pub(super) async fn account_state(
    tx: &Tx,
    person: UserId,
    now: Timestamp,
) -> Result<AccountState, DbError> {
    let Some(stored) = privacy::closing_state(tx, person).await? else {
        return Ok(AccountState::Gone);
    };
    let waits = |at| stored.erased_at.is_none() && rules::may_reopen(at, now);
    Ok(match (stored.is_deleted, stored.closed_at) {
        (false, _) => AccountState::Open,
        (true, Some(at)) if waits(at) => AccountState::Closed,
        (true, _) => AccountState::Gone,
    })
}

/// Restores a closed account.
pub(super) async fn reopen(
    tx: &mut Tx,
    context: &Context,
    person: UserId,
) -> Result<(), ActionError> {
    let now = context.now();
    privacy::reopen(tx, person, now).await?;
    tx.wake(LISTING_CHANGED, [person.0], context.ids.as_ref(), now).await?;
    let act = on_person(Actor::Person(person.0), "user.reopen", person);
    Ok(audit::record(tx, context, act).await?)
}
