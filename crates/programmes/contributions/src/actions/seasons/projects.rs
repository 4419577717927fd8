use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::{act_on, board::refresh_board, changeable};
use crate::{
    model::SeasonId,
    reads::{self, ProjectView, SeasonView},
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
    let mut tx = context.begin().await?;
    let season = changeable(&tx, context, slug).await?;
    if add_project(&tx, context, actor, &season, project).await? {
        refresh_board(&mut tx, context, &season).await?;
    }
    tx.commit().await?;
    Ok(season)
}

/// Adds a project in the caller's transaction, and records it; returns whether it did not belong to the season. Points are not
/// counted again.
pub(super) async fn add_project(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    season: &SeasonView,
    project: &str,
) -> Result<bool, ActionError> {
    let found = find(tx, project).await?;
    let (row, id) = (context.ids.next(), SeasonId::new(season.id));
    let is_new = seasons::add_project(tx, row, id, found.id.into(), context.now()).await?;
    if is_new {
        let after = Some(json!({ "project": found.slug }));
        let act = act_on(season, actor, "season.add_project", None, after);
        audit::record(tx, context, act).await?;
    }
    Ok(is_new)
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
    let mut tx = context.begin().await?;
    let season = changeable(&tx, context, slug).await?;
    let found = find(&tx, project).await?;
    if seasons::remove_project(&tx, SeasonId::new(season.id), found.id.into()).await? {
        let after = Some(json!({ "project": found.slug }));
        let act = act_on(&season, actor, "season.remove_project", None, after);
        audit::record(&tx, context, act).await?;
        refresh_board(&mut tx, context, &season).await?;
    }
    tx.commit().await?;
    Ok(season)
}

async fn find(tx: &Tx, project: &str) -> Result<ProjectView, ActionError> {
    reads::find_project(tx, project).await.map_err(|error| error.at("project"))
}
