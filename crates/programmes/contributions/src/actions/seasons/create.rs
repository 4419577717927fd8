use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::act_on;
use crate::{
    model::SeasonId,
    reads::{self, SeasonView},
    rules::{
        seasons::{SeasonDetails, SeasonInput},
        slug,
    },
    store::seasons,
};

/// A season to create.
#[derive(Clone, Debug, Default)]
pub struct NewSeason {
    /// The slug, derived from the name when absent.
    pub slug: Option<String>,
    /// The details.
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
    let details = SeasonDetails::read(&new.details, None)?;
    let tx = context.begin().await?;
    tx.serialize("contributions.seasons").await?;
    let given = new.slug.filter(|slug| !slug.trim().is_empty());
    let slug = match &given {
        Some(slug) => checked_slug(&tx, slug.trim()).await?,
        None => free_slug(&tx, &details.name).await?,
    };
    let (id, now) = (SeasonId::new(context.ids.next()), context.now());
    seasons::insert(&tx, (id, &slug), &details, now).await?;
    let consent = (1, details.consent.as_str());
    seasons::insert_consent(&tx, context.ids.next(), id, consent, now).await?;
    let season = reads::season(&tx, &slug).await?;
    let season = season.ok_or_else(|| crate::access::unknown_season(&slug))?;
    let after = json!({ "slug": slug, "name": details.name });
    audit::record(
        &tx,
        context,
        act_on(&season, (actor, "season.create"), (None, Some(after))),
    )
    .await?;
    tx.commit().await?;
    Ok(season)
}

async fn checked_slug(tx: &Tx, slug: &str) -> Result<String, ActionError> {
    slug::check(slug)?;
    match reads::season_id(tx, slug).await? {
        None => Ok(slug.to_owned()),
        Some(_) => Err(slug::taken(slug).into()),
    }
}

async fn free_slug(tx: &Tx, name: &str) -> Result<String, ActionError> {
    let base = slug::derived(name)?;
    let (mut slug, mut number) = (base.clone(), 1);
    while !slug::is_usable(&slug) || reads::season_id(tx, &slug).await?.is_some() {
        number += 1;
        slug = format!("{base}-{number}");
    }
    Ok(slug)
}
