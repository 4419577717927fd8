//! The health of a repository.

use chrono::TimeDelta;
use kernel::Timestamp;

use crate::model::{Health, Reason, RepositoryFacts, ScorePart};

/// Points of the activity by the days since the last push.
const ACTIVITY: [(f64, f64); 6] =
    [(7.0, 100.0), (30.0, 85.0), (90.0, 65.0), (180.0, 40.0), (365.0, 15.0), (730.0, 0.0)];
/// Points of the time to an answer, by hours.
const ANSWER: [(f64, f64); 6] =
    [(24.0, 40.0), (72.0, 32.0), (168.0, 24.0), (336.0, 16.0), (720.0, 8.0), (2160.0, 0.0)];
/// The most points for merged pull requests from outside.
const MERGES: f64 = 44.0;
/// The most points for stars and for forks.
const STARS: f64 = 12.0;
const FORKS: f64 = 4.0;

/// Returns the value on the line through some points, which are in order; beyond the ends, that of the end.
#[must_use]
pub fn on_line(points: &[(f64, f64)], at: f64) -> f64 {
    let after = points.iter().position(|(x, _)| *x >= at).unwrap_or(points.len());
    match (after.checked_sub(1).and_then(|before| points.get(before)), points.get(after)) {
        (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * (at - x0) / (x1 - x0),
        (None, Some((_, y))) | (Some((_, y)), None) => *y,
        (None, None) => 0.0,
    }
}

/// The health while its points are collected.
struct Points {
    part: ScorePart,
    total: u8,
    reasons: Vec<Reason>,
}

impl Points {
    /// Adds whole points, of 100 at most in all.
    fn add(&mut self, value: f64, words: impl Into<String>) {
        let value = (value.round() as u8).min(100 - self.total);
        self.total += value;
        self.reasons.push(Reason { part: self.part, value: f64::from(value), words: words.into() });
    }
}

fn points(part: ScorePart) -> Points {
    Points { part, total: 0, reasons: Vec::new() }
}

/// Returns the health of a repository at an instant. Unknown facts count half.
#[must_use]
pub fn health(repository: &RepositoryFacts, now: Timestamp) -> Health {
    let activity = activity(repository, now);
    let community = community(repository);
    let documentation = documentation(repository);
    let mut total = points(ScorePart::Health);
    for (part, percent, name) in [
        (&activity, 40, "Activity"),
        (&community, 40, "Community"),
        (&documentation, 20, "Documentation"),
    ] {
        let words = format!("{name} {} × {percent} %", part.total);
        total.add(f64::from(part.total) * f64::from(percent) / 100.0, words);
    }
    let (whole, mut reasons) = (total.total, total.reasons);
    let parts = [activity.total, community.total, documentation.total];
    for part in [activity, community, documentation] {
        reasons.extend(part.reasons);
    }
    Health {
        total: whole,
        activity: parts[0],
        community: parts[1],
        documentation: parts[2],
        reasons,
    }
}

fn activity(repository: &RepositoryFacts, now: Timestamp) -> Points {
    let mut points = points(ScorePart::Activity);
    match repository.pushed_at {
        _ if repository.is_archived => points.add(0.0, "The repository is archived"),
        None => points.add(50.0, "Time of the last push unknown: counts half"),
        Some(at) => {
            let days = (now - at).max(TimeDelta::zero()).num_days();
            let words = match days {
                0 => "Last push within a day".to_owned(),
                1 => "Last push 1 day ago".to_owned(),
                days => format!("Last push {days} days ago"),
            };
            points.add(on_line(&ACTIVITY, days as f64), words);
        }
    }
    points
}

fn community(repository: &RepositoryFacts) -> Points {
    let mut points = points(ScorePart::Community);
    let (merged, closed) = outside(repository);
    let all = merged.saturating_add(closed);
    let words = match all {
        0 => "Pull requests from outside unknown: count half".to_owned(),
        all => format!("{merged} of the last {all} outside pull requests merged"),
    };
    // One more merged and one more closed: a few pull requests say little.
    points.add(MERGES * (merged as f64 + 1.0) / (all as f64 + 2.0), words);
    match first_answer(repository) {
        AnswerTime::Unknown => points.add(20.0, "Time to the first answer unknown: counts half"),
        AnswerTime::Rare => points.add(0.0, "Most new issues have no answer from a maintainer"),
        AnswerTime::Minutes(minutes) => {
            let words = format!("Maintainers answer in {}", duration_words(minutes));
            points.add(on_line(&ANSWER, minutes as f64 / 60.0), words);
        }
    }
    let share = |count: i64, full: f64| ((count.max(0) as f64 + 1.0).log10() / full).min(1.0);
    points.add(STARS * share(repository.stars, 5.0), format!("{} stars", repository.stars.max(0)));
    points.add(FORKS * share(repository.forks, 4.0), format!("{} forks", repository.forks.max(0)));
    points
}

fn documentation(repository: &RepositoryFacts) -> Points {
    let mut points = points(ScorePart::Documentation);
    let says = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    if says(&repository.description) {
        points.add(25.0, "It has a description");
    } else {
        points.add(0.0, "It has no description");
    }
    match repository.has_contributing {
        Some(true) => points.add(30.0, "It has a CONTRIBUTING file"),
        Some(false) => points.add(0.0, "It has no CONTRIBUTING file"),
        None => points.add(15.0, "CONTRIBUTING file unknown: counts half"),
    }
    if says(&repository.license) {
        points.add(25.0, "It has a license");
    } else {
        points.add(0.0, "It has no license");
    }
    if repository.topics.is_empty() {
        points.add(0.0, "It has no topics");
    } else {
        points.add(20.0, "It has topics");
    }
    points
}

fn outside(repository: &RepositoryFacts) -> (i64, i64) {
    (repository.outside_pulls.0.max(0), repository.outside_pulls.1.max(0))
}

/// Returns the share of the last pull requests from outside that was merged; `None` if there were none.
#[must_use]
pub fn merge_rate(repository: &RepositoryFacts) -> Option<f64> {
    let (merged, closed) = outside(repository);
    let all = merged as f64 + closed as f64;
    (all > 0.0).then(|| merged as f64 / all)
}

/// The usual time until a maintainer answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerTime {
    /// GitHub did not state it.
    Unknown,
    /// More than half of the newest issues have no answer.
    Rare,
    /// The median in minutes.
    Minutes(i64),
}

/// Returns the median time until a maintainer answers a new issue.
#[must_use]
pub fn first_answer(repository: &RepositoryFacts) -> AnswerTime {
    let mut answers: Vec<i64> =
        repository.answers.iter().map(|answer| answer.map_or(i64::MAX, |own| own.max(0))).collect();
    answers.sort_unstable();
    match answers.get(answers.len().saturating_sub(1) / 2) {
        None => AnswerTime::Unknown,
        Some(&i64::MAX) => AnswerTime::Rare,
        Some(minutes) => AnswerTime::Minutes(*minutes),
    }
}

/// Returns a duration in words: "45 min", "6 h", "1 day", "3 days".
#[must_use]
pub fn duration_words(minutes: i64) -> String {
    match minutes.max(1) {
        minutes @ ..60 => format!("{minutes} min"),
        // From 23.5 hours on, it is a day.
        minutes @ 60..1_410 => format!("{} h", (minutes + 30) / 60),
        minutes => match minutes.saturating_add(720) / 1_440 {
            1 => "1 day".to_owned(),
            days => format!("{days} days"),
        },
    }
}

/// Returns how maintainers respond, in a sentence; `None` if it is unknown.
#[must_use]
pub fn response_words(repository: &RepositoryFacts) -> Option<String> {
    let merges = merge_rate(repository).map(|rate| {
        let percent = (rate * 100.0).round();
        format!("merge {percent:.0} % of outside pull requests")
    });
    let rare = "Most new issues have no answer from a maintainer";
    match (first_answer(repository), merges) {
        (AnswerTime::Unknown, None) => None,
        (AnswerTime::Unknown, Some(merges)) => Some(format!("Maintainers {merges}.")),
        (AnswerTime::Rare, None) => Some(format!("{rare}.")),
        (AnswerTime::Rare, Some(merges)) => Some(format!("{rare}. Maintainers {merges}.")),
        (AnswerTime::Minutes(minutes), None) => {
            Some(format!("{ANSWERS_IN}{}.", duration_words(minutes)))
        }
        (AnswerTime::Minutes(minutes), Some(merges)) => {
            Some(format!("{ANSWERS_IN}{} and {merges}.", duration_words(minutes)))
        }
    }
}

/// How a sentence of [`response_words`] begins that has the time until the first answer.
const ANSWERS_IN: &str = "Maintainers answer in ";

/// Returns the time until the first answer in a sentence of [`response_words`]: "6 h".
#[must_use]
pub fn answer_time(response: &str) -> Option<&str> {
    let rest = response.strip_prefix(ANSWERS_IN)?;
    rest.split(" and ").next()?.split('.').next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::now;

    #[test]
    fn the_time_until_an_answer_is_found_in_its_sentence() {
        for (response, time) in [
            ("Maintainers answer in 1 day and merge 63 % of outside pull requests.", Some("1 day")),
            ("Maintainers answer in 6 h.", Some("6 h")),
            ("Maintainers merge 75 % of outside pull requests.", None),
        ] {
            assert_eq!(answer_time(response), time);
        }
    }

    #[test]
    fn a_healthy_repository_has_all_points() {
        let repository = RepositoryFacts {
            description: Some("A parser".to_owned()),
            topics: vec!["parser".to_owned()],
            stars: 100_000,
            forks: 10_000,
            has_contributing: Some(true),
            license: Some("mit".to_owned()),
            pushed_at: Some(now()),
            outside_pulls: (1_000, 0),
            answers: vec![Some(30)],
            ..RepositoryFacts::default()
        };
        let health = health(&repository, now());
        assert_eq!(
            (health.total, health.activity, health.community, health.documentation),
            (100, 100, 100, 100)
        );
    }

    #[test]
    fn unknown_facts_count_half_and_say_so() {
        let health = health(&RepositoryFacts::default(), now());
        assert_eq!((health.activity, health.community, health.documentation), (50, 42, 15));
        assert_eq!(health.total, 20 + 17 + 3);
        let half = health.reasons.iter().filter(|reason| reason.words.ends_with("half"));
        assert_eq!(half.count(), 4);
    }

    #[test]
    fn responses_are_said_in_words() {
        let words = |pulls, answers: &[Option<i64>]| {
            let facts = RepositoryFacts {
                outside_pulls: pulls,
                answers: answers.to_vec(),
                ..RepositoryFacts::default()
            };
            response_words(&facts)
        };
        let day = Some(1_440);
        let full = "Maintainers answer in 1 day and merge 63 % of outside pull requests.";
        assert_eq!(words((5, 3), &[day, Some(1), None]).as_deref(), Some(full));
        assert_eq!(words((0, 0), &[]), None);
        assert_eq!(words((0, 0), &[Some(370)]).as_deref(), Some("Maintainers answer in 6 h."));
        assert_eq!(
            words((3, 1), &[]).as_deref(),
            Some("Maintainers merge 75 % of outside pull requests.")
        );
        assert_eq!(
            words((0, 0), &[None, None, day]).as_deref(),
            Some("Most new issues have no answer from a maintainer.")
        );
    }

    #[test]
    fn durations_are_rounded() {
        for (minutes, expected) in [
            (0, "1 min"),
            (59, "59 min"),
            (89, "1 h"),
            (1_409, "23 h"),
            (1_410, "1 day"),
            (2_160, "2 days"),
            (i64::MAX, "6405119470038038 days"),
        ] {
            assert_eq!(duration_words(minutes), expected);
        }
    }
}
