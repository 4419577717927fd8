//! A fresh secret key: everything is brought under it, and the old ones go.

use anyhow::{Result, ensure};
use platform::{
    Context,
    audit::{self, Act, Actor},
    crypto::{self, KeyId, KeyRing, Survey},
};
use serde_json::json;
use uuid::Uuid;

use crate::MODULES;

/// What becomes of the old keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RotateInput {
    /// They stay in the ring, where they encrypt nothing.
    pub keep_old: bool,
    /// The key of the addresses in letters goes as well: letters that were sent end nothing any more.
    pub letters_too: bool,
}

/// What a rotation did.
#[derive(Clone, Debug)]
pub struct Rotated {
    /// Whether a key is fresh; else one went on that had been interrupted.
    pub is_fresh: bool,
    /// The key in use.
    pub newest: KeyId,
    /// Values that were brought under it.
    pub resealed: u64,
    /// What is sealed with which key now.
    pub survey: Survey,
    /// Keys that left the ring.
    pub retired: Vec<KeyId>,
}

/// Adds a key, brings every stored secret under it while servers and workers go on, and retires the
/// others. Interrupted, nothing is lost; repeated, it goes on with the key that it had added. Where the
/// keys are the operator's to write, only the stored secrets are brought under the first.
///
/// # Errors
/// When another rotation is under way, the operator gave one key alone, the ring cannot be written, or
/// the database fails.
pub async fn rotate(
    context: &Context,
    ring: &KeyRing,
    wish: RotateInput,
    progress: impl FnMut(u64),
) -> Result<Rotated> {
    if ring.is_given() {
        return reconcile(context, ring, progress).await;
    }
    let alone = ring.alone()?;
    let before = ring.keys().ids();
    let is_fresh = survey(context, ring).await?.of_others(before[0]) == 0;
    if is_fresh {
        alone.add()?;
        note(context, &before, &ring.keys().ids(), 0).await?;
    }
    let resealed = crypto::reseal(&context.db, ring, &MODULES.sealed(), progress).await?;
    let (held, survey) = (ring.keys().ids(), survey(context, ring).await?);
    ensure!(
        survey.of_others(held[0]) == 0,
        "something was encrypted under an old key meanwhile: run guildhall keys rotate again"
    );
    let retired = if wish.keep_old { &[] } else { &held[1..] };
    if !wish.keep_old {
        alone.retire(wish.letters_too)?;
    }
    note(context, &held, &ring.keys().ids(), resealed).await?;
    Ok(Rotated {
        is_fresh,
        newest: held[0],
        resealed,
        survey,
        retired: retired.to_vec(),
    })
}

/// Brings every stored secret under the first of the operator's keys.
async fn reconcile(
    context: &Context,
    ring: &KeyRing,
    progress: impl FnMut(u64),
) -> Result<Rotated> {
    let held = ring.keys().ids();
    ensure!(
        held.len() > 1,
        "the key is given by GUILDHALL_SECRET_KEY, which only you can change: make a key with \
         `openssl rand -hex 32`, put it there on a line before the one that stands there, start every \
         server and worker again, then run guildhall keys rotate once more"
    );
    let resealed = crypto::reseal(&context.db, ring, &MODULES.sealed(), progress).await?;
    note(context, &held, &held, resealed).await?;
    Ok(Rotated {
        is_fresh: false,
        newest: held[0],
        resealed,
        survey: survey(context, ring).await?,
        retired: Vec::new(),
    })
}

/// What is sealed with which key.
pub async fn survey(context: &Context, ring: &KeyRing) -> Result<Survey> {
    Ok(crypto::survey(&context.db, ring, &MODULES.sealed()).await?)
}

async fn note(context: &Context, before: &[KeyId], after: &[KeyId], resealed: u64) -> Result<()> {
    let names = |ids: &[KeyId]| ids.iter().map(KeyId::to_string).collect::<Vec<_>>();
    let tx = context.begin().await?;
    let act = Act {
        actor: Actor::Operator,
        action: "keys.rotate",
        target_kind: "key",
        target_id: Uuid::from_bytes(after[0].0),
        before: Some(json!({ "keys": names(before) })),
        after: Some(json!({ "keys": names(after), "secrets_encrypted_anew": resealed })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(())
}
