use chrono::TimeDelta;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    crypto::KeyRing,
    db::Tx,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::{
    rules::names::only_named,
    store::repositories::{self, Hook},
};

/// Replaces the secret of a repository's own webhook. The previous secret stays valid for `keep_old_for`,
/// if at all. Returns when it expires.
///
/// # Errors
/// When the secret is too short, the repository is unknown, several repositories have the name and no GitHub ID selects one, it has
/// no webhook of its own or already has this secret, or the keys cannot be used.
pub async fn replace_secret(
    context: &Context,
    ring: &KeyRing,
    actor: Actor,
    (full_name, github_id): (&str, Option<i64>),
    secret: &SecretString,
    keep_old_for: TimeDelta,
) -> Result<Option<Timestamp>, ActionError> {
    super::register::check_secret(secret)?;
    let tx = context.begin().await?;
    // Secrets are re-encrypted under this lock (`crate::store::SEALED`).
    tx.serialize(super::FACTS).await?;
    let hook = find(&tx, full_name, github_id).await?;
    let Some(hook_id) = hook.hook_id else {
        return Err(no_hook(&hook).into());
    };
    let old = hook.hook_secret.as_ref().map(|old| ring.open(old));
    let plain = secret.expose_secret().as_bytes();
    if matches!(&old, Some(Ok(old)) if old == plain) {
        return Err(same(&hook).into());
    }
    // A previous secret whose key is lost cannot be decrypted, and is not kept.
    let is_kept = matches!(old, Some(Ok(_))) && keep_old_for > TimeDelta::zero();
    let ends_at = is_kept.then(|| kernel::truncate_to_micros(context.now() + keep_old_for));
    let (sealed, now) = (ring.seal(plain)?, context.now());
    repositories::replace_secret(&tx, hook.id, sealed, ends_at, now).await?;
    let act = Act {
        actor,
        action: "repository.secret",
        target_kind: "repository",
        target_id: hook.id,
        before: None,
        after: Some(json!({
            "full_name": hook.full_name, "hook_id": hook_id, "old_secret_ends_at": ends_at,
        })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(ends_at)
}

async fn find(tx: &Tx, full_name: &str, github_id: Option<i64>) -> Result<Hook, ActionError> {
    let mut found = repositories::hooks_of(tx, full_name).await?;
    found.retain(|hook| github_id.is_none_or(|id| hook.github_id == id));
    let missing =
        format!("No repository {full_name} is registered. List them with `guildhall repo list`.");
    Ok(only_named(found, full_name, |hook| hook.github_id, missing)?)
}

fn no_hook(hook: &Hook) -> Problem {
    let detail = format!(
        "{} has no webhook of its own. Its deliveries are signed with GITHUB_WEBHOOK_SECRET; change that secret instead.",
        hook.full_name
    );
    Problem::new(ProblemKind::Conflict, "NO_OWN_HOOK", detail)
}

/// Setting the same secret twice would discard the previous one.
fn same(hook: &Hook) -> Problem {
    let detail = format!(
        "{} already uses this secret, so nothing was changed. Create a new one, for example with \
         `openssl rand -hex 32`.",
        hook.full_name
    );
    Problem::new(ProblemKind::Conflict, "SAME_SECRET", detail)
}
