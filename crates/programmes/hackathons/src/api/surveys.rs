use axum::{Json, extract::State};
use kernel::Timestamp;
use platform::{
    Context,
    web::{Body, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::own_survey::AskedQuestion;
use crate::{
    access::{Organizer, unknown_survey},
    actions,
    model::SurveyAudience,
    reads::{self, HackathonView, SurveyView},
    rules::surveys::{CountedAnswers, LEAST, QuestionResult, SCALE, Window, mean, results, window},
};

/// A survey of a hackathon.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "audience": "participants", "revision": 1, "state": "waiting", "closes_at": null, "is_answered": false,
    "questions": [{ "text": "How was it?", "kind": "scale", "options": [], "is_required": true }]
}))]
pub(super) struct Survey {
    /// `participants` or `judges`.
    audience: &'static str,
    /// The number of times that the questions were written; 0 without a survey.
    revision: i64,
    /// `waiting` until 24 hours after the results, then `open` for 14 days, then `closed`.
    state: &'static str,
    /// When it closes. Null unless it is open.
    #[schema(value_type = Option<String>, format = DateTime)]
    closes_at: Option<Timestamp>,
    /// True if someone has answered, so that the questions no longer change.
    is_answered: bool,
    /// The questions; empty without a survey.
    questions: Vec<AskedQuestion>,
}

/// Returns the name of a window, and when it ends.
pub(super) fn state(window: Window) -> (&'static str, Option<Timestamp>) {
    match window {
        Window::Before => ("waiting", None),
        Window::Open(closes_at) => ("open", Some(closes_at)),
        Window::Closed => ("closed", None),
    }
}

async fn view(
    context: &Context,
    hackathon: &HackathonView,
    audience: SurveyAudience,
    survey: Option<SurveyView>,
) -> Result<Survey, WebError> {
    let is_answered = match &survey {
        Some(survey) => reads::has_survey_answers(&context.db, survey).await?,
        None => false,
    };
    let questions = survey.as_ref().map(SurveyView::questions);
    let (state, closes_at) = state(window(&hackathon.steps(), context.now()));
    Ok(Survey {
        audience: audience.as_str(),
        revision: survey.map_or(0, |survey| survey.revision),
        state,
        closes_at,
        is_answered,
        questions: questions.into_iter().flatten().map(Into::into).collect(),
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct SurveyPath {
    audience: String,
}

impl SurveyPath {
    fn audience(&self) -> Result<SurveyAudience, WebError> {
        Ok(SurveyAudience::named(&self.audience).ok_or_else(unknown_survey)?)
    }
}

/// Returns a survey of a hackathon, for its organizers.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/surveys/{audience}",
    operation_id = "get_hackathon_survey",
    tag = "Hackathons",
    responses((status = 200, description = "The survey", body = Survey)),
    security(("session" = ["organizer"]), ("bearer" = ["read"]))
)]
pub(super) async fn get(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Path(path): Path<SurveyPath>,
) -> Result<Json<Survey>, WebError> {
    let audience = path.audience()?;
    let found = reads::survey(&context.db, hackathon.key(), audience).await?;
    view(&context, &hackathon, audience, found).await.map(Json)
}

/// The questions of a survey.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "questions": [{ "text": "Would you come again?", "kind": "one", "options": ["Yes", "No"], "is_required": true }]
}))]
pub(super) struct QuestionsBody {
    /// The questions; an empty list removes a survey to which no one is invited.
    #[schema(max_items = 15)]
    questions: Vec<AskedQuestion>,
}

/// Writes the questions of a survey. They change until the first answer.
#[utoipa::path(
    put,
    path = "/api/v1/hackathons/{slug}/surveys/{audience}",
    operation_id = "set_hackathon_survey",
    tag = "Hackathons",
    request_body = QuestionsBody,
    responses(
        (status = 200, description = "The survey", body = Survey),
        (status = 409, description = "Someone has answered, the survey is closed, or the hackathon is canceled"),
        (status = 422, description = "A question is not valid")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn set(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path(path): Path<SurveyPath>,
    Body(body): Body<QuestionsBody>,
) -> Result<Json<Survey>, WebError> {
    let audience = path.audience()?;
    let questions: Vec<_> = body.questions.into_iter().map(Into::into).collect();
    let written = actions::set_survey(
        &context,
        viewer.actor(),
        hackathon.slug.as_str(),
        audience,
        &questions,
    )
    .await?;
    view(&context, &hackathon, audience, written).await.map(Json)
}

/// The result of a question. Until the survey is closed, and if fewer than five people answered the question, all numbers are
/// null.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "text": "How was it?", "kind": "scale", "answers": 12, "mean": "4.25",
    "counts": [{ "option": "1", "count": 0 }, { "option": "5", "count": 12 }], "texts": null
}))]
struct SurveyResult {
    /// The question.
    text: String,
    /// `scale`, `one`, `several` or `text`.
    kind: String,
    /// The number of answers.
    answers: Option<usize>,
    /// The mean of a scale, with two decimals.
    mean: Option<String>,
    /// How often each number or option was chosen.
    counts: Option<Vec<OptionCount>>,
    /// The texts, in the order of the alphabet.
    texts: Option<Vec<String>>,
}

/// How often an option was chosen.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "option": "Yes", "count": 9 }))]
struct OptionCount {
    /// The option, or the number of a scale.
    option: String,
    /// The number of people who chose it.
    count: usize,
}

impl From<QuestionResult> for SurveyResult {
    fn from(it: QuestionResult) -> Self {
        let (text, kind) = (it.question.text, it.question.kind.as_str().to_owned());
        let mut result = Self { text, kind, answers: None, mean: None, counts: None, texts: None };
        let Some((answers, outcome)) = it.found else {
            return result;
        };
        result.answers = Some(answers);
        let count = |(option, count): (String, usize)| OptionCount { option, count };
        match outcome {
            CountedAnswers::Scale(counts) => {
                result.mean = mean(&counts);
                let named = SCALE.map(|number| number.to_string()).zip(counts);
                result.counts = Some(named.map(count).collect());
            }
            CountedAnswers::Options(options) => {
                result.counts = Some(options.into_iter().map(count).collect());
            }
            CountedAnswers::Texts(texts) => result.texts = Some(texts),
        }
        result
    }
}

/// The results of a survey, by question.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "answers_needed": 5, "items": [] }))]
pub(super) struct SurveyResults {
    /// The number of answers to a question from which its result is shown.
    answers_needed: usize,
    items: Vec<SurveyResult>,
}

/// Returns the results of a survey that is closed, for the organizers of the hackathon: of each question alone and without names.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/surveys/{audience}/results",
    operation_id = "list_survey_results",
    tag = "Hackathons",
    responses((status = 200, description = "The results", body = SurveyResults)),
    security(("session" = ["organizer"]), ("bearer" = ["read"]))
)]
pub(super) async fn found(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Path(path): Path<SurveyPath>,
) -> Result<Json<SurveyResults>, WebError> {
    let audience = path.audience()?;
    let survey = reads::survey(&context.db, hackathon.key(), audience).await?;
    let items = survey.map(|survey| results(&survey.questions(), survey.counted()));
    Ok(Json(SurveyResults {
        answers_needed: LEAST,
        items: items.into_iter().flatten().map(Into::into).collect(),
    }))
}
