use axum::{Json, extract::State, http::StatusCode};
use identity::access::SignedIn;
use kernel::{Problem, Timestamp};
use platform::{
    Context,
    web::{Body, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::applications::{Answer, answers};
use crate::{
    access::SeenHackathon,
    actions,
    reads::{self, ApplicationView},
    rules::applications::ApplicationInput,
};

/// Your application to a hackathon.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "status": "waitlisted", "status_at": "2026-10-20T08:00:00Z", "place": 6, "motivation": "I keep the berth book.",
    "skills": ["rust"], "answers": [], "conduct_version": 1, "is_looking_for_team": true, "team": null,
    "reason": null, "applied_at": "2026-10-20T08:00:00Z", "check_in_code": null, "checked_in_at": null,
    "confirmed_at": null
}))]
pub(super) struct OwnApplication {
    /// `pending_review`, `auto_accepted`, `approved`, `waitlisted`, `rejected` or `withdrawn`.
    status: &'static str,
    /// When the status was reached.
    #[schema(value_type = String, format = DateTime)]
    status_at: Timestamp,
    /// Your place on the waitlist, from 1. Null if you are not on it.
    place: Option<i64>,
    /// Why you want to take part.
    motivation: String,
    /// Your skills.
    skills: Vec<String>,
    /// Your answers to the hackathon's questions.
    answers: Vec<Answer>,
    /// The version of the code of conduct that you accepted.
    conduct_version: i64,
    /// True if others see that you are looking for a team.
    is_looking_for_team: bool,
    /// The name of your team. Null without one.
    team: Option<String>,
    /// The reason of a rejection. Null without one.
    reason: Option<String>,
    /// When you first applied.
    #[schema(value_type = String, format = DateTime)]
    applied_at: Timestamp,
    /// The code with which organizers check you in. Null without a place.
    check_in_code: Option<String>,
    /// When you were checked in. Null before.
    #[schema(value_type = Option<String>, format = DateTime)]
    checked_in_at: Option<Timestamp>,
    /// When you confirmed your place. Null before.
    #[schema(value_type = Option<String>, format = DateTime)]
    confirmed_at: Option<Timestamp>,
}

async fn view(context: &Context, application: ApplicationView) -> Result<OwnApplication, WebError> {
    Ok(OwnApplication {
        place: reads::place_on_waitlist(&context.db, &application).await?,
        status: application.status.as_str(),
        skills: application.skills(),
        answers: answers(&application),
        check_in_code: application.check_in_code().map(str::to_owned),
        checked_in_at: application.checked_in_at,
        confirmed_at: application.confirmed_at,
        status_at: application.status_at,
        motivation: application.motivation,
        conduct_version: application.conduct_version,
        is_looking_for_team: application.is_looking_for_team,
        team: application.team,
        reason: application.reason,
        applied_at: application.created_at,
    })
}

/// Returns your application to a hackathon.
#[utoipa::path(
    get,
    path = "/api/v1/me/hackathons/{slug}/application",
    operation_id = "get_hackathon_application",
    tag = "Hackathons",
    responses(
        (status = 200, description = "Your application", body = OwnApplication),
        (status = 404, description = "No hackathon that you may see has this slug, or you have not applied")
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn application(
    State(context): State<Context>,
    SignedIn(_): SignedIn,
    seen: SeenHackathon,
) -> Result<Json<OwnApplication>, WebError> {
    let title = &seen.hackathon.title;
    let none = || Problem::not_found(format!("You have not applied to {title}."));
    let own = seen.application.ok_or_else(none)?;
    view(&context, own).await.map(Json)
}

/// Your application.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "motivation": "I keep the berth book.", "skills": "rust, accessible forms", "conduct_version": 1,
    "is_looking_for_team": true
}))]
pub(super) struct ApplicationBody {
    /// Why you want to take part.
    #[serde(default)]
    #[schema(max_length = 2_000)]
    motivation: String,
    /// Your skills, separated by commas.
    #[serde(default)]
    #[schema(max_length = 300)]
    skills: String,
    /// Your answers, each with the question of the hackathon that it answers.
    #[serde(default)]
    #[schema(max_items = 10)]
    answers: Vec<Answer>,
    /// The version of the code of conduct that you accept.
    #[schema(minimum = 1)]
    conduct_version: i64,
    /// True if others may see that you are looking for a team.
    #[serde(default)]
    is_looking_for_team: bool,
    /// The code of the invitation link, for hackathons that are not public.
    #[serde(default)]
    invitation: String,
}

/// Applies to a hackathon, or changes your application.
#[utoipa::path(
    put,
    path = "/api/v1/me/hackathons/{slug}/application",
    operation_id = "apply_to_hackathon",
    tag = "Hackathons",
    request_body = ApplicationBody,
    responses(
        (status = 200, description = "Your application", body = OwnApplication),
        (status = 403, description = "The hackathon is for invited people"),
        (status = 409, description = "Applications are closed, the code of conduct changed, you are in the staff, or your application was rejected"),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn apply(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(slug): Path<String>,
    Body(body): Body<ApplicationBody>,
) -> Result<Json<OwnApplication>, WebError> {
    let input = ApplicationInput {
        motivation: body.motivation,
        skills: body.skills,
        answers: body.answers.into_iter().map(Into::into).collect(),
        conduct_version: body.conduct_version,
        is_looking_for_team: body.is_looking_for_team,
    };
    let person = viewer.user_id;
    let applied = actions::apply(&context, person, &slug, &body.invitation, &input).await?;
    view(&context, applied).await.map(Json)
}

/// Confirms your place, before the hackathon's `confirm_by`. Repeating it changes nothing.
#[utoipa::path(
    put,
    path = "/api/v1/me/hackathons/{slug}/application/confirmation",
    operation_id = "confirm_hackathon_place",
    tag = "Hackathons",
    responses(
        (status = 200, description = "Your application", body = OwnApplication),
        (status = 403, description = "You have no place"),
        (status = 409, description = "Places are not confirmed now, or the hackathon is over")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn confirm(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(slug): Path<String>,
) -> Result<Json<OwnApplication>, WebError> {
    let confirmed = actions::confirm_place(&context, viewer.user_id, &slug).await?;
    view(&context, confirmed).await.map(Json)
}

/// Withdraws your application: you leave your team, and your place goes to the waitlist.
#[utoipa::path(
    delete,
    path = "/api/v1/me/hackathons/{slug}/application",
    operation_id = "withdraw_from_hackathon",
    tag = "Hackathons",
    responses(
        (status = 204, description = "You do not take part"),
        (status = 403, description = "You have no open application"),
        (status = 409, description = "The hackathon is completed, archived or canceled")
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
