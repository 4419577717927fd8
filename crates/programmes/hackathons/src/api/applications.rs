use axum::{Json, extract::State};
use kernel::{Problem, Timestamp};
use platform::{
    Context,
    web::{Body, List, Paged, Query, WebError, bad_cursor},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Organizer,
    actions::{self, NewDecision},
    model::ApplicationId,
    reads::{self, ApplicationPart, ApplicationView},
    rules::{applications::Decision, invalid},
};

/// An answer to a question.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "question": "T-shirt size", "answer": "M" }))]
pub(super) struct Answer {
    /// The question as it was.
    #[schema(max_length = 200)]
    question: String,
    /// The answer.
    #[schema(max_length = 2_000)]
    answer: String,
}

impl From<Answer> for crate::rules::applications::ApplicationAnswer {
    fn from(it: Answer) -> Self {
        Self { question: it.question, answer: it.answer }
    }
}

pub(super) fn answers(application: &ApplicationView) -> Vec<Answer> {
    let answers = application.answers().into_iter();
    let answer = |it: crate::rules::applications::ApplicationAnswer| Answer {
        question: it.question,
        answer: it.answer,
    };
    answers.map(answer).collect()
}

/// An application, for organizers.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01900000-0000-7000-8000-000000000001", "login": "ada-lovelace", "status": "waitlisted",
    "status_at": "2026-10-20T08:00:00Z", "waitlist_rank": 6, "motivation": "I keep the berth book of our club.",
    "skills": ["rust"], "answers": [], "conduct_version": 1, "is_looking_for_team": true, "team": null,
    "reason": null, "applied_at": "2026-10-20T08:00:00Z"
}))]
pub(super) struct Application {
    /// The ID.
    id: Uuid,
    /// The person's login.
    login: String,
    /// `pending_review`, `auto_accepted`, `approved`, `waitlisted`, `rejected` or `withdrawn`.
    status: &'static str,
    /// When the status was reached.
    #[schema(value_type = String, format = DateTime)]
    status_at: Timestamp,
    /// The rank on the waitlist, which rises with each that joins it. Null for another status.
    waitlist_rank: Option<i64>,
    /// Why the person wants to take part.
    motivation: String,
    /// Their skills.
    skills: Vec<String>,
    /// The answers to the hackathon's questions.
    answers: Vec<Answer>,
    /// The version of the code of conduct that they accepted.
    conduct_version: i64,
    /// True if others see that they are looking for a team.
    is_looking_for_team: bool,
    /// The name of their team. Null without one.
    team: Option<String>,
    /// The reason of a rejection. Null without one.
    reason: Option<String>,
    /// When the person first applied.
    #[schema(value_type = String, format = DateTime)]
    applied_at: Timestamp,
}

impl From<ApplicationView> for Application {
    fn from(application: ApplicationView) -> Self {
        Self {
            id: application.id,
            status: application.status.as_str(),
            skills: application.skills(),
            answers: answers(&application),
            login: application.login,
            status_at: application.status_at,
            waitlist_rank: application.waitlist_rank,
            motivation: application.motivation,
            conduct_version: application.conduct_version,
            is_looking_for_team: application.is_looking_for_team,
            team: application.team,
            reason: application.reason,
            applied_at: application.created_at,
        }
    }
}

/// A part of the applications.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ApplicationQuery {
    /// A status, or `accepted` for all who hold a place. All applications if absent.
    #[param(value_type = String, required = false, max_length = 20, example = "waitlisted")]
    status: Option<String>,
    /// The number of items per page: 20 by default, at most 100.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 100, example = 20)]
    limit: Option<i64>,
    /// The `next_cursor` from the previous page.
    #[param(value_type = String, required = false)]
    cursor: Option<String>,
}

/// Lists the applications to a hackathon in the order in which people applied, or the waitlist in its order.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/applications",
    operation_id = "list_hackathon_applications",
    tag = "Hackathons",
    params(ApplicationQuery),
    responses(
        (status = 200, description = "A page of applications", body = List<Application>),
        (status = 422, description = "The status is not one of these")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["read"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Query(query): Query<ApplicationQuery>,
) -> Result<Paged<List<Application>>, WebError> {
    let page = platform::web::ListQuery { cursor: query.cursor.clone(), limit: query.limit };
    let limit = page.limit()?;
    let status = query.status.unwrap_or_default();
    let part = ApplicationPart::named(&status).ok_or_else(|| {
        let detail =
            format!("'{status}' is not a status of applications. See the API's description.");
        invalid("status", detail)
    })?;
    let after = query.cursor.as_deref().map(place).transpose()?;
    let found = reads::applications(&context.db, hackathon.key(), part, after, limit + 1).await?;
    let found = List::cut(found, limit, |application| application.id.to_string());
    Ok(Paged(found.map(Into::into)))
}

fn place(cursor: &str) -> Result<ApplicationId, Problem> {
    let id = Uuid::try_parse(cursor).map_err(|_| bad_cursor())?;
    Ok(id.into())
}

/// A decision about applications.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "decision": "approve", "applications": ["01900000-0000-7000-8000-000000000001"]
}))]
pub(super) struct DecisionInput {
    /// `approve` or `reject`.
    #[schema(max_length = 20)]
    decision: String,
    /// The IDs of the applications, in the order in which places are given.
    #[schema(min_items = 1, max_items = 200)]
    applications: Vec<Uuid>,
    /// The reason of a rejection, which the people see.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// The outcome of a decision.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "accepted": 1, "waitlisted": 0, "rejected": 0, "unchanged": 0 }))]
pub(super) struct DecisionOutcome {
    /// The number of people who got a place.
    accepted: usize,
    /// The number of people who went to the waitlist.
    waitlisted: usize,
    /// The number of people who were rejected.
    rejected: usize,
    /// The number of applications that the decision did not change.
    unchanged: usize,
}

/// Approves or rejects applications. Those on the waitlist move by themselves, so approving them changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/decisions",
    operation_id = "decide_hackathon_applications",
    tag = "Hackathons",
    request_body = DecisionInput,
    responses(
        (status = 200, description = "The outcome", body = DecisionOutcome),
        (status = 404, description = "No hackathon that you may see has this slug, or it has no such application"),
        (status = 409, description = "The hackathon is completed, archived or canceled"),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn decide(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Body(body): Body<DecisionInput>,
) -> Result<Json<DecisionOutcome>, WebError> {
    let decision = Decision::named(&body.decision).ok_or_else(|| {
        let detail = format!("'{}' is not a decision. Use approve or reject.", body.decision);
        invalid("decision", detail)
    })?;
    let new = NewDecision {
        decision,
        applications: body.applications.into_iter().map(Into::into).collect(),
        reason: body.reason.unwrap_or_default(),
    };
    let decided = actions::decide(&context, viewer.actor(), &hackathon.slug, &new).await?;
    Ok(Json(DecisionOutcome {
        accepted: decided.accepted,
        waitlisted: decided.waitlisted,
        rejected: decided.rejected,
        unchanged: decided.unchanged,
    }))
}
