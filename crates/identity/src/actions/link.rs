use crate::model::IdentityId;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError, Context,
    audit::{self, Act},
    db::Tx,
};
use serde_json::json;
use uuid::Uuid;

use super::{erase, know_accounts};
use crate::{
    model::IDENTITY_CHANGED,
    model::{AccountKind, Identity, Shown, SignInMethods, Viewer},
    reads, rules,
    store::identities::{self, GITHUB, New},
};

/// Makes an account elsewhere a way in as the person who just showed that it is theirs: known by provider and
/// subject, whatever it is called.
///
/// # Errors
/// When they signed in too long ago, the account is another person's or theirs already, they have another of
/// the same provider, it is no person's, or the database fails.
pub async fn link_identity(
    context: &Context,
    viewer: &Viewer,
    shown: &Shown,
) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    // Somebody who signs in by it just now must not make it an account of its own.
    tx.serialize("identity.accounts").await?;
    let now = context.now();
    rules::freshly(reads::signed_in_at(&tx, viewer).await?, now)?;
    let (provider, subject) = named(shown)?;
    let id = match erase::find(&tx, context, provider, &subject).await? {
        Some(found) if found.user_id != viewer.user_id.0 => return Err(taken().into()),
        Some(found) if found.unlinked_at.is_none() => return Err(yours().into()),
        Some(found) => {
            identities::set_unlinked(&tx, found.id, None).await?;
            found.id
        }
        None => insert(&tx, context, viewer, provider, &subject).await?,
    };
    identities::note(&tx, id, shown.label(), now).await?;
    if let Shown::Github(account) = shown {
        // From now on they are called what GitHub calls them.
        know_accounts(&tx, context, [account.clone()]).await?;
    }
    record(&mut tx, context, viewer, "user.link", provider).await?;
    Ok(tx.commit().await?)
}

fn named(shown: &Shown) -> Result<(&str, String), Problem> {
    match shown {
        Shown::Github(account) => {
            rules::may_sign_in(account.kind, None, false)?;
            Ok((GITHUB, account.github_id.to_string()))
        }
        Shown::OpenId(account) => {
            rules::may_sign_in(AccountKind::User, None, false)?;
            Ok((&account.issuer, account.subject.clone()))
        }
    }
}

async fn insert(
    tx: &Tx,
    context: &Context,
    viewer: &Viewer,
    provider: &str,
    subject: &str,
) -> Result<Uuid, ActionError> {
    let own = reads::identities(tx, viewer.user_id).await?;
    if own.iter().any(|own| own.provider == provider) {
        return Err(one_each().into());
    }
    let id = context.ids.next();
    let new = New {
        id: IdentityId::new(id),
        user_id: viewer.user_id,
        provider,
        subject,
        now: context.now(),
    };
    identities::insert(tx, new).await?;
    Ok(id)
}

/// Takes a way in from a person; gives whether it was theirs. An account at GitHub stays a fact: what it earns
/// is theirs all the same, so that no point moves by it.
///
/// # Errors
/// When they signed in too long ago, no other way in would be left, or the database fails.
pub async fn unlink_identity(
    context: &Context,
    viewer: &Viewer,
    ways: &SignInMethods,
    id: Uuid,
) -> Result<bool, ActionError> {
    let mut tx = context.begin().await?;
    // Two at once must not each leave the other.
    tx.serialize("identity.accounts").await?;
    let now = context.now();
    rules::freshly(reads::signed_in_at(&tx, viewer).await?, now)?;
    let own = identities::own(&tx, viewer.user_id, id).await?;
    let Some(own) = own.filter(|own| own.unlinked_at.is_none()) else {
        return Ok(false);
    };
    if !has_other_way(&tx, viewer, ways, id).await? {
        return Err(last_way().into());
    }
    forget(&tx, &own, now).await?;
    record(&mut tx, context, viewer, "user.unlink", &own.provider).await?;
    tx.commit().await?;
    Ok(true)
}

async fn forget(tx: &Tx, own: &Identity, now: Timestamp) -> Result<(), ActionError> {
    match own.provider.as_str() {
        GITHUB => identities::set_unlinked(tx, own.id, Some(now)).await?,
        _ => identities::delete(tx, own.id).await?,
    }
    Ok(())
}

async fn has_other_way(
    tx: &Tx,
    viewer: &Viewer,
    ways: &SignInMethods,
    but: Uuid,
) -> Result<bool, ActionError> {
    if ways.by_email && reads::verified_email(tx, viewer.user_id).await?.is_some() {
        return Ok(true);
    }
    let own = reads::identities(tx, viewer.user_id).await?;
    let mut others = own.iter().filter(|own| own.id != but);
    Ok(others.any(|own| own.unlinked_at.is_none() && ways.has(&own.provider)))
}

/// Who they are there is personal and stays out of the log, which nobody can erase.
async fn record(
    tx: &mut Tx,
    context: &Context,
    viewer: &Viewer,
    action: &'static str,
    provider: &str,
) -> Result<(), ActionError> {
    let act = Act {
        actor: viewer.actor(),
        action,
        target_kind: "user",
        target_id: viewer.user_id.0,
        before: None,
        after: Some(json!({ "provider": provider })),
        reason: None,
    };
    audit::record(tx, context, act).await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(IDENTITY_CHANGED, [viewer.user_id.0], ids, now)
        .await?;
    Ok(())
}

fn taken() -> Problem {
    let detail = "That account belongs to another person here, be it that they signed in by it or that their work at GitHub is counted. Two people are never made one: if both are you, sign in with that account and link the other one there.";
    Problem::new(ProblemKind::Conflict, "IDENTITY_TAKEN", detail)
}

fn yours() -> Problem {
    let detail = "That account is a way in for you already. /settings/identities lists yours.";
    Problem::new(ProblemKind::Conflict, "IDENTITY_IS_YOURS", detail)
}

fn one_each() -> Problem {
    let detail = "You have another account of the same provider. A person has one of each here, so that it is plain whose points are whose.";
    Problem::new(ProblemKind::Conflict, "IDENTITY_ONE_EACH", detail)
}

fn last_way() -> Problem {
    let detail = "This is your last way in, so that it stays. Link another account, or verify an address at /settings/email where this server sends mail; then come back.";
    Problem::new(ProblemKind::Conflict, "LAST_SIGN_IN_METHOD", detail)
}
