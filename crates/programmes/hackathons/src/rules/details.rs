//! Validation of the details of a hackathon.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use kernel::{Checks, Problem, Timestamp, typed};
use serde::{Deserialize, Serialize};

use super::{
    confirmations,
    instants::{for_field, instant},
    invalid,
    timeline::Timeline,
};
use crate::model::{
    CONDUCT, DEFAULT_CONDUCT, DESCRIPTION, Held, MOST_IN_TEAM, MOST_QUESTIONS, Places, SUMMARY,
    TITLE, VENUE, Visibility,
};

/// The maximum number of places.
pub const MOST_PLACES: i64 = 100_000;
/// The maximum number of tags, and of characters of one.
const TAGS: (usize, usize) = (10, 30);
/// The maximum number of characters of a question.
const QUESTION: usize = 200;

/// A question of a hackathon to everyone who applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub text: String,
    /// True if it must be answered.
    pub is_required: bool,
}

/// The details of a hackathon as they were typed. Absent fields stay as they are, or have their default in a new hackathon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HackathonInput {
    /// The name.
    pub title: Option<String>,
    /// A line below the name.
    pub summary: Option<String>,
    /// The description, as Markdown.
    pub description: Option<String>,
    /// The requirements: people who can take part, and what they submit, as Markdown.
    pub requirements: Option<String>,
    /// The prizes, as Markdown.
    pub prizes: Option<String>,
    /// The code of conduct, as Markdown. Participants accept it by version.
    pub conduct: Option<String>,
    pub tags: Option<Vec<String>>,
    /// The questions to everyone who applies.
    pub questions: Option<Vec<Question>>,
    pub visibility: Option<String>,
    /// How places are given.
    pub places: Option<String>,
    /// The kind of place where it is held; empty if that is not stated.
    pub held: Option<String>,
    /// The name of the place; empty if it is not stated.
    pub venue: Option<String>,
    /// The number of places; empty for no limit.
    pub capacity: Option<Option<i64>>,
    /// The time by which people confirm their places; empty if they need not.
    pub confirm_by: Option<String>,
    /// True if people can apply until submissions close, while places are free.
    pub late_registration: Option<bool>,
    /// The minimum number of people in a team.
    pub team_min: Option<i64>,
    /// The maximum number of people in a team.
    pub team_max: Option<i64>,
    /// The name of the time zone.
    pub timezone: Option<String>,
    /// The revision that a change is based on; absent to change whichever is current.
    pub based_on: Option<i64>,
    /// The six instants, in the order of [`Timeline`]. The two of judging can be empty, for a hackathon without it.
    pub dates: [Option<String>; 6],
    /// The problems of fields that a form could not read as what they are, such as numbers.
    pub unread: Option<Problem>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HackathonDetails {
    /// The name.
    pub title: String,
    /// A line below the name.
    pub summary: String,
    /// The description, as Markdown.
    pub description: String,
    /// The requirements: people who can take part, and what they submit, as Markdown.
    pub requirements: String,
    /// The prizes, as Markdown.
    pub prizes: String,
    /// The code of conduct, as Markdown.
    pub conduct: String,
    pub tags: Vec<String>,
    /// The questions to everyone who applies.
    pub questions: Vec<Question>,
    pub visibility: Visibility,
    /// How places are given.
    pub places: Places,
    /// The kind of place where it is held; `None` if that is not stated.
    pub held: Option<Held>,
    /// The name of the place; may be empty.
    pub venue: String,
    /// The number of places; `None` for no limit.
    pub capacity: Option<i64>,
    /// The time by which people confirm their places; `None` if they need not.
    pub confirm_by: Option<Timestamp>,
    /// True if people can apply until submissions close, while places are free.
    pub late_registration: bool,
    /// The minimum number of people in a team.
    pub team_min: i64,
    /// The maximum number of people in a team.
    pub team_max: i64,
    /// The time zone.
    pub timezone: Tz,
    /// The dates.
    pub timeline: Timeline,
}

impl HackathonDetails {
    /// Returns the details that an input describes, with those of `before` where it is silent.
    ///
    /// # Errors
    /// When a required field is missing or a field is not valid. The problem names the field.
    pub fn read(input: &HackathonInput, before: Option<&Self>) -> Result<Self, Problem> {
        let text = |given: &Option<String>, of: fn(&Self) -> &String| {
            let before = before.map(of).cloned().unwrap_or_default();
            given.clone().unwrap_or(before)
        };
        let mut checks = Checks::default();
        let title = typed::line(&text(&input.title, |it| &it.title), "The name", TITLE);
        let title = checks.read(title.map_err(|detail| invalid("title", detail)));
        let summary = text(&input.summary, |it| &it.summary);
        let summary = typed::optional_line(&summary, "The summary", SUMMARY);
        let summary = checks.read(summary.map_err(|detail| invalid("summary", detail)));
        let mut long = |field, typed: String, what| {
            let read = typed::paragraphs(&typed, what, DESCRIPTION);
            checks.read(read.map_err(|detail| invalid(field, detail)))
        };
        let description = text(&input.description, |it| &it.description);
        let description = long("description", description, "The description");
        let requirements = text(&input.requirements, |it| &it.requirements);
        let requirements = long("requirements", requirements, "The text");
        let prizes = long("prizes", text(&input.prizes, |it| &it.prizes), "The text");
        let venue = typed::optional_line(&text(&input.venue, |it| &it.venue), "The place", VENUE);
        let venue = checks.read(venue.map_err(|detail| invalid("venue", detail)));
        let held = checks.read(held(input.held.as_deref(), before));
        let tags = checks.read(tags(input.tags.as_ref(), before));
        let zone = checks.read_or(timezone(input.timezone.as_deref(), before), Tz::UTC);
        let timeline = timeline(&mut checks, &input.dates, before, zone);
        let visibility = visibility(input.visibility.as_deref(), before);
        let visibility = checks.read_or(visibility, Visibility::Public);
        let places = checks.read_or(places(input.places.as_deref(), before), Places::Automatic);
        input.unread.clone().into_iter().for_each(|problem| checks.refuse(problem));
        let capacity = checks.read(capacity(input.capacity, before));
        let confirm_by = confirm_by(&mut checks, input, before, (zone, &timeline, capacity));
        let (team_min, team_max) = checks.read(team_sizes(input, before));
        let late = before.is_some_and(|it| it.late_registration);
        let questions = checks.read(questions(input.questions.as_ref(), before));
        let conduct = checks.read(conduct(&text(&input.conduct, |it| &it.conduct)));
        checks.finish(Self {
            title,
            summary,
            description,
            requirements,
            prizes,
            conduct,
            tags,
            questions,
            visibility,
            places,
            held,
            // What is online has no place.
            venue: if held == Some(Held::Online) { String::new() } else { venue },
            capacity,
            confirm_by,
            late_registration: input.late_registration.unwrap_or(late),
            team_min,
            team_max,
            timezone: zone,
            timeline,
        })
    }
}

fn conduct(given: &str) -> Result<String, Problem> {
    match typed::paragraphs(given, "The code of conduct", CONDUCT) {
        Ok(empty) if empty.is_empty() => Ok(DEFAULT_CONDUCT.to_owned()),
        conduct => conduct.map_err(|detail| invalid("conduct", detail)),
    }
}

fn timezone(given: Option<&str>, before: Option<&HackathonDetails>) -> Result<Tz, Problem> {
    match (given, before) {
        (None, Some(before)) => Ok(before.timezone),
        (given, _) => {
            let zone = identity::rules::timezone_named(given.unwrap_or("UTC"));
            zone.map_err(|problem| problem.at("timezone"))
        }
    }
}

fn visibility(
    given: Option<&str>,
    before: Option<&HackathonDetails>,
) -> Result<Visibility, Problem> {
    match given {
        None => Ok(before.map_or(Visibility::Public, |before| before.visibility)),
        Some(given) => Visibility::named(given.trim()).ok_or_else(|| {
            let detail =
                format!("'{given}' is not a visibility. Use public, invite_only or private.");
            invalid("visibility", detail)
        }),
    }
}

fn places(given: Option<&str>, before: Option<&HackathonDetails>) -> Result<Places, Problem> {
    match given {
        None => Ok(before.map_or(Places::Automatic, |before| before.places)),
        Some(given) => Places::named(given.trim()).ok_or_else(|| {
            let detail = format!("'{given}' is not a way to give places. Use automatic or review.");
            invalid("places", detail)
        }),
    }
}

fn held(given: Option<&str>, before: Option<&HackathonDetails>) -> Result<Option<Held>, Problem> {
    match given.map(str::trim) {
        None => Ok(before.and_then(|before| before.held)),
        Some("") => Ok(None),
        Some(given) => Held::named(given).map(Some).ok_or_else(|| {
            invalid("held", format!("'{given}' is not a kind of place. Use online, place or both."))
        }),
    }
}

fn capacity(
    given: Option<Option<i64>>,
    before: Option<&HackathonDetails>,
) -> Result<Option<i64>, Problem> {
    let capacity = given.unwrap_or(before.and_then(|before| before.capacity));
    match capacity {
        Some(places) if !(1..=MOST_PLACES).contains(&places) => Err(invalid(
            "capacity",
            format!("Enter 1 to {MOST_PLACES} places, or leave it empty for no limit."),
        )),
        capacity => Ok(capacity),
    }
}

fn confirm_by(
    checks: &mut Checks,
    input: &HackathonInput,
    before: Option<&HackathonDetails>,
    (zone, timeline, capacity): (Tz, &Timeline, Option<i64>),
) -> Option<Timestamp> {
    let stored = before.and_then(|before| before.confirm_by);
    let at = match (input.confirm_by.as_deref().map(str::trim), stored) {
        (None, stored) => stored,
        (Some(""), _) => None,
        // A field of a page shows the stored instant without its seconds.
        (Some(typed), Some(stored)) if typed == for_field(stored, zone) => Some(stored),
        (Some(typed), _) => checks.value(instant("confirm_by", typed, zone)),
    }?;
    if checks.are_fine(&["application_closes_at", "submission_opens_at", "capacity"]) {
        checks.read(confirmations::check(at, timeline, capacity));
    }
    Some(at)
}

fn team_sizes(
    input: &HackathonInput,
    before: Option<&HackathonDetails>,
) -> Result<(i64, i64), Problem> {
    let min = input.team_min.unwrap_or(before.map_or(1, |before| before.team_min));
    let max = input.team_max.unwrap_or(before.map_or(4, |before| before.team_max));
    let mut checks = Checks::default();
    for (field, size) in [("team_min", min), ("team_max", max)] {
        if !(1..=MOST_IN_TEAM).contains(&size) {
            let detail = format!("A team has 1 to {MOST_IN_TEAM} people, not {size}.");
            checks.refuse(invalid(field, detail));
        }
    }
    if max < min && checks.is_clean() {
        let detail = format!("The largest team ({max}) is smaller than the smallest ({min}).");
        checks.refuse(invalid("team_max", detail));
    }
    checks.finish((min, max))
}

fn tags(
    given: Option<&Vec<String>>,
    before: Option<&HackathonDetails>,
) -> Result<Vec<String>, Problem> {
    let Some(given) = given else {
        return Ok(before.map(|before| before.tags.clone()).unwrap_or_default());
    };
    let (most, length) = TAGS;
    let (mut seen, mut tags) = (BTreeSet::new(), Vec::new());
    for tag in given {
        let tag = typed::optional_line(tag, "A tag", length);
        let tag = tag.map_err(|detail| invalid("tags", detail))?;
        // Pages and the database separate tags with commas.
        if tag.contains(',') {
            let detail = format!("The tag '{tag}' contains a comma. Make it two tags.");
            return Err(invalid("tags", detail));
        }
        if !tag.is_empty() && seen.insert(tag.to_lowercase()) {
            tags.push(tag);
        }
    }
    if tags.len() > most {
        Err(invalid("tags", format!("Use at most {most} tags.")))
    } else {
        Ok(tags)
    }
}

fn questions(
    given: Option<&Vec<Question>>,
    before: Option<&HackathonDetails>,
) -> Result<Vec<Question>, Problem> {
    let Some(given) = given else {
        return Ok(before.map(|before| before.questions.clone()).unwrap_or_default());
    };
    if given.len() > MOST_QUESTIONS {
        let detail = format!("Ask at most {MOST_QUESTIONS} questions.");
        return Err(invalid("questions", detail));
    }
    let mut seen = BTreeSet::new();
    let read = |question: &Question| {
        let text = typed::line(&question.text, "A question", QUESTION);
        let text = text.map_err(|detail| invalid("questions", detail))?;
        // The form marks a required question with a star at its end.
        if text.ends_with('*') {
            let detail = format!("The question '{text}' ends with a star. Remove it.");
            return Err(invalid("questions", detail));
        }
        if seen.insert(text.clone()) {
            Ok(Question { text, is_required: question.is_required })
        } else {
            let detail = format!("The question '{text}' is there twice. Remove one.");
            Err(invalid("questions", detail))
        }
    };
    given.iter().map(read).collect()
}

/// Reads questions from a field with one question a line; a star at the end of a line marks one that must be answered.
#[must_use]
pub fn questions_of_lines(lines: &str) -> Vec<Question> {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let read = |line: &str| match line.strip_suffix('*') {
        Some(text) => Question { text: text.trim_end().to_owned(), is_required: true },
        None => Question { text: line.to_owned(), is_required: false },
    };
    lines.map(read).collect()
}

/// Returns questions for a field with one question a line.
#[must_use]
pub fn lines_of_questions(questions: &[Question]) -> String {
    let line = |question: &Question| {
        if question.is_required { format!("{} *", question.text) } else { question.text.clone() }
    };
    questions.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Reads tags from a field that separates them with commas.
#[must_use]
pub fn tags_of_field(field: &str) -> Vec<String> {
    field.split(',').map(|tag| tag.trim().to_owned()).collect()
}

/// Reads the six instants. Empty ones of judging are the end of submissions.
fn timeline(
    checks: &mut Checks,
    given: &[Option<String>; 6],
    before: Option<&HackathonDetails>,
    zone: Tz,
) -> Timeline {
    let stored = before.map(|before| before.timeline.parts().map(|(_, _, at)| at));
    let had_judging = before.is_some_and(|before| before.timeline.has_judging());
    let mut read = |index: usize| {
        let field = Timeline::FIELDS[index];
        let at = match (&given[index], stored) {
            (None, Some(stored)) => Ok(stored[index]),
            // A field of a page shows the stored instant without its seconds.
            (Some(typed), Some(stored)) if typed.trim() == for_field(stored[index], zone) => {
                Ok(stored[index])
            }
            (typed, _) => instant(field, typed.as_deref().unwrap_or_default(), zone),
        };
        checks.read(at)
    };
    let [application_opens_at, application_closes_at, submission_opens_at, submission_closes_at] =
        [0, 1, 2, 3].map(&mut read);
    let [judging_opens_at, judging_closes_at] =
        [4, 5].map(|index| match given[index].as_deref().map(str::trim) {
            Some("") => submission_closes_at,
            None if !had_judging => submission_closes_at,
            _ => read(index),
        });
    let timeline = Timeline {
        application_opens_at,
        application_closes_at,
        submission_opens_at,
        submission_closes_at,
        judging_opens_at,
        judging_closes_at,
    };
    if checks.are_fine(&Timeline::FIELDS) {
        checks.read(timeline.check());
    }
    timeline
}

#[cfg(test)]
#[path = "details/tests.rs"]
pub(crate) mod tests;
