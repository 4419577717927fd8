//! The platform's answers as values. Unknown fields, categories and codes are kept or ignored; a value that would be lost is
//! an error.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Assignment, FlashEvent, OdlScores, PlatformError, PlatformUser, Solve,
    values::{Fields, line},
};

/// The most solves of one answer or event.
const MOST_SOLVES: usize = 20_000;
/// The most Flash CTFs of one answer.
const MOST_EVENTS: usize = 2_000;
/// The most memberships of one answer.
const MOST_ASSIGNMENTS: usize = 200_000;
/// The most NICE work roles of a challenge, and the longest code in characters.
const ROLES: (usize, usize) = (50, 60);
/// The longest names and titles, in characters.
const LONGEST_TITLE: usize = 300;
/// The longest states and categories, in characters.
const LONGEST_WORD: usize = 100;
/// The longest reason of a refusal, in characters.
const LONGEST_DETAIL: usize = 200;

pub(super) fn json(text: &str) -> Result<Value, PlatformError> {
    serde_json::from_str(text)
        .map_err(|_| PlatformError::Malformed("the answer is not JSON".to_owned()))
}

/// Refuses an answer that states the ID of another person than `asked`. Platforms may leave the ID out.
fn check_person(fields: &Fields<'_>, asked: Option<&str>) -> Result<(), PlatformError> {
    let (stated, asked) = (fields.optional_id("syned_user_id")?, asked.unwrap_or_default());
    let is_other = |stated: &String| !asked.is_empty() && !stated.eq_ignore_ascii_case(asked);
    match stated.filter(is_other) {
        Some(_) => {
            let other = "syned_user_id is not the ID that was asked for";
            Err(PlatformError::Malformed(other.to_owned()))
        }
        None => Ok(()),
    }
}

/// Reads an account. An answer about another person than `asked` is an error.
pub(super) fn user(text: &str, asked: Option<&str>) -> Result<PlatformUser, PlatformError> {
    let answer = json(text)?;
    let fields = Fields::of(&answer, "")?;
    check_person(&fields, asked)?;
    let username = fields.text("metactf_username", LONGEST_TITLE)?;
    Ok(PlatformUser {
        metactf_user_id: fields.key("metactf_user_id")?,
        username: Some(username).filter(|name| !name.is_empty()),
        last_login_at: fields.optional_instant("last_login_unix_timestamp")?,
        status: fields.text("metactf_user_status", LONGEST_WORD)?,
    })
}

/// Reads memberships. Those of people or teams that this server did not create are left out.
pub(super) fn assignments(text: &str) -> Result<Vec<Assignment>, PlatformError> {
    let answer = json(text)?;
    let fields = Fields::of(&answer, "")?;
    let list = fields.list("assignments", MOST_ASSIGNMENTS)?;
    let count = i64::try_from(list.len()).unwrap_or(i64::MAX);
    if fields.optional_whole("total_count")?.unwrap_or(count) > count {
        let partial = "assignments has fewer entries than total_count";
        return Err(PlatformError::Malformed(partial.to_owned()));
    }
    let mut assignments = Vec::with_capacity(list.len());
    for (index, value) in list.iter().enumerate() {
        let fields = Fields::of(value, &format!("assignments[{index}]"))?;
        let team = fields.optional_id("syned_team_id")?;
        let user = fields.optional_id("syned_user_id")?;
        if let (Some(team), Some(user)) = (team, user) {
            let team_name = fields.text("team_name", LONGEST_TITLE)?;
            assignments.push(Assignment {
                team,
                user,
                team_name: Some(team_name).filter(|name| !name.is_empty()),
            });
        }
    }
    Ok(assignments)
}

/// Reads the results in on-demand learning. An answer about another person than `asked` is an error.
pub(super) fn scores(text: &str, asked: Option<&str>) -> Result<OdlScores, PlatformError> {
    let answer = json(text)?;
    let fields = Fields::of(&answer, "")?;
    check_person(&fields, asked)?;
    Ok(OdlScores {
        total_solved: fields.count("total_challenges_solved")?,
        total_points: fields.total("total_points")?,
        last_accessed_at: fields.optional_instant("last_accessed_unix_timestamp")?,
        solves: solves(&fields, "")?,
    })
}

/// Reads the results in Flash CTFs. An answer about another person than `asked` is an error.
pub(super) fn progress(text: &str, asked: Option<&str>) -> Result<Vec<FlashEvent>, PlatformError> {
    let answer = json(text)?;
    let fields = Fields::of(&answer, "")?;
    check_person(&fields, asked)?;
    let list = fields.list("flash_ctfs", MOST_EVENTS)?;
    let events = list.iter().enumerate();
    events.map(|(index, value)| event(value, index)).collect()
}

fn event(value: &Value, index: usize) -> Result<FlashEvent, PlatformError> {
    let place = format!("flash_ctfs[{index}]");
    let fields = Fields::of(value, &place)?;
    let mut raw = value.clone();
    if let Some(raw) = raw.as_object_mut() {
        raw.remove("challenge_solves");
    }
    let name = fields.text("flash_ctf_name", LONGEST_TITLE)?;
    if name.is_empty() {
        let missing = format!("{place}.flash_ctf_name is empty");
        return Err(PlatformError::Malformed(missing));
    }
    Ok(FlashEvent {
        name,
        started_at: fields.instant("flash_ctf_time_start_unix")?,
        challenges_solved: fields.count("challenges_solved")?,
        solves: solves(&fields, &format!("{place}."))?,
        points_earned: fields.total("points_earned")?,
        max_points: fields.total("max_points_possible")?,
        rank: fields.optional_whole("rank")?,
        raw,
    })
}

fn solves(fields: &Fields<'_>, place: &str) -> Result<Vec<Solve>, PlatformError> {
    let list = fields.list("challenge_solves", MOST_SOLVES)?;
    let solves = list.iter().enumerate();
    solves
        .map(|(index, value)| solve(value, &format!("{place}challenge_solves[{index}]")))
        .collect()
}

fn solve(value: &Value, place: &str) -> Result<Solve, PlatformError> {
    let fields = Fields::of(value, place)?;
    Ok(Solve {
        solve_id: fields.id("challenge_solve_id")?,
        challenge_id: fields.id("challenge_id")?,
        title: fields.text("challenge_title", LONGEST_TITLE)?,
        points: fields.whole("challenge_points")?,
        category: fields.text("challenge_category", LONGEST_WORD)?,
        solved_at: fields.instant("timestamp_unix")?,
        is_retired: fields.flag("challenge_retired")?,
        nice_work_roles: fields.texts("nist_nice_work_roles", ROLES.0, ROLES.1)?,
        raw: value.clone(),
    })
}

/// Returns true if an answer is JSON with a reason, as the platform's own refusals are.
pub(super) fn has_detail(text: &str) -> bool {
    json(text).is_ok_and(|answer| answer.get("detail").is_some())
}

/// Returns the platform's reason for a refusal as one short line, without email addresses and without the words of the texts
/// in `private`.
pub(super) fn detail(text: &str, private: &[String]) -> String {
    let answer = json(text).unwrap_or_default();
    let said = match answer.get("detail") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(list)) => {
            let entries: Vec<String> = list.iter().take(5).map(entry).collect();
            entries.join("; ")
        }
        _ => String::new(),
    };
    let private: BTreeSet<String> = private.iter().flat_map(|text| words(text)).collect();
    let shown = |word: &str| {
        if word.contains('@') || words(word).any(|w| private.contains(&w)) {
            "…".to_owned()
        } else {
            word.to_owned()
        }
    };
    let said: Vec<String> = said.split_whitespace().map(shown).collect();
    let said = line(&said.join(" "), LONGEST_DETAIL);
    if said.is_empty() {
        "no reason given".to_owned()
    } else {
        said.trim_end_matches('.').to_owned()
    }
}

/// Returns an entry of a list of invalid fields: `email: value is not a valid email address`.
fn entry(value: &Value) -> String {
    let place = value.get("loc").and_then(Value::as_array);
    let place = place.and_then(|place| place.last());
    let place = place.map_or_else(String::new, |place| match place.as_str() {
        Some(text) => text.to_owned(),
        None => place.to_string(),
    });
    let says = value.get("msg").and_then(Value::as_str);
    format!("{place}: {}", says.unwrap_or("invalid"))
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// The fields of each answer that are read, by the call.
const KNOWN: &[(&str, &[&str])] = &[
    (
        "user",
        &[
            "metactf_user_id",
            "metactf_username",
            "syned_user_id",
            "last_login_unix_timestamp",
            "metactf_user_status",
        ],
    ),
    ("assignments", &["assignments", "total_count"]),
    (
        "odl_scores",
        &[
            "syned_user_id",
            "metactf_user_id",
            "total_challenges_solved",
            "total_points",
            "last_accessed_unix_timestamp",
            "category_points",
            "challenge_solves",
        ],
    ),
    ("flash_progress", &["syned_user_id", "flash_ctfs"]),
];

/// Returns how the fields of an answer differ from the known ones: those that are absent, and those that are new.
pub(super) fn difference(call: &str, text: &str) -> (Vec<String>, Vec<String>) {
    let known = KNOWN.iter().find(|(name, _)| *name == call);
    let known = known.map_or(&[][..], |(_, fields)| fields);
    let answer = json(text).unwrap_or_default();
    let Some(answer) = answer.as_object() else {
        return (Vec::new(), Vec::new());
    };
    let absent = known.iter().filter(|name| !answer.contains_key(**name));
    let new = answer.keys().filter(|name| !known.contains(&name.as_str()));
    (
        absent.map(|name| (*name).to_owned()).collect(),
        new.take(20).map(|name| line(name, 60)).collect(),
    )
}
