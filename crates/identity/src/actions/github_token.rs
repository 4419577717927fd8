use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act},
    crypto::KeyRing,
    db::{DbError, Sql},
};
use sea_orm::DbErr;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use uuid::Uuid;

use super::{acts::on_person, erase::erased_with};
use crate::{
    gateway::OauthApp,
    model::{GITHUB_TOKEN_REVOKED, GithubAccount, GithubToken, HOOK_SCOPE, UserId, Viewer},
    store::{
        github_tokens::{self, GithubTokenRow, LOCK, NewGithubToken},
        identities::{self, GITHUB},
    },
};

/// Stores the viewer's token on GitHub, encrypted, in place of an earlier one.
///
/// # Errors
/// When GitHub did not grant the scope for webhooks, or the account is not linked to the viewer's.
pub async fn connect_github(
    context: &Context,
    viewer: &Viewer,
    account: &GithubAccount,
    token: &SecretString,
    scopes: &str,
) -> Result<(), ActionError> {
    let scopes: Vec<&str> = scopes.split([',', ' ']).filter(|s| !s.is_empty()).collect();
    if !scopes.contains(&HOOK_SCOPE) {
        return Err(scope_missing().into());
    }
    let sealed = ring(context)?.seal(token.expose_secret().as_bytes())?;
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    let found = identities::find(&tx, GITHUB, &account.github_id.to_string()).await?;
    let is_own = |found: &identities::StoredIdentity| {
        found.user_id == viewer.user_id.0 && found.unlinked_at.is_none()
    };
    if !found.as_ref().is_some_and(is_own) {
        return Err(not_linked(&account.login).into());
    }
    let new = NewGithubToken {
        id: context.ids.next(),
        user_id: viewer.user_id,
        github_id: account.github_id,
        login: &account.login,
        scopes: &scopes.join(" "),
        token_secret: sealed,
        now: context.now(),
    };
    github_tokens::replace(&tx, new).await?;
    let act = Act {
        after: Some(json!({ "scopes": scopes })),
        ..on_person(viewer.actor(), "user.connect_github", viewer.user_id)
    };
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}

/// Revokes the viewer's token on GitHub, and deletes it from this server. Returns whether GitHub no longer accepts it;
/// `None` if there was none.
pub async fn disconnect_github(
    context: &Context,
    app: &OauthApp,
    viewer: &Viewer,
) -> Result<Option<bool>, ActionError> {
    let is_revoked = match github_token(context, viewer.user_id).await? {
        Some(stored) => app.revoke(context, &stored.token).await,
        None => true,
    };
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    if github_tokens::of_person(&tx, viewer.user_id).await?.is_none() {
        return Ok(None);
    }
    github_tokens::delete(&tx, viewer.user_id).await?;
    let act = on_person(viewer.actor(), "user.disconnect_github", viewer.user_id);
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(Some(is_revoked))
}

/// Returns a person's token on GitHub; `None` if they have not connected GitHub, their account is closed, or the token
/// was revoked.
///
/// # Errors
/// When the database fails. A token that cannot be decrypted is logged and counts as absent.
pub async fn github_token(
    context: &Context,
    person: UserId,
) -> Result<Option<GithubToken>, DbError> {
    let found = github_tokens::of_open_account(&context.db, person).await?;
    found.map_or(Ok(None), |row| open(context, row))
}

/// Returns the token of an account on GitHub, by GitHub's ID; `None` as for [`github_token`].
///
/// # Errors
/// As [`github_token`].
pub async fn github_token_of(
    context: &Context,
    github_id: i64,
) -> Result<Option<GithubToken>, DbError> {
    let found = github_tokens::of_github(&context.db, github_id).await?;
    found.map_or(Ok(None), |row| open(context, row))
}

/// Returns a person's stored token, to end it on GitHub once it is deleted here. See [`end_at_github`].
pub(super) async fn stored_token(
    db: &impl Sql,
    context: &Context,
    person: UserId,
) -> Result<Option<GithubToken>, DbError> {
    let found = github_tokens::of_person(db, person).await?;
    found.map_or(Ok(None), |row| open(context, row))
}

/// Returns the stored tokens of a person and of those who are erased with them, to revoke on GitHub after the
/// erasure. See [`end_at_github`].
pub async fn erased_tokens(context: &Context, person: UserId) -> Result<Vec<GithubToken>, DbError> {
    let tx = context.begin().await?;
    let mut tokens = Vec::new();
    for person in erased_with(&tx, person).await? {
        tokens.extend(stored_token(&tx, context, person).await?);
    }
    Ok(tokens)
}

/// Revokes tokens on GitHub that this server has already deleted. A failure is logged: the person can end the access
/// in their settings on GitHub.
pub async fn end_at_github(
    context: &Context,
    app: &OauthApp,
    tokens: impl IntoIterator<Item = GithubToken>,
) {
    for stored in tokens {
        if !app.revoke(context, &stored.token).await {
            tracing::warn!(
                token = %stored.id,
                "cannot revoke a deleted token on GitHub: its owner can end the access in their settings there"
            );
        }
    }
}

fn open(context: &Context, row: GithubTokenRow) -> Result<Option<GithubToken>, DbError> {
    let Some(sealed) = row.token_secret else {
        return Ok(None);
    };
    let plain = match ring(context)?.open(&sealed) {
        Ok(plain) => plain,
        Err(error) => {
            tracing::error!(%error, token = %row.id, "cannot decrypt a token on GitHub");
            return Ok(None);
        }
    };
    let token = String::from_utf8(plain).ok().map(SecretString::from);
    Ok(token.map(|token| GithubToken { id: row.id, token }))
}

/// Marks a token that GitHub no longer accepts, and has its person notified once.
pub async fn revoke_github_token(context: &Context, token: Uuid) -> Result<(), DbError> {
    let mut tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    let now = context.now();
    if github_tokens::revoke(&tx, token, now).await? {
        tx.wake(GITHUB_TOKEN_REVOKED, [token], context.ids.as_ref(), now).await?;
    }
    tx.commit().await
}

/// Returns the keys that encrypt what people entrust to the server.
pub(super) fn ring(context: &Context) -> Result<&KeyRing, DbError> {
    let absent = || {
        let why = "cannot use encrypted secrets: the server's secret keys are missing";
        DbErr::Custom(why.to_owned())
    };
    Ok(context.keys.as_ref().ok_or_else(absent)?)
}

fn scope_missing() -> Problem {
    let detail = format!(
        "GitHub did not grant the permission to manage webhooks ({HOOK_SCOPE}). Connect GitHub again, and allow it when GitHub asks."
    );
    Problem::new(ProblemKind::Forbidden, "GITHUB_SCOPE_MISSING", detail)
}

fn not_linked(login: &str) -> Problem {
    let detail = format!(
        "You signed in on GitHub as {login}, which is not linked to your account here. Switch to your own account on GitHub, or link this one at /settings/identities first."
    );
    Problem::new(ProblemKind::Conflict, "GITHUB_ACCOUNT_NOT_LINKED", detail)
}
