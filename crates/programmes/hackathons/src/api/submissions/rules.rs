use axum::{Json, extract::State, http::StatusCode};
use platform::{
    Context,
    web::{Body, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::Organizer,
    actions::{self, NewDeadline, SettingsInput},
    reads,
    rules::{instants::instant, reminders},
};

/// The requirements of a hackathon for submissions.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "refuses_late": false, "required_files": ["demo.md"], "reminders": "7 d, 24 h, 6 h, 1 h",
    "workflow_event": null
}))]
pub(in super::super) struct SubmissionSettings {
    /// True if it refuses late submissions.
    refuses_late: bool,
    /// The required files besides the README and the license, as paths.
    #[schema(max_items = 20)]
    required_files: Vec<String>,
    /// The times before the deadline at which people without a submission are reminded, such as `7 d, 24 h, 30 min`.
    #[schema(max_length = 100)]
    reminders: String,
    /// The type of the event `repository_dispatch` that starts the hackathon's own checks in a team's repository on GitHub:
    /// `hackathon-` and a name. Null for none.
    #[serde(default)]
    #[schema(max_length = 100)]
    workflow_event: Option<String>,
}

async fn stored(
    context: &Context,
    hackathon: &reads::HackathonView,
) -> Result<SubmissionSettings, WebError> {
    let settings = reads::submission_settings(&context.db, hackathon.key()).await?;
    Ok(SubmissionSettings {
        refuses_late: settings.refuses_late,
        required_files: settings.required_files(),
        reminders: reminders::shown(&settings.reminders()),
        workflow_event: settings.workflow_event,
    })
}

/// Returns what a hackathon requires of submissions.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/submission-settings",
    operation_id = "get_submission_settings",
    tag = "Hackathons",
    responses((status = 200, description = "The requirements", body = SubmissionSettings)),
    security(("session" = ["organizer"]), ("bearer" = ["read"]))
)]
pub(in super::super) async fn settings(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
) -> Result<Json<SubmissionSettings>, WebError> {
    stored(&context, &hackathon).await.map(Json)
}

/// Changes what a hackathon requires of submissions.
#[utoipa::path(
    put,
    path = "/api/v1/hackathons/{slug}/submission-settings",
    operation_id = "set_submission_settings",
    tag = "Hackathons",
    request_body = SubmissionSettings,
    responses(
        (status = 200, description = "The requirements", body = SubmissionSettings),
        (status = 409, description = "The hackathon is completed, archived or canceled"),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(in super::super) async fn set_settings(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Body(body): Body<SubmissionSettings>,
) -> Result<Json<SubmissionSettings>, WebError> {
    let input = SettingsInput {
        refuses_late: body.refuses_late,
        required_files: body.required_files.join("\n"),
        reminders: body.reminders,
        workflow_event: body.workflow_event.unwrap_or_default(),
    };
    let (actor, slug) = (viewer.actor(), &hackathon.slug);
    actions::set_submission_settings(&context, actor, slug, &input).await?;
    stored(&context, &hackathon).await.map(Json)
}

/// A later deadline.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "closes_at": "2026-11-23T18:00:00Z", "reason": "The ferry was late." }))]
pub(in super::super) struct LaterDeadline {
    /// The deadline: after the end of submissions, by at most 30 days.
    #[schema(format = DateTime)]
    closes_at: String,
    /// The reason, which the team reads.
    #[schema(min_length = 1, max_length = 1_000)]
    reason: String,
}

/// Gives one team, or a person without a team, a later deadline. The members are notified.
#[utoipa::path(
    put,
    path = "/api/v1/hackathons/{slug}/deadlines/{name}",
    operation_id = "extend_deadline",
    tag = "Hackathons",
    request_body = LaterDeadline,
    responses(
        (status = 204, description = "The deadline is later"),
        (status = 409, description = "The hackathon is completed, archived or canceled, or the frozen submission has an award, a choice of the jury or a closed round"),
        (status = 422, description = "There is no such team or person, or a field is not valid")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(in super::super) async fn extend(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path((_, name)): Path<(String, String)>,
    Body(body): Body<LaterDeadline>,
) -> Result<StatusCode, WebError> {
    let new = NewDeadline {
        name,
        closes_at: instant("closes_at", &body.closes_at, hackathon.zone())?,
        reason: body.reason,
    };
    actions::extend_deadline(&context, viewer.user_id, &hackathon.slug, &new).await?;
    Ok(StatusCode::NO_CONTENT)
}
