use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError, Context,
    audit::{self, Act},
    crypto,
    db::{DbError, Tx},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    model::TOKEN_CREATED,
    model::{Scopes, Token, Viewer},
    rules,
    store::tokens::{self, New},
};

/// Tokens that a person can have at once.
const MOST: i64 = 50;

/// A token as somebody wishes for it.
#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    /// What it is for.
    pub name: &'a str,
    /// What it may do.
    pub scopes: Scopes,
    /// How long it lasts.
    pub days: i64,
}

/// Makes a token of a person; gives it with what it says, which is stored nowhere.
///
/// # Errors
/// When the name or the days cannot be, the person has too many, or the database fails.
pub async fn create_token(
    context: &Context,
    viewer: &Viewer,
    new: NewToken<'_>,
) -> Result<(Token, String), ActionError> {
    let (name, lasts) = (rules::token_name(new.name)?, rules::token_lasts(new.days)?);
    let mut tx = context.begin().await?;
    let (person, now) = (viewer.user_id, context.now());
    tx.serialize("identity.tokens").await?;
    if tokens::count(&tx, person, now).await? >= MOST {
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
    let row = New {
        id: token.id,
        user_id: person,
        name,
        token_hash: rules::hash(&secret),
        scopes: token.scopes.clone(),
        now,
        expires_at: token.expires_at,
    };
    tokens::insert(&tx, row).await?;
    // The name is the person's own words and stays out of the log, which nobody can erase.
    let after = json!({ "scopes": token.scopes, "expires_at": token.expires_at });
    record(&tx, context, viewer, "token.create", token.id, Some(after)).await?;
    let ids = context.ids.as_ref();
    tx.wake(TOKEN_CREATED, [token.id], ids, now).await?;
    tx.commit().await?;
    Ok((token, secret))
}

/// Revokes one of the person's own tokens; gives whether it was theirs and not revoked before.
pub async fn revoke_token(
    context: &Context,
    viewer: &Viewer,
    id: Uuid,
) -> Result<bool, ActionError> {
    let tx = context.begin().await?;
    let is_revoked = tokens::revoke(&tx, viewer.user_id, id, context.now()).await? > 0;
    if is_revoked {
        record(&tx, context, viewer, "token.revoke", id, None).await?;
    }
    tx.commit().await?;
    Ok(is_revoked)
}

/// Forgets tokens that were past their end before an instant; gives how many.
pub async fn forget_tokens(context: &Context, before: Timestamp) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let forgotten = tokens::forget(&tx, before).await?;
    tx.commit().await?;
    Ok(forgotten)
}

async fn record(
    tx: &Tx,
    context: &Context,
    viewer: &Viewer,
    action: &'static str,
    token: Uuid,
    after: Option<Value>,
) -> Result<(), ActionError> {
    let act = Act {
        actor: viewer.actor(),
        action,
        target_kind: "token",
        target_id: token,
        before: None,
        after,
        reason: None,
    };
    Ok(audit::record(tx, context, act).await?)
}

fn too_many() -> Problem {
    let detail = format!("You have {MOST} tokens already. Revoke some at /settings/tokens.");
    Problem::new(ProblemKind::Conflict, "TOO_MANY_TOKENS", detail)
}
