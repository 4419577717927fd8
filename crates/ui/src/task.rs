//! A task as pages show it: the time that is left, and its age against the target.

mod today;

use crate::{
    Pic, Who,
    format::{Instant, days_of},
    icons,
};
use askama::Template;
use chrono::TimeDelta;
use kernel::{Timestamp, counted};
use platform::work::{Task, TaskPerson, age_of};

/// The width of the age at which a task is due, of 90.
const TARGET: i64 = 60;

/// The time that is left of a task that is due soon: what is printed as three days or less.
const SOON: TimeDelta = TimeDelta::hours(84);

/// A row of work.
#[derive(Clone, Debug)]
pub struct TaskView {
    /// The name of the kind.
    pub kind: &'static str,
    /// The drawing of the icon of the kind.
    pub icon: &'static str,
    /// The person whom it is about.
    pub person: Option<Who>,
    /// The words of a person that are to be answered; may be empty.
    pub quote: String,
    picture: Option<(&'static str, String)>,
    /// The task in a few words.
    pub title: String,
    /// True if the title is the name of the thing that it is about.
    is_name: bool,
    /// The waiting thing, in a sentence without its end.
    waits: &'static str,
    /// Its place, in a few words.
    pub line: String,
    /// The label of the button.
    pub action: &'static str,
    /// The path of the page where it is done.
    pub address: String,
    /// The deadline, else when it began to wait.
    pub at: Instant,
    /// When it began to wait.
    pub since: Instant,
    /// The time that is left, or has passed, such as "3 h".
    pub span: String,
    /// "left", "late", "waiting" or "stuck".
    pub word: &'static str,
    /// The class of the color of its state.
    pub class: &'static str,
    /// The age, of 90; absent without a deadline.
    pub age: Option<i64>,
    /// The age and the time that there is, such as "6 of 7 d", or "24 min, 9 over"; empty without a deadline.
    pub aged: String,
}

/// Rows of work in a list, each with its one action.
#[derive(Clone, Debug, Template)]
#[template(path = "work_rows.html")]
pub struct WorkRows {
    pub rows: Vec<TaskView>,
    /// True if the first row is opened beside the list.
    pub has_next: bool,
}

impl TaskView {
    /// Returns the picture of the thing that it is about, else that of the community.
    #[must_use]
    pub fn pic(&self) -> Pic {
        match &self.picture {
            Some((kind, slug)) => Pic::banner(kind, slug, None),
            None => Pic::banner("community", "work", None),
        }
    }

    /// Returns the time that is left or has passed, as a sentence without its end: "29 days late".
    #[must_use]
    pub fn says(&self) -> String {
        format!("{} {}", self.span, self.word)
    }

    /// Returns the place without the owner of its repository: "lantern #98" of "octo-org/lantern #98".
    #[must_use]
    pub fn short(&self) -> &str {
        &self.line[self.owner().len()..]
    }

    /// Returns the owner of the repository with which the place begins, up to the slash; empty if it begins with none.
    #[must_use]
    pub fn owner(&self) -> &str {
        owner_of(&self.line)
    }

    /// Returns the row of a task at an instant.
    #[must_use]
    pub fn of(task: &Task, now: Timestamp) -> Self {
        let (span, word, class) = match task.due {
            _ if task.kind.is_stuck => (now - task.since, "stuck", "t-gules"),
            None => (now - task.since, "waiting", "t-argent"),
            Some(due) if due < now => (now - due, "late", "t-gules"),
            Some(due) if due - now < SOON => (due - now, "left", "t-or"),
            Some(due) => (due - now, "left", "t-azure"),
        };
        // What is stuck has no progress to show.
        let due = task.due.filter(|_| !task.kind.is_stuck);
        let age = |due| (age_of(task.since, due, now) * TARGET / 100).clamp(0, 90);
        Self {
            kind: task.kind.one,
            icon: icons::of(task.kind.icon),
            person: task.person.as_ref().map(who),
            quote: task.quote.clone(),
            picture: task
                .kind
                .picture
                .filter(|_| !task.slug.is_empty())
                .map(|kind| (kind, task.slug.clone())),
            title: task.title.clone(),
            is_name: task.is_name,
            waits: task.kind.waits,
            line: task.line.clone(),
            action: task.action,
            address: task.address.clone(),
            at: Instant(task.due.unwrap_or(task.since)),
            since: Instant(task.since),
            span: in_words(span),
            word,
            class,
            age: due.map(age),
            aged: due.map(|due| aged(task.since, due, now)).unwrap_or_default(),
        }
    }
}

/// Returns the owner and the slash of a place such as "octo-org/lantern #98"; empty for other places.
fn owner_of(place: &str) -> &str {
    let repository = place.split_once(" #").map_or("", |(repository, _)| repository);
    match repository.split_once('/') {
        Some((owner, name)) if !repository.contains(' ') && !name.contains('/') => {
            &place[..=owner.len()]
        }
        _ => "",
    }
}

fn who(person: &TaskPerson) -> Who {
    Who {
        name: person.name.clone().filter(|name| !name.is_empty()),
        picture: person.picture.clone(),
        ..Who::of(person.login.as_str())
    }
}

/// Returns the age and the time that there is, or what it is over, in the largest unit of the time.
fn aged(since: Timestamp, due: Timestamp, now: Timestamp) -> String {
    let (age, whole) = ((now - since).num_minutes().max(0), (due - since).num_minutes().max(1));
    let (unit, minutes) = match whole {
        0..120 => ("min", 1),
        120..2_880 => ("h", 60),
        _ => ("d", 1_440),
    };
    let (age, whole) = (age / minutes, whole / minutes);
    match age - whole {
        over @ 1.. => format!("{age}\u{a0}{unit}, {over}\u{a0}over"),
        _ => format!("{age} of {whole}\u{a0}{unit}"),
    }
}

/// Returns a span in its largest unit: hours up to two days, then days, rounded.
fn in_words(span: TimeDelta) -> String {
    let minutes = span.num_minutes().max(0);
    match minutes {
        0..60 => format!("{}\u{a0}min", minutes.max(1)),
        60..2_880 => format!("{}\u{a0}h", minutes / 60),
        _ => counted(days_of(span), "day", "days").replace(' ', "\u{a0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_in_the_unit_of_the_target() {
        let at = |text: &str| -> Timestamp { text.parse().expect("an instant") };
        let (since, now) = (at("2026-12-01T00:00:00Z"), at("2026-12-07T05:00:00Z"));
        for (due, words) in [
            ("2026-12-08T00:00:00Z", "6 of 7\u{a0}d"),
            ("2026-12-07T05:00:00Z", "6 of 6\u{a0}d"),
            ("2026-12-02T00:00:00Z", "149\u{a0}h, 125\u{a0}over"),
            ("2026-12-01T00:15:00Z", "8940\u{a0}min, 8925\u{a0}over"),
        ] {
            assert_eq!(aged(since, at(due), now), words);
        }
    }

    #[test]
    fn only_repositories_have_owners() {
        for (place, owner) in [
            ("octo-org/lantern #98 · +70 −7", "octo-org/"),
            ("octo-org/lantern", ""),
            ("Low Tide Hack, 3/4 #1", ""),
            ("F-12", ""),
            ("", ""),
        ] {
            assert_eq!(owner_of(place), owner, "{place}");
        }
    }

    #[test]
    fn spans_are_in_their_largest_unit() {
        for (minutes, words) in [
            (0, "1\u{a0}min"),
            (48, "48\u{a0}min"),
            (60, "1\u{a0}h"),
            (2_879, "47\u{a0}h"),
            (2_880, "2\u{a0}days"),
            // 2 days and 22 hours.
            (4_200, "3\u{a0}days"),
            (-5, "1\u{a0}min"),
        ] {
            assert_eq!(in_words(TimeDelta::minutes(minutes)), words, "{minutes}");
        }
    }
}
