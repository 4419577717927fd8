//! The state of the integration with the game platform for a roster.

use platform::{Context, db::DbError, flags::FlagViewer};

use crate::{gateway::Platforms, model::RosterId, reads};

/// Returns what keeps the integration off for a roster, with the next step; `None` if a platform is configured and on for one of
/// its coaches.
pub(super) async fn off_for(
    context: &Context,
    platforms: &Platforms,
    roster: RosterId,
) -> Result<Option<String>, DbError> {
    let coaches = reads::coaching_people(&context.db, roster).await?;
    let who = |person| FlagViewer::new(person, None);
    let subjects: Vec<FlagViewer> = coaches.into_iter().map(who).collect();
    Ok(platforms.held_back(context, &subjects))
}
