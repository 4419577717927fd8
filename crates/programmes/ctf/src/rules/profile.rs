//! Validation of competitors' profiles and releases.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use kernel::{Checks, Problem};

use super::{
    parents::check_parent_address,
    rosters::{invalid, person_name},
};

/// The grades, from the lowest to the highest.
pub const GRADES: RangeInclusive<i64> = 1..=16;

/// The maximum number of years that a person can have competed.
pub const MOST_YEARS: i64 = 20;

/// The name that is shown for an erased competitor.
pub const ERASED: &str = "Erased competitor";

/// Returns the name as pages show it. Only erased competitors have none.
#[must_use]
pub fn shown_name(first: &str, last: &str) -> String {
    match format!("{first} {last}").trim() {
        "" => ERASED.to_owned(),
        name => name.to_owned(),
    }
}

/// A part of the profile without which a competitor is not put on the game platform. Names are always there, and a missing
/// address is an error of the attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Incomplete {
    /// The answer to whether they are of age.
    AgeGroup,
    /// The name and the address of a minor's parent.
    Parent,
    /// The name of a minor's parent.
    ParentName,
    /// The address of a minor's parent.
    ParentEmail,
}

impl Incomplete {
    #[must_use]
    pub const fn of(of_age: Option<bool>, has_name: bool, has_email: bool) -> Option<Self> {
        match (of_age, has_name, has_email) {
            (None, ..) => Some(Self::AgeGroup),
            (Some(false), false, false) => Some(Self::Parent),
            (Some(false), false, true) => Some(Self::ParentName),
            (Some(false), true, false) => Some(Self::ParentEmail),
            (Some(true), ..) | (Some(false), true, true) => None,
        }
    }

    /// Returns what is missing and the next step in a sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::AgeGroup => {
                "The profile is not complete: the age group is missing. Complete it to add the competitor to the game platform."
            }
            Self::Parent => {
                "The profile is not complete: the name and the email address of a parent are missing. Complete it to add the \
                 competitor to the game platform."
            }
            Self::ParentName => {
                "The profile is not complete: the name of a parent is missing. Complete it to add the competitor to the game \
                 platform."
            }
            Self::ParentEmail => {
                "The profile is not complete: the email address of a parent is missing. Complete it to add the competitor to \
                 the game platform."
            }
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct ProfileInput {
    pub first_name: String,
    pub last_name: String,
    /// `yes` if the person has one name only, which is the first name.
    pub only_name: String,
    /// The email address at the school.
    pub email_school: String,
    /// The personal email address.
    pub email_personal: String,
    /// `yes` or `no` to being 18 or over; empty if it is not known.
    pub is_18_or_over: String,
    pub grade: String,
    pub years_competing: String,
    pub parent_name: String,
    /// The email address of a parent.
    pub parent_email: String,
}

impl ProfileInput {
    /// Returns the input with the stored names in place of those that were left empty. Someone who is on record with one name keeps
    /// it unless they enter a last name.
    #[must_use]
    pub fn or_names(&self, stored: &Profile) -> Self {
        let mut input = self.clone();
        if input.first_name.trim().is_empty() {
            input.first_name.clone_from(&stored.first_name);
        }
        if input.last_name.trim().is_empty() && input.only_name != "yes" {
            input.last_name.clone_from(&stored.last_name);
            if stored.last_name.is_empty() {
                "yes".clone_into(&mut input.only_name);
            }
        }
        input
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    pub first_name: String,
    /// The last name; empty for a person with one name only.
    pub last_name: String,
    /// The email address at the school.
    pub email_school: Option<String>,
    /// The personal email address.
    pub email_personal: Option<String>,
    /// True if they are of age; `None` if it is not known.
    pub is_18_or_over: Option<bool>,
    pub grade: Option<i64>,
    pub years_competing: Option<i64>,
    pub parent_name: Option<String>,
    /// The email address of a parent.
    pub parent_email: Option<String>,
}

impl Profile {
    /// Validates a typed profile. Only the names are required, of which a person may state that they have one.
    ///
    /// # Errors
    /// When a field is not valid, a name is missing, or the parent has an address of the competitor.
    pub fn read(input: &ProfileInput) -> Result<Self, Problem> {
        let mut checks = Checks::default();
        let last_name = match input.last_name.trim() {
            "" if input.only_name == "yes" => Ok(String::new()),
            name => person_name(name, "last_name", "The last name"),
        };
        let years = number(
            &input.years_competing,
            "years_competing",
            "The number of years",
            0..=MOST_YEARS,
        );
        let parent_name = match input.parent_name.trim() {
            "" => Ok(None),
            name => person_name(name, "parent_name", "The parent's name").map(Some),
        };
        let first_name = person_name(&input.first_name, "first_name", "The first name");
        let profile = Self {
            first_name: checks.read(first_name),
            last_name: checks.read(last_name),
            email_school: checks.read(address(&input.email_school, "email_school")),
            email_personal: checks.read(address(&input.email_personal, "email_personal")),
            is_18_or_over: checks.read(of_age(&input.is_18_or_over)),
            grade: checks.read(number(&input.grade, "grade", "The grade", GRADES)),
            years_competing: checks.read(years),
            parent_name: checks.read(parent_name),
            parent_email: checks.read(address(&input.parent_email, "parent_email")),
        };
        checks.read(profile.check_parent());
        checks.finish(profile)
    }

    /// Refuses an address of the parent at which the competitor gets email.
    ///
    /// # Errors
    /// When the parent's address is one of the competitor's.
    pub fn check_parent(&self) -> Result<(), Problem> {
        let own = [&self.email_school, &self.email_personal].into_iter().flatten();
        check_parent_address(self.parent_email.as_deref(), own.map(String::as_str))
    }

    /// Returns the profile with the stored values of the fields that were left empty.
    #[must_use]
    pub fn or(self, stored: Self) -> Self {
        Self {
            first_name: self.first_name,
            last_name: self.last_name,
            email_school: self.email_school.or(stored.email_school),
            email_personal: self.email_personal.or(stored.email_personal),
            is_18_or_over: self.is_18_or_over.or(stored.is_18_or_over),
            grade: self.grade.or(stored.grade),
            years_competing: self.years_competing.or(stored.years_competing),
            parent_name: self.parent_name.or(stored.parent_name),
            parent_email: self.parent_email.or(stored.parent_email),
        }
    }

    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim_end().to_owned()
    }

    /// Returns the first address to send email to: that of the school, otherwise the personal one.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.email_school.as_deref().or(self.email_personal.as_deref())
    }

    /// Returns whether email to the competitor and to the parent goes to the same addresses as with another profile.
    #[must_use]
    pub fn has_addresses_of(&self, other: &Self) -> bool {
        self.email() == other.email() && self.parent_email == other.parent_email
    }

    /// Returns the part without which a competitor is not put on the game platform.
    #[must_use]
    pub const fn incomplete(&self) -> Option<Incomplete> {
        Incomplete::of(self.is_18_or_over, self.parent_name.is_some(), self.parent_email.is_some())
    }

    /// Lists the missing fields of a complete profile, in words.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let is_minor = self.is_18_or_over == Some(false);
        [
            (self.first_name.is_empty(), "the first name"),
            (self.email().is_none(), "an email address"),
            (self.is_18_or_over.is_none(), "the age group"),
            (is_minor && self.parent_name.is_none(), "the name of a parent"),
            (is_minor && self.parent_email.is_none(), "the email address of a parent"),
        ]
        .into_iter()
        .filter_map(|(is_missing, name)| is_missing.then_some(name))
        .collect()
    }
}

fn address(typed: &str, field: &'static str) -> Result<Option<String>, Problem> {
    match typed.trim() {
        "" => Ok(None),
        typed => {
            let address = identity::rules::email_address(typed);
            Ok(Some(address.map_err(|problem| problem.at(field))?))
        }
    }
}

fn of_age(typed: &str) -> Result<Option<bool>, Problem> {
    match typed.trim().to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "yes" | "true" | "1" => Ok(Some(true)),
        "no" | "false" | "0" => Ok(Some(false)),
        _ => {
            let detail = "Answer yes or no to whether the competitor is 18 or over.";
            Err(invalid(detail.to_owned()).at("is_18_or_over"))
        }
    }
}

fn number(
    typed: &str,
    field: &'static str,
    name: &str,
    allowed: RangeInclusive<i64>,
) -> Result<Option<i64>, Problem> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let number = typed.parse().ok();
    match number.filter(|number| allowed.contains(number)) {
        Some(number) => Ok(Some(number)),
        None => {
            let detail =
                format!("{name} must be a number from {} to {}.", allowed.start(), allowed.end());
            Err(invalid(detail).at(field))
        }
    }
}

/// Validates the day on which a release was signed, as `YYYY-MM-DD`: not in the future, and at most ten years ago.
///
/// # Errors
/// When it is not such a day.
pub fn release_day(typed: &str, today: NaiveDate) -> Result<NaiveDate, Problem> {
    let day: Option<NaiveDate> = typed.trim().parse().ok();
    let earliest = today - chrono::TimeDelta::days(3_653);
    day.filter(|day| *day <= today && *day >= earliest)
        .ok_or_else(|| {
            let detail = format!(
                "Enter the day on which the release was signed, such as {today}. It cannot be in the future or \
                 more than ten years ago."
            );
            invalid(detail).at("signed_on")
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::rosters::PERSON_NAME;

    fn input() -> ProfileInput {
        ProfileInput {
            first_name: " Ada ".to_owned(),
            last_name: "Quill".to_owned(),
            email_school: "ada@school.example".to_owned(),
            is_18_or_over: "no".to_owned(),
            grade: "10".to_owned(),
            years_competing: "2".to_owned(),
            parent_name: "Bo Quill".to_owned(),
            parent_email: "bo@home.example".to_owned(),
            ..ProfileInput::default()
        }
    }

    #[test]
    fn a_profile_is_trimmed_and_each_refusal_names_its_field() {
        let profile = Profile::read(&input()).expect("valid");
        assert_eq!(profile.first_name, "Ada");
        assert_eq!(profile.email(), Some("ada@school.example"));
        assert_eq!(profile.missing(), Vec::<&str>::new());
        let refused = |change: fn(&mut ProfileInput)| {
            let mut input = input();
            change(&mut input);
            Profile::read(&input).expect_err("refused").field
        };
        assert_eq!(refused(|it| it.first_name.clear()), Some("first_name"));
        assert_eq!(refused(|it| it.last_name.clear()), Some("last_name"));
        assert_eq!(refused(|it| it.email_school = "ada".to_owned()), Some("email_school"));
        assert_eq!(refused(|it| it.is_18_or_over = "maybe".to_owned()), Some("is_18_or_over"));
        assert_eq!(refused(|it| it.grade = "17".to_owned()), Some("grade"));
        assert_eq!(refused(|it| it.years_competing = "-1".to_owned()), Some("years_competing"));
        assert_eq!(refused(|it| it.parent_name = "a".repeat(PERSON_NAME + 1)), Some("parent_name"));
        assert_eq!(
            refused(|it| it.first_name = "=cmd|'/c calc'!A1".to_owned()),
            Some("first_name")
        );
        assert_eq!(refused(|it| it.last_name = "@Quill".to_owned()), Some("last_name"));
        assert_eq!(refused(|it| it.parent_name = "\u{ff1d}Bo".to_owned()), Some("parent_name"));
        assert_eq!(
            refused(|it| it.parent_email = "ADA@school.example".to_owned()),
            Some("parent_email")
        );
        assert_eq!(
            refused(|it| it.email_personal = "Bo@home.example".to_owned()),
            Some("parent_email")
        );
    }

    #[test]
    fn a_person_may_have_one_name() {
        let one =
            ProfileInput { last_name: " ".to_owned(), only_name: "yes".to_owned(), ..input() };
        let profile = Profile::read(&one).expect("valid");
        assert_eq!((profile.name().as_str(), profile.missing().len()), ("Ada", 0));
        let two = ProfileInput { only_name: "yes".to_owned(), ..input() };
        assert_eq!(Profile::read(&two).expect("valid").name(), "Ada Quill");
    }

    #[test]
    fn fields_that_are_left_empty_stay() {
        let stored = Profile::read(&input()).expect("valid");
        let empty = ProfileInput::default().or_names(&stored);
        let typed = Profile::read(&empty).expect("valid");
        assert_eq!(typed.or(stored.clone()), stored);
        let typed = ProfileInput { grade: "11".to_owned(), ..empty };
        let typed = Profile::read(&typed).expect("valid");
        assert_eq!(typed.or(stored.clone()), Profile { grade: Some(11), ..stored });
    }

    #[test]
    fn names_that_are_left_empty_stay() {
        let named = |first: &str, last: &str, only: &str| ProfileInput {
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            only_name: only.to_owned(),
            ..ProfileInput::default()
        };
        let stored = |last: &str| Profile {
            first_name: "Ada".to_owned(),
            last_name: last.to_owned(),
            ..Profile::default()
        };
        for (typed, last, name) in [
            (named("", "", ""), "Quill", "Ada Quill"),
            (named("Bea", " ", ""), "Quill", "Bea Quill"),
            (named("", "", "yes"), "Quill", "Ada"),
            (named("", "", ""), "", "Ada"),
            (named("", "Reed", ""), "", "Ada Reed"),
        ] {
            let read = Profile::read(&typed.or_names(&stored(last))).expect("valid");
            assert_eq!(read.name(), name, "{typed:?}");
        }
    }

    #[test]
    fn a_minor_needs_a_parent_and_an_adult_does_not() {
        let minor =
            ProfileInput { parent_name: String::new(), parent_email: String::new(), ..input() };
        let missing = Profile::read(&minor).expect("valid").missing();
        assert_eq!(missing, ["the name of a parent", "the email address of a parent"]);
        let adult = ProfileInput { is_18_or_over: "yes".to_owned(), ..minor };
        assert!(Profile::read(&adult).expect("valid").missing().is_empty());
        let unknown = Profile {
            first_name: "Ada".to_owned(),
            last_name: "Quill".to_owned(),
            ..Profile::default()
        };
        assert_eq!(unknown.missing(), ["an email address", "the age group"]);
    }

    #[test]
    fn what_keeps_a_competitor_off_the_platform_is_missing_in_the_profile_too() {
        for (age, name, email, expected) in [
            (Some(true), false, false, None),
            (Some(false), true, true, None),
            (None, true, true, Some(Incomplete::AgeGroup)),
            (Some(false), false, false, Some(Incomplete::Parent)),
            (Some(false), false, true, Some(Incomplete::ParentName)),
            (Some(false), true, false, Some(Incomplete::ParentEmail)),
        ] {
            let found = Incomplete::of(age, name, email);
            assert_eq!(found, expected, "{age:?} {name} {email}");
            let profile = Profile {
                first_name: "Ada".to_owned(),
                last_name: "Quill".to_owned(),
                email_school: Some("ada@school.example".to_owned()),
                is_18_or_over: age,
                parent_name: name.then(|| "Bo Quill".to_owned()),
                parent_email: email.then(|| "bo@home.example".to_owned()),
                ..Profile::default()
            };
            assert_eq!(profile.missing().is_empty(), found.is_none(), "{profile:?}");
        }
    }

    #[test]
    fn a_release_is_not_signed_in_the_future() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");
        assert_eq!(release_day("2026-11-24", today), Ok(today));
        for wrong in ["", "2026-11-25", "2016-01-01", "24.11.2026"] {
            assert_eq!(release_day(wrong, today).expect_err(wrong).field, Some("signed_on"));
        }
    }
}
