use chrono::NaiveDate;
use kernel::{Checks, Problem, ProblemKind};

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
    /// The problem of a field that a form could not read as what it is, such as a number.
    pub unread: Option<Problem>,
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
        let name = text(&input.name, before.map(|before| &before.name));
        let description = text(&input.description, before.map(|before| &before.description));
        let consent = text(&input.consent, before.map(|before| &before.consent));
        let rules = text(&input.rules, before.map(|before| &before.rules));
        let mut checks = Checks::default();
        checks.read(check_name(&name));
        checks.read(check_text("description", &description, DESCRIPTION));
        let days = read_days(&mut checks, input, before.map(|before| before.days));
        let registration = RegistrationDays::read(
            [&input.registration_first_day, &input.registration_last_day],
            before.map(|it| (it.registration, it.days)),
            days,
        );
        let registration = checks.read_or(registration, RegistrationDays::of_stored(days));
        input.unread.clone().into_iter().for_each(|problem| checks.refuse(problem));
        let goal = input.goal.or(before.map(|it| it.goal)).unwrap_or(0);
        checks.read(check_goal(goal));
        checks.read(check_text("consent", &consent, CONSENT));
        let rules = checks.read(read_rules(&rules));
        let is_registered_only = before.is_none_or(|it| it.is_registered_only);
        checks.finish(Self {
            name,
            description,
            days,
            registration,
            consent,
            goal,
            rules,
            is_registered_only: input.is_registered_only.unwrap_or(is_registered_only),
        })
    }
}

fn check_name(name: &str) -> Result<(), Problem> {
    if name.is_empty() {
        return Err(wrong("name", "Enter a name of the season.".to_owned()));
    }
    check_text("name", name, NAME)
}

fn check_text(field: &'static str, text: &str, most: usize) -> Result<(), Problem> {
    let length = text.chars().count();
    if length > most {
        let detail = format!("The {field} has at most {most} characters, not {length}.");
        return Err(wrong(field, detail));
    }
    let is_unseen = |c: char| {
        (c.is_control() && (c != '\n' || field == "name"))
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let Some(c) = text.chars().find(|c| is_unseen(*c)) else {
        return Ok(());
    };
    let detail =
        format!("U+{:04X} is an invisible character. Remove it from the {field}.", u32::from(c));
    Err(Problem::new(ProblemKind::Invalid, "UNSEEN_CHARACTER", detail).at(field))
}

fn check_goal(goal: i64) -> Result<(), Problem> {
    if (0..=GOAL).contains(&goal) {
        return Ok(());
    }
    Err(wrong("goal", format!("The goal must be 0 to {GOAL} merged pull requests.")))
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

/// Reads the days. In place of one that is not valid, there is one that every other day fits.
fn read_days(checks: &mut Checks, input: &SeasonInput, before: Option<SeasonDays>) -> SeasonDays {
    let first = before.map(|days| days.first);
    let last = before.map(|days| days.last);
    let first = read_day("first_day", input.first_day.as_ref(), first);
    let last = read_day("last_day", input.last_day.as_ref(), last);
    let days = SeasonDays {
        first: checks.read_or(first, NaiveDate::MIN),
        last: checks.read_or(last, NaiveDate::MAX),
    };
    if checks.are_fine(&["first_day", "last_day"]) {
        checks.read(check_span(days));
    }
    days
}

fn check_span(days: SeasonDays) -> Result<(), Problem> {
    days.in_order("last_day")?;
    if (days.last - days.first).num_days() < LONGEST {
        return Ok(());
    }
    Err(wrong("last_day", format!("A season has at most {LONGEST} days.")))
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

    #[test]
    fn all_fields_that_are_wrong_are_named() {
        let text = |text: &str| Some(text.to_owned());
        let input = SeasonInput {
            name: text(""),
            first_day: text("soon"),
            registration_first_day: text("later"),
            goal: Some(-1),
            rules: text("{"),
            ..input()
        };
        let problem = SeasonDetails::read(&input, None).expect_err("five fields");
        let fields: Vec<_> = problem.fields.iter().map(|it| it.field).collect();
        assert_eq!(fields, ["name", "first_day", "registration_first_day", "goal", "rules"]);
        let unread = Problem::new(ProblemKind::Invalid, "BAD_SEASON", "Not a number.").at("goal");
        let input = SeasonInput { name: text(""), unread: Some(unread), ..self::input() };
        let problem = SeasonDetails::read(&input, None).expect_err("two fields");
        assert_eq!(problem.of_field("goal").as_deref(), Some("Not a number."));
    }
}
