//! A survey, for the people whom it asks.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::SignedIn;
use platform::Context;
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, redirect, show};

use super::HackathonCard;
use crate::{
    access::{SeenHackathon, not_surveyed},
    actions,
    model::SurveyKind,
    reads::{self, HackathonView},
    rules::{
        instants::shown_with_zone,
        surveys::{
            Answers, GivenAnswer, SCALE, SurveyQuestion, TEXT, Window, answers_of_fields, window,
        },
    },
};

#[derive(Template)]
#[template(path = "survey.html")]
struct SurveyPage {
    card: HackathonCard,
    questions: Vec<SurveyQuestion>,
    revision: i64,
    /// When it closes; absent when it is closed.
    closes: Option<String>,
    answers: Option<Answers>,
    form: Form,
}

impl SurveyPage {
    fn numbered(&self) -> impl Iterator<Item = (usize, &SurveyQuestion)> {
        (1..).zip(&self.questions)
    }

    fn given(&self, number: &usize) -> Option<&GivenAnswer> {
        let answers = self.answers.as_ref()?;
        answers.get(number.checked_sub(1)?)?.as_ref()
    }

    fn has_scale(&self, number: &usize, value: &i64) -> bool {
        let stored = self.given(number) == Some(&GivenAnswer::Scale(*value));
        let field = format!("scale_{number}");
        self.form.has(&field, &value.to_string(), stored)
    }

    fn has_option(&self, number: &usize, place: &usize, option: &str) -> bool {
        let stored = match self.given(number) {
            Some(GivenAnswer::Options(chosen)) => chosen.contains(place),
            _ => false,
        };
        self.form.has(&format!("option_{number}"), option, stored)
    }

    fn text(&self, number: &usize) -> &str {
        let stored = match self.given(number) {
            Some(GivenAnswer::Text(text)) => text.as_str(),
            _ => "",
        };
        self.form.value_or(&format!("text_{number}"), stored)
    }
}

/// `GET /hackathons/{slug}/survey`.
pub(super) async fn page(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    SeenHackathon { hackathon, .. }: SeenHackathon,
) -> PageResult {
    render(&context, &hackathon, viewer.user_id, Form::default()).await
}

async fn render(
    context: &Context,
    hackathon: &HackathonView,
    person: identity::model::UserId,
    form: Form,
) -> PageResult {
    let db = &context.db;
    let found = reads::survey_for(db, hackathon.key(), person).await?;
    let survey = found.ok_or_else(|| not_surveyed(hackathon))?;
    let closes = match window(&hackathon.steps(), context.now()) {
        Window::Open(closes) => Some(shown_with_zone(closes, hackathon.zone())),
        Window::Before | Window::Closed => None,
    };
    show(&SurveyPage {
        card: HackathonCard::of(hackathon, context.now()),
        questions: survey.questions(),
        revision: survey.revision,
        closes,
        answers: reads::own_survey_answers(db, survey.key(), person).await?,
        form,
    })
}

/// The fields of the form. The answers are read from the form itself, because their names have numbers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AnswersFields {
    revision: String,
}

/// `POST /hackathons/{slug}/survey`.
pub(super) async fn answer(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    SeenHackathon { hackathon, .. }: SeenHackathon,
    Filled(fields, form): Filled<AnswersFields>,
) -> Result<Response, PageError> {
    let revision = fields.revision.parse().unwrap_or(0);
    let (person, answers) = (viewer.user_id, answers_of_fields(form.fields()));
    match actions::answer_survey(&context, person, &hackathon.slug, revision, answers.as_slice())
        .await
    {
        Ok(()) => {
            let address = format!("{}/survey", hackathon.address());
            Ok(redirect(&address, "Thank you. Your answers are saved"))
        }
        Err(error) => {
            let again = |form| render(&context, &hackathon, person, form);
            form.refused(error, again).await
        }
    }
}
