use kernel::Timestamp;
use uuid::Uuid;

use super::{TaskKind, TaskPerson, TaskRow};
use crate::{flags::FlagViewer, module::Audience};

/// A person whose work is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WorkViewer {
    pub person: Uuid,
    /// The widest audience that the person belongs to, once a second factor that their role requires is proven.
    pub audience: Audience,
}

impl WorkViewer {
    /// Returns the person for flags.
    #[must_use]
    pub fn flag_viewer(self) -> FlagViewer {
        let role = match self.audience {
            Audience::Everyone | Audience::SignedIn => "user",
            Audience::Moderators => "moderator",
            Audience::Admins => "admin",
        };
        FlagViewer::new(self.person, Some(role))
    }
}

/// Something that waits for a person.
#[derive(Clone, Debug)]
pub struct Task {
    pub kind: &'static TaskKind,
    /// The task, as a title.
    pub title: String,
    /// True if the title is the name of the thing that it is about, and says not what is to be done.
    pub is_name: bool,
    /// Its place, in a few words.
    pub line: String,
    /// The label of its one action.
    pub action: &'static str,
    /// The path of the page where it is done.
    pub address: String,
    /// When it began to wait.
    pub since: Timestamp,
    /// When it is to be done, if anything says so.
    pub due: Option<Timestamp>,
    /// The part of the address that identifies the thing that it is about.
    pub slug: String,
    /// The person whom it is about.
    pub person: Option<TaskPerson>,
    /// The words of a person that are to be answered; may be empty.
    pub quote: String,
    /// True if one of several people may take it, and no one did.
    pub is_free: bool,
}

impl Task {
    /// Returns the task of a row.
    #[must_use]
    pub fn of(kind: &'static TaskKind, row: &TaskRow) -> Self {
        let text = (kind.text)(row);
        let target = kind.target.and_then(|target| row.since.checked_add_signed(target));
        Self {
            kind,
            is_name: text.title == row.name,
            title: text.title,
            line: text.line,
            action: text.action,
            address: text.address,
            since: row.since,
            due: row.due.or(text.due).or(target),
            slug: row.slug.split(' ').next().unwrap_or_default().to_owned(),
            person: row.person.as_deref().and_then(TaskPerson::read),
            quote: row.quote.clone().unwrap_or_default(),
            is_free: kind.is_taken.is_some_and(|is_taken| !is_taken(row)),
        }
    }

    /// Returns whether it waits for longer than it should.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.due.is_some_and(|due| due < now)
    }

    /// Returns its place in lists: what is stuck, then what runs out first, then what waits longest.
    #[must_use]
    pub fn place(&self) -> (bool, bool, Option<Timestamp>, Timestamp, &str) {
        (!self.kind.is_stuck, self.due.is_none(), self.due, self.since, &self.address)
    }
}

/// Returns how much of the time between two instants has passed, in hundredths; more than 100 after the end.
#[must_use]
pub fn age_of(since: Timestamp, due: Timestamp, now: Timestamp) -> i64 {
    let (whole, passed) = ((due - since).num_seconds().max(1), (now - since).num_seconds().max(0));
    passed.saturating_mul(100) / whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::{TaskIcon, TaskText};

    const KIND: TaskKind = TaskKind {
        code: "review",
        label: "Reviews",
        one: "Review",
        list: "/reviews",
        waits: "A pull request waits for your review",
        icon: TaskIcon::Review,
        picture: None,
        is_about: true,
        is_taken: None,
        is_stuck: false,
        audience: Audience::SignedIn,
        flag: None,
        target: Some(chrono::TimeDelta::days(7)),
        rows: |_| String::new(),
        text: |row| TaskText { title: row.name.clone(), ..TaskText::default() },
    };

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn row(due: Option<Timestamp>) -> TaskRow {
        TaskRow {
            kind: "review".to_owned(),
            name: "Round the heights".to_owned(),
            place: String::new(),
            slug: String::new(),
            number: 0,
            detail: String::new(),
            since: at("2026-12-01T00:00:00Z"),
            due,
            person: Some(r#"{"login":"wren-oak","name":null,"picture":null}"#.to_owned()),
            quote: None,
        }
    }

    #[test]
    fn a_deadline_of_its_own_comes_before_the_target_of_the_kind() {
        let own = at("2026-12-03T00:00:00Z");
        assert_eq!(Task::of(&KIND, &row(Some(own))).due, Some(own));
        let task = Task::of(&KIND, &row(None));
        assert_eq!(task.due, Some(at("2026-12-08T00:00:00Z")));
        assert!(task.is_name, "the title of a pull request is its name");
        assert_eq!(task.person.as_ref().map(|person| &*person.login), Some("wren-oak"));
        assert!(task.is_late(at("2026-12-08T00:00:01Z")) && !task.is_late(own));
    }

    #[test]
    fn stuck_work_comes_first() {
        const STUCK: TaskKind = TaskKind { is_stuck: true, ..KIND };
        let (soon, later) = (at("2026-12-02T00:00:00Z"), at("2026-12-15T00:00:00Z"));
        let (soon, stuck) =
            (Task::of(&KIND, &row(Some(soon))), Task::of(&STUCK, &row(Some(later))));
        assert!(stuck.place() < soon.place());
    }

    #[test]
    fn only_work_that_someone_takes_is_free_until_then() {
        let taken: fn(&TaskRow) -> bool = |row| row.number == 1;
        for (is_taken, number, is_free) in
            [(None, 0, false), (None, 1, false), (Some(taken), 0, true), (Some(taken), 1, false)]
        {
            let kind: &'static TaskKind = Box::leak(Box::new(TaskKind { is_taken, ..KIND }));
            let task = Task::of(kind, &TaskRow { number, ..row(None) });
            assert_eq!(task.is_free, is_free, "{is_taken:?} {number}");
        }
    }

    #[test]
    fn ages_are_parts_of_the_time_that_there_is() {
        let (since, due) = (at("2026-12-01T00:00:00Z"), at("2026-12-08T00:00:00Z"));
        for (now, age) in [(since, 0), (at("2026-12-04T12:00:00Z"), 50), (due, 100)] {
            assert_eq!(age_of(since, due, now), age);
        }
        assert_eq!(age_of(since, at("2026-11-01T00:00:00Z"), due), 60_480_000);
    }
}
