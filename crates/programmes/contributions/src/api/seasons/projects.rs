use axum::{Json, extract::State, http::StatusCode};
use platform::{
    Context,
    web::{All, Path, WebError},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::Organizer,
    actions::{RulesOutcome, add_season_project, publish_season_rules, remove_season_project},
};

/// Adds a project to a season, so that its points count there. Does nothing if it belongs to it.
#[utoipa::path(
    put,
    path = "/api/v1/seasons/{slug}/projects/{project}",
    operation_id = "add_season_project",
    tag = "Seasons",
    responses(
        (status = 204, description = "The project belongs to the season"),
        (status = 409, description = "The season is final or canceled")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn add(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
    Path((_, project)): Path<(String, String)>,
) -> Result<StatusCode, WebError> {
    add_season_project(&context, viewer.actor(), &season.slug, &project).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a project from a season. Does nothing if it does not belong to it.
#[utoipa::path(
    delete,
    path = "/api/v1/seasons/{slug}/projects/{project}",
    operation_id = "remove_season_project",
    tag = "Seasons",
    responses(
        (status = 204, description = "The project does not belong to the season"),
        (status = 409, description = "The season is final or canceled")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn remove(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
    Path((_, project)): Path<(String, String)>,
) -> Result<StatusCode, WebError> {
    remove_season_project(&context, viewer.actor(), &season.slug, &project).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The result of publishing in a project.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RulesOutcome, example = json!({ "project": "lantern", "version": 2, "reason": null }))]
pub(super) struct RulesOutcomeView {
    /// The project's slug.
    project: String,
    /// The version that was published. Null if none was.
    version: Option<i64>,
    /// The reason why none was published.
    reason: Option<String>,
}

impl From<RulesOutcome> for RulesOutcomeView {
    fn from(outcome: RulesOutcome) -> Self {
        Self { project: outcome.project, version: outcome.version, reason: outcome.reason }
    }
}

/// Publishes the season's rules as a new version of the rules of each of its projects that you maintain.
#[utoipa::path(
    post,
    path = "/api/v1/seasons/{slug}/publish-rules",
    operation_id = "publish_season_rules",
    tag = "Seasons",
    responses(
        (status = 200, description = "What was published in each project, by slug", body = All<RulesOutcomeView>)
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn publish_rules(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
) -> Result<Json<All<RulesOutcomeView>>, WebError> {
    let outcomes = publish_season_rules(&context, Some(&viewer), &season.slug).await?;
    Ok(Json(All::of(outcomes)))
}
