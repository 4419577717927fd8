use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError, Context,
    audit::{self, Act},
    db::Tx,
};
use serde_json::json;
use uuid::Uuid;

use super::{acts::on_person, erase, know_accounts};
use crate::{
    model::{AccountKind, IDENTITY_CHANGED, Identity, IdentityId, Shown, SignInMethods, Viewer},
    reads, rules,
    store::identities::{self, GITHUB, New},
};

/// Links an account at a provider, which the viewer just signed in to, as a sign-in method. It is known by
/// provider and subject, never by its name.
///
/// # Errors
/// When they signed in too long ago, the account is another person's, theirs already or no person's, or they
/// have another account of the same provider.
pub async fn link_identity(
    context: &Context,
    viewer: &Viewer,
    shown: &Shown,
) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    // A sign-in with it at the same moment must not create an account of its own.
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
        // From now on their login is the one on GitHub.
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

/// Removes a sign-in method of the viewer; returns whether it was theirs. A GitHub account stays theirs, with
/// its points: only signing in with it ends.
///
/// # Errors
/// When they signed in too long ago, or no other sign-in method would be left.
pub async fn unlink_identity(
    context: &Context,
    viewer: &Viewer,
    methods: &SignInMethods,
    id: Uuid,
) -> Result<bool, ActionError> {
    let mut tx = context.begin().await?;
    // Two removals at once must not each rely on the other method.
    tx.serialize("identity.accounts").await?;
    let now = context.now();
    rules::freshly(reads::signed_in_at(&tx, viewer).await?, now)?;
    let own = identities::own(&tx, viewer.user_id, id).await?;
    let Some(own) = own.filter(|own| own.unlinked_at.is_none()) else {
        return Ok(false);
    };
    if !has_other_method(&tx, viewer, methods, id).await? {
        return Err(last_method().into());
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

async fn has_other_method(
    tx: &Tx,
    viewer: &Viewer,
    methods: &SignInMethods,
    but: Uuid,
) -> Result<bool, ActionError> {
    if methods.by_email && reads::verified_email(tx, viewer.user_id).await?.is_some() {
        return Ok(true);
    }
    let own = reads::identities(tx, viewer.user_id).await?;
    let mut others = own.iter().filter(|own| own.id != but);
    Ok(others.any(|own| own.unlinked_at.is_none() && methods.has(&own.provider)))
}

/// Records the provider alone: the account there is personal, and the log cannot be erased.
async fn record(
    tx: &mut Tx,
    context: &Context,
    viewer: &Viewer,
    action: &'static str,
    provider: &str,
) -> Result<(), ActionError> {
    let act = Act {
        after: Some(json!({ "provider": provider })),
        ..on_person(viewer.actor(), action, viewer.user_id)
    };
    audit::record(tx, context, act).await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(IDENTITY_CHANGED, [viewer.user_id.0], ids, now)
        .await?;
    Ok(())
}

fn taken() -> Problem {
    let detail = "That account already belongs to another person on this server, who signed in with it or has GitHub activity here. Accounts cannot be merged. If both are yours, sign in with that account and link the other one there.";
    Problem::new(ProblemKind::Conflict, "IDENTITY_TAKEN", detail)
}

fn yours() -> Problem {
    let detail = "That account is already linked to yours. See /settings/identities.";
    Problem::new(ProblemKind::Conflict, "IDENTITY_IS_YOURS", detail)
}

fn one_each() -> Problem {
    let detail = "You have already linked an account of this provider. Unlink it first: you can link one account per provider.";
    Problem::new(ProblemKind::Conflict, "IDENTITY_ONE_EACH", detail)
}

fn last_method() -> Problem {
    let detail = "This is your last sign-in method. Link another account, or verify an e-mail address at /settings/email, then try again.";
    Problem::new(ProblemKind::Conflict, "LAST_SIGN_IN_METHOD", detail)
}
