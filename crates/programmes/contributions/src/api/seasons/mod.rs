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
    web::{List, ListQuery, Page, Paged, Query, WebError},
};
use serde::Serialize;
use utoipa::ToSchema;
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
        .routes(routes!(projects::publish_rules))
        .routes(routes!(participants::add_organizer, participants::remove_organizer))
        .routes(routes!(participants::participants))
        .routes(routes!(sanctions::sanctions, sanctions::sanction))
        .routes(routes!(sanctions::lift))
        .routes(routes!(registration::registration, registration::register, registration::withdraw))
        .routes(routes!(report::report))
        .routes(routes!(results::results))
        .routes(routes!(results::prizes))
}

/// Seasons, latest first day first.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "items": [{
        "slug": "autumn-2026", "name": "Autumn 2026", "description": "Four merged pull requests.", "state": "running",
        "first_day": "2026-10-01", "last_day": "2026-10-31", "registration_first_day": "2026-09-15",
        "registration_last_day": "2026-10-31", "takes_registrations": true, "goal": 4, "is_registered_only": true,
        "final_at": null
    }],
    "next_cursor": "2026-10-01 autumn-2026"
}))]
struct SeasonList {
    items: Vec<Season>,
    /// Pass it as `cursor` to get the next page. Null on the last page.
    next_cursor: Option<String>,
}

impl Page for SeasonList {
    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref()
    }
}

/// Lists published seasons, latest first day first.
#[utoipa::path(
    get,
    path = "/api/v1/seasons",
    operation_id = "list_seasons",
    tag = "Seasons",
    params(ListQuery),
    responses(
        (status = 200, description = "A page of seasons", body = SeasonList),
    )
)]
async fn seasons(
    State(context): State<Context>,
    Query(query): Query<ListQuery>,
) -> Result<Paged<SeasonList>, WebError> {
    let (limit, now) = (query.limit()?, context.now());
    let after = query.cursor.as_deref();
    let found = reads::seasons(&context.db, SeasonPart::Public, after, limit + 1).await?;
    let found =
        List::cut(found, limit, |season| format!("{} {}", season.days().first, season.slug));
    let items = found.items.iter();
    Ok(Paged(SeasonList {
        items: items.map(|season| Season::of(season, now)).collect(),
        next_cursor: found.next_cursor,
    }))
}

/// Returns a published season with its projects and its consent text.
#[utoipa::path(
    get,
    path = "/api/v1/seasons/{slug}",
    operation_id = "get_season",
    tag = "Seasons",
    params(("slug" = String, Path, description = "The season's slug", example = "autumn")),
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
