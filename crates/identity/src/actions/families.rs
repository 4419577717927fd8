use chrono::TimeDelta;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    crypto,
    db::{DbError, Tx},
};
use serde_json::json;
use uuid::Uuid;

use super::acts::on;
use crate::{
    model::{Device, NEW_DEVICE_CAME, REFRESH_REUSED, UserId, Viewer},
    rules::{self, Access, SecretKind, Signer},
    store::{
        families::{self, Refresh},
        second_factors,
        sessions::{self, NewSession},
    },
};

/// The lifetime of a refresh token, and so of an app's session that is not refreshed.
pub const REFRESH_LASTS: TimeDelta = TimeDelta::days(7);

/// The tokens of an app.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Sent with each request.
    pub access: String,
    /// Used once, for the next pair.
    pub refresh: String,
}

/// The maximum number of apps per person.
pub const MAX_APPS: i64 = 50;

/// Starts a token family for an app, based on the viewer's session. The person is notified.
///
/// # Errors
/// When the person has [`MAX_APPS`] apps, or has not proven their second factor: an app can use their role.
pub async fn begin_family(
    context: &Context,
    signer: &Signer,
    viewer: &Viewer,
    device: &Device,
) -> Result<Pair, ActionError> {
    rules::factor_not_due(viewer)?;
    let mut tx = context.begin().await?;
    let (family, now) = (context.ids.next(), context.now());
    // Keeps concurrent requests from each counting too few.
    tx.lock_rows("users", [viewer.user_id.0]).await?;
    if families::count(&tx, viewer.user_id, now).await? >= MAX_APPS {
        return Err(too_many().into());
    }
    let new = NewSession {
        id: family,
        user_id: viewer.user_id,
        // A family has no cookie, so this hashes a secret that is discarded.
        token_hash: rules::hash(&crypto::token()?),
        now,
        expires_at: now + REFRESH_LASTS,
        user_agent: device.user_agent.as_deref(),
        address_prefix: device.address_prefix.as_deref(),
        is_program: true,
    };
    sessions::insert(&tx, new).await?;
    second_factors::pass_to_family(&tx, viewer.by.id(), family).await?;
    let access = Access { user_id: viewer.user_id, family };
    let pair = hand_out(&tx, context, signer, access, None).await?;
    tx.wake(NEW_DEVICE_CAME, [family], context.ids.as_ref(), now).await?;
    tx.commit().await?;
    Ok(pair)
}

fn too_many() -> Problem {
    let detail =
        format!("You already have {MAX_APPS} apps signed in. End one at /settings/sessions first.");
    Problem::new(ProblemKind::Conflict, "TOO_MANY_APPS", detail)
}

async fn hand_out(
    tx: &Tx,
    context: &Context,
    signer: &Signer,
    access: Access,
    rotated_from: Option<Uuid>,
) -> Result<Pair, ActionError> {
    let (id, now) = (context.ids.next(), context.now());
    let refresh = SecretKind::Refresh.make(crypto::random()?);
    let hash = rules::hash(&refresh);
    let expires_at = now + REFRESH_LASTS;
    families::add(tx, id, access.family, rotated_from, hash, now, expires_at).await?;
    let access = signer.issue(access, now);
    Ok(Pair { access, refresh })
}

/// Exchanges a refresh token for the next pair. A token that is used twice may have been stolen, so the
/// family ends, and its person is notified.
///
/// # Errors
/// When the token is unknown, used or expired, its family has ended, or its person is banned.
pub async fn refresh(context: &Context, signer: &Signer, token: &str) -> Result<Pair, ActionError> {
    let mut tx = context.begin().await?;
    let now = context.now();
    let found = families::refresh(&tx, rules::hash(token), now).await?;
    let found = found.ok_or_else(invalid)?;
    // Sessions before their tokens, as wherever both change. False if it was ended since.
    if !sessions::touch(&tx, found.session_id, now, now + REFRESH_LASTS).await? {
        return Err(invalid().into());
    }
    if !families::use_up(&tx, found.id, now).await? {
        end_reused(&mut tx, context, &found).await?;
        tx.commit().await?;
        return Err(reused().into());
    }
    if found.expires_at <= now {
        return Err(expired().into());
    }
    let access = Access { user_id: found.user_id.into(), family: found.session_id };
    if let Some(ban) = found.ban.into() {
        return Err(rules::banned(&ban).into());
    }
    let pair = hand_out(&tx, context, signer, access, Some(found.id)).await?;
    tx.commit().await?;
    Ok(pair)
}

async fn end_reused(tx: &mut Tx, context: &Context, found: &Refresh) -> Result<(), ActionError> {
    let (person, family) = (UserId::new(found.user_id), found.session_id);
    let now = context.now();
    sessions::revoke(tx, person, family, now).await?;
    let actor = Actor::Person(person.into());
    let act = Act {
        after: Some(json!({ "is_revoked": true })),
        ..on(actor, "session.reuse", "session", family)
    };
    audit::record(tx, context, act).await?;
    let ids = context.ids.as_ref();
    tx.wake(REFRESH_REUSED, [family], ids, now).await?;
    Ok(())
}

/// Ends the family of a refresh token. Unknown tokens are ignored.
pub async fn log_out(context: &Context, token: &str) -> Result<(), DbError> {
    let tx = context.begin().await?;
    families::end(&tx, rules::hash(token), context.now()).await?;
    tx.commit().await
}

fn invalid() -> Problem {
    let detail = "Unknown refresh token, or its session has ended. Sign in again.";
    Problem::new(ProblemKind::Unauthenticated, "TOKEN_INVALID", detail)
}

fn expired() -> Problem {
    let detail = "The refresh token expired after seven days. Sign in again.";
    Problem::new(ProblemKind::Unauthenticated, "TOKEN_EXPIRED", detail)
}

fn reused() -> Problem {
    let detail = "The refresh token was already used, so someone else may have it. Its session was ended. Sign in again.";
    Problem::new(ProblemKind::Unauthenticated, "TOKEN_REUSED", detail)
}
