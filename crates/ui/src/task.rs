//! A task as pages show it: the time that is left, and its age against the target.

use crate::{Pic, format::Instant, picture::KINDS};
use chrono::TimeDelta;
use kernel::{Timestamp, counted};
use platform::work::{Task, age_of};

/// The width of the age at which a task is due, of 90.
const TARGET: i64 = 60;

/// A row of work.
#[derive(Clone, Debug)]
pub struct TaskView {
    /// The name of the kind.
    pub kind: &'static str,
    /// The task in a few words.
    pub title: String,
    /// Its place, in a few words.
    pub line: String,
    /// The label of the button.
    pub action: &'static str,
    /// The path of the page where it is done.
    pub address: String,
    /// The deadline, else when it began to wait.
    pub at: Instant,
    /// The time that is left, or has passed, such as "3 h".
    pub span: String,
    /// "left", "late" or "waiting".
    pub word: &'static str,
    /// The class of the color of its state.
    pub class: &'static str,
    /// The age, of 90; absent without a deadline.
    pub age: Option<i64>,
}

impl TaskView {
    /// Returns the picture of the thing that the task's address is below, else that of the community.
    #[must_use]
    pub fn pic(&self) -> Pic {
        let mut parts = self.address.split(['/', '?', '#']).skip(1);
        let kind = parts.next().and_then(|all| all.strip_suffix('s')).unwrap_or_default();
        let slug = parts.next().unwrap_or_default();
        match KINDS.iter().find(|(name, _)| *name == kind && !slug.is_empty()) {
            Some((kind, _)) => Pic::banner(kind, slug, None),
            None => Pic::banner("community", "work", None),
        }
    }

    /// Returns the row of a task at an instant.
    #[must_use]
    pub fn of(task: &Task, now: Timestamp) -> Self {
        let (span, word, class) = match task.due {
            None => (now - task.since, "waiting", "t-argent"),
            Some(due) if due < now => (now - due, "late", "t-gules"),
            Some(due) if due - now < TimeDelta::days(1) => (due - now, "left", "t-or"),
            Some(due) => (due - now, "left", "t-azure"),
        };
        let age = |due| (age_of(task.since, due, now) * TARGET / 100).clamp(0, 90);
        Self {
            kind: task.kind.one,
            title: task.title.clone(),
            line: task.line.clone(),
            action: task.action,
            address: task.address.clone(),
            at: Instant(task.due.unwrap_or(task.since)),
            span: in_words(span),
            word,
            class,
            age: task.due.map(age),
        }
    }
}

/// Returns a span in its largest unit.
fn in_words(span: TimeDelta) -> String {
    let minutes = span.num_minutes().max(0);
    match minutes {
        0..60 => format!("{}\u{a0}min", minutes.max(1)),
        60..2_880 => format!("{}\u{a0}h", minutes / 60),
        _ => counted(minutes / 1_440, "day", "days").replace(' ', "\u{a0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_in_their_largest_unit() {
        for (minutes, words) in [
            (0, "1\u{a0}min"),
            (48, "48\u{a0}min"),
            (60, "1\u{a0}h"),
            (2_879, "47\u{a0}h"),
            (2_880, "2\u{a0}days"),
            (-5, "1\u{a0}min"),
        ] {
            assert_eq!(in_words(TimeDelta::minutes(minutes)), words, "{minutes}");
        }
    }
}
