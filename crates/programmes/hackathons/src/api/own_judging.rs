use axum::{Json, extract::State, http::StatusCode};
use kernel::Timestamp;
use platform::{
    Context,
    web::{Body, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::Judge,
    actions::{self, ScoreInput},
    model::{AssignmentStatus, ConflictKind, SubmissionId},
    reads::{self, OwnAssignment},
    rules::{
        invalid,
        judging::insertion::{InsertionStep, PairAnswer},
    },
};

/// A project of yours as a judge.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "submission": "01900000-0000-7000-8000-000000000001", "title": "Slack Water", "round": 1, "status": "judged",
    "status_at": "2026-11-25T14:02:00Z", "is_outdated": false, "levels": [4, 5, null], "team_note": "", "private_note": "Ask about rain."
}))]
struct OwnProject {
    /// The ID of the submission.
    submission: Uuid,
    /// The name of the project.
    title: String,
    /// The round of judging, from 1.
    round: i64,
    /// `open`, `judged`, `skipped`, `busy`, `absent` or `conflict`.
    status: &'static str,
    /// When the status was reached.
    #[schema(value_type = String, format = DateTime)]
    status_at: Timestamp,
    /// True if the team submitted a version after you scored it.
    is_outdated: bool,
    /// Your levels, in the order of the criteria. Null for one that is not rated.
    levels: Vec<Option<i64>>,
    /// Your note to the team, which reads it with the results.
    team_note: String,
    /// Your note that only you read.
    private_note: String,
}

impl From<OwnAssignment> for OwnProject {
    fn from(own: OwnAssignment) -> Self {
        Self {
            status: own.status.as_str(),
            is_outdated: own.is_outdated(),
            levels: own.levels(),
            team_note: own.team_note().to_owned(),
            private_note: own.private_note().to_owned(),
            submission: own.submission_id,
            title: own.title,
            round: own.round,
            status_at: own.status_at,
        }
    }
}

/// Your projects as a judge of a hackathon.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "round": 1, "items": [], "order": [] }))]
pub(super) struct OwnJudging {
    /// The round of judging, from 1.
    round: i64,
    /// The projects of all rounds, in the order in which you got them. Those of earlier rounds no longer change.
    items: Vec<OwnProject>,
    /// Your order of the projects of this round, the best first. Empty if judges score criteria.
    order: Vec<Uuid>,
}

/// Returns your projects as a judge of a hackathon.
#[utoipa::path(
    get,
    path = "/api/v1/me/hackathons/{slug}/judging",
    operation_id = "list_own_judging",
    tag = "Hackathons",
    responses((status = 200, description = "Your projects", body = OwnJudging)),
    security(("session" = ["judge"]), ("bearer" = ["read"]))
)]
pub(super) async fn get(
    State(context): State<Context>,
    judge: Judge,
) -> Result<Json<OwnJudging>, WebError> {
    let (db, id, person) = (&context.db, judge.hackathon.key(), judge.viewer.user_id);
    let own = reads::own_assignments(db, id, person).await?;
    let round = reads::current_round(db, id).await?.number;
    Ok(Json(OwnJudging {
        round,
        items: own.into_iter().map(OwnProject::from).collect(),
        order: reads::ranking(db, id, round, person).await?.places,
    }))
}

/// The project that you judge next.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "submission": "01900000-0000-7000-8000-000000000001" }))]
pub(super) struct NextProject {
    /// The ID of the submission.
    submission: Uuid,
}

/// A request for a project.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "extra": false }))]
pub(super) struct NextInput {
    /// True to get a project that has enough scores.
    #[serde(default)]
    extra: bool,
}

/// Gives you the next project to judge, or the one that you have: the one with the fewest looks, at which no other judge is.
#[utoipa::path(
    post,
    path = "/api/v1/me/hackathons/{slug}/judging",
    operation_id = "next_project_to_judge",
    tag = "Hackathons",
    request_body = NextInput,
    responses(
        (status = 200, description = "The project", body = NextProject),
        (status = 409, description = "Judging is not open, there are no criteria, or no project is left for you")
    ),
    security(("session" = ["judge"]), ("bearer" = ["write"]))
)]
pub(super) async fn next(
    State(context): State<Context>,
    Judge { viewer, hackathon, .. }: Judge,
    Body(body): Body<NextInput>,
) -> Result<Json<NextProject>, WebError> {
    let person = viewer.user_id;
    let next = actions::next_project(&context, person, &hackathon.slug, body.extra).await?;
    Ok(Json(NextProject { submission: next.0 }))
}

/// Your score of a project.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "levels": [4, 5], "team_note": "The dial is readable.", "private_note": "", "is_draft": false }))]
pub(super) struct ScoreBody {
    /// The levels, in the order of the criteria. Null for one that is not rated. Empty if judges rank.
    #[serde(default)]
    #[schema(max_items = 10)]
    levels: Vec<Option<i64>>,
    /// A note to the team, which reads it with the results.
    #[serde(default)]
    #[schema(max_length = 2_000)]
    team_note: String,
    /// A note that only you read.
    #[serde(default)]
    #[schema(max_length = 2_000)]
    private_note: String,
    /// True to save a draft, which does not count yet.
    #[serde(default)]
    is_draft: bool,
}

/// Saves your score of a project and your notes. You can change them until judging closes.
#[utoipa::path(
    put,
    path = "/api/v1/me/hackathons/{slug}/judging/{submission}/score",
    operation_id = "score_project",
    tag = "Hackathons",
    request_body = ScoreBody,
    responses(
        (status = 204, description = "The score is saved"),
        (status = 409, description = "Judging is not open, or you put the project aside"),
        (status = 422, description = "A level is missing, or a field is not valid")
    ),
    security(("session" = ["judge"]), ("bearer" = ["write"]))
)]
pub(super) async fn score(
    State(context): State<Context>,
    Judge { viewer, hackathon, .. }: Judge,
    Path((_, submission)): Path<(String, SubmissionId)>,
    Body(body): Body<ScoreBody>,
) -> Result<StatusCode, WebError> {
    let input = ScoreInput {
        levels: body.levels,
        team_note: body.team_note,
        private_note: body.private_note,
        is_draft: body.is_draft,
    };
    actions::score(&context, viewer.user_id, &hackathon.slug, submission, &input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The status of a project with you.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "status": "skipped" }))]
pub(super) struct StatusInput {
    /// `skipped`, `busy` (its team had no time; you get it again in a few minutes) or `absent`. `open` takes it back.
    #[schema(max_length = 20)]
    status: String,
}

/// Puts a project aside, or takes it back.
#[utoipa::path(
    put,
    path = "/api/v1/me/hackathons/{slug}/judging/{submission}/status",
    operation_id = "set_judging_status",
    tag = "Hackathons",
    request_body = StatusInput,
    responses(
        (status = 204, description = "The project has the status"),
        (status = 409, description = "Judging is not open, you do not have the project, or you have another one"),
        (status = 422, description = "The status is not one of these")
    ),
    security(("session" = ["judge"]), ("bearer" = ["write"]))
)]
pub(super) async fn set_status(
    State(context): State<Context>,
    Judge { viewer, hackathon, .. }: Judge,
    Path((_, submission)): Path<(String, SubmissionId)>,
    Body(body): Body<StatusInput>,
) -> Result<StatusCode, WebError> {
    let (person, slug) = (viewer.user_id, &hackathon.slug);
    let status = AssignmentStatus::named(&body.status).ok_or_else(|| {
        let detail =
            format!("'{}' is not a status. Use skipped, busy, absent or open.", body.status);
        invalid("status", detail)
    })?;
    match status {
        AssignmentStatus::Open => actions::reopen(&context, person, slug, submission).await?,
        aside => actions::set_aside(&context, person, slug, submission, aside).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}

/// A conflict of interest.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "kind": "work", "detail": "" }))]
pub(super) struct ConflictInput {
    /// `work`: you work or study with a member. `family`: family or friend. `helped`: you helped with the project. `other`.
    #[schema(max_length = 20)]
    kind: String,
    /// A detail that organizers read.
    #[serde(default)]
    #[schema(max_length = 300)]
    detail: String,
}

/// Declares your conflict of interest with a project. This deletes your score of the project, and other judges get the project instead.
#[utoipa::path(
    put,
    path = "/api/v1/me/hackathons/{slug}/judging/{submission}/conflict",
    operation_id = "declare_judging_conflict",
    tag = "Hackathons",
    request_body = ConflictInput,
    responses(
        (status = 204, description = "The conflict is declared"),
        (status = 404, description = "No hackathon that you may see has this slug, or the submission is unknown"),
        (status = 409, description = "Judging is not open"),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = ["judge"]), ("bearer" = ["write"]))
)]
pub(super) async fn declare(
    State(context): State<Context>,
    Judge { viewer, hackathon, .. }: Judge,
    Path((_, submission)): Path<(String, SubmissionId)>,
    Body(body): Body<ConflictInput>,
) -> Result<StatusCode, WebError> {
    let kind = ConflictKind::named(&body.kind).ok_or_else(|| {
        let detail = format!("'{}' is not a kind. Use work, family, helped or other.", body.kind);
        invalid("kind", detail)
    })?;
    let (person, slug) = (viewer.user_id, &hackathon.slug);
    actions::declare_conflict(&context, person, slug, submission, kind, body.detail.as_str())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A comparison with another project of your order. Without one, the request asks for the pair to compare.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "other": "01900000-0000-7000-8000-000000000002", "answer": "better" }))]
pub(super) struct ComparisonInput {
    /// The other project, as the last response named it.
    #[serde(default)]
    other: Option<Uuid>,
    /// `better` if the project is better than the other one, `worse`, or `undecided`.
    #[serde(default)]
    #[schema(max_length = 20)]
    answer: String,
}

/// The next step of placing a project in your order.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "other": "01900000-0000-7000-8000-000000000002", "place": null }))]
pub(super) struct NextStep {
    /// The project to compare it with next. Null once it has a place.
    other: Option<Uuid>,
    /// Its place in your order, from 1. Null until it has one.
    place: Option<usize>,
}

/// Compares a project with another one of your order, until it has its place.
#[utoipa::path(
    post,
    path = "/api/v1/me/hackathons/{slug}/judging/{submission}/comparisons",
    operation_id = "compare_project",
    tag = "Hackathons",
    request_body = ComparisonInput,
    responses(
        (status = 200, description = "The next step", body = NextStep),
        (status = 409, description = "Judging is not open, judges score criteria, or you are asked about another pair"),
        (status = 422, description = "The answer is not one of these")
    ),
    security(("session" = ["judge"]), ("bearer" = ["write"]))
)]
pub(super) async fn compare(
    State(context): State<Context>,
    Judge { viewer, hackathon, .. }: Judge,
    Path((_, submission)): Path<(String, SubmissionId)>,
    Body(body): Body<ComparisonInput>,
) -> Result<Json<NextStep>, WebError> {
    let answer = |other| {
        let unknown = || {
            let detail =
                format!("'{}' is not an answer. Use better, worse or undecided.", body.answer);
            invalid("answer", detail)
        };
        PairAnswer::named(&body.answer).map(|answer| (other, answer)).ok_or_else(unknown)
    };
    let compared = body.other.map(answer).transpose()?;
    let (person, slug) = (viewer.user_id, &hackathon.slug);
    let step = actions::compare(&context, person, slug, submission, compared).await?;
    Ok(Json(match step {
        InsertionStep::Ask(other) => NextStep { other: Some(other), place: None },
        InsertionStep::Place(place) => NextStep { other: None, place: Some(place + 1) },
    }))
}
