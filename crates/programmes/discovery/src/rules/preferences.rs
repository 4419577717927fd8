//! Checks what people state about themselves.

use kernel::{Problem, ProblemKind};
use notifications::rules::minutes;

use super::{
    forms::{self, NoNumber},
    labels::{Meaning, meaning},
    skills,
};
use crate::model::{Frequency, LONGEST_TERM, Level, MOST_TERMS, Preferences, WorkKind};

/// The hours of a week.
const WEEK: f64 = 168.0;

/// Preferences as a person states them. What is absent gets its default.
#[derive(Clone, Debug, Default)]
pub struct StatedPreferences {
    pub skills: Vec<String>,
    pub languages: Vec<String>,
    /// Topics that they follow.
    pub interests: Vec<String>,
    /// Topics that they exclude.
    pub excluded: Vec<String>,
    /// The names of the types of work that they want.
    pub types: Vec<String>,
    /// The name of their experience.
    pub level: Option<String>,
    /// The highest difficulty.
    pub max_complexity: Option<f64>,
    /// The lowest impact.
    pub min_impact: Option<f64>,
    /// The hours a week that they have.
    pub hours_a_week: Option<f64>,
    /// The name of the digest's frequency.
    pub digest: Option<String>,
    /// The time of the digest, `HH:MM`.
    pub digest_time: Option<String>,
    /// The day of a weekly digest, in English.
    pub digest_weekday: Option<String>,
    /// The worth, 0 to 1, from which they are notified at once of a new issue that fits; 0 turns this off.
    pub instant_threshold: Option<f64>,
    /// The most notices of new issues a day.
    pub most_a_day: Option<i64>,
}

/// The days of the week, in the order of [`Preferences::digest_weekday`].
pub const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A value for the threshold that no issue reaches.
const NEVER: f64 = 2.0;

/// Returns the preferences that a person states.
///
/// # Errors
/// When a value is too long, unknown or out of range; the problem names the field.
pub fn preferences(stated: &StatedPreferences) -> Result<Preferences, Problem> {
    let usual = Preferences::default();
    let skill = |own: String| skills::named(&own).map_or(own, str::to_owned);
    let within = |field, value: Option<f64>, usual: f64, most: f64| match value {
        None => Ok(usual),
        Some(value) if (0.0..=most).contains(&value) => Ok(value),
        Some(_) => Err(bad(field, &format!("must be between 0 and {most}."))),
    };
    let threshold = stated.instant_threshold;
    let threshold = within("instant_threshold", threshold, usual.instant_threshold, 1.0)?;
    let most_a_day = stated.most_a_day.unwrap_or(usual.most_a_day);
    if !(1..=100).contains(&most_a_day) {
        return Err(bad("most_a_day", "must be between 1 and 100."));
    }
    let hours = stated.hours_a_week;
    let hours = hours.map(|own| within("hours_a_week", Some(own), own, WEEK));
    let digest = named("digest", stated.digest.as_deref(), &Frequency::ALL.map(Frequency::as_str))?
        .and_then(Frequency::named);
    Ok(Preferences {
        skills: mapped("skills", &stated.skills, skill)?,
        languages: mapped("languages", &stated.languages, language)?,
        interests: mapped("interests", &stated.interests, |own| own)?,
        excluded: mapped("excluded_topics", &stated.excluded, |own| own)?,
        types: types(&stated.types)?,
        level: named("level", stated.level.as_deref(), &Level::ALL.map(Level::as_str))?
            .and_then(Level::named),
        max_complexity: within(
            "max_complexity",
            stated.max_complexity,
            usual.max_complexity,
            10.0,
        )?,
        min_impact: within("min_impact", stated.min_impact, usual.min_impact, 10.0)?,
        hours_a_week: hours.transpose()?,
        digest: digest.unwrap_or(usual.digest),
        digest_minute: time(stated.digest_time.as_deref().unwrap_or_default())?
            .unwrap_or(usual.digest_minute),
        digest_weekday: named("digest_weekday", stated.digest_weekday.as_deref(), &WEEKDAYS)?
            .and_then(|name| WEEKDAYS.iter().position(|day| *day == name))
            .map_or(usual.digest_weekday, |day| day as u32),
        // It is kept in thousandths: a smaller one than half of one is none.
        instant_threshold: if threshold >= 0.0005 { threshold } else { NEVER },
        most_a_day,
    })
}

/// Divides a text at commas and line ends.
#[must_use]
pub fn divided(text: &str) -> Vec<String> {
    text.split([',', '\n', ';']).map(str::to_owned).collect()
}

/// Reads a number of a form; absent if the field is empty.
///
/// # Errors
/// When it is not a number.
pub fn number(field: &'static str, text: &str) -> Result<Option<f64>, Problem> {
    let number: Option<f64> =
        forms::number(text).map_err(|NoNumber| bad(field, "must be a number such as 2.5."))?;
    match number {
        Some(number) if !number.is_finite() => Err(bad(field, "must be a number such as 2.5.")),
        number => Ok(number),
    }
}

/// Reads the worth of a form, of 10, from which a person is notified at once; 0 if the field is empty.
///
/// # Errors
/// When it is not a number from 0 to 10.
pub fn worth(field: &'static str, text: &str) -> Result<f64, Problem> {
    let worth = number(field, text)?.unwrap_or_default();
    if !(0.0..=10.0).contains(&worth) {
        return Err(bad(field, "must be between 0 and 10."));
    }
    Ok(worth / 10.0)
}

fn bad(field: &'static str, why: &str) -> Problem {
    let detail = format!("{field} {why}");
    Problem::new(ProblemKind::Invalid, "BAD_PREFERENCE", detail).at(field)
}

/// Returns terms, each mapped and once, in their order.
fn mapped(
    field: &'static str,
    stated: &[String],
    map: impl Fn(String) -> String,
) -> Result<Vec<String>, Problem> {
    let mut terms: Vec<String> = Vec::new();
    for term in stated {
        let is_shown = |own: &char| !own.is_control();
        let term: String = term.chars().filter(is_shown).collect();
        let term = term.split_whitespace().collect::<Vec<_>>().join(" ");
        if term.is_empty() {
            continue;
        }
        if term.chars().count() > LONGEST_TERM {
            let why = format!("can have at most {LONGEST_TERM} characters each.");
            return Err(bad(field, &why));
        }
        let term = map(term);
        if terms.iter().any(|own| own.eq_ignore_ascii_case(&term)) {
            continue;
        }
        if terms.len() == MOST_TERMS {
            return Err(bad(field, &format!("can have at most {MOST_TERMS} entries.")));
        }
        terms.push(term);
    }
    Ok(terms)
}

/// Returns the language as GitHub spells it, if the dictionary of labels has it.
fn language(stated: String) -> String {
    match meaning(&stated) {
        Some(Meaning::Language(language)) => language.to_owned(),
        _ => stated,
    }
}

fn types(stated: &[String]) -> Result<Vec<WorkKind>, Problem> {
    let names = WorkKind::ALL.map(WorkKind::as_str);
    let mut types: Vec<WorkKind> = Vec::new();
    for name in stated {
        let kind = named("types", Some(name), &names)?.and_then(WorkKind::named);
        types.extend(kind.filter(|kind| !types.contains(kind)));
    }
    Ok(types)
}

/// Returns one of the given names; `None` if it is absent or empty.
fn named<'a>(
    field: &'static str,
    stated: Option<&str>,
    names: &[&'a str],
) -> Result<Option<&'a str>, Problem> {
    let Some(stated) = stated.filter(|own| !own.is_empty()) else {
        return Ok(None);
    };
    let found = names.iter().find(|name| **name == stated);
    match found {
        Some(name) => Ok(Some(name)),
        None => Err(bad(field, &format!("must be one of {}.", names.join(", ")))),
    }
}

/// Reads the time of the digest.
fn time(stated: &str) -> Result<Option<u32>, Problem> {
    minutes(stated).map_err(|_| bad("digest_time", "must be a time such as 09:00."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(all: &[&str]) -> Vec<String> {
        all.iter().map(|&own| own.to_owned()).collect()
    }

    #[test]
    fn terms_are_cleaned_and_spelled_as_dictionaries_do() {
        let stated = StatedPreferences {
            languages: terms(&["rust", " Rust ", "c++", "Brainfuck\u{7}"]),
            interests: terms(&["  tide   tables", "", "Tide Tables"]),
            ..StatedPreferences::default()
        };
        let found = preferences(&stated).expect("valid");
        assert_eq!(found.languages, ["Rust", "C++", "Brainfuck"]);
        assert_eq!(found.interests, ["tide tables"]);
    }

    #[test]
    fn absent_values_get_their_defaults() {
        assert_eq!(preferences(&StatedPreferences::default()), Ok(Preferences::default()));
    }

    #[test]
    fn refusals_name_the_field() {
        type Change = fn(&mut StatedPreferences);
        let cases: [(Change, &str); 9] = [
            (|own| own.skills = vec!["x".repeat(51)], "skills"),
            (|own| own.interests = (0..31).map(|own| format!("t{own}")).collect(), "interests"),
            (|own| own.types = vec!["chore".to_owned()], "types"),
            (|own| own.level = Some("master".to_owned()), "level"),
            (|own| own.max_complexity = Some(10.1), "max_complexity"),
            (|own| own.min_impact = Some(f64::NAN), "min_impact"),
            (|own| own.hours_a_week = Some(169.0), "hours_a_week"),
            (|own| own.digest_time = Some("24:00".to_owned()), "digest_time"),
            (|own| own.most_a_day = Some(0), "most_a_day"),
        ];
        for (change, field) in cases {
            let mut stated = StatedPreferences::default();
            change(&mut stated);
            let problem = preferences(&stated).expect_err(field);
            assert_eq!(problem.code, "BAD_PREFERENCE");
            assert!(problem.detail.starts_with(field), "{problem}");
        }
    }
}
