//! Decides what people can watch, and what operators can search for.

use chrono::TimeDelta;
use github::rules::names::is_full_name;
use kernel::{Problem, ProblemKind, Timestamp};

use super::names;
use crate::model::{MOST_NEW_WATCHES, MOST_WATCHES, WATCH_PERIOD, WatchKind, WatchTarget};

/// The most characters of a topic, as on GitHub.
const LONGEST_TOPIC: usize = 50;

/// The most characters of a search for issues. GitHub takes 256, and some are added.
const LONGEST_QUERY: usize = 200;

/// The qualifiers that are added to a search for issues.
const ONLY_OPEN: &str = "is:issue is:open is:public archived:false";

/// Returns a repository to watch, from its name or its address.
///
/// # Errors
/// When GitHub allows no such name.
pub fn watched_repository(name: &str) -> Result<WatchTarget, Problem> {
    let name = names::name(name);
    if !is_full_name(&name) {
        let detail = "Name the repository as on GitHub: OWNER/NAME, or its address.";
        return Err(bad(detail).at("repository"));
    }
    let kind = WatchKind::Repository;
    Ok(WatchTarget { kind, name })
}

/// Returns a topic to watch, in lower case.
///
/// # Errors
/// When GitHub allows no such topic.
pub fn watched_topic(name: &str) -> Result<WatchTarget, Problem> {
    let name = name.trim().to_lowercase();
    if !is_topic(&name) {
        let detail = "A topic has up to 50 characters: a to z, digits and hyphens, as on GitHub: command-line.";
        return Err(bad(detail).at("topic"));
    }
    let kind = WatchKind::Topic;
    Ok(WatchTarget { kind, name })
}

fn bad(detail: &str) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_WATCH", detail)
}

/// Returns true for a topic in lower case, as GitHub takes it.
#[must_use]
pub fn is_topic(topic: &str) -> bool {
    let of_topic = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=LONGEST_TOPIC).contains(&topic.len())
        && topic.bytes().all(of_topic)
        && !topic.starts_with('-')
}

/// Decides whether a person may watch one thing more. `open` is the number of their watches, `earlier` the times of those that
/// they began in the last [`WATCH_PERIOD`].
///
/// # Errors
/// When a limit is reached.
pub fn permit_watch(open: i64, earlier: &[Timestamp], now: Timestamp) -> Result<(), Problem> {
    if open >= MOST_WATCHES {
        let detail = format!(
            "You watch {MOST_WATCHES} repositories and topics, which is the limit. End a watch first."
        );
        return Err(Problem::new(ProblemKind::Conflict, "WATCH_LIMIT", detail));
    }
    let mut earlier = earlier.to_vec();
    earlier.sort_unstable();
    let Some(excess) = earlier.len().checked_sub(MOST_NEW_WATCHES) else {
        return Ok(());
    };
    let free_at = earlier.get(excess).map_or(now, |at| *at + WATCH_PERIOD);
    let seconds = (free_at - now).max(TimeDelta::zero()).num_seconds() + 1;
    let detail = format!(
        "You began {MOST_NEW_WATCHES} watches within 24 hours, which is the limit. Try again later."
    );
    let problem = Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_WATCHES", detail);
    Err(problem.after(u32::try_from(seconds).unwrap_or(u32::MAX)))
}

/// Returns a search for issues as it is stored: with single spaces.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn issue_query(text: &str) -> Result<String, String> {
    let query = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if query.is_empty() {
        return Err("write a search, such as: label:\"good first issue\" language:rust".to_owned());
    }
    if query.chars().count() > LONGEST_QUERY {
        return Err(format!("a search can have at most {LONGEST_QUERY} characters"));
    }
    if query.chars().any(char::is_control) {
        return Err("a search has no control characters".to_owned());
    }
    if query.matches('"').count() % 2 == 1 {
        return Err("a quotation mark in the search has no counterpart".to_owned());
    }
    let lower = query.to_lowercase();
    let of_pulls = ["is:pr", "type:pr", "is:pull-request", "type:pull-request"];
    if lower.split(' ').any(|word| of_pulls.contains(&word)) {
        return Err("search for issues: pull requests cannot be claimed".to_owned());
    }
    Ok(query)
}

/// Returns what GitHub is asked for a stored search for issues.
#[must_use]
pub fn asked_issues(query: &str) -> String {
    format!("{query} {ONLY_OPEN}")
}

/// Returns what GitHub is asked for the repositories with a topic.
#[must_use]
pub fn asked_topic(topic: &str) -> String {
    format!("topic:{topic} is:public archived:false")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::now;

    #[test]
    fn names_and_topics_are_checked() {
        let name_of = |read: Result<WatchTarget, Problem>| {
            read.map(|own| own.name).map_err(|problem| problem.code)
        };
        for (name, expected) in [
            ("octo-org/Lantern", Ok("octo-org/Lantern")),
            (" https://github.com/octo-org/lantern.git", Ok("octo-org/lantern")),
            ("lantern", Err("BAD_WATCH")),
            ("octo-org/lantern/issues", Err("BAD_WATCH")),
            ("", Err("BAD_WATCH")),
        ] {
            let expected = expected.map(str::to_owned);
            assert_eq!(name_of(watched_repository(name)), expected, "{name}");
        }
        let long = "x".repeat(51);
        for (name, expected) in [
            (" Command-Line ", Ok("command-line")),
            ("3d", Ok("3d")),
            ("-x", Err("BAD_WATCH")),
            ("c++", Err("BAD_WATCH")),
            ("two words", Err("BAD_WATCH")),
            ("", Err("BAD_WATCH")),
            (long.as_str(), Err("BAD_WATCH")),
        ] {
            let expected = expected.map(str::to_owned);
            assert_eq!(name_of(watched_topic(name)), expected, "{name}");
        }
    }

    #[test]
    fn limits_are_for_open_and_for_new_watches() {
        assert_eq!(permit_watch(49, &[], now()), Ok(()));
        assert_eq!(permit_watch(50, &[], now()).expect_err("refused").code, "WATCH_LIMIT");
        let earlier: Vec<Timestamp> =
            (0..100).map(|number| now() - TimeDelta::minutes(number)).collect();
        let problem = permit_watch(0, &earlier, now()).expect_err("refused");
        assert_eq!(problem.code, "TOO_MANY_WATCHES");
        assert_eq!(permit_watch(0, &earlier[1..], now()), Ok(()));
    }

    #[test]
    fn searches_are_for_open_issues() {
        let query = issue_query(" label:\"good first issue\"   language:rust ").expect("read");
        assert_eq!(query, "label:\"good first issue\" language:rust");
        assert!(
            asked_issues(&query)
                .ends_with("language:rust is:issue is:open is:public archived:false")
        );
        let long = "x".repeat(201);
        for (text, says) in [
            ("", "write a search"),
            ("label:\"bug", "no counterpart"),
            ("is:pr bug", "pull requests"),
            ("bug\u{7}", "control"),
            (long.as_str(), "at most 200"),
        ] {
            let why = issue_query(text).expect_err("refused");
            assert!(why.contains(says), "{text}: {why}");
        }
    }
}
