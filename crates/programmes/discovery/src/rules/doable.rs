//! Decides which issues a person can do: the others are not shown.

use chrono::TimeDelta;
use kernel::Timestamp;

use super::{
    body::Body,
    labels::{Meaning, StopReason, meaning},
    noise::is_noise,
    phrases::bounded,
    spam::{advertises, says_nothing},
};
use crate::model::{IssueFacts, RepositoryFacts};

/// How long after its last activity an issue is stale.
const STALE_AFTER: TimeDelta = TimeDelta::days(365);
/// How long after its last push a repository is no longer maintained.
const DEAD_AFTER: TimeDelta = TimeDelta::days(365);

/// Why an issue is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Undoable {
    Closed,
    /// Its conversation is locked.
    Locked,
    /// It is assigned to someone.
    Assigned,
    /// An open pull request would close it.
    Linked,
    /// A label says that no one can do it.
    Label(StopReason),
    /// A program wrote it.
    Bot,
    /// It advertises, or says nothing.
    Spam,
    /// Nothing happened to it for a year.
    Stale,
    /// Its repository is archived.
    Archived,
    /// Its repository is private, or GitHub does not show it.
    Hidden,
    /// Nothing was pushed to its repository for a year.
    Dead,
}

impl Undoable {
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Closed => "it is closed",
            Self::Locked => "its conversation is locked",
            Self::Assigned => "it is assigned to someone",
            Self::Linked => "an open pull request would close it",
            Self::Label(stop) => stop.words(),
            Self::Bot => "a program wrote it",
            Self::Spam => "it advertises, or says nothing",
            Self::Stale => "nothing happened to it for a year",
            Self::Archived => "its repository is archived",
            Self::Hidden => "GitHub does not show its repository",
            Self::Dead => "nothing was pushed to its repository for a year",
        }
    }
}

/// Returns why an issue cannot be done at an instant, or `None` if it can.
#[must_use]
pub fn undoable(
    issue: &IssueFacts,
    repository: &RepositoryFacts,
    now: Timestamp,
) -> Option<Undoable> {
    let is_older = |at: Timestamp, than: TimeDelta| now - at > than;
    let first =
        |checks: &[(bool, Undoable)]| checks.iter().find_map(|(fails, why)| fails.then_some(*why));
    let states = [
        (issue.is_closed, Undoable::Closed),
        (repository.is_hidden, Undoable::Hidden),
        (repository.is_archived, Undoable::Archived),
        (issue.is_locked, Undoable::Locked),
        (issue.assignees > 0, Undoable::Assigned),
        (issue.open_pulls > 0, Undoable::Linked),
    ];
    let times = [
        (is_older(issue.active_at, STALE_AFTER), Undoable::Stale),
        (repository.pushed_at.is_some_and(|at| is_older(at, DEAD_AFTER)), Undoable::Dead),
    ];
    first(&states)
        .or_else(|| stopped(&issue.labels))
        .or_else(|| of_text(issue))
        .or_else(|| first(&times))
}

/// Returns the reason that a label gives.
fn stopped(labels: &[String]) -> Option<Undoable> {
    labels.iter().find_map(|label| match meaning(label) {
        Some(Meaning::Stopped(stop)) => Some(Undoable::Label(stop)),
        _ => None,
    })
}

/// Returns the reason that the title and the description give.
fn of_text(issue: &IssueFacts) -> Option<Undoable> {
    let title = bounded(&issue.title);
    let text = bounded(&issue.body);
    let body = Body::read(text);
    if issue.author_is_bot || is_noise(title, text, &body) {
        return Some(Undoable::Bot);
    }
    let is_spam = says_nothing(title, &body) || !issue.is_of_maintainer && advertises(title, &body);
    is_spam.then_some(Undoable::Spam)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::now;

    fn issue() -> IssueFacts {
        IssueFacts {
            title: "Report which page failed its checksum".to_owned(),
            opened_at: now() - TimeDelta::days(20),
            active_at: now() - TimeDelta::days(2),
            ..IssueFacts::default()
        }
    }

    fn why(change: impl Fn(&mut IssueFacts, &mut RepositoryFacts)) -> Option<Undoable> {
        let (mut issue, mut repository) = (issue(), RepositoryFacts::default());
        change(&mut issue, &mut repository);
        undoable(&issue, &repository, now())
    }

    #[test]
    fn the_first_reason_is_given() {
        let year = TimeDelta::days(365);
        let second = TimeDelta::seconds(1);
        assert_eq!(why(|_, _| {}), None);
        assert_eq!(why(|issue, _| issue.is_closed = true), Some(Undoable::Closed));
        assert_eq!(why(|issue, _| issue.assignees = 1), Some(Undoable::Assigned));
        assert_eq!(
            why(|issue, _| issue.labels = vec!["WIP".to_owned()]),
            Some(Undoable::Label(StopReason::Taken))
        );
        assert_eq!(why(|issue, _| issue.active_at = now() - year), None);
        assert_eq!(why(|issue, _| issue.active_at = now() - year - second), Some(Undoable::Stale));
        assert_eq!(why(|_, of| of.pushed_at = Some(now() - year)), None);
        assert_eq!(why(|_, of| of.pushed_at = Some(now() - year - second)), Some(Undoable::Dead));
        let both = why(|issue, of| {
            issue.labels = vec!["blocked".to_owned()];
            of.is_archived = true;
        });
        assert_eq!(both, Some(Undoable::Archived));
    }

    #[test]
    fn maintainers_may_advertise_but_not_say_nothing() {
        let advert = "Buy now: 50% discount, visit our website https://x.example";
        assert_eq!(why(|issue, _| issue.body = advert.to_owned()), Some(Undoable::Spam));
        let of_maintainer = why(|issue, _| {
            issue.body = advert.to_owned();
            issue.is_of_maintainer = true;
        });
        assert_eq!(of_maintainer, None);
        let empty = why(|issue, _| {
            issue.title = "test".to_owned();
            issue.is_of_maintainer = true;
        });
        assert_eq!(empty, Some(Undoable::Spam));
    }
}
