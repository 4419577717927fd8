use chrono::TimeDelta;
use kernel::Timestamp;

use super::Task;

/// The time that is left for a task, most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// No one can finish it before someone else acts.
    Stuck,
    Late,
    Day,
    Week,
    Later,
    Open,
}

impl Due {
    /// All parts, most urgent first.
    pub const ALL: [Self; 6] =
        [Self::Stuck, Self::Late, Self::Day, Self::Week, Self::Later, Self::Open];

    /// Returns the part of a task at an instant.
    #[must_use]
    pub fn of(task: &Task, now: Timestamp) -> Self {
        match task.due.map(|due| due - now) {
            _ if task.kind.is_stuck => Self::Stuck,
            None => Self::Open,
            Some(left) if left < TimeDelta::zero() => Self::Late,
            Some(left) if left < TimeDelta::days(1) => Self::Day,
            Some(left) if left < TimeDelta::days(7) => Self::Week,
            Some(_) => Self::Later,
        }
    }

    /// Returns the code in URLs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Stuck => "stuck",
            Self::Late => "late",
            Self::Day => "day",
            Self::Week => "week",
            Self::Later => "later",
            Self::Open => "open",
        }
    }

    /// Returns its name on pages.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Stuck => "Stuck",
            Self::Late => "Late",
            Self::Day => "Within a day",
            Self::Week => "Within a week",
            Self::Later => "Later",
            Self::Open => "Without a deadline",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        module::Audience,
        work::{TaskIcon, TaskKind, TaskText},
    };

    const KIND: TaskKind = TaskKind {
        code: "review",
        label: "Reviews",
        one: "Review",
        list: "/work?kind=review",
        waits: "A pull request waits for your review",
        icon: TaskIcon::Review,
        picture: None,
        is_about: false,
        is_taken: None,
        is_stuck: false,
        audience: Audience::SignedIn,
        flag: None,
        target: None,
        rows: |_| String::new(),
        text: |_| TaskText::default(),
    };

    const STUCK: TaskKind = TaskKind { is_stuck: true, ..KIND };

    #[test]
    fn tasks_are_parted_by_the_time_that_is_left() {
        let now: Timestamp = "2026-12-01T00:00:00Z".parse().expect("an instant");
        for (hours, due) in
            [(-1, Due::Late), (0, Due::Day), (23, Due::Day), (24, Due::Week), (168, Due::Later)]
        {
            let task = Task {
                kind: &KIND,
                title: String::new(),
                is_name: false,
                line: String::new(),
                action: "Review",
                address: String::new(),
                since: now,
                due: Some(now + TimeDelta::hours(hours)),
                slug: String::new(),
                person: None,
                quote: String::new(),
                is_free: false,
            };
            assert_eq!(Due::of(&task, now), due, "{hours}");
            assert_eq!(Due::of(&Task { kind: &STUCK, ..task.clone() }, now), Due::Stuck);
            assert_eq!(Due::of(&Task { due: None, ..task }, now), Due::Open);
        }
    }
}
