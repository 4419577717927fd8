use serde::{Deserialize, Serialize};

use super::{Answers, GivenAnswer, SurveyQuestion};
use crate::model::SurveyKind;

/// The number of answers from which results are shown, so that no one is recognized by theirs.
pub const LEAST: usize = 5;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionResult {
    pub question: SurveyQuestion,
    /// The number of answers and what they are; `None` before they are counted, and if there are fewer than [`LEAST`].
    pub found: Option<(usize, CountedAnswers)>,
}

/// The answers to a question, counted or listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedAnswers {
    /// How often each number of the scale was chosen.
    Scale([usize; 5]),
    /// How often each option was chosen.
    Options(Vec<(String, usize)>),
    /// The texts in the order of the alphabet, so that those of a person are not found together.
    Texts(Vec<String>),
}

/// The answers to each question of a survey, counted, in the order of the questions; `None` for those with fewer than [`LEAST`] answers.
pub type CountedSurvey = Vec<Option<(usize, CountedAnswers)>>;

/// Counts the answers to a survey that is closed: of each question alone, so that the answers of a person cannot be
/// put together.
#[must_use]
pub fn count_answers(questions: &[SurveyQuestion], answers: &[Answers]) -> CountedSurvey {
    let of = |(place, question): (usize, &SurveyQuestion)| {
        let given = answers.iter().filter_map(|it| it.get(place)?.as_ref());
        let given: Vec<&GivenAnswer> = given.collect();
        (given.len() >= LEAST).then(|| (given.len(), outcome(question, &given)))
    };
    questions.iter().enumerate().map(of).collect()
}

/// Returns the results of a survey. They are counted once, when it is closed: what changed with the next answer, or
/// with a person who is erased later, would be that person's.
#[must_use]
pub fn results(
    questions: &[SurveyQuestion],
    counted: Option<&CountedSurvey>,
) -> Vec<QuestionResult> {
    let of = |(place, question): (usize, &SurveyQuestion)| QuestionResult {
        question: question.clone(),
        found: counted.and_then(|counted| counted.get(place)?.clone()),
    };
    questions.iter().enumerate().map(of).collect()
}

fn outcome(question: &SurveyQuestion, given: &[&GivenAnswer]) -> CountedAnswers {
    match question.kind {
        SurveyKind::Scale => CountedAnswers::Scale([1, 2, 3, 4, 5].map(|number| {
            let is_it = |it: &&&GivenAnswer| **it == &GivenAnswer::Scale(number);
            given.iter().filter(is_it).count()
        })),
        SurveyKind::One | SurveyKind::Several => {
            let chosen = |place: usize| {
                let has = |it: &&&GivenAnswer| matches!(it, GivenAnswer::Options(own) if own.contains(&place));
                given.iter().filter(has).count()
            };
            let named = question.options.iter().enumerate();
            CountedAnswers::Options(named.map(|(place, it)| (it.clone(), chosen(place))).collect())
        }
        SurveyKind::Text => {
            let text = |it: &&GivenAnswer| match it {
                GivenAnswer::Text(text) => Some(text.clone()),
                _ => None,
            };
            let mut texts: Vec<String> = given.iter().filter_map(text).collect();
            texts.sort_unstable();
            CountedAnswers::Texts(texts)
        }
    }
}

/// Returns the mean of the numbers of a scale with two decimals, such as `4.25`; `None` without any.
#[must_use]
pub fn mean(counts: &[usize; 5]) -> Option<String> {
    let count: usize = counts.iter().sum();
    let sum: usize = counts.iter().zip(1..).map(|(count, number)| count * number).sum();
    let hundredths = (200 * sum + count).checked_div(2 * count)?;
    Some(format!("{}.{:02}", hundredths / 100, hundredths % 100))
}
