use axum::{Json, extract::State, http::StatusCode};
use identity::access::SignedIn;
use kernel::Timestamp;
use platform::{
    Context,
    web::{Body, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::surveys::state;
use crate::{
    access::{SeenHackathon, not_surveyed},
    actions, reads,
    rules::surveys::{AnswerInput, Answers, GivenAnswer, GivenQuestion, SurveyQuestion, window},
};

/// A question of a survey.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "text": "Would you come again?", "kind": "one", "options": ["Yes", "No"], "is_required": true
}))]
pub(super) struct AskedQuestion {
    /// The question.
    #[schema(max_length = 200)]
    text: String,
    /// `scale` (1 to 5), `one`, `several` or `text`.
    kind: String,
    /// The options of `one` and `several`.
    #[serde(default)]
    #[schema(max_items = 10)]
    options: Vec<String>,
    /// True if it must be answered.
    #[serde(default)]
    is_required: bool,
}

impl From<SurveyQuestion> for AskedQuestion {
    fn from(it: SurveyQuestion) -> Self {
        let kind = it.kind.as_str().to_owned();
        Self { text: it.text, kind, options: it.options, is_required: it.is_required }
    }
}

impl From<AskedQuestion> for GivenQuestion {
    fn from(it: AskedQuestion) -> Self {
        Self { text: it.text, kind: it.kind, options: it.options, is_required: it.is_required }
    }
}

/// An answer to a question of a survey.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({ "question": 1, "scale": 5, "options": [], "text": "" }))]
pub(super) struct SurveyAnswer {
    /// The number of the question, from 1.
    #[schema(minimum = 1, maximum = 15)]
    question: usize,
    /// The number on a scale.
    #[schema(minimum = 1, maximum = 5)]
    scale: Option<i64>,
    /// The chosen options.
    #[schema(max_items = 10)]
    options: Vec<String>,
    /// The text.
    #[schema(max_length = 2_000)]
    text: String,
}

impl From<SurveyAnswer> for AnswerInput {
    fn from(it: SurveyAnswer) -> Self {
        Self { question: it.question, scale: it.scale, options: it.options, text: it.text }
    }
}

/// The survey to which you are invited.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "revision": 1, "state": "open", "closes_at": "2026-12-14T18:00:00Z",
    "questions": [{ "text": "How was it?", "kind": "scale", "options": [], "is_required": true }],
    "answers": [{ "question": 1, "scale": 5, "options": [], "text": "" }]
}))]
pub(super) struct OwnSurvey {
    /// The number of times that the questions were written.
    revision: i64,
    /// `open` or `closed`.
    state: &'static str,
    /// When it closes. Null unless it is open.
    #[schema(value_type = Option<String>, format = DateTime)]
    closes_at: Option<Timestamp>,
    /// The questions.
    questions: Vec<AskedQuestion>,
    /// Your answers; empty before you answered, and once the survey is closed and counted.
    answers: Vec<SurveyAnswer>,
}

/// Returns the answers as they were sent.
fn sent(questions: &[SurveyQuestion], answers: Answers) -> Vec<SurveyAnswer> {
    let answer = |((question, number), given): ((&SurveyQuestion, usize), Option<GivenAnswer>)| {
        let empty = SurveyAnswer { question: number, ..SurveyAnswer::default() };
        Some(match given? {
            GivenAnswer::Scale(scale) => SurveyAnswer { scale: Some(scale), ..empty },
            GivenAnswer::Options(places) => SurveyAnswer {
                options: places
                    .iter()
                    .filter_map(|place| question.options.get(*place).cloned())
                    .collect(),
                ..empty
            },
            GivenAnswer::Text(text) => SurveyAnswer { text, ..empty },
        })
    };
    let numbered = questions.iter().zip(1..);
    numbered.zip(answers).filter_map(answer).collect()
}

/// Returns the survey of a hackathon to which you are invited, with your answers.
#[utoipa::path(
    get,
    path = "/api/v1/me/hackathons/{slug}/survey",
    operation_id = "get_own_survey",
    tag = "Hackathons",
    responses(
        (status = 200, description = "The survey", body = OwnSurvey),
        (status = 403, description = "You are not invited to a survey")
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn get(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    SeenHackathon { hackathon, .. }: SeenHackathon,
) -> Result<Json<OwnSurvey>, WebError> {
    let (db, person) = (&context.db, viewer.user_id);
    let found = reads::survey_for(db, hackathon.key(), person).await?;
    let survey = found.ok_or_else(|| not_surveyed(&hackathon))?;
    let answers = reads::own_survey_answers(db, survey.key(), person).await?;
    let questions = survey.questions();
    let (state, closes_at) = state(window(&hackathon.steps(), context.now()));
    Ok(Json(OwnSurvey {
        revision: survey.revision,
        state,
        closes_at,
        answers: sent(&questions, answers.unwrap_or_default()),
        questions: questions.into_iter().map(Into::into).collect(),
    }))
}

/// Your answers to a survey.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "revision": 1, "answers": [{ "question": 1, "scale": 5 }] }))]
pub(super) struct AnswersBody {
    /// The revision of the questions that you answer.
    #[schema(minimum = 1)]
    revision: i64,
    /// The answers.
    #[schema(max_items = 15)]
    answers: Vec<SurveyAnswer>,
}

/// Answers the survey to which you are invited, or changes your answers.
#[utoipa::path(
    put,
    path = "/api/v1/me/hackathons/{slug}/survey",
    operation_id = "answer_survey",
    tag = "Hackathons",
    request_body = AnswersBody,
    responses(
        (status = 204, description = "The answers are stored"),
        (status = 403, description = "You are not invited to a survey"),
        (status = 409, description = "The survey is not open, or its questions changed"),
        (status = 422, description = "An answer is missing or not valid")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn answer(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    SeenHackathon { hackathon, .. }: SeenHackathon,
    Body(body): Body<AnswersBody>,
) -> Result<StatusCode, WebError> {
    let inputs: Vec<AnswerInput> = body.answers.into_iter().map(Into::into).collect();
    actions::answer_survey(
        &context,
        viewer.user_id,
        &hackathon.slug,
        body.revision,
        inputs.as_slice(),
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
