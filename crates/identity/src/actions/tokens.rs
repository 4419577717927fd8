use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError, Context,
    audit::{self, Act},
    crypto,
    db::DbError,
};
use serde_json::json;
use uuid::Uuid;

use super::{acts::on, lock_people};
use crate::{
    model::{Scopes, TOKEN_CREATED, Token, Viewer},
    rules,
    store::{
        second_factors,
        tokens::{self, NewTokenRow},
    },
};

/// The maximum number of tokens per person.
const MAX_TOKENS: i64 = 50;

#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    /// The purpose of the token.
    pub name: &'a str,
    pub scopes: Scopes,
    /// The token's lifetime in days.
    pub days: i64,
}

/// Creates a token for the viewer; returns it with its secret, which is not stored.
///
/// # Errors
/// When the name or the lifetime is invalid, the viewer has too many tokens, or has not proven their second factor.
pub async fn create_token(
    context: &Context,
    viewer: &Viewer,
    new: NewToken<'_>,
) -> Result<(Token, String), ActionError> {
    let lasts = rules::token_lasts(new.days);
    let name = match rules::token_name(new.name) {
        Ok(name) => name,
        Err(problem) => return Err(problem.with(lasts).into()),
    };
    let lasts = lasts?;
    rules::factor_not_due(viewer)?;
    let mut tx = context.begin().await?;
    let (person, now) = (viewer.user_id, context.now());
    tx.serialize("identity.tokens").await?;
    // Keeps a removed second factor from being passed on.
    lock_people(&tx, [person]).await?;
    if tokens::count(&tx, person, now).await? >= MAX_TOKENS {
        return Err(too_many().into());
    }
    let secret = rules::token(crypto::random()?);
    let token = Token {
        id: context.ids.next(),
        name: name.to_owned(),
        scopes: new.scopes.to_string(),
        created_at: now,
        expires_at: now + lasts,
        last_used_at: None,
    };
    let row = NewTokenRow {
        id: token.id,
        user_id: person,
        name,
        token_hash: rules::hash(&secret),
        scopes: token.scopes.clone(),
        now,
        expires_at: token.expires_at,
    };
    tokens::insert(&tx, row).await?;
    second_factors::pass_to_token(&tx, viewer.by.id(), token.id).await?;
    // The name is the person's own text and stays out of the audit log, which cannot be erased.
    let after = json!({ "scopes": token.scopes, "expires_at": token.expires_at });
    let act = Act { after: Some(after), ..on(viewer.actor(), "token.create", "token", token.id) };
    audit::record(&tx, context, act).await?;
    let ids = context.ids.as_ref();
    tx.wake(TOKEN_CREATED, [token.id], ids, now).await?;
    tx.commit().await?;
    Ok((token, secret))
}

/// Revokes one of the viewer's tokens; returns whether it was theirs and not revoked before.
pub async fn revoke_token(
    context: &Context,
    viewer: &Viewer,
    id: Uuid,
) -> Result<bool, ActionError> {
    let tx = context.begin().await?;
    let is_revoked = tokens::revoke(&tx, viewer.user_id, id, context.now()).await? > 0;
    if is_revoked {
        let act = on(viewer.actor(), "token.revoke", "token", id);
        audit::record(&tx, context, act).await?;
    }
    tx.commit().await?;
    Ok(is_revoked)
}

/// Deletes tokens that expired before an instant; returns their number.
pub async fn forget_tokens(context: &Context, before: Timestamp) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let forgotten = tokens::forget(&tx, before).await?;
    tx.commit().await?;
    Ok(forgotten)
}

fn too_many() -> Problem {
    let detail = format!("You already have {MAX_TOKENS} tokens. Revoke one first.");
    Problem::new(ProblemKind::Conflict, "TOO_MANY_TOKENS", detail)
}
