use identity::model::UserId;
use kernel::Problem;
use platform::{
    ActionError, Context,
    crypto::{self, CryptoError},
    outbox::{EMAIL, Post},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    model::{NewsKind, NewsKinds, NewsMode},
    store::chosen,
};

/// The contents of an unsubscribe link, which are encrypted so that links cannot be forged.
#[derive(Serialize, Deserialize)]
struct UnsubscribeToken {
    person: Uuid,
    kind: String,
    generation: i64,
}

/// Returns the one-click link that unsubscribes a person from a kind of email (RFC 8058).
pub(crate) fn address(
    post: &Post,
    person: UserId,
    kind: &str,
    generation: i64,
) -> Result<String, CryptoError> {
    let sealed = UnsubscribeToken { person: person.0, kind: kind.to_owned(), generation };
    let plain = serde_json::to_vec(&sealed).expect("texts and numbers are JSON");
    let token = crypto::to_text(&post.ring.keys().emails().encrypt(&plain)?);
    Ok(format!("{}/unsubscribe/{token}", post.site))
}

fn unsealed(post: &Post, token: &str) -> Option<UnsubscribeToken> {
    let token = crypto::from_text(token)?;
    let plain = post.ring.find(|keys| keys.emails().decrypt(&token).ok())?;
    serde_json::from_slice(&plain).ok()
}

/// Decrypts an unsubscribe link; returns the person and the kind of email.
///
/// # Errors
/// When the link is unknown or revoked.
pub async fn opened(
    context: &Context,
    post: &Post,
    kinds: NewsKinds,
    token: &str,
) -> Result<(UserId, &'static NewsKind), ActionError> {
    let sealed = unsealed(post, token).ok_or_else(unknown)?;
    let kind = kinds.find(&sealed.kind).ok_or_else(unknown)?;
    let person = sealed.person.into();
    let (_, generation) = chosen::settings(&context.db, person, chrono_tz::Tz::UTC).await?;
    if generation != sealed.generation {
        return Err(unknown().into());
    }
    Ok((person, kind))
}

/// Unsubscribes a person with an unsubscribe link; returns the kind of email. Repeating it changes
/// nothing.
///
/// # Errors
/// When the link is unknown or revoked.
pub async fn unsubscribe(
    context: &Context,
    post: &Post,
    kinds: NewsKinds,
    token: &str,
) -> Result<&'static NewsKind, ActionError> {
    let (person, kind) = opened(context, post, kinds, token).await?;
    let tx = context.begin().await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    let choice = (kind.code, EMAIL, NewsMode::Off);
    chosen::choose(&tx, ids, person, choice, now).await?;
    tx.commit().await?;
    Ok(kind)
}

fn unknown() -> Problem {
    Problem::not_found(
        "Unknown or revoked unsubscribe link. Choose which emails you receive at /settings/notifications.",
    )
}
