use axum::{Extension, Json, extract::State, http::StatusCode};
use kernel::Problem;
use platform::{
    Context,
    web::{Body, WebError},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Submission;
use crate::{
    access::Insider,
    actions, reads,
    rules::{repository_address::CodeSites, submissions::SubmissionInput},
};

/// Returns the submission of you and your team, with the latest report of its checks.
#[utoipa::path(
    get,
    path = "/api/v1/me/hackathons/{slug}/submission",
    operation_id = "get_own_submission",
    tag = "Hackathons",
    responses(
        (status = 200, description = "Your submission", body = Submission),
        (status = 404, description = "No hackathon that you may see has this slug, or you have no submission")
    ),
    security(("session" = ["participant"]), ("bearer" = ["read"]))
)]
pub(in super::super) async fn submission(
    State(context): State<Context>,
    insider: Insider,
) -> Result<Json<Submission>, WebError> {
    let hackathon = &insider.hackathon;
    let participation =
        reads::participation(&context.db, hackathon, insider.viewer.user_id).await?;
    let none = || Problem::not_found(format!("You have not submitted to {}.", hackathon.title));
    let own = participation.submission.ok_or_else(none)?;
    Ok(Json(Submission::detailed(&context, own, hackathon).await?))
}

/// Your submission.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "Gannet", "summary": "A berth list that works offline.",
    "repository": "https://github.com/gannet-crew/berthlist"
}))]
pub(in super::super) struct SubmissionBody {
    /// The name of the project.
    #[schema(min_length = 1, max_length = 100)]
    title: String,
    /// The description, as Markdown. Required unless it is a draft.
    #[serde(default)]
    #[schema(max_length = 4_000)]
    summary: String,
    /// The repository: its address at a code host that the server reads, or `owner/name` on GitHub. Required unless it is a draft.
    #[serde(default)]
    #[schema(max_length = 500)]
    repository: String,
    /// The branch. The default branch if absent.
    #[serde(default)]
    #[schema(max_length = 200)]
    branch: String,
    /// The address of a demo.
    #[serde(default)]
    #[schema(max_length = 500)]
    demo_url: String,
    /// The address of a video.
    #[serde(default)]
    #[schema(max_length = 500)]
    video_url: String,
    /// Up to ten technologies, separated by commas.
    #[serde(default)]
    #[schema(max_length = 300)]
    technologies: String,
    /// The slugs of up to three tracks of the hackathon.
    #[serde(default)]
    #[schema(max_items = 3)]
    tracks: Vec<String>,
    /// True to save a draft, which only your team sees, instead of submitting.
    #[serde(default)]
    is_draft: bool,
}

/// Submits a version for you and your team, or saves a draft. Earlier versions are kept, and the checks begin.
#[utoipa::path(
    put,
    path = "/api/v1/me/hackathons/{slug}/submission",
    operation_id = "submit_to_hackathon",
    tag = "Hackathons",
    request_body = SubmissionBody,
    responses(
        (status = 200, description = "Your submission", body = Submission),
        (status = 403, description = "You do not take part, or have no place"),
        (status = 409, description = "Submissions are not open, the team is too small, or a draft comes after a version"),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(in super::super) async fn submit(
    State(context): State<Context>,
    Extension(sites): Extension<CodeSites>,
    insider: Insider,
    Body(body): Body<SubmissionBody>,
) -> Result<Json<Submission>, WebError> {
    let (person, hackathon) = (insider.viewer.user_id, &insider.hackathon);
    let input = SubmissionInput {
        title: body.title,
        summary: body.summary,
        repository: body.repository,
        branch: body.branch,
        demo_url: body.demo_url,
        video_url: body.video_url,
        technologies: body.technologies,
        sites,
        tracks: body.tracks,
    };
    let saved = if body.is_draft {
        actions::save_submission(&context, person, &hackathon.slug, &input).await?
    } else {
        actions::submit(&context, person, &hackathon.slug, &input).await?
    };
    Ok(Json(Submission::detailed(&context, saved, hackathon).await?))
}

/// Withdraws the submission of you and your team. All versions are kept.
#[utoipa::path(
    delete,
    path = "/api/v1/me/hackathons/{slug}/submission",
    operation_id = "withdraw_submission",
    tag = "Hackathons",
    responses(
        (status = 204, description = "The submission is withdrawn"),
        (status = 403, description = "You do not take part, or have no place"),
        (status = 409, description = "Nothing was submitted, or submissions are closed")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(in super::super) async fn withdraw(
    State(context): State<Context>,
    insider: Insider,
) -> Result<StatusCode, WebError> {
    let slug = &insider.hackathon.slug;
    actions::withdraw_submission(&context, insider.viewer.user_id, slug).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Has the submission of you and your team checked again.
#[utoipa::path(
    post,
    path = "/api/v1/me/hackathons/{slug}/submission/checks",
    operation_id = "check_submission",
    tag = "Hackathons",
    responses(
        (status = 202, description = "The checks begin"),
        (status = 403, description = "You do not take part, or have no place"),
        (status = 409, description = "Nothing was submitted")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(in super::super) async fn check(
    State(context): State<Context>,
    insider: Insider,
) -> Result<StatusCode, WebError> {
    let slug = &insider.hackathon.slug;
    actions::check_again(&context, insider.viewer.user_id, slug).await?;
    Ok(StatusCode::ACCEPTED)
}

/// An appeal.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "appeal": "The shared files are a template that the organizers gave us." }))]
pub(in super::super) struct AppealBody {
    /// Why the submission should take part again.
    #[schema(min_length = 1, max_length = 1_000)]
    appeal: String,
}

/// Appeals against the disqualification of your submission. Organizers read it.
#[utoipa::path(
    put,
    path = "/api/v1/me/hackathons/{slug}/submission/appeal",
    operation_id = "appeal_disqualification",
    tag = "Hackathons",
    request_body = AppealBody,
    responses(
        (status = 200, description = "Your submission", body = Submission),
        (status = 403, description = "You do not take part, or have no place"),
        (status = 409, description = "The submission is not disqualified, or the hackathon is over"),
        (status = 422, description = "The text is missing or too long")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(in super::super) async fn appeal(
    State(context): State<Context>,
    insider: Insider,
    Body(body): Body<AppealBody>,
) -> Result<Json<Submission>, WebError> {
    let (person, hackathon) = (insider.viewer.user_id, &insider.hackathon);
    let written = actions::appeal(&context, person, &hackathon.slug, &body.appeal).await?;
    Ok(Json(Submission::detailed(&context, written, hackathon).await?))
}
