use kernel::{Checks, Problem, ProblemKind, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    LOCK, TARGET,
    overlay::{latest, texts},
    store::{self, NewSetting, StoredSetting},
};
use crate::{
    ActionError, Context,
    audit::{self, Act, Actor, Filter},
    config::{Config, ConfigError, Origin, Setting, StoredValue, check, is_kept_secret},
    crypto::KeyRing,
    db::{DbError, Sql, Tx},
    media::{self, COMMUNITY_BANNER, NewPicture, PictureUse},
};

/// The audit log's name of a save.
const ACTION: &str = "setting.change";

/// A change of a setting.
#[derive(Clone, Debug)]
pub struct SettingChange {
    /// The key in `guildhall.toml`.
    pub key: &'static str,
    /// The new text; `None` removes what was saved.
    pub text: Option<SecretString>,
}

impl SettingChange {
    /// Sets the text of a key.
    #[must_use]
    pub fn set(key: &'static str, text: impl Into<SecretString>) -> Self {
        Self { key, text: Some(text.into()) }
    }

    /// Removes what was saved for a key.
    #[must_use]
    pub fn unset(key: &'static str) -> Self {
        Self { key, text: None }
    }

    /// Sets a key to what was typed into a form, without spaces around it. Blank text removes what was saved.
    #[must_use]
    pub fn typed(key: &'static str, text: &str) -> Self {
        let text = text.trim();
        Self { key, text: (!text.is_empty()).then(|| text.into()) }
    }
}

/// A change of the uploaded picture of the community, beside those of settings.
#[derive(Clone, Copy, Debug)]
pub enum BannerChange<'a> {
    Kept,
    Removed,
    /// Placed instead of an earlier one. A change of the save has its path.
    Placed(NewPicture<'a>),
}

/// The newest save.
#[derive(Clone, Copy, Debug)]
pub struct LastSave {
    pub at: Timestamp,
    /// The admin; `None` if it was an operator.
    pub person: Option<Uuid>,
}

/// Returns the configuration as it would be after changes. Nothing is saved.
///
/// # Errors
/// When a key is set outside of the browser, or a value is invalid or contradicts others.
pub async fn candidate(
    context: &Context,
    config: &Config,
    changes: &[SettingChange],
) -> Result<Config, ActionError> {
    let rows = store::all(&context.db).await?;
    Ok(changed(config, &rows, context.keys.as_ref(), changes)?)
}

/// Saves changes that were made after seeing the version `based_on`. Returns the new version, or the same one if nothing differs.
/// Running processes apply it within seconds.
///
/// # Errors
/// When other settings were saved since, a key is set outside of the browser, a value is invalid or contradicts others, or the
/// database fails.
pub async fn save(
    context: &Context,
    config: &Config,
    actor: Actor,
    based_on: i64,
    changes: &[SettingChange],
) -> Result<i64, ActionError> {
    save_with_banner(context, config, actor, based_on, changes, BannerChange::Kept).await
}

/// Saves like [`save`], and changes the uploaded picture of the community in the same transaction.
///
/// # Errors
/// As [`save`], and when the person has too many pictures.
pub async fn save_with_banner(
    context: &Context,
    config: &Config,
    actor: Actor,
    based_on: i64,
    changes: &[SettingChange],
    banner: BannerChange<'_>,
) -> Result<i64, ActionError> {
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    let rows = store::all(&tx).await?;
    if latest(&rows) != based_on {
        return Err(outdated().into());
    }
    let ring = context.keys.as_ref();
    changed(config, &rows, ring, changes)?;
    let version = based_on + 1;
    let has_banner = change_banner(&tx, context, banner).await?;
    let mut is_changed = false;
    for change in changes {
        let row = rows.iter().find(|row| row.name == change.key);
        if differs(row, ring, change) {
            write(&tx, context, actor, (row, ring), change, version).await?;
            is_changed = true;
        }
    }
    if is_changed || has_banner {
        tx.commit().await?;
    }
    Ok(if is_changed { version } else { based_on })
}

/// Takes the lock of those who save settings, which comes before that of pictures.
pub async fn serialize(tx: &Tx) -> Result<(), DbError> {
    tx.serialize(LOCK).await
}

/// Removes the saved value of a key in the caller's transaction, whatever version anyone has seen. The caller holds the lock.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    key: &'static str,
) -> Result<(), ActionError> {
    let rows = store::all(tx).await?;
    let row = rows.iter().find(|row| row.name == key).filter(|row| row.is_set());
    if row.is_none() {
        return Ok(());
    }
    let ring = context.keys.as_ref();
    let version = latest(&rows) + 1;
    write(tx, context, actor, (row, ring), &SettingChange::unset(key), version).await
}

/// Changes the uploaded picture of the community. Returns true if it differs.
async fn change_banner(
    tx: &Tx,
    context: &Context,
    banner: BannerChange<'_>,
) -> Result<bool, ActionError> {
    match banner {
        BannerChange::Kept => return Ok(false),
        BannerChange::Removed => media::forget(tx, COMMUNITY_BANNER, PictureUse::Banner).await?,
        BannerChange::Placed(new) => drop(media::place(tx, context, new).await?),
    }
    Ok(true)
}

/// Returns when settings were last saved, and by whom; `None` if none ever were.
pub async fn last_save(db: &impl Sql) -> Result<Option<LastSave>, DbError> {
    let filter = Filter { action: Some(ACTION.to_owned()), ..Filter::default() };
    let newest = audit::search(db, &filter, 1).await?.pop();
    Ok(newest.map(|entry| LastSave { at: entry.created_at, person: entry.actor_id }))
}

/// Returns the configuration after changes of the stored settings.
///
/// # Errors
/// When a key is set outside of the browser, or a value is invalid or contradicts others. Settings that could not be used before
/// keep no others from being saved.
fn changed(
    config: &Config,
    rows: &[StoredSetting],
    ring: Option<&KeyRing>,
    changes: &[SettingChange],
) -> Result<Config, Problem> {
    let mut checks = Checks::default();
    for change in changes {
        if let Some(problem) = refusal(config, change) {
            checks.refuse(problem);
        }
    }
    checks.finish(())?;
    let (before, _) = texts(rows, ring);
    let is_kept = |value: &&StoredValue| !changes.iter().any(|change| change.key == value.key);
    let mut after: Vec<StoredValue> = before.iter().filter(is_kept).cloned().collect();
    after.extend(changes.iter().filter_map(|change| {
        Some(StoredValue { key: change.key.to_owned(), text: change.text.clone()? })
    }));
    let (_, left_out_before) = config.over_stored(&before);
    let (candidate, left_out) = config.over_stored(&after);
    let is_new = |keys: &[&str]| {
        changes.iter().any(|change| keys.contains(&change.key))
            || !left_out_before.iter().any(|out| out.keys == keys)
    };
    match left_out.into_iter().find(|out| is_new(out.keys)) {
        Some(out) => Err(contradiction(&out.error)),
        None => Ok(candidate),
    }
}

/// Returns the problem of a change by itself.
fn refusal(config: &Config, change: &SettingChange) -> Option<Problem> {
    let key = change.key;
    if is_kept_secret(key).is_none() {
        let detail = format!("{key} cannot be saved in the browser.");
        return Some(Problem::new(ProblemKind::Invalid, "BAD_SETTING", detail).at(key));
    }
    if let Some(by) = config.fixed_by(key) {
        return Some(fixed(by).at(key));
    }
    let says = match check(key, change.text.as_ref()?.expose_secret()).err()? {
        ConfigError::Value { allowed, .. } => format!("Enter {allowed}."),
        other => format!("{other}."),
    };
    Some(Problem::new(ProblemKind::Invalid, "BAD_SETTING", says).at(key))
}

fn fixed(by: &Setting) -> Problem {
    let detail = match by.origin {
        Origin::File => format!(
            "{} is set in guildhall.toml on the server. Change it there, then restart the server.",
            by.key
        ),
        _ => format!(
            "{} is set in the environment of the server. Change it there, then restart the server.",
            by.variable
        ),
    };
    Problem::new(ProblemKind::Conflict, "SETTING_FIXED", detail)
}

fn outdated() -> Problem {
    let detail =
        "Other settings were saved in the meantime. Compare them with yours, then save again.";
    Problem::new(ProblemKind::Conflict, "SETTING_OUTDATED", detail)
}

fn contradiction(error: &ConfigError) -> Problem {
    let detail = match error {
        ConfigError::Invalid(says) => format!("These settings contradict each other: {says}."),
        other => format!("{other}."),
    };
    Problem::new(ProblemKind::Invalid, "BAD_SETTING", detail)
}

/// Returns true if a change is one. A secret that cannot be decrypted differs from all texts.
fn differs(row: Option<&StoredSetting>, ring: Option<&KeyRing>, change: &SettingChange) -> bool {
    let new = change.text.as_ref().map(ExposeSecret::expose_secret);
    match row.map(|row| row.text(ring)) {
        None => new.is_some(),
        Some(Ok(old)) => old.as_ref().map(ExposeSecret::expose_secret) != new,
        Some(Err(_)) => true,
    }
}

/// Writes a change, and records it.
async fn write(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    (row, ring): (Option<&StoredSetting>, Option<&KeyRing>),
    change: &SettingChange,
    version: i64,
) -> Result<(), ActionError> {
    let (key, is_secret) = (change.key, is_kept_secret(change.key).unwrap_or(true));
    let id = row.map_or_else(|| context.ids.next(), |row| row.id);
    let text = change.text.as_ref();
    let new = NewSetting { id, name: key, text, is_secret, version };
    store::write(tx, context, &new).await?;
    let before = row.filter(|row| row.is_set()).map(|row| row.text(ring).ok().flatten());
    let before = before.map(|text| shown(text.as_ref(), is_secret));
    let after = match text {
        None if is_secret => json!("removed"),
        None => Value::Null,
        text => shown(text, is_secret),
    };
    let act = Act {
        actor,
        action: ACTION,
        target_kind: TARGET,
        target_id: id,
        before: Some(json!({ key: before })),
        after: Some(json!({ key: after })),
        reason: None,
    };
    Ok(audit::record(tx, context, act).await?)
}

/// Returns a text as the audit log has it. The log cannot be erased, so it has no secrets, and no addresses of people.
fn shown(text: Option<&SecretString>, is_secret: bool) -> Value {
    let open =
        text.map(ExposeSecret::expose_secret).filter(|text| !is_secret && !text.contains('@'));
    json!(open.unwrap_or("set"))
}
