use platform::{
    ActionError, Context,
    audit::{self, Actor},
};

use super::{act_on, board::refresh_board, changeable, refused};
use crate::{
    model::SeasonId,
    reads::{self, SeasonView},
    rules::seasons::SeasonState,
    store::seasons::{self, SeasonStep},
};

/// Publishes a draft: everyone sees the season, and people can register. Returns the season.
///
/// # Errors
/// When the season is unknown or not a draft.
pub async fn publish_season(
    context: &Context,
    actor: Actor,
    slug: &str,
) -> Result<SeasonView, ActionError> {
    take(context, actor, "season.publish", slug, SeasonStep::Publish).await
}

/// Cancels a draft, which stays invisible. Returns the season.
///
/// # Errors
/// When the season is unknown or not a draft.
pub async fn cancel_season(
    context: &Context,
    actor: Actor,
    slug: &str,
) -> Result<SeasonView, ActionError> {
    take(context, actor, "season.cancel", slug, SeasonStep::Cancel).await
}

async fn take(
    context: &Context,
    actor: Actor,
    action: &'static str,
    slug: &str,
    step: SeasonStep,
) -> Result<SeasonView, ActionError> {
    let mut tx = context.begin().await?;
    let season = changeable(&tx, context, slug).await?;
    if season.state(context.now()) != SeasonState::Draft {
        let detail = format!("{} is already published.", season.name);
        let detail = match step {
            SeasonStep::Publish => detail,
            _ => format!("{} is published. Only drafts can be canceled.", season.name),
        };
        return Err(refused(detail));
    }
    seasons::step(&tx, SeasonId::new(season.id), step, context.now()).await?;
    audit::record(&tx, context, act_on(&season, actor, action, None, None)).await?;
    let changed = reads::season(&tx, slug).await?.unwrap_or(season);
    refresh_board(&mut tx, context, &changed).await?;
    tx.commit().await?;
    Ok(changed)
}
