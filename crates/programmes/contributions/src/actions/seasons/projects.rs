use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;

use super::{act_on, board::refresh_board, changeable};
use crate::{
    model::SeasonId,
    reads::{self, SeasonView},
    store::seasons,
};

/// Adds a project to a season, so that its points count there. Repeating it changes nothing. Returns the season.
///
/// # Errors
/// When the season or the project is unknown, or the season is final or canceled.
pub async fn add_season_project(
    context: &Context,
    actor: Actor,
    slug: &str,
    project: &str,
) -> Result<SeasonView, ActionError> {
    change(context, actor, "season.add_project", slug, project, true).await
}

/// Removes a project from a season, so that its points no longer count there. Repeating it changes nothing. Returns the
/// season.
///
/// # Errors
/// When the season or the project is unknown, or the season is final or canceled.
pub async fn remove_season_project(
    context: &Context,
    actor: Actor,
    slug: &str,
    project: &str,
) -> Result<SeasonView, ActionError> {
    change(context, actor, "season.remove_project", slug, project, false).await
}

async fn change(
    context: &Context,
    actor: Actor,
    action: &'static str,
    slug: &str,
    project: &str,
    adds: bool,
) -> Result<SeasonView, ActionError> {
    let mut tx = context.begin().await?;
    let season = changeable(&tx, context, slug).await?;
    let id = SeasonId::new(season.id);
    let found = reads::find_project(&tx, project).await.map_err(|error| error.at("project"))?;
    let (found, project) = (found.id.into(), found.slug);
    let has_changed = if adds {
        let row = context.ids.next();
        seasons::add_project(&tx, row, id, found, context.now()).await?
    } else {
        seasons::remove_project(&tx, id, found).await?
    };
    if has_changed {
        let after = json!({ "project": project });
        audit::record(&tx, context, act_on(&season, actor, action, None, Some(after))).await?;
        refresh_board(&mut tx, context, &season).await?;
    }
    tx.commit().await?;
    Ok(season)
}
