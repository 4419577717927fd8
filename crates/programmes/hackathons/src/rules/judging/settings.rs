//! The settings of the judging of an event, and when people can judge.

use kernel::{Checks, Problem, ProblemKind, typed};

use super::{
    planner::JudgingPlan,
    rubric::{self, Criterion},
};
use crate::{
    model::{JudgingMode, Phase},
    rules::invalid,
};

/// The maximum number of looks at a project.
pub const MOST_LOOKS: i64 = 20;

/// The maximum number of minutes of a look.
pub const MOST_MINUTES: i64 = 240;

/// The maximum number of minutes that judges have: four weeks.
pub const MOST_TIME: i64 = 40_320;

/// The maximum number of characters of a note and of the detail of a conflict.
pub const NOTE: usize = 2_000;

/// The settings as they were typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JudgingInput {
    pub mode: String,
    /// The number of looks at each project.
    pub looks: i64,
    pub minutes_per_look: i64,
    pub minutes: i64,
    pub criteria: Vec<Criterion>,
    /// The problems of fields that a form could not read as what they are, such as numbers.
    pub unread: Option<Problem>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgingSettings {
    pub mode: JudgingMode,
    /// The number of looks that each project gets.
    pub looks: i64,
    /// The minutes of a look. For as long, no other judge gets the project.
    pub minutes_per_look: i64,
    /// The minutes that judges have, for the plan.
    pub minutes: i64,
    /// The criteria; empty if judges rank.
    pub criteria: Vec<Criterion>,
}

impl Default for JudgingSettings {
    fn default() -> Self {
        Self {
            mode: JudgingMode::Rubric,
            looks: 3,
            minutes_per_look: 5,
            minutes: 120,
            criteria: Vec::new(),
        }
    }
}

impl JudgingSettings {
    /// Validates settings.
    ///
    /// # Errors
    /// When a number is out of range, or a criterion is not valid. The problem names the field.
    pub fn read(input: &JudgingInput) -> Result<Self, Problem> {
        let mode = JudgingMode::named(&input.mode).ok_or_else(|| {
            let detail = format!("'{}' is not a mode. Use rubric or ranking.", input.mode);
            invalid("mode", detail)
        });
        let mut checks = Checks::default();
        input.unread.clone().into_iter().for_each(|problem| checks.refuse(problem));
        let mode = checks.value(mode);
        let mut number = |field, number, most| checks.read(within(field, number, most));
        let looks = number("looks", input.looks, MOST_LOOKS);
        let minutes_per_look = number("minutes_per_look", input.minutes_per_look, MOST_MINUTES);
        let minutes = number("minutes", input.minutes, MOST_TIME);
        let criteria = match mode {
            Some(JudgingMode::Rubric) => checks.read(rubric::criteria(&input.criteria)),
            Some(JudgingMode::Ranking) | None => Vec::new(),
        };
        let mode = mode.unwrap_or(JudgingMode::Rubric);
        checks.finish(Self { mode, looks, minutes_per_look, minutes, criteria })
    }

    /// Returns the plan for a number of projects.
    #[must_use]
    pub fn plan(&self, projects: i64) -> JudgingPlan {
        JudgingPlan {
            projects,
            looks: self.looks,
            minutes_per_look: self.minutes_per_look,
            minutes: self.minutes,
        }
    }

    /// Refuses other criteria, or another mode, once a judge has judged: points by different rubrics cannot be compared.
    ///
    /// # Errors
    /// When they differ and there is a score.
    pub fn may_become(&self, other: &Self, has_scores: bool) -> Result<(), Problem> {
        let is_same = self.mode == other.mode && self.criteria == other.criteria;
        if is_same || !has_scores {
            return Ok(());
        }
        let detail = "The mode and the criteria are fixed since the first score. You can still change the number of scores and the minutes.";
        Err(Problem::new(ProblemKind::Conflict, "RUBRIC_LOCKED", detail).at("criteria"))
    }
}

fn within(field: &'static str, number: i64, most: i64) -> Result<i64, Problem> {
    if (1..=most).contains(&number) {
        Ok(number)
    } else {
        Err(invalid(field, format!("Enter a number from 1 to {most}, not {number}.")))
    }
}

/// Refuses to judge outside the phase of judging.
///
/// # Errors
/// When the hackathon is in another phase.
pub fn may_judge(title: &str, phase: Phase) -> Result<(), Problem> {
    let detail = match phase {
        Phase::Judging => return Ok(()),
        Phase::Canceled => format!("{title} is canceled."),
        Phase::JudgingClosed | Phase::Completed | Phase::Archived => {
            format!("Judging of {title} is closed. You can still read your own scores.")
        }
        _ => format!("Judging of {title} has not begun. See its dates."),
    };
    Err(Problem::new(ProblemKind::Conflict, "JUDGING_CLOSED", detail))
}

/// Validates a note of a judge.
///
/// # Errors
/// When it is too long or contains invisible characters.
pub fn note(field: &'static str, typed: &str) -> Result<String, Problem> {
    typed::paragraphs(typed, "The note", NOTE).map_err(|detail| invalid(field, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> JudgingInput {
        let criterion = |name: &str| Criterion {
            name: name.to_owned(),
            min: 1,
            max: 5,
            weight: 50,
            ..Criterion::default()
        };
        JudgingInput {
            mode: "rubric".to_owned(),
            looks: 3,
            minutes_per_look: 5,
            minutes: 120,
            criteria: vec![criterion("Craft"), criterion("Story")],
            unread: None,
        }
    }

    #[test]
    fn a_problem_names_the_field() {
        type Change = fn(&mut JudgingInput);
        let changes: [(Change, &str); 5] = [
            (|it| it.mode = "lottery".to_owned(), "mode"),
            (|it| it.looks = 0, "looks"),
            (|it| it.minutes_per_look = 241, "minutes_per_look"),
            (|it| it.minutes = -1, "minutes"),
            (|it| it.criteria.clear(), "criteria"),
        ];
        for (change, field) in changes {
            let mut changed = input();
            change(&mut changed);
            let problem = JudgingSettings::read(&changed).expect_err(field);
            assert_eq!(problem.field, Some(field));
        }
        let settings = JudgingSettings::read(&input()).expect("valid");
        assert_eq!(settings.plan(150).judges(), Some(19));
    }

    #[test]
    fn criteria_are_fixed_at_the_first_score() {
        let settings = JudgingSettings::read(&input()).expect("valid");
        let mut longer = settings.clone();
        longer.looks = 5;
        assert_eq!(settings.may_become(&longer, true), Ok(()));
        longer.criteria.pop();
        assert_eq!(settings.may_become(&longer, false), Ok(()));
        let refused = settings.may_become(&longer, true).expect_err("locked");
        assert_eq!(refused.code, "RUBRIC_LOCKED");
        let ranking = JudgingInput { mode: "ranking".to_owned(), ..input() };
        let ranking = JudgingSettings::read(&ranking).expect("valid");
        assert!(ranking.criteria.is_empty());
        assert!(settings.may_become(&ranking, true).is_err());
    }

    #[test]
    fn judges_judge_while_judging_is_open() {
        for phase in Phase::ALL {
            let may = may_judge("Low Tide", phase);
            assert_eq!(may.is_ok(), phase == Phase::Judging, "{phase:?}");
        }
    }
}
