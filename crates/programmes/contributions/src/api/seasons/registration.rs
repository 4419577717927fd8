use axum::{Json, extract::State, http::StatusCode};
use identity::access::SignedIn;
use kernel::{Problem, Timestamp};
use platform::{
    Context,
    web::{Body, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::PublicSeason,
    actions::{self, RegistrationInput},
    reads,
};

/// Your registration for a season.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "state": "in", "timezone": "Europe/Berlin", "consent_version": 1, "shares_email": false,
    "registered_at": "2026-09-20T08:00:00Z", "withdrawn_at": null
}))]
pub(super) struct Registration {
    /// `in`, `warned` or `disqualified`.
    state: &'static str,
    /// The name of the time zone that decides your days, which stays for the season.
    timezone: String,
    /// The version of the consent text that you agreed to.
    consent_version: i64,
    /// True if organizers may see your email address.
    shares_email: bool,
    /// When you registered.
    #[schema(value_type = String, format = DateTime)]
    registered_at: Timestamp,
    /// When you withdrew. Null if you take part.
    #[schema(value_type = Option<String>, format = DateTime)]
    withdrawn_at: Option<Timestamp>,
}

impl From<reads::Registration> for Registration {
    fn from(registration: reads::Registration) -> Self {
        Self {
            state: registration.state.code(),
            timezone: registration.timezone,
            consent_version: registration.consent_version,
            shares_email: registration.shares_email,
            registered_at: registration.registered_at,
            withdrawn_at: registration.withdrawn_at,
        }
    }
}

/// Returns your registration for a season.
#[utoipa::path(
    get,
    path = "/api/v1/me/seasons/{slug}",
    operation_id = "get_season_registration",
    tag = "Seasons",
    responses(
        (status = 200, description = "Your registration", body = Registration),
        (status = 404, description = "No published season has this slug, or you are not registered")
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn registration(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    PublicSeason(season): PublicSeason,
) -> Result<Json<Registration>, WebError> {
    let found = reads::registration(&context.db, season.id.into(), viewer.user_id).await?;
    let none = || Problem::not_found(format!("You are not registered for {}.", season.name));
    Ok(Json(found.ok_or_else(none)?.into()))
}

/// Your consent when you register.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "consent_version": 1, "shares_email": false }))]
pub(super) struct RegistrationBody {
    /// The version of the consent text that you agree to.
    #[schema(minimum = 1)]
    consent_version: i64,
    /// True if organizers may see your email address, for prizes.
    #[serde(default)]
    shares_email: bool,
}

/// Registers you for a season, with the time zone of your settings. Registering again changes what you agreed to.
#[utoipa::path(
    put,
    path = "/api/v1/me/seasons/{slug}",
    operation_id = "register_for_season",
    tag = "Seasons",
    request_body = RegistrationBody,
    responses(
        (status = 200, description = "Your registration", body = Registration),
        (status = 404, description = "No published season has this slug"),
        (status = 409, description = "Registration is closed, the consent text changed, or you are disqualified")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn register(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(slug): Path<String>,
    Body(body): Body<RegistrationBody>,
) -> Result<Json<Registration>, WebError> {
    let input = RegistrationInput {
        consent_version: body.consent_version,
        shares_email: body.shares_email,
        timezone: String::new(),
    };
    let registered = actions::register(&context, viewer.user_id, &slug, &input).await?;
    Ok(Json(registered.into()))
}

/// Withdraws you from a season: your points no longer count there.
#[utoipa::path(
    delete,
    path = "/api/v1/me/seasons/{slug}",
    operation_id = "withdraw_from_season",
    tag = "Seasons",
    responses(
        (status = 204, description = "You do not take part"),
        (status = 404, description = "No published season has this slug"),
        (status = 409, description = "You are not registered, or the results are final")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn withdraw(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(slug): Path<String>,
) -> Result<StatusCode, WebError> {
    actions::withdraw(&context, viewer.user_id, &slug).await?;
    Ok(StatusCode::NO_CONTENT)
}
