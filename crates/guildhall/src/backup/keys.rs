//! Rotation of the secret key: re-encrypts stored secrets with a new key and removes the old keys.

use anyhow::{Result, ensure};
use platform::{
    Context,
    audit::{self, Act, Actor},
    crypto::{self, KeyId, KeyRing, KeyUsage},
};
use serde_json::json;
use uuid::Uuid;

use crate::MODULES;

/// Options of a rotation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RotateInput {
    /// Keep the old keys in the ring, so that older backups can still be used.
    pub keep_old: bool,
    /// Replace the key of links in emails too. Unsubscribe links in emails that were already sent stop working.
    pub emails_too: bool,
}

/// The result of a rotation.
#[derive(Clone, Debug)]
pub struct RotatedKeys {
    /// True when a key was added; false when an interrupted rotation was continued.
    pub is_fresh: bool,
    /// The key in use.
    pub newest: KeyId,
    /// Number of secrets re-encrypted with it.
    pub resealed: u64,
    /// Number of secrets per key after the rotation.
    pub survey: KeyUsage,
    /// Keys removed from the ring.
    pub retired: Vec<KeyId>,
}

/// Adds a key, re-encrypts every stored secret with it while servers and workers keep running, and removes the other
/// keys. An interrupted rotation loses nothing; the next one continues with the key already added. When the operator
/// provides the keys, only re-encrypts the stored secrets with the first of them.
///
/// # Errors
/// When another rotation is running, the operator gave only one key, or the ring cannot be written.
pub async fn rotate(
    context: &Context,
    ring: &KeyRing,
    input: RotateInput,
    progress: impl FnMut(u64),
) -> Result<RotatedKeys> {
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
        "a secret was encrypted with an old key during the rotation: run `guildhall keys rotate` again"
    );
    let retired = if input.keep_old { &[] } else { &held[1..] };
    if !input.keep_old {
        alone.retire(input.emails_too)?;
    }
    note(context, &held, &ring.keys().ids(), resealed).await?;
    Ok(RotatedKeys { is_fresh, newest: held[0], resealed, survey, retired: retired.to_vec() })
}

/// Re-encrypts every stored secret with the first of the operator's keys.
async fn reconcile(
    context: &Context,
    ring: &KeyRing,
    progress: impl FnMut(u64),
) -> Result<RotatedKeys> {
    let held = ring.keys().ids();
    ensure!(
        held.len() > 1,
        "the key is set by GUILDHALL_SECRET_KEY, which only you can change: create a key with \
         `openssl rand -hex 32`, add it there on a line above the current one, restart every server and \
         worker, then run `guildhall keys rotate` again"
    );
    let resealed = crypto::reseal(&context.db, ring, &MODULES.sealed(), progress).await?;
    note(context, &held, &held, resealed).await?;
    Ok(RotatedKeys {
        is_fresh: false,
        newest: held[0],
        resealed,
        survey: survey(context, ring).await?,
        retired: Vec::new(),
    })
}

/// Counts the stored secrets per key.
pub async fn survey(context: &Context, ring: &KeyRing) -> Result<KeyUsage> {
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
