use axum::{extract::State, http::StatusCode};
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    Context,
    web::{List, ListQuery, Paged, Path, Query, WebError},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::{Organizer, SeasonAdmin},
    actions, reads,
};

/// Makes a person an organizer of a season. Does nothing if they already are one.
#[utoipa::path(
    put,
    path = "/api/v1/seasons/{slug}/organizers/{login}",
    operation_id = "add_season_organizer",
    tag = "Seasons",
    responses((status = 204, description = "The person organizes the season")),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn add_organizer(
    State(context): State<Context>,
    SeasonAdmin { viewer, season }: SeasonAdmin,
    Path((_, login)): Path<(String, String)>,
) -> Result<StatusCode, WebError> {
    actions::add_organizer(&context, viewer.actor(), &season.slug, &login).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes an organizer of a season. Does nothing if they are none.
#[utoipa::path(
    delete,
    path = "/api/v1/seasons/{slug}/organizers/{login}",
    operation_id = "remove_season_organizer",
    tag = "Seasons",
    responses((status = 204, description = "The person does not organize the season")),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn remove_organizer(
    State(context): State<Context>,
    SeasonAdmin { viewer, season }: SeasonAdmin,
    Path((_, login)): Path<(String, String)>,
) -> Result<StatusCode, WebError> {
    actions::remove_organizer(&context, viewer.actor(), &season.slug, &login).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A participant of a season.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "login": "wren-oak", "state": "in", "timezone": "Europe/Berlin", "consent_version": 1,
    "registered_at": "2026-09-20T08:00:00Z", "withdrawn_at": null
}))]
pub(super) struct Participant {
    /// The person's login.
    login: String,
    /// `in`, `warned` or `disqualified`.
    state: &'static str,
    /// The name of the time zone that decides the person's days.
    timezone: String,
    /// The version of the consent text that the person agreed to.
    consent_version: i64,
    /// When the person registered.
    #[schema(value_type = String, format = DateTime)]
    registered_at: Timestamp,
    /// When the person withdrew. Null if they take part.
    #[schema(value_type = Option<String>, format = DateTime)]
    withdrawn_at: Option<Timestamp>,
}

impl From<reads::ParticipantView> for Participant {
    fn from(view: reads::ParticipantView) -> Self {
        let registration = view.registration;
        Self {
            login: view.login,
            state: registration.state.code(),
            timezone: registration.timezone,
            consent_version: registration.consent_version,
            registered_at: registration.registered_at,
            withdrawn_at: registration.withdrawn_at,
        }
    }
}

/// Lists the participants of a season, in the order in which they registered.
#[utoipa::path(
    get,
    path = "/api/v1/seasons/{slug}/participants",
    operation_id = "list_season_participants",
    tag = "Seasons",
    params(ListQuery),
    responses((status = 200, description = "A page of participants", body = List<Participant>)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn participants(
    State(context): State<Context>,
    Organizer { season, .. }: Organizer,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Participant>>, WebError> {
    let limit = query.limit()?;
    let after = query.cursor.as_deref().map(Uuid::try_parse).transpose();
    let after = after.map_err(|_| {
        let detail = "The cursor is not one of this list. Start again without it.";
        Problem::new(ProblemKind::Malformed, "BAD_CURSOR", detail)
    })?;
    let id = season.id.into();
    let found = reads::participants_page(&context.db, id, after, limit + 1).await?;
    let found = List::cut(found, limit, |row| row.registration.id.to_string());
    Ok(Paged(found.map(Into::into)))
}
