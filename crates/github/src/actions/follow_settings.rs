use std::collections::BTreeMap;

use kernel::Timestamp;
use platform::db::{DbError, Tx};

use crate::{
    model::RepositoryId,
    rules::payload::RepositoryEvent,
    store::repositories::{self, RepositorySettings},
};

/// Returns the settings in a `repository` event; `None` when some are missing.
fn stated_settings(event: &RepositoryEvent) -> Option<RepositorySettings> {
    let repo = &event.repository;
    let is_deleted = event.action == "deleted";
    Some(RepositorySettings {
        is_deleted,
        seen_at: repo.updated_at?,
        // A deletion without this field may follow an earlier change to private.
        is_private: repo.private.or(is_deleted.then_some(true))?,
        is_archived: repo.archived.or(is_deleted.then_some(true))?,
    })
}

/// Updates settings of repositories from the newest events. Ties are broken by content, and a deletion is
/// final.
pub(super) async fn follow_settings(
    tx: &Tx,
    events: &[(RepositoryId, RepositoryEvent)],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut newest: BTreeMap<RepositoryId, RepositorySettings> = BTreeMap::new();
    for (id, event) in events {
        if let Some(settings) = stated_settings(event) {
            let slot = newest.entry(*id).or_insert_with(|| settings.clone());
            *slot = slot.clone().max(settings);
        }
    }
    for (id, settings) in newest {
        follow_newer(tx, id, &settings, now).await?;
    }
    Ok(())
}

/// Updates the settings of a repository, unless newer ones are known.
pub(super) async fn follow_newer(
    tx: &Tx,
    id: RepositoryId,
    settings: &RepositorySettings,
    now: Timestamp,
) -> Result<(), DbError> {
    let stored = repositories::settings(tx, id).await?;
    if stored.is_none_or(|stored| *settings > stored) {
        repositories::set(tx, id, settings, now).await?;
    }
    Ok(())
}
