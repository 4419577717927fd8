//! Check-in on site, for organizers.

use axum::{Json, extract::State, http::StatusCode};
use kernel::Timestamp;
use platform::{
    Context,
    web::{Body, Path, Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    access::Organizer,
    actions::{self, WalkIn},
    reads::{self, ApplicationView, CheckInView},
};

/// The maximum number of people in an answer.
const MOST: usize = 100;

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(list, check_in))
        .routes(routes!(undo))
        .routes(routes!(walk_in))
}

/// A person with a place.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "login": "ada-lovelace", "checked_in_at": "2026-11-14T09:00:00Z", "checked_in_by": "wren-oak"
}))]
struct CheckIn {
    /// The login.
    login: String,
    /// When they were checked in. Null before.
    #[schema(value_type = Option<String>, format = DateTime)]
    checked_in_at: Option<Timestamp>,
    /// The login of the person who checked them in. Null before.
    checked_in_by: Option<String>,
}

impl From<CheckInView> for CheckIn {
    fn from(view: CheckInView) -> Self {
        Self {
            login: view.login,
            checked_in_at: view.checked_in_at,
            checked_in_by: view.checked_in_by,
        }
    }
}

/// The people with a place.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "places": 40, "checked_in": 12, "items": [] }))]
struct CheckInList {
    /// The number of people with a place.
    places: i64,
    /// The number of them who are checked in.
    checked_in: i64,
    /// The people whom the search finds, by login, at most 100.
    items: Vec<CheckIn>,
}

/// The people to find.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// A part of a login, in any case.
    #[param(value_type = String, required = false, example = "ada")]
    search: Option<String>,
}

/// Lists the people with a place, by login, with the number of those who are checked in.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/check-ins",
    operation_id = "list_check_ins",
    tag = "Hackathons",
    params(SearchQuery),
    responses((status = 200, description = "The people", body = CheckInList)),
    security(("session" = ["organizer"]), ("bearer" = ["read"]))
)]
async fn list(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Query(query): Query<SearchQuery>,
) -> Result<Json<CheckInList>, WebError> {
    let (db, key) = (&context.db, hackathon.key());
    let counts = reads::check_in_counts(db, key).await?;
    let search = query.search.unwrap_or_default();
    let found = reads::check_ins(db, key, &search, MOST).await?;
    Ok(Json(CheckInList {
        places: counts.places,
        checked_in: counts.checked_in,
        items: found.into_iter().map(Into::into).collect(),
    }))
}

/// A person who was checked in.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "login": "ada-lovelace", "checked_in_at": "2026-11-14T09:00:00Z" }))]
struct CheckedIn {
    /// The login.
    login: String,
    /// When they were checked in.
    #[schema(value_type = Option<String>, format = DateTime)]
    checked_in_at: Option<Timestamp>,
}

impl From<ApplicationView> for CheckedIn {
    fn from(application: ApplicationView) -> Self {
        Self { login: application.login, checked_in_at: application.checked_in_at }
    }
}

/// The person to check in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "who": "K7WM-4RXT" }))]
struct CheckInBody {
    /// A check-in code, or a login.
    #[schema(min_length = 1, max_length = 64)]
    who: String,
}

/// Checks in a person with a place, by their code or login, from the day before submissions open until the hackathon is archived.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/check-ins",
    operation_id = "check_in",
    tag = "Hackathons",
    request_body = CheckInBody,
    responses(
        (status = 200, description = "The person is checked in", body = CheckedIn),
        (status = 404, description = "No hackathon that you may see has this slug, or no person of it has this code or login"),
        (status = 409, description = "The person is checked in or has no place, or it is too early or too late")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
async fn check_in(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path(_): Path<String>,
    Body(body): Body<CheckInBody>,
) -> Result<Json<CheckedIn>, WebError> {
    let slug = &hackathon.slug;
    let checked = actions::check_in(&context, viewer.actor(), slug, &body.who).await?;
    Ok(Json(checked.into()))
}

/// Undoes that a person was checked in.
#[utoipa::path(
    delete,
    path = "/api/v1/hackathons/{slug}/check-ins/{login}",
    operation_id = "undo_check_in",
    tag = "Hackathons",
    responses(
        (status = 204, description = "The person is not checked in"),
        (status = 404, description = "No hackathon that you may see has this slug, or the person did not apply to it"),
        (status = 409, description = "It is too early or too late, or several accounts have this login")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
async fn undo(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path((_, login)): Path<(String, String)>,
) -> Result<StatusCode, WebError> {
    actions::undo_check_in(&context, viewer.actor(), &hackathon.slug, &login).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A person who comes without a place.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "login": "ada-lovelace", "accepts_conduct": true }))]
struct WalkInBody {
    /// The login.
    #[schema(min_length = 1, max_length = 64)]
    login: String,
    /// True if the person accepts the code of conduct. Required for those who have not applied.
    #[serde(default)]
    accepts_conduct: bool,
    /// True if they may exceed the number of places.
    #[serde(default)]
    exceeds_capacity: bool,
}

/// Gives a place to a person who comes without one, and checks them in.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/walk-ins",
    operation_id = "add_walk_in",
    tag = "Hackathons",
    request_body = WalkInBody,
    responses(
        (status = 200, description = "The person has a place and is checked in", body = CheckedIn),
        (status = 404, description = "No hackathon that you may see has this slug, or the login is unknown"),
        (status = 409, description = "The person is checked in, rejected or in the staff, no place is free, or it is too early or too late"),
        (status = 422, description = "The person does not accept the code of conduct")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
async fn walk_in(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path(_): Path<String>,
    Body(body): Body<WalkInBody>,
) -> Result<Json<CheckedIn>, WebError> {
    let new = WalkIn {
        login: body.login,
        accepts_conduct: body.accepts_conduct,
        exceeds_capacity: body.exceeds_capacity,
    };
    let slug = &hackathon.slug;
    let checked = actions::walk_in(&context, viewer.actor(), slug, &new).await?;
    Ok(Json(checked.into()))
}
