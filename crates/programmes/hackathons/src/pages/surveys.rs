//! Surveys, for organizers: their questions and results.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use platform::{Context, web::Path};
use serde::Deserialize;
use ui::{
    Filled, Form, PageError, PageResult,
    csv::{self, Cell},
    redirect, show,
};

use super::{HackathonCard, own_survey};
use crate::{
    access::{Organizer, unknown_survey},
    actions,
    model::{SurveyAudience, SurveyKind},
    reads::{self, HackathonView},
    rules::{
        instants::shown_with_zone,
        surveys::{
            CountedAnswers, GivenQuestion, LEAST, MOST, OPTION, QUESTION, QuestionResult,
            SurveyQuestion, Window, results, window,
        },
    },
};

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/hackathons/{slug}/surveys/{audience}", get(form).post(save))
        .route("/hackathons/{slug}/surveys/{audience}/results", get(found))
        .route("/hackathons/{slug}/surveys/{audience}/results.csv", get(found_csv))
        .route("/hackathons/{slug}/survey", get(own_survey::page).merge(post(own_survey::answer)))
}

#[derive(Debug, Deserialize)]
struct SurveyPath {
    audience: String,
}

impl SurveyPath {
    fn audience(&self) -> Result<SurveyAudience, PageError> {
        let known = SurveyAudience::named(&self.audience);
        Ok(known.ok_or_else(unknown_survey)?)
    }
}

#[derive(Template)]
#[template(path = "survey_setup.html")]
struct SetupPage {
    card: HackathonCard,
    audience: SurveyAudience,
    questions: Vec<SurveyQuestion>,
    is_answered: bool,
    state: String,
    form: Form,
}

impl SetupPage {
    /// Returns the value of a field such as `text_2`: as it was typed, else as it is stored.
    fn value(&self, name: &str) -> String {
        let stored = self.stored(name).unwrap_or_default();
        self.form.value_or(name, &stored).to_owned()
    }

    fn stored(&self, name: &str) -> Option<String> {
        let (field, number) = name.rsplit_once('_')?;
        let index = number.parse::<usize>().ok()?.checked_sub(1)?;
        let question = self.questions.get(index)?;
        Some(match field {
            "text" => question.text.clone(),
            "kind" => question.kind.as_str().to_owned(),
            _ => question.options.join("\n"),
        })
    }

    fn is_required(&self, number: &usize) -> bool {
        let stored = number.checked_sub(1).and_then(|at| self.questions.get(at));
        let stored = stored.is_some_and(|question| question.is_required);
        self.form.has(&format!("required_{number}"), "yes", stored)
    }

    /// Returns the numbers of the questions that the form shows: those that exist and three more.
    fn numbers(&self) -> Vec<usize> {
        let named = |number: &usize| !self.value(&format!("text_{number}")).is_empty();
        let last = (1..=MOST).rev().find(named).unwrap_or(0);
        (1..=(last + 3).min(MOST)).collect()
    }
}

/// `GET /hackathons/{slug}/surveys/{audience}`.
async fn form(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Path(path): Path<SurveyPath>,
) -> PageResult {
    render(&context, &hackathon, path.audience()?, Form::default()).await
}

/// Returns the sentence about when the surveys of a hackathon are open.
fn state(context: &Context, hackathon: &HackathonView) -> String {
    match window(&hackathon.steps(), context.now()) {
        Window::Before => {
            "It opens 24 hours after the results, and is open for 14 days.".to_owned()
        }
        Window::Open(closes) => {
            let closes = shown_with_zone(closes, hackathon.zone());
            format!("It is open until {closes}.")
        }
        Window::Closed => "It is closed.".to_owned(),
    }
}

async fn render(
    context: &Context,
    hackathon: &HackathonView,
    audience: SurveyAudience,
    form: Form,
) -> PageResult {
    let (db, id) = (&context.db, hackathon.key());
    let survey = reads::survey(db, id, audience).await?;
    let is_answered = match &survey {
        Some(survey) => reads::has_survey_answers(db, survey).await?,
        None => false,
    };
    show(&SetupPage {
        card: HackathonCard::of(hackathon, context.now()),
        audience,
        questions: survey.map(|survey| survey.questions()).unwrap_or_default(),
        is_answered,
        state: state(context, hackathon),
        form,
    })
}

/// The form. Its fields are read from the form itself, because their names have numbers.
#[derive(Clone, Debug, Default, Deserialize)]
struct SurveyFields {}

/// `POST /hackathons/{slug}/surveys/{audience}`.
async fn save(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path(path): Path<SurveyPath>,
    Filled(_, form): Filled<SurveyFields>,
) -> Result<Response, PageError> {
    let audience = path.audience()?;
    let questions = questions(&form);
    match actions::set_survey(
        &context,
        viewer.actor(),
        hackathon.slug.as_str(),
        audience,
        &questions,
    )
    .await
    {
        Ok(_) => {
            let address = format!("{}/surveys/{}", hackathon.address(), audience.as_str());
            Ok(redirect(&address, "The survey is saved"))
        }
        Err(error) => {
            let again = |form| render(&context, &hackathon, audience, form);
            form.refused(error, again).await
        }
    }
}

/// Reads the questions of the form; those without a text are left out.
fn questions(form: &Form) -> Vec<GivenQuestion> {
    let question = |number: usize| {
        let of = |field: &str| form.value(&format!("{field}_{number}"));
        let kind = of("kind").to_owned();
        let options = of("options").lines().map(str::trim);
        let chooses = kind == SurveyKind::One.as_str() || kind == SurveyKind::Several.as_str();
        GivenQuestion {
            text: of("text").to_owned(),
            options: options
                .filter(|option| chooses && !option.is_empty())
                .map(str::to_owned)
                .collect(),
            is_required: of("required") == "yes",
            kind,
        }
    };
    let all = (1..=MOST).map(question);
    all.filter(|it| !it.text.trim().is_empty()).collect()
}

#[derive(Template)]
#[template(path = "survey_results.html")]
struct ResultsPage {
    card: HackathonCard,
    audience: SurveyAudience,
    rows: Vec<QuestionResult>,
}

async fn read_results(
    context: &Context,
    hackathon: &HackathonView,
    audience: SurveyAudience,
) -> Result<Vec<QuestionResult>, PageError> {
    let survey = reads::survey(&context.db, hackathon.key(), audience).await?;
    let found = survey.map(|survey| results(&survey.questions(), survey.counted()));
    Ok(found.unwrap_or_default())
}

/// `GET /hackathons/{slug}/surveys/{audience}/results`.
async fn found(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Path(path): Path<SurveyPath>,
) -> PageResult {
    let audience = path.audience()?;
    show(&ResultsPage {
        card: HackathonCard::of(&hackathon, context.now()),
        audience,
        rows: read_results(&context, &hackathon, audience).await?,
    })
}

/// `GET /hackathons/{slug}/surveys/{audience}/results.csv`: a row for each number, option or text, not for each person.
async fn found_csv(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Path(path): Path<SurveyPath>,
) -> Result<Response, PageError> {
    let audience = path.audience()?;
    let found = read_results(&context, &hackathon, audience).await?;
    let name = format!("{}-survey-{}", hackathon.slug, audience.as_str());
    let head = ["question", "kind", "answer", "count"];
    Ok(csv::file(&name, head, found.iter().flat_map(cells)))
}

fn cells(result: &QuestionResult) -> Vec<[Cell; 4]> {
    let row = |answer: String, count: Option<usize>| -> [Cell; 4] {
        let count = count.map(|count| count.to_string()).unwrap_or_default();
        let (text, kind) = (result.question.text.clone(), result.question.kind.as_str());
        [text.into(), kind.into(), answer.into(), count.into()]
    };
    match &result.found {
        None => {
            vec![row(format!("shown once the survey is closed, from {LEAST} answers on"), None)]
        }
        Some((_, CountedAnswers::Scale(counts))) => {
            let numbers = (1..).zip(counts);
            let numbers = numbers.map(|(number, count): (i64, _)| (number.to_string(), count));
            numbers.map(|(it, count)| row(it, Some(*count))).collect()
        }
        Some((_, CountedAnswers::Options(options))) => {
            let options = options.iter();
            options.map(|(it, count)| row(it.clone(), Some(*count))).collect()
        }
        Some((_, CountedAnswers::Texts(texts))) => {
            texts.iter().map(|it| row(it.clone(), None)).collect()
        }
    }
}
