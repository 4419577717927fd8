use kernel::{Checks, Problem, typed};
use serde::{Deserialize, Serialize};

use super::{MOST, SurveyQuestion};
use crate::{model::SurveyKind, rules::invalid};

/// The maximum number of characters of a text.
pub const TEXT: usize = 2_000;

pub const SCALE: std::ops::RangeInclusive<i64> = 1..=5;

/// An answer as it was sent. Only the part of the kind of its question is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerInput {
    /// The number of the question, from 1.
    pub question: usize,
    /// The number on a scale.
    pub scale: Option<i64>,
    /// The chosen options.
    pub options: Vec<String>,
    pub text: String,
}

/// A valid answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GivenAnswer {
    /// The number on a scale.
    Scale(i64),
    /// The places of the chosen options.
    Options(Vec<usize>),
    Text(String),
}

/// The answers of a person: one for each question, in their order; `None` to those that they skipped.
pub type Answers = Vec<Option<GivenAnswer>>;

/// Reads the answers of a form, whose fields are `scale_1`, `option_2` or `text_3`. Other fields are left out.
#[must_use]
pub fn answers_of_fields(fields: &[(String, String)]) -> Vec<AnswerInput> {
    let mut answers: Vec<AnswerInput> = Vec::new();
    for (name, value) in fields {
        let parts = name.rsplit_once('_');
        let read = parts.and_then(|(field, number)| Some((field, number.parse().ok()?)));
        let Some((field, question)) = read.filter(|(_, number)| (1..=MOST).contains(number)) else {
            continue;
        };
        let known = answers.iter().position(|it| it.question == question);
        let place = known.unwrap_or_else(|| {
            answers.push(AnswerInput { question, ..AnswerInput::default() });
            answers.len() - 1
        });
        let answer = &mut answers[place];
        match field {
            "scale" => answer.scale = value.parse().ok(),
            "option" => answer.options.push(value.clone()),
            "text" => answer.text.clone_from(value),
            _ => {}
        }
    }
    answers
}

/// Validates the answers of a person to the questions of a survey.
///
/// # Errors
/// When a required answer is missing, or one is not valid. The sentence names its question.
pub fn read_answers(
    questions: &[SurveyQuestion],
    inputs: &[AnswerInput],
) -> Result<Answers, Problem> {
    let refused = |detail| invalid("answers", detail);
    let is_unknown = |it: &AnswerInput| !(1..=questions.len()).contains(&it.question);
    if inputs.len() > MOST || inputs.iter().any(is_unknown) {
        let count = questions.len();
        let detail = format!("Answer the questions by their numbers, from 1 to {count}.");
        return Err(refused(detail));
    }
    let mut checks = Checks::default();
    let read = questions.iter().zip(1..).map(|(question, number)| {
        checks.read(read_answer(question, inputs, number).map_err(refused))
    });
    let answers = read.collect();
    checks.finish(answers)
}

/// Reads the answer to the question with a number, from 1.
fn read_answer(
    question: &SurveyQuestion,
    inputs: &[AnswerInput],
    number: usize,
) -> Result<Option<GivenAnswer>, String> {
    let mut own = inputs.iter().filter(|it| it.question == number);
    let input = own.next();
    if own.next().is_some() {
        return Err(format!("Answer question {number} only once."));
    }
    let given = match input {
        Some(input) => given(question, input, number)?,
        None => None,
    };
    if question.is_required && given.is_none() {
        return Err(format!("The answer to question {number} is missing. Enter it."));
    }
    Ok(given)
}

fn given(
    question: &SurveyQuestion,
    input: &AnswerInput,
    number: usize,
) -> Result<Option<GivenAnswer>, String> {
    match question.kind {
        SurveyKind::Scale => scale(input.scale, number),
        SurveyKind::One if input.options.len() > 1 => {
            Err(format!("Choose only one option of question {number}."))
        }
        SurveyKind::One | SurveyKind::Several => options(question, &input.options, number),
        SurveyKind::Text => {
            let what = format!("The answer to question {number}");
            let text = typed::paragraphs(&input.text, &what, TEXT)?;
            Ok(Some(text).filter(|it| !it.is_empty()).map(GivenAnswer::Text))
        }
    }
}

fn scale(given: Option<i64>, number: usize) -> Result<Option<GivenAnswer>, String> {
    match given {
        Some(value) if !SCALE.contains(&value) => {
            Err(format!("The answer to question {number} is {value}. Choose a number from 1 to 5."))
        }
        given => Ok(given.map(GivenAnswer::Scale)),
    }
}

fn options(
    question: &SurveyQuestion,
    chosen: &[String],
    number: usize,
) -> Result<Option<GivenAnswer>, String> {
    let mut places = Vec::new();
    for option in chosen {
        let place = question.options.iter().position(|known| known == option);
        let detail = || format!("Question {number} has no such option. Choose one of its options.");
        places.push(place.ok_or_else(detail)?);
    }
    places.sort_unstable();
    places.dedup();
    Ok(Some(places).filter(|it| !it.is_empty()).map(GivenAnswer::Options))
}
