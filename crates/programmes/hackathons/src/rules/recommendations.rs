//! Recommendations of teams and teammates, with their reasons.

use std::{cmp::Reverse, collections::BTreeMap};

use chrono::Offset as _;
use chrono_tz::Tz;
use kernel::{Timestamp, counted};

/// The maximum number of recommendations.
pub const MOST: usize = 10;

/// The skills that count, of those that the person lacks and of those that both have; further ones change nothing.
const COUNTED: (usize, usize) = (5, 2);

/// The number of skills that a sentence names.
const NAMED: usize = 3;

/// The minutes of a day.
const DAY: i64 = 24 * 60;

/// A person, as far as recommendations compare people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonTraits {
    pub skills: Vec<String>,
    /// Their time zone, if they chose one.
    pub zone: Option<Tz>,
    /// The number of earlier hackathons in which they submitted something.
    pub hackathons: i64,
}

/// A person who looks for a team, or the team that looks for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seeker {
    pub own: PersonTraits,
    /// The other members of their team; empty without a team.
    pub mates: Vec<PersonTraits>,
}

/// A person or a team that could be recommended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecommendationCandidate {
    /// The login of a person, or the name of a team.
    pub name: String,
    /// The person alone, or the members of the team.
    pub people: Vec<PersonTraits>,
    pub is_team: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recommendation {
    /// The place of the candidate in the list that was given.
    pub index: usize,
    /// Its skills, each once, in the order of their names.
    pub skills: Vec<String>,
    /// Why it is recommended, as sentences; never empty.
    pub reasons: Vec<String>,
}

/// Returns the best candidates for a person, best first. Skills that the person and their team lack count most, some that both have
/// are good, and so are a near time zone and similar experience. Candidates that are equally good are in the order of their names.
#[must_use]
pub fn recommend(
    seeker: &Seeker,
    candidates: &[RecommendationCandidate],
    now: Timestamp,
) -> Vec<Recommendation> {
    let mut ranked: Vec<_> = candidates
        .iter()
        .enumerate()
        .map(|(index, candidate)| (CandidateMatch::of(seeker, candidate, now), index, candidate))
        .collect();
    ranked.sort_by_cached_key(|(found, index, candidate)| {
        let name = (candidate.name.to_lowercase(), candidate.name.clone());
        (Reverse(found.score()), name, *index)
    });
    let recommended =
        |(found, index, candidate): (CandidateMatch, usize, &RecommendationCandidate)| {
            Recommendation {
                index,
                skills: skills(&candidate.people).into_values().collect(),
                reasons: found.reasons(seeker, candidate),
            }
        };
    ranked.into_iter().take(MOST).map(recommended).collect()
}

/// A comparison of a candidate with the person.
struct CandidateMatch {
    /// The skills of the candidate that the person and their team lack, as they were typed.
    missing: Vec<String>,
    /// The skills that both have.
    shared: Vec<String>,
    /// The minutes between their clocks, of the farthest member of a team; absent if either has no time zone.
    minutes: Option<i64>,
    /// The number of earlier hackathons, on average.
    hackathons: i64,
    /// The difference to the number of the person.
    gap: i64,
}

impl CandidateMatch {
    fn of(seeker: &Seeker, candidate: &RecommendationCandidate, now: Timestamp) -> Self {
        let known = skills(std::iter::once(&seeker.own).chain(&seeker.mates));
        let offered = skills(&candidate.people);
        let (shared, missing): (Vec<_>, Vec<_>) =
            offered.into_iter().partition(|(skill, _)| known.contains_key(skill));
        let typed = |part: Vec<(String, String)>| part.into_iter().map(|(_, typed)| typed);
        let hackathons = average(&candidate.people);
        Self {
            missing: typed(missing).collect(),
            shared: typed(shared).collect(),
            minutes: farthest(&seeker.own, &candidate.people, now),
            hackathons,
            gap: (hackathons - seeker.own.hackathons).abs(),
        }
    }

    fn score(&self) -> usize {
        let (missing, shared) = COUNTED;
        let zone = match self.minutes {
            Some(..=60) => 4,
            Some(..=180) => 3,
            Some(..=360) | None => 1,
            Some(_) => 0,
        };
        let experience = match self.gap {
            0..=1 => 2,
            2..=3 => 1,
            _ => 0,
        };
        3 * self.missing.len().min(missing) + 2 * self.shared.len().min(shared) + zone + experience
    }

    fn reasons(&self, seeker: &Seeker, candidate: &RecommendationCandidate) -> Vec<String> {
        let lacks = if seeker.mates.is_empty() {
            "which you did not name"
        } else {
            "which your team lacks"
        };
        let missing = listed(&self.missing).map(|skills| format!("Knows {skills}, {lacks}"));
        let shared = listed(&self.shared).map(|skills| format!("Also knows {skills}"));
        let zone = self.minutes.map(|minutes| distance(minutes, candidate.is_team));
        let experience = self.experience(seeker.own.hackathons, candidate.is_team);
        let reasons = [missing, shared, zone, Some(experience)];
        reasons.into_iter().flatten().collect()
    }

    fn experience(&self, own: i64, is_team: bool) -> String {
        let times = |count: i64| counted(count, "hackathon", "hackathons");
        let average = if is_team { " on average" } else { "" };
        match (self.hackathons, own) {
            (0, 0) => "Is new to hackathons, like you".to_owned(),
            (0, own) => format!("Is new to hackathons; you have taken part in {own}"),
            (theirs, 0) => format!("Has taken part in {}{average}", times(theirs)),
            (theirs, own) => {
                format!("Has taken part in {}{average}, as you have in {own}", times(theirs))
            }
        }
    }
}

/// Returns the skills of people in their order, by their small letters.
fn skills<'a>(people: impl IntoIterator<Item = &'a PersonTraits>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for skill in people.into_iter().flat_map(|person| &person.skills) {
        let typed = skill.trim();
        if !typed.is_empty() {
            let known = found.entry(typed.to_lowercase());
            known.or_insert_with(|| typed.to_owned());
        }
    }
    found
}

/// Returns the number of earlier hackathons of people, rounded down to a whole one.
fn average(people: &[PersonTraits]) -> i64 {
    let sum: i64 = people.iter().map(|person| person.hackathons).sum();
    let count = i64::try_from(people.len()).unwrap_or(i64::MAX).max(1);
    sum / count
}

/// Returns the minutes between the clock of a person and that of the farthest of others with a time zone.
fn farthest(own: &PersonTraits, others: &[PersonTraits], now: Timestamp) -> Option<i64> {
    let own = offset(own.zone?, now);
    let zones = others.iter().filter_map(|other| other.zone);
    zones.map(|zone| between(own, offset(zone, now))).max()
}

/// Returns the minutes by which a time zone is ahead of UTC at an instant.
fn offset(zone: Tz, now: Timestamp) -> i64 {
    i64::from(now.with_timezone(&zone).offset().fix().local_minus_utc()) / 60
}

/// Returns the minutes between two clocks, at most half a day.
fn between(one: i64, other: i64) -> i64 {
    let apart = (one - other).abs() % DAY;
    apart.min(DAY - apart)
}

/// Returns the sentence about the time between two clocks.
fn distance(minutes: i64, is_team: bool) -> String {
    let subject = if is_team { "Everyone lives" } else { "Lives" };
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{subject} in a time zone with your time"),
        (hours, rest) => {
            let hours = (hours > 0).then(|| counted(hours, "hour", "hours"));
            let rest = (rest > 0).then(|| counted(rest, "minute", "minutes"));
            let length: Vec<String> = hours.into_iter().chain(rest).collect();
            let within = if is_team { "at most " } else { "" };
            format!("{subject} {within}{} from your time zone", length.join(" "))
        }
    }
}

/// Returns a list in words, such as `Rust, design and Go`; `None` if it is empty.
fn listed(skills: &[String]) -> Option<String> {
    let more = skills.len().saturating_sub(NAMED);
    let mut parts: Vec<String> = skills.iter().take(NAMED).cloned().collect();
    if more > 0 {
        parts.push(format!("{more} more"));
    }
    let last = parts.pop()?;
    Some(if parts.is_empty() { last } else { format!("{} and {last}", parts.join(", ")) })
}

#[cfg(test)]
#[path = "recommendations/tests.rs"]
mod tests;
