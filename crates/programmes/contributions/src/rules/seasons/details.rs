use chrono::NaiveDate;
use kernel::{Problem, ProblemKind};

use super::{
    RegistrationDays, SeasonDays,
    days::{day, wrong},
};
use crate::rules::{Candidate, refusal};

/// The maximum number of characters of a name.
const NAME: usize = 100;
/// The maximum number of characters of a description.
const DESCRIPTION: usize = 2_000;
/// The maximum number of characters of a consent text.
const CONSENT: usize = 10_000;
/// The maximum number of days of a season.
const LONGEST: i64 = 400;
/// The maximum number of merged pull requests of a goal.
pub const GOAL: i64 = 10_000;

/// The details of a season as they were typed. Absent fields stay as they are, or have their default in a new season.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeasonInput {
    /// The display name.
    pub name: Option<String>,
    pub description: Option<String>,
    /// The first day, as `YYYY-MM-DD`.
    pub first_day: Option<String>,
    /// The last day, as `YYYY-MM-DD`.
    pub last_day: Option<String>,
    /// The first day of registration in UTC, as `YYYY-MM-DD`; empty for no limit.
    pub registration_first_day: Option<String>,
    /// The last day of registration in UTC, as `YYYY-MM-DD`; empty for the season's last day.
    pub registration_last_day: Option<String>,
    /// The text that participants agree to.
    pub consent: Option<String>,
    /// The number of merged pull requests that reach the goal; 0 for none.
    pub goal: Option<i64>,
    /// The rules for the season's projects, as JSON.
    pub rules: Option<String>,
    /// True if only registered people are on its leaderboard.
    pub is_registered_only: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeasonDetails {
    /// The display name.
    pub name: String,
    pub description: String,
    /// The days in which points count.
    pub days: SeasonDays,
    /// The days of registration, in UTC.
    pub registration: RegistrationDays,
    /// The text that participants agree to.
    pub consent: String,
    /// The number of merged pull requests that reach the goal; 0 for none.
    pub goal: i64,
    /// The rules for the season's projects, as JSON.
    pub rules: String,
    /// True if only registered people are on its leaderboard.
    pub is_registered_only: bool,
}

impl SeasonDetails {
    /// Returns the details that an input describes, with those of `before` where it is silent.
    ///
    /// # Errors
    /// When a required field is missing or a field is not valid. The problem names the field.
    pub fn read(input: &SeasonInput, before: Option<&Self>) -> Result<Self, Problem> {
        let text = |given: &Option<String>, before: Option<&String>| {
            let before = before.cloned().unwrap_or_default();
            let given = given.clone().unwrap_or(before).replace("\r\n", "\n");
            given.trim().to_owned()
        };
        let days = read_days(input, before.map(|before| before.days))?;
        let details = Self {
            name: text(&input.name, before.map(|before| &before.name)),
            description: text(&input.description, before.map(|before| &before.description)),
            days,
            registration: RegistrationDays::read(
                [&input.registration_first_day, &input.registration_last_day],
                before.map(|it| (it.registration, it.days)),
                days,
            )?,
            consent: text(&input.consent, before.map(|before| &before.consent)),
            goal: input.goal.or(before.map(|it| it.goal)).unwrap_or(0),
            rules: read_rules(&text(&input.rules, before.map(|before| &before.rules)))?,
            is_registered_only: input
                .is_registered_only
                .unwrap_or(before.is_none_or(|it| it.is_registered_only)),
        };
        details.check_texts()?;
        if !(0..=GOAL).contains(&details.goal) {
            let detail = format!("The goal must be 0 to {GOAL} merged pull requests.");
            return Err(wrong("goal", detail));
        }
        Ok(details)
    }

    fn check_texts(&self) -> Result<(), Problem> {
        if self.name.is_empty() {
            return Err(wrong("name", "Enter a name of the season.".to_owned()));
        }
        for (field, text, most) in [
            ("name", &self.name, NAME),
            ("description", &self.description, DESCRIPTION),
            ("consent", &self.consent, CONSENT),
        ] {
            let length = text.chars().count();
            if length > most {
                let detail = format!("The {field} has at most {most} characters, not {length}.");
                return Err(wrong(field, detail));
            }
            let is_unseen = |c: char| {
                (c.is_control() && (c != '\n' || field == "name"))
                    || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
            };
            if let Some(c) = text.chars().find(|c| is_unseen(*c)) {
                let detail = format!(
                    "U+{:04X} is an invisible character. Remove it from the {field}.",
                    u32::from(c)
                );
                return Err(
                    Problem::new(ProblemKind::Invalid, "UNSEEN_CHARACTER", detail).at(field)
                );
            }
        }
        Ok(())
    }
}

fn read_day(
    field: &'static str,
    given: Option<&String>,
    before: Option<NaiveDate>,
) -> Result<NaiveDate, Problem> {
    match (given, before) {
        (Some(given), _) => day(field, given),
        (None, Some(before)) => Ok(before),
        (None, None) => day(field, ""),
    }
}

fn read_days(input: &SeasonInput, before: Option<SeasonDays>) -> Result<SeasonDays, Problem> {
    let first = before.map(|days| days.first);
    let last = before.map(|days| days.last);
    let days = SeasonDays {
        first: read_day("first_day", input.first_day.as_ref(), first)?,
        last: read_day("last_day", input.last_day.as_ref(), last)?,
    };
    days.in_order("last_day")?;
    if (days.last - days.first).num_days() >= LONGEST {
        let detail = format!("A season has at most {LONGEST} days.");
        return Err(wrong("last_day", detail));
    }
    Ok(days)
}

/// Checks rules, and returns the document as it will be published.
fn read_rules(text: &str) -> Result<String, Problem> {
    let text = if text.is_empty() { "{}" } else { text };
    let candidate = Candidate::read(text).map_err(|errors| refusal(&errors).at("rules"))?;
    Ok(candidate.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> SeasonInput {
        SeasonInput {
            name: Some(" Autumn ".to_owned()),
            first_day: Some("2026-10-01".to_owned()),
            last_day: Some("2026-10-31".to_owned()),
            ..SeasonInput::default()
        }
    }

    #[test]
    fn a_new_season_needs_a_name_and_days() {
        let details = SeasonDetails::read(&input(), None).expect("valid");
        assert_eq!((details.name.as_str(), details.goal), ("Autumn", 0));
        assert!(details.is_registered_only);
        assert_eq!(details.registration.last, details.days.last);
        let newest = r#"{"exclude":{"self_requested_merges":true},"low_value":{"patches":true}}"#;
        assert_eq!(details.rules, newest);
    }

    #[test]
    fn a_change_keeps_what_it_does_not_name() {
        let before = SeasonDetails::read(&input(), None).expect("valid");
        let change = SeasonInput { goal: Some(4), ..SeasonInput::default() };
        let after = SeasonDetails::read(&change, Some(&before)).expect("valid");
        assert_eq!(after, SeasonDetails { goal: 4, ..before });
    }

    #[test]
    fn a_problem_names_the_field() {
        let text = |text: &str| Some(text.to_owned());
        for (change, field) in [
            (SeasonInput { name: text(" "), ..input() }, "name"),
            (SeasonInput { name: text(&"x".repeat(101)), ..input() }, "name"),
            (SeasonInput { description: text("a\u{202E}b"), ..input() }, "description"),
            (SeasonInput { first_day: text("tomorrow"), ..input() }, "first_day"),
            (SeasonInput { last_day: text("2026-09-30"), ..input() }, "last_day"),
            (SeasonInput { last_day: text("2027-12-31"), ..input() }, "last_day"),
            (
                SeasonInput { registration_first_day: text("2026-12-01"), ..input() },
                "registration_last_day",
            ),
            (SeasonInput { goal: Some(-1), ..input() }, "goal"),
            (SeasonInput { rules: text("{\"merge\": 1}"), ..input() }, "rules"),
        ] {
            let problem = SeasonDetails::read(&change, None).expect_err(field);
            assert_eq!(problem.field, Some(field));
        }
    }
}
