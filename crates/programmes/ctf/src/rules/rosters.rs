//! Validation of rosters and coaches, and decisions on who coaches a roster.

use kernel::{
    Checks, Problem, ProblemKind, counted, listed,
    typed::{self, misread},
};

use crate::model::{Division, RosterRole};

/// The maximum number of characters of the name of a roster.
pub const NAME: usize = 80;

/// The maximum number of characters of a school.
pub const SCHOOL: usize = 120;

/// The maximum number of characters of a region.
pub const REGION: usize = 80;

/// The maximum number of characters of a first or a last name.
pub const PERSON_NAME: usize = 60;

/// The typed settings of a roster.
#[derive(Clone, Debug, Default)]
pub struct RosterInput {
    pub name: String,
    pub school: String,
    pub school_year: String,
    /// The name of the time zone.
    pub timezone: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterDetails {
    pub name: String,
    pub school: String,
    /// The school year, such as `2026/27` or `2026`.
    pub school_year: String,
    /// The name of the time zone.
    pub timezone: String,
}

impl RosterDetails {
    /// Validates typed settings.
    ///
    /// # Errors
    /// When a field is missing or not valid.
    pub fn read(input: &RosterInput) -> Result<Self, Problem> {
        let timezone = identity::rules::timezone_named(&input.timezone);
        let timezone = timezone.map(|zone| zone.name().to_owned());
        let mut checks = Checks::default();
        let details = Self {
            name: checks.read(quoted_line(&input.name, "name", "The name of the roster", NAME)),
            school: checks.read(line(&input.school, "school", "The school", SCHOOL)),
            school_year: checks.read(school_year(&input.school_year)),
            timezone: checks.read(timezone.map_err(|problem| problem.at("timezone"))),
        };
        checks.finish(details)
    }
}

/// Validates a school year: a year, or two consecutive ones such as `2026/27`.
///
/// # Errors
/// When it is neither.
pub fn school_year(typed: &str) -> Result<String, Problem> {
    let typed = typed.trim();
    let (first, second) = match typed.split_once('/') {
        Some((first, second)) => (first, Some(second)),
        None => (typed, None),
    };
    let year = digits(first, 4).filter(|year| (2000..=2100).contains(year));
    let follows = |second| year.is_some_and(|year| digits(second, 2) == Some((year + 1) % 100));
    if year.is_some() && second.is_none_or(follows) {
        return Ok(typed.to_owned());
    }
    let detail = misread(typed, "a school year", ", such as 2026/27 or 2026");
    Err(invalid(detail).at("school_year"))
}

/// Parses a number of exactly `length` digits.
fn digits(text: &str, length: usize) -> Option<u32> {
    let is_number = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// Returns the school year after one, to suggest it.
#[must_use]
pub fn next_school_year(year: &str) -> String {
    let first = year.split('/').next().and_then(|first| digits(first, 4));
    match first {
        Some(first) if year.contains('/') => {
            format!("{}/{:02}", first + 1, (first + 2) % 100)
        }
        Some(first) => (first + 1).to_string(),
        None => String::new(),
    }
}

/// Returns the year in which a valid school year begins.
#[must_use]
pub fn first_year(school_year: &str) -> i64 {
    let first = school_year.split('/').next().and_then(|first| digits(first, 4));
    first.map_or(0, i64::from)
}

/// The outcome for a competitor when their school year ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YearEnd {
    /// They can continue, in this grade.
    Continues(Option<i64>),
    /// They were in the last grade of their school.
    Graduates,
}

impl YearEnd {
    /// Decides for a competitor of a grade who takes part again `years` later: grade 12 ends high school, and grade 16 college.
    #[must_use]
    pub fn after(grade: Option<i64>, years: i64) -> Self {
        let Some(grade) = grade else {
            return Self::Continues(None);
        };
        let last = if grade <= 12 { 12 } else { 16 };
        let next = grade.saturating_add(years);
        if next > last { Self::Graduates } else { Self::Continues(Some(next)) }
    }

    /// Returns the grade in which they continue; `None` if it is not known.
    #[must_use]
    pub const fn grade(self) -> Option<i64> {
        match self {
            Self::Continues(grade) => grade,
            Self::Graduates => None,
        }
    }
}

/// The typed details of a coach.
#[derive(Clone, Debug, Default)]
pub struct CoachInput {
    pub school: String,
    pub division: String,
    pub region: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoachDetails {
    pub school: String,
    pub division: Division,
    pub region: String,
}

impl CoachDetails {
    /// Validates typed details.
    ///
    /// # Errors
    /// When a field is missing or not valid.
    pub fn read(input: &CoachInput) -> Result<Self, Problem> {
        let mut checks = Checks::default();
        let school = checks.read(line(&input.school, "school", "Your school", SCHOOL));
        let details = Self::at_school(school, input, &mut checks);
        checks.finish(details)
    }

    /// Validates typed details apart from the school, which is known.
    fn at_school(school: String, input: &CoachInput, checks: &mut Checks) -> Self {
        let division = Division::named(&input.division).ok_or_else(|| {
            invalid("Choose middle school, high school or college.".to_owned()).at("division")
        });
        Self {
            school,
            division: checks.read_or(division, Division::ALL[0]),
            region: checks.read(line(&input.region, "region", "Your region", REGION)),
        }
    }
}

/// Validates the settings of a roster, and the details of the person who becomes a coach with it, whose school is that of the roster.
///
/// # Errors
/// When a field is missing or not valid.
pub fn with_coach(
    roster: &RosterInput,
    coach: &CoachInput,
) -> Result<(RosterDetails, CoachDetails), Problem> {
    let mut checks = Checks::default();
    let roster: RosterDetails = checks.read(RosterDetails::read(roster));
    let coach = CoachDetails::at_school(roster.school.clone(), coach, &mut checks);
    checks.finish((roster, coach))
}

/// The name of a person who joins a roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName {
    pub first: String,
    pub last: String,
}

impl PersonName {
    /// Validates a typed name.
    ///
    /// # Errors
    /// When a part is missing or too long.
    pub fn read(first: &str, last: &str) -> Result<Self, Problem> {
        let mut checks = Checks::default();
        let name = Self {
            first: checks.read(person_name(first, "first_name", "Your first name")),
            last: checks.read(person_name(last, "last_name", "Your last name")),
        };
        checks.finish(name)
    }
}

/// Validates the name of a person, which emails quote and files of spreadsheets contain.
///
/// # Errors
/// When it is not a [`quoted_line`], or begins like a formula.
pub fn person_name(text: &str, field: &'static str, what: &str) -> Result<String, Problem> {
    if !text.trim_start().starts_with(['=', '+', '@', '＝', '＋', '＠']) {
        return quoted_line(text, field, what, PERSON_NAME);
    }
    let detail = format!(
        "{what} begins with =, + or @, like a formula of a spreadsheet. Enter the name without it."
    );
    Err(invalid(detail).at(field))
}

/// Validates a required line of text, and trims it.
///
/// # Errors
/// When it is empty, too long or contains invisible characters.
pub fn line(text: &str, field: &'static str, what: &str, most: usize) -> Result<String, Problem> {
    typed::line(text, what, most).map_err(|detail| invalid(detail).at(field))
}

/// Validates a line like [`line`] that emails quote to people who may have no account. It names no address that a
/// reader could follow: the email is from this server, but the line is not.
///
/// # Errors
/// When it is not valid, or looks like an address of the web or of email.
pub fn quoted_line(
    text: &str,
    field: &'static str,
    what: &str,
    most: usize,
) -> Result<String, Problem> {
    let line = line(text, field, what, most)?;
    if !typed::names_address(&line) {
        return Ok(line);
    }
    let detail = format!(
        "{what} looks like an address on the web or of email, but emails to parents quote it. Leave the address out, and \
         put a space after each dot."
    );
    Err(invalid(detail).at(field))
}

/// Returns the error for an invalid field of a roster or a coach.
pub(crate) fn invalid(detail: String) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_ROSTER", detail)
}

/// Refuses to remove or to demote the last coach of a roster. `others` are the roles of its other approved coaches.
///
/// # Errors
/// When no other coach would be left.
pub fn keeps_coach(role: RosterRole, others: &[RosterRole]) -> Result<(), Problem> {
    if role != RosterRole::Coach || others.contains(&RosterRole::Coach) {
        return Ok(());
    }
    let detail = "This is the last coach of the roster. Share it with another coach first.";
    Err(Problem::new(ProblemKind::Conflict, "LAST_COACH", detail))
}

/// Refuses to change a roster whose school year is over.
///
/// # Errors
/// When it is archived.
pub fn changeable(is_archived: bool) -> Result<(), Problem> {
    if !is_archived {
        return Ok(());
    }
    let detail = "This roster is archived, so it can no longer be changed. Use the roster of the new school year.";
    Err(Problem::new(ProblemKind::Conflict, "ROSTER_ARCHIVED", detail))
}

/// Names students by their first names, which `between` separates, and counts the others of `number`: "Ines, Suki and 3 others".
#[must_use]
pub fn students(names: &str, between: char, number: i64) -> String {
    let mut named: Vec<String> = names.split(between).map(str::to_owned).collect();
    named.retain(|name| !name.is_empty());
    if named.is_empty() {
        return counted(number, "student", "students");
    }
    let others = number - i64::try_from(named.len()).unwrap_or(i64::MAX);
    if others > 0 {
        named.push(counted(others, "other", "others"));
    }
    listed(&named, "and")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn students_are_named_and_counted() {
        for (names, number, words) in [
            ("Ines", 1, "Ines"),
            ("Ines|Suki", 2, "Ines and Suki"),
            ("Ines|Suki", 3, "Ines, Suki and 1 other"),
            ("Ines|Suki", 5, "Ines, Suki and 3 others"),
            ("Ines", 2, "Ines and 1 other"),
            ("", 1, "1 student"),
            ("", 4, "4 students"),
        ] {
            assert_eq!(students(names, '|', number), words);
        }
    }

    fn input() -> RosterInput {
        RosterInput {
            name: " Harbor Owls ".to_owned(),
            school: "Harbor High".to_owned(),
            school_year: "2026/27".to_owned(),
            timezone: "America/Chicago".to_owned(),
        }
    }

    #[test]
    fn settings_are_trimmed_and_each_refusal_names_its_field() {
        let details = RosterDetails::read(&input()).expect("valid");
        assert_eq!(details.name, "Harbor Owls");
        assert_eq!(details.timezone, "America/Chicago");
        let refused = |change: fn(&mut RosterInput)| {
            let mut input = input();
            change(&mut input);
            RosterDetails::read(&input).expect_err("refused").field
        };
        assert_eq!(refused(|it| it.name = " ".to_owned()), Some("name"));
        assert_eq!(refused(|it| it.name = "a".repeat(81)), Some("name"));
        assert_eq!(refused(|it| it.school = "a".repeat(121)), Some("school"));
        assert_eq!(refused(|it| it.school = "a\nb".to_owned()), Some("school"));
        assert_eq!(refused(|it| it.school_year = "soon".to_owned()), Some("school_year"));
        assert_eq!(refused(|it| it.timezone = "Chicago".to_owned()), Some("timezone"));
        let longest = RosterInput { name: "é".repeat(80), ..input() };
        assert!(RosterDetails::read(&longest).is_ok());
    }

    #[test]
    fn what_e_mails_quote_names_no_address() {
        let read = |text: &str| quoted_line(text, "name", "The name of the roster", NAME);
        for name in [
            "Harbor Owls",
            "Mary J. Quill Jr.",
            "J.R. Quill",
            "J.R.R. Quill",
            "St. Mary's / Owls v2.0",
            "Owls 2.0",
            "O'Brien-Quill...",
            "Ms.",
            "\u{674e}\u{96f7}",
        ] {
            assert_eq!(read(name).as_deref(), Ok(name));
        }
        for name in [
            "owls@evil.example",
            "owls\u{ff20}evil",
            "Pay at evil.example",
            "evil.example/consent?a=1",
            "HTTPS://EVIL",
            "www.evil",
            "(evil.example)",
            "evil.example.",
            "evil\u{ff0e}example",
            "Visit sub.evil.example, please",
            "b\u{fc}cher.example",
        ] {
            let refused = read(name).expect_err(name);
            assert_eq!(refused.field, Some("name"), "{name}");
            assert!(refused.detail.contains("looks like an address"), "{}", refused.detail);
        }
    }

    #[test]
    fn a_school_year_has_one_year_or_two_consecutive_ones() {
        for (year, next) in [
            ("2026", "2027"),
            ("2026/27", "2027/28"),
            ("2098/99", "2099/00"),
            ("2099/00", "2100/01"),
        ] {
            assert_eq!(school_year(year).as_deref(), Ok(year));
            assert_eq!(next_school_year(year), next);
        }
        for wrong in ["", "26", "2026/28", "2026/2027", "2026/", "1999", "+026", "2026-27"] {
            assert!(school_year(wrong).is_err(), "{wrong}");
        }
        assert_eq!(next_school_year("?"), "");
    }

    #[test]
    fn grades_advance_with_the_school_year() {
        for (grade, years, end) in [
            (Some(9), 1, YearEnd::Continues(Some(10))),
            (Some(9), 2, YearEnd::Continues(Some(11))),
            (Some(11), 1, YearEnd::Continues(Some(12))),
            (Some(11), 2, YearEnd::Graduates),
            (Some(12), 1, YearEnd::Graduates),
            (Some(12), 0, YearEnd::Continues(Some(12))),
            (Some(13), 1, YearEnd::Continues(Some(14))),
            (Some(16), 1, YearEnd::Graduates),
            (None, 1, YearEnd::Continues(None)),
        ] {
            assert_eq!(YearEnd::after(grade, years), end, "{grade:?} {years}");
        }
        for (year, first) in [("2026/27", 2026), ("2099/00", 2099), ("2026", 2026)] {
            assert_eq!(first_year(year), first);
        }
    }

    #[test]
    fn a_coach_states_school_division_and_region() {
        let typed = CoachInput {
            school: "Harbor High".to_owned(),
            division: "high_school".to_owned(),
            region: "Texas".to_owned(),
        };
        let details = CoachDetails::read(&typed).expect("valid");
        assert_eq!(details.division, Division::HighSchool);
        let wrong = CoachInput { division: "kindergarten".to_owned(), ..typed.clone() };
        assert_eq!(CoachDetails::read(&wrong).expect_err("refused").field, Some("division"));
        let wrong = CoachInput { region: String::new(), ..typed };
        assert_eq!(CoachDetails::read(&wrong).expect_err("refused").field, Some("region"));
    }

    #[test]
    fn a_roster_and_its_coach_have_one_school() {
        let roster = RosterInput {
            name: "Owls".to_owned(),
            school: " Harbor High ".to_owned(),
            school_year: "2026/27".to_owned(),
            timezone: "UTC".to_owned(),
        };
        let coach = CoachInput {
            school: "elsewhere".to_owned(),
            division: "college".to_owned(),
            region: "Texas".to_owned(),
        };
        let (details, own) = with_coach(&roster, &coach).expect("valid");
        assert_eq!((details.school.as_str(), own.school.as_str()), ("Harbor High", "Harbor High"));
        assert_eq!((own.division, own.region.as_str()), (Division::College, "Texas"));
        let wrong = RosterInput { school: String::new(), name: String::new(), ..roster };
        let problem = with_coach(&wrong, &CoachInput::default()).expect_err("refused");
        let fields: Vec<_> = problem.fields.iter().map(|it| it.field).collect();
        assert_eq!(fields, ["name", "school", "division", "region"]);
    }

    #[test]
    fn a_roster_keeps_a_coach() {
        use RosterRole::{Assistant, Coach};
        assert!(keeps_coach(Coach, &[Assistant, Coach]).is_ok());
        assert!(keeps_coach(Assistant, &[]).is_ok());
        let refused = keeps_coach(Coach, &[Assistant]).expect_err("refused");
        assert_eq!(refused.code, "LAST_COACH");
    }

    #[test]
    fn archived_rosters_are_not_changed() {
        assert!(changeable(false).is_ok());
        assert_eq!(changeable(true).expect_err("refused").code, "ROSTER_ARCHIVED");
    }
}
