//! The API of seasons.

mod change;
mod participants;
mod projects;
mod registration;
mod report;
mod results;
mod sanctions;
mod views;

use axum::{Json, extract::State};
use platform::{
    Context,
    web::{List, ListQuery, Paged, Query, WebError},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use self::views::{Season, SeasonDetail};
use crate::{
    access::PublicSeason,
    model::SeasonId,
    reads::{self, SeasonPart},
};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(seasons, change::create))
        .routes(routes!(season, change::change))
        .routes(routes!(change::settings))
        .routes(routes!(change::publish))
        .routes(routes!(change::cancel))
        .routes(routes!(change::sign_off))
        .routes(routes!(projects::add, projects::remove))
        .routes(routes!(projects::preview_rules, projects::publish_rules))
        .routes(routes!(participants::add_organizer, participants::remove_organizer))
        .routes(routes!(participants::participants))
        .routes(routes!(sanctions::sanctions, sanctions::sanction))
        .routes(routes!(sanctions::lift))
        .routes(routes!(registration::registration, registration::register, registration::withdraw))
        .routes(routes!(report::report))
        .routes(routes!(results::results))
        .routes(routes!(results::prizes))
}

/// Lists published seasons, latest first day first.
#[utoipa::path(
    get,
    path = "/api/v1/seasons",
    operation_id = "list_seasons",
    tag = "Seasons",
    params(ListQuery),
    responses(
        (status = 200, description = "A page of seasons", body = List<Season>),
    )
)]
async fn seasons(
    State(context): State<Context>,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Season>>, WebError> {
    let (limit, now) = (query.limit()?, context.now());
    let after = query.cursor.as_deref();
    let found = reads::seasons(&context.db, SeasonPart::Public, after, limit + 1).await?;
    let found =
        List::cut(found, limit, |season| format!("{} {}", season.days().first, season.slug));
    Ok(Paged(found.map(|season| Season::of(&season, now))))
}

/// Returns a published season with its projects and its consent text.
#[utoipa::path(
    get,
    path = "/api/v1/seasons/{slug}",
    operation_id = "get_season",
    tag = "Seasons",
    responses(
        (status = 200, description = "The season", body = SeasonDetail),
        (status = 404, description = "No published season has this slug")
    )
)]
async fn season(
    State(context): State<Context>,
    PublicSeason(season): PublicSeason,
) -> Result<Json<SeasonDetail>, WebError> {
    detail(&context, &season).await.map(Json)
}

/// Reads what a season's detail shows.
async fn detail(context: &Context, season: &reads::SeasonView) -> Result<SeasonDetail, WebError> {
    let id = SeasonId::new(season.id);
    let projects = reads::season_projects(&context.db, id).await?;
    let consent = reads::consent(&context.db, id, season.consent_version).await?;
    Ok(SeasonDetail {
        season: Season::of(season, context.now()),
        projects: projects.into_iter().map(|project| project.slug).collect(),
        consent_version: season.consent_version,
        consent,
        rules: serde_json::from_str(&season.rules).unwrap_or_default(),
    })
}
