//! Surveys after a hackathon: their questions, when they are open, and what they found.

mod answers;
mod results;

pub use answers::{
    AnswerInput, Answers, GivenAnswer, SCALE, TEXT, answers_of_fields, read_answers,
};
pub use results::{
    CountedAnswers, CountedSurvey, LEAST, QuestionResult, count_answers, mean, results,
};

use chrono::TimeDelta;
use kernel::{Checks, Problem, ProblemKind, Timestamp, typed};
use serde::{Deserialize, Serialize};

use super::{invalid, timeline::Steps};
use crate::model::SurveyKind;

/// The maximum number of questions of a survey, and of options of a question.
pub const MOST: usize = 15;
/// The maximum number of options of a question.
pub const MOST_OPTIONS: usize = 10;
/// The maximum number of characters of a question.
pub const QUESTION: usize = 200;
/// The maximum number of characters of an option.
pub const OPTION: usize = 100;

/// The time after the results at which a survey opens, and for which it stays open.
const AFTER: TimeDelta = TimeDelta::hours(24);
const OPEN: TimeDelta = TimeDelta::days(14);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyQuestion<K = SurveyKind> {
    pub text: String,
    pub kind: K,
    /// The options; empty unless people choose.
    pub options: Vec<String>,
    /// True if it must be answered.
    pub is_required: bool,
}

/// A question as it was typed, with the code of its kind.
pub type GivenQuestion = SurveyQuestion<String>;

/// Validates the questions of a survey.
///
/// # Errors
/// When there are too many, or one is not valid. The sentence names it.
pub fn read_questions(given: &[GivenQuestion]) -> Result<Vec<SurveyQuestion>, Problem> {
    if given.len() > MOST {
        let count = given.len();
        let detail = format!("A survey has at most {MOST} questions, not {count}. Remove some.");
        return Err(invalid("questions", detail));
    }
    let mut checks = Checks::default();
    let read = given.iter().zip(1..).map(|(it, number)| question(it, number));
    let read = read.map(|it| it.map_err(|detail| invalid("questions", detail)));
    let questions: Vec<_> = read.filter_map(|it| checks.value(it)).collect();
    checks.finish(questions)
}

fn question(given: &GivenQuestion, number: usize) -> Result<SurveyQuestion, String> {
    let what = format!("Question {number}");
    let text = typed::line(&given.text, &what, QUESTION)?;
    let Some(kind) = SurveyKind::named(&given.kind) else {
        let kinds: Vec<&str> = SurveyKind::ALL.iter().map(|kind| kind.as_str()).collect();
        let kinds = kinds.join(", ");
        return Err(format!("{what} has an unknown kind. Use one of {kinds}."));
    };
    let chooses = matches!(kind, SurveyKind::One | SurveyKind::Several);
    let options = if chooses {
        options(&given.options, &what)?
    } else if given.options.is_empty() {
        Vec::new()
    } else {
        return Err(format!("{what} has options, but no one chooses. Remove them."));
    };
    Ok(SurveyQuestion { text, kind, options, is_required: given.is_required })
}

fn options(given: &[String], what: &str) -> Result<Vec<String>, String> {
    let named = format!("An option of {}", what.to_lowercase());
    let read = given.iter().map(|option| typed::line(option, &named, OPTION));
    let options = read.collect::<Result<Vec<_>, _>>()?;
    if !(2..=MOST_OPTIONS).contains(&options.len()) {
        let count = options.len();
        return Err(format!("{what} has {count} options. Use 2 to {MOST_OPTIONS}."));
    }
    let mut sorted = options.clone();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("{what} has the option '{}' twice. Remove one.", pair[0])),
        None => Ok(options),
    }
}

/// The time in which a survey is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// It opens 24 hours after the results.
    Before,
    /// It is open until an instant.
    Open(Timestamp),
    Closed,
}

/// Returns the window of the surveys of a hackathon: from 24 hours after its results, for 14 days.
#[must_use]
pub fn window(steps: &Steps, now: Timestamp) -> Window {
    let Some(results) = steps.results_published_at else {
        return Window::Before;
    };
    let opens = results + AFTER;
    let closes = opens + OPEN;
    match now {
        now if now < opens => Window::Before,
        now if now < closes => Window::Open(closes),
        _ => Window::Closed,
    }
}

/// Returns the instants between which results were published whose surveys are open: later than the first, up to the
/// second. Up to the first, they are closed.
#[must_use]
pub fn opened(now: Timestamp) -> (Timestamp, Timestamp) {
    (now - AFTER - OPEN, now - AFTER)
}

/// A change of the questions of a survey, and its circumstances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SurveyChange {
    pub window: Window,
    /// True if people were invited.
    pub is_sent: bool,
    /// True if someone has answered.
    pub is_answered: bool,
    /// True if the survey would have no question left.
    pub is_empty: bool,
}

/// Refuses a change of the questions of a survey.
///
/// # Errors
/// When someone has answered, people were invited and no question would be left, or the survey is closed.
pub fn may_change(change: SurveyChange) -> Result<(), Problem> {
    let locked = |detail| Err(Problem::new(ProblemKind::Conflict, "SURVEY_LOCKED", detail));
    match change {
        SurveyChange { is_answered: true, .. } => {
            locked("The survey has its first answer, so its questions no longer change.")
        }
        SurveyChange { is_sent: true, is_empty: true, .. } => {
            locked("People are invited to the survey. Keep at least one question.")
        }
        SurveyChange { window: Window::Closed, .. } => Err(closed()),
        _ => Ok(()),
    }
}

/// Refuses an answer to a survey that is not open, or whose questions changed since the revision that the person saw.
///
/// # Errors
/// When that is so.
pub fn may_answer(window: Window, revision: i64, seen: i64) -> Result<(), Problem> {
    match window {
        Window::Open(_) if revision == seen => Ok(()),
        Window::Open(_) => {
            let detail = "The questions changed. Read and answer those that are asked now.";
            Err(Problem::new(ProblemKind::Conflict, "SURVEY_OUTDATED", detail))
        }
        Window::Before | Window::Closed => Err(closed()),
    }
}

fn closed() -> Problem {
    let detail = "The survey is open for 14 days, from 24 hours after the results.";
    Problem::new(ProblemKind::Conflict, "SURVEY_CLOSED", detail)
}

#[cfg(test)]
pub(crate) mod tests;
