use platform::{
    ActionError, Context,
    audit::{self, Actor},
    slug,
};
use serde_json::json;

use super::{act_on, projects::add_project};
use crate::{
    model::SeasonId,
    reads::{self, SeasonView},
    rules::seasons::{SeasonDetails, SeasonInput},
    store::seasons,
};

#[derive(Clone, Debug, Default)]
pub struct NewSeason {
    /// The slug, derived from the name when absent.
    pub slug: Option<String>,
    pub details: SeasonInput,
}

/// Creates a season as a draft, which only organizers see. Returns it.
///
/// # Errors
/// When a field is missing or not valid, or the slug is taken.
pub async fn create_season(
    context: &Context,
    actor: Actor,
    new: NewSeason,
) -> Result<SeasonView, ActionError> {
    create_season_with(context, actor, new, &[]).await
}

/// Creates a season as [`create_season`] does, with projects by slug.
///
/// # Errors
/// As [`create_season`], and when a project is unknown. The problem names the field `project`.
pub async fn create_season_with(
    context: &Context,
    actor: Actor,
    new: NewSeason,
    projects: &[String],
) -> Result<SeasonView, ActionError> {
    let details = SeasonDetails::read(&new.details, None);
    let tx = context.begin().await?;
    tx.serialize("contributions.seasons").await?;
    let own = &tx;
    let is_taken = |slug: String| async move { Ok(reads::season_id(own, &slug).await?.is_some()) };
    let (slug, details) =
        slug::chosen_for(new.slug.as_deref(), details, |it| &it.name, is_taken).await?;
    let (id, now) = (SeasonId::new(context.ids.next()), context.now());
    seasons::insert(&tx, id, &slug, &details, now).await?;
    seasons::insert_consent(&tx, context.ids.next(), id, 1, details.consent.as_str(), now).await?;
    let season = reads::season(&tx, &slug).await?;
    let season = season.ok_or_else(|| crate::access::unknown_season(&slug))?;
    let after = json!({ "slug": slug, "name": details.name });
    audit::record(&tx, context, act_on(&season, actor, "season.create", None, Some(after))).await?;
    for project in projects {
        add_project(&tx, context, actor, &season, project).await?;
    }
    tx.commit().await?;
    Ok(season)
}
