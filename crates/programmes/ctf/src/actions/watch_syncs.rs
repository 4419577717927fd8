use platform::{Context, alerts::Incident, db::DbError};

use crate::{FLAG, gateway::Platforms, reads, rules::sync_health::incidents};

/// The kind of alert about the sync with the game platform.
pub(crate) const SYNC: &str = "game_platform_sync";

/// Returns the incidents of the sync. There are none while the integration or the program is off, or without
/// competitors on the platform.
pub(crate) async fn watch_syncs(
    context: &Context,
    platforms: &Platforms,
) -> Result<Vec<Incident>, DbError> {
    if !platforms.is_enabled(context) || !context.flags.is_on_for_anyone(FLAG) {
        return Ok(Vec::new());
    }
    let now = context.now();
    let health = reads::sync_health(&context.db, now).await?;
    Ok(incidents(&health, now))
}
