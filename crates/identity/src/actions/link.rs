use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError, Context,
    audit::{self, Act},
    db::Tx,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    acts::on_person,
    erase,
    github_token::{end_at_github, stored_token},
    grant_role::leave_groups,
    know_accounts,
    merge::{merge, split, taken},
};
use crate::{
    gateway::OauthApp,
    model::{
        AccountKind, Authority, GithubAccount, GithubToken, IDENTITY_CHANGED, Identity, IdentityId,
        ProvenAccount, SignInMethods, UserId, Viewer,
    },
    reads, rules,
    store::{
        github_tokens,
        identities::{self, GITHUB, NewIdentity},
        merges,
    },
};

/// Links an account at a provider, which the viewer just signed in to, as a sign-in method. The account is
/// identified by provider and subject, never by its name. An account that is known only from deliveries becomes the
/// viewer's, with its activity and points.
///
/// # Errors
/// When they signed in too long ago; the account is already theirs, another person's or no person's; or
/// they have another account of the same provider.
pub async fn link_identity(
    context: &Context,
    viewer: &Viewer,
    shown: &ProvenAccount,
) -> Result<(), ActionError> {
    link(context, viewer, shown, true).await
}

/// Links an account on GitHub, which the viewer proved without signing in there, for its pull requests: where no one signs
/// in with GitHub, it is no sign-in method, and the email says so.
///
/// # Errors
/// As for [`link_identity`].
pub async fn link_for_activity(
    context: &Context,
    viewer: &Viewer,
    account: GithubAccount,
) -> Result<(), ActionError> {
    link(context, viewer, &ProvenAccount::Github(account), false).await
}

/// Checks that no one else linked the account on GitHub that had this login when this server last saw it.
///
/// # Errors
/// When it belongs to another person.
pub async fn must_not_be_anothers(
    context: &Context,
    viewer: &Viewer,
    login: &str,
) -> Result<(), ActionError> {
    let db = &context.db;
    let holder = reads::person(db, login).await?.filter(|it| it.id != viewer.user_id.0);
    let Some(holder) = holder else {
        return Ok(());
    };
    let is_it = |own: &Identity| {
        let label = own.label.as_deref().unwrap_or_default();
        own.provider == GITHUB && own.used_at.is_some() && label.eq_ignore_ascii_case(login)
    };
    match reads::identities(db, UserId::new(holder.id)).await?.iter().any(is_it) {
        true => Err(taken().at("login").into()),
        false => Ok(()),
    }
}

async fn link(
    context: &Context,
    viewer: &Viewer,
    shown: &ProvenAccount,
    signs_in: bool,
) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    // Keeps a concurrent sign-in with it from creating a separate account.
    tx.serialize("identity.accounts").await?;
    let now = context.now();
    rules::freshly(reads::signed_in_at(&tx, viewer).await?, now)?;
    let (provider, subject) = named(shown)?;
    let id = match erase::find(&tx, context, provider, &subject).await? {
        Some(found) if found.user_id != viewer.user_id.0 => {
            if provider != GITHUB {
                return Err(taken().into());
            }
            must_be_first(&tx, viewer, provider).await?;
            merge(&mut tx, context, viewer.user_id, &found).await?;
            found.id
        }
        Some(found) if found.unlinked_at.is_none() => return Err(yours().into()),
        Some(found) => {
            identities::set_unlinked(&tx, found.id, None).await?;
            found.id
        }
        None => insert(&tx, context, viewer, provider, &subject).await?,
    };
    identities::note(&tx, id, shown.label(), now).await?;
    if let ProvenAccount::Github(account) = shown {
        // From now on, their login follows GitHub.
        know_accounts(&tx, context, Authority::Github, [account.clone()]).await?;
    }
    record(&mut tx, context, viewer, "user.link", (provider, signs_in)).await?;
    Ok(tx.commit().await?)
}

fn named(shown: &ProvenAccount) -> Result<(&str, String), Problem> {
    match shown {
        ProvenAccount::Github(account) => {
            rules::may_sign_in(account.kind, None, false)?;
            Ok((GITHUB, account.github_id.to_string()))
        }
        ProvenAccount::OpenId(account) => {
            rules::may_sign_in(AccountKind::User, None, false)?;
            Ok((&account.issuer, account.subject.clone()))
        }
    }
}

/// Refuses a second account of a provider.
async fn must_be_first(tx: &Tx, viewer: &Viewer, provider: &str) -> Result<(), ActionError> {
    let own = reads::identities(tx, viewer.user_id).await?;
    if own.iter().any(|own| own.provider == provider) { Err(one_each().into()) } else { Ok(()) }
}

async fn insert(
    tx: &Tx,
    context: &Context,
    viewer: &Viewer,
    provider: &str,
    subject: &str,
) -> Result<Uuid, ActionError> {
    must_be_first(tx, viewer, provider).await?;
    let id = context.ids.next();
    let new = NewIdentity {
        id: IdentityId::new(id),
        user_id: viewer.user_id,
        provider,
        subject,
        now: context.now(),
    };
    identities::insert(tx, new).await?;
    Ok(id)
}

/// Removes a sign-in method of the viewer; returns whether it was theirs. A GitHub account that was known from
/// deliveries before it was linked is split off again, with its activity and points. They keep any other GitHub account
/// and its points, but can no longer sign in with it. The token of a connection to GitHub is deleted, and revoked there. A role that
/// groups at the provider granted is taken back, except from the last admin.
///
/// # Errors
/// When they signed in too long ago, or they would have no sign-in method left.
pub async fn unlink_identity(
    context: &Context,
    app: &OauthApp,
    viewer: &Viewer,
    methods: &SignInMethods,
    id: Uuid,
) -> Result<bool, ActionError> {
    let mut tx = context.begin().await?;
    // Keeps two concurrent removals from each relying on the other method.
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
    leave_groups(&mut tx, context, viewer.user_id, own.id).await?;
    match merges::find(&tx, own.id).await? {
        Some(merge) => split(&mut tx, context, viewer.user_id, own.id, merge).await?,
        None => forget(&tx, &own, now).await?,
    }
    let token = if own.provider == GITHUB { take_token(&tx, context, viewer).await? } else { None };
    let signed_in = methods.has(&own.provider);
    record(&mut tx, context, viewer, "user.unlink", (&own.provider, signed_in)).await?;
    tx.commit().await?;
    end_at_github(context, app, token).await;
    Ok(true)
}

/// Deletes the viewer's token on GitHub, and returns it.
async fn take_token(
    tx: &Tx,
    context: &Context,
    viewer: &Viewer,
) -> Result<Option<GithubToken>, ActionError> {
    let token = stored_token(tx, context, viewer.user_id).await?;
    github_tokens::delete(tx, viewer.user_id).await?;
    Ok(token)
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

/// Records only the provider, and that no one signs in with it: the account there is personal data, and the audit log
/// cannot be erased.
async fn record(
    tx: &mut Tx,
    context: &Context,
    viewer: &Viewer,
    action: &'static str,
    (provider, signs_in): (&str, bool),
) -> Result<(), ActionError> {
    let after = match signs_in {
        true => json!({ "provider": provider }),
        false => json!({ "provider": provider, "signs_in": false }),
    };
    let act = Act { after: Some(after), ..on_person(viewer.actor(), action, viewer.user_id) };
    audit::record(tx, context, act).await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(IDENTITY_CHANGED, [viewer.user_id.0], ids, now).await?;
    Ok(())
}

fn yours() -> Problem {
    let detail = "That account is already linked to yours. See /settings/identities.";
    Problem::new(ProblemKind::Conflict, "IDENTITY_IS_YOURS", detail)
}

fn one_each() -> Problem {
    let detail = "You have already linked an account of this provider. Unlink it first: you can link one account per provider.";
    Problem::new(ProblemKind::Conflict, "IDENTITY_ONE_EACH", detail)
}

pub(super) fn last_method() -> Problem {
    let detail = "This is your last sign-in method. Link another account, or verify an email address at /settings/email, then try again.";
    Problem::new(ProblemKind::Conflict, "LAST_SIGN_IN_METHOD", detail)
}
