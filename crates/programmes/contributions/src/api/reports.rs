use axum::{Json, extract::State};
use identity::access::SignedIn;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{Body, Created, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    actions,
    model::{FlagState, ReportReason},
    reads::{self, OwnReport},
};

/// A report of a pull request or a repository.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReportInput, example = json!({
    "repository": "octo-org/lantern", "number": 7, "reason": "spam", "words": "The same change in nine repositories."
}))]
pub(super) struct Input {
    /// The repository, as `owner/name`.
    #[schema(min_length = 3, max_length = 140)]
    repository: String,
    /// The number of the pull request. Absent to report the repository.
    #[serde(default)]
    #[schema(minimum = 1)]
    number: Option<i64>,
    /// The reason: `spam`, `copied`, `junk_repository`, `gamed_reviews` or `other`.
    #[schema(pattern = "^(spam|copied|junk_repository|gamed_reviews|other)$")]
    reason: String,
    /// A description for the moderators. Required by `other`.
    #[serde(default)]
    #[schema(max_length = 2000)]
    words: Option<String>,
}

impl Input {
    fn read(self) -> Result<actions::ReportInput, Problem> {
        Ok(actions::ReportInput {
            reason: reason(&self.reason)?,
            repository: self.repository,
            number: self.number,
            words: self.words.unwrap_or_default(),
        })
    }
}

/// Reads a reason.
///
/// # Errors
/// When it is unknown.
fn reason(code: &str) -> Result<ReportReason, Problem> {
    ReportReason::named(code).ok_or_else(|| {
        let codes = ReportReason::ALL.map(ReportReason::as_str).join(", ");
        let detail = format!("The reason is '{code}'. Use one of {codes}.");
        Problem::new(ProblemKind::Invalid, "BAD_REPORT", detail).at("reason")
    })
}

/// A report that you made.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Report, example = json!({
    "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "reason": "spam", "words": null, "state": "open",
    "reported_at": "2026-11-01T03:20:00Z"
}))]
pub(super) struct View {
    /// The report's ID.
    id: Uuid,
    /// The reason.
    reason: ReportReason,
    /// The description.
    words: Option<String>,
    /// The state: open until a moderator confirms or dismisses it.
    state: FlagState,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    reported_at: Timestamp,
}

impl From<OwnReport> for View {
    fn from(report: OwnReport) -> Self {
        Self {
            id: report.id,
            reason: report.reason,
            words: report.words,
            state: report.state,
            reported_at: report.reported_at,
        }
    }
}

/// Reports a pull request or a repository to the moderators. You are notified of the outcome. Moderators see who reported, no
/// one else does.
#[utoipa::path(
    post,
    path = "/api/v1/reports",
    operation_id = "create_report",
    tag = "Fair play",
    params(IdempotencyKey),
    request_body = Input,
    responses(
        (status = 201, description = "The report", body = View),
        (status = 404, description = "No project has this repository or pull request"),
        (status = 409, description = "You already reported it"),
        (status = 422, description = "The reason is unknown, or the description is missing or too long"),
        (status = 429, description = "You reported 20 times within 24 hours")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn create(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Body(input): Body<Input>,
) -> Result<Created<View>, WebError> {
    let person = viewer.user_id;
    let id = actions::report(&context, person, &input.read()?).await?;
    let found = reads::own_report(&context.db, person, id).await?;
    Ok(Created {
        location: format!("/api/v1/reports/{id}"),
        body: found.ok_or_else(|| unknown(id))?.into(),
    })
}

/// Returns a report that you made, with its state.
#[utoipa::path(
    get,
    path = "/api/v1/reports/{id}",
    operation_id = "get_report",
    tag = "Fair play",
    responses((status = 200, description = "The report", body = View)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn one(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<View>, WebError> {
    let found = reads::own_report(&context.db, viewer.user_id, id).await?;
    Ok(Json(found.ok_or_else(|| unknown(id))?.into()))
}

fn unknown(id: Uuid) -> Problem {
    Problem::not_found(format!("You made no report with the ID {id}."))
}
