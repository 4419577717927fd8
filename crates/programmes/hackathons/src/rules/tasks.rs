//! The tasks on the board of a team.

use chrono::{Datelike as _, NaiveDate};
use kernel::{Checks, Problem, ProblemKind, typed};
use uuid::Uuid;

use super::invalid;
use crate::model::TaskState;

/// The maximum number of characters of a title.
pub const TASK_TITLE: usize = 200;
/// The maximum number of tasks of a team.
pub const MOST_TASKS: i64 = 200;
/// The maximum number of characters of a date and of a state that are read.
const SHORT: usize = 20;

/// A task as it was typed. Absent fields stay as they are; an empty assignee or date is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskInput {
    pub title: Option<String>,
    /// The login of the assignee.
    pub assignee: Option<String>,
    /// The day on which it is due, such as `2026-11-20`.
    pub due_on: Option<String>,
    pub state: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskDetails {
    /// The title, a line of 1 to [`TASK_TITLE`] characters.
    pub title: String,
    /// The assignee, an active member of the team.
    pub assignee: Option<Uuid>,
    /// The day on which it is due.
    pub due_on: Option<NaiveDate>,
    pub state: TaskState,
}

impl TaskDetails {
    /// Returns the task that an input describes, as a change of another one if there is one. `members` are the active members of
    /// the team, by login.
    ///
    /// # Errors
    /// When a field is missing or not valid, or the assignee is not in the team. The problem names the field.
    pub fn read(
        before: Option<&Self>,
        input: &TaskInput,
        members: &[(Uuid, &str)],
    ) -> Result<Self, Problem> {
        let mut checks = Checks::default();
        let title = match (&input.title, before) {
            (None, Some(before)) => before.title.clone(),
            (typed, _) => checks.read(title(typed.as_deref().unwrap_or_default())),
        };
        let assignee = match &input.assignee {
            None => before.and_then(|before| before.assignee),
            Some(login) => checks.read(assignee(login, members)),
        };
        let due_on = match &input.due_on {
            None => before.and_then(|before| before.due_on),
            Some(day) => checks.read(due_on(day)),
        };
        let state = match &input.state {
            None => before.map_or(TaskState::Open, |before| before.state),
            Some(name) => checks.read_or(state(name), TaskState::Open),
        };
        checks.finish(Self { title, assignee, due_on, state })
    }
}

fn title(typed: &str) -> Result<String, Problem> {
    let title = typed::line(typed, "The title", TASK_TITLE);
    title.map_err(|detail| invalid("title", detail))
}

fn assignee(login: &str, members: &[(Uuid, &str)]) -> Result<Option<Uuid>, Problem> {
    let login = login.trim();
    if login.is_empty() {
        return Ok(None);
    }
    let found = members.iter().find(|(_, own)| own.eq_ignore_ascii_case(login));
    match found {
        Some((id, _)) => Ok(Some(*id)),
        None => {
            let login: String = login.chars().take(64).collect();
            let detail = format!("{login} is not in the team. Choose one of its members.");
            Err(invalid("assignee", detail))
        }
    }
}

fn due_on(typed: &str) -> Result<Option<NaiveDate>, Problem> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let day = NaiveDate::parse_from_str(typed, "%Y-%m-%d").ok();
    match day.filter(|day| typed.len() <= SHORT && (2000..3000).contains(&day.year())) {
        Some(day) => Ok(Some(day)),
        None => {
            let typed: String = typed.chars().take(SHORT).collect();
            let detail =
                format!("'{typed}' is not a day from 2000 to 2999. Use a form such as 2026-11-20.");
            Err(invalid("due_on", detail))
        }
    }
}

fn state(name: &str) -> Result<TaskState, Problem> {
    TaskState::named(name).ok_or_else(|| {
        let name: String = name.chars().take(SHORT).collect();
        let detail = format!("'{name}' is not a state. Use open, doing or done.");
        invalid("state", detail)
    })
}

/// Refuses another task of a team that has the maximum number.
///
/// # Errors
/// When it has.
pub fn may_add(tasks: i64) -> Result<(), Problem> {
    if tasks < MOST_TASKS {
        return Ok(());
    }
    let detail = format!("Your team has {tasks} tasks, which is the maximum. Remove one first.");
    Err(Problem::new(ProblemKind::Conflict, "TOO_MANY_TASKS", detail))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ADA: Uuid = Uuid::from_u128(1);
    const MEMBERS: [(Uuid, &str); 2] = [(ADA, "ada"), (Uuid::from_u128(2), "bo")];

    fn input(title: &str, assignee: &str, due_on: &str, state: &str) -> TaskInput {
        TaskInput {
            title: Some(title.to_owned()),
            assignee: Some(assignee.to_owned()),
            due_on: Some(due_on.to_owned()),
            state: Some(state.to_owned()),
        }
    }

    #[test]
    fn absent_fields_stay() {
        let full = input(" Draw the berths ", "Ada", "2026-11-20", "doing");
        let read = TaskDetails::read(None, &full, &MEMBERS).expect("a task");
        let expected = TaskDetails {
            title: "Draw the berths".to_owned(),
            assignee: Some(ADA),
            due_on: NaiveDate::from_ymd_opt(2026, 11, 20),
            state: TaskState::Doing,
        };
        assert_eq!(read, expected);
        let same = TaskDetails::read(Some(&read), &TaskInput::default(), &MEMBERS);
        assert_eq!(same, Ok(read.clone()));
        let cleared = input("Draw", "", " ", "open");
        let cleared = TaskDetails::read(Some(&read), &cleared, &MEMBERS).expect("a task");
        assert_eq!((cleared.assignee, cleared.due_on), (None, None));
    }

    #[test]
    fn fields_are_refused_by_name() {
        let long = "a".repeat(TASK_TITLE + 1);
        for (field, input) in [
            ("title", input(" ", "", "", "open")),
            ("title", input("a\nb", "", "", "open")),
            ("title", input(&long, "", "", "open")),
            ("title", TaskInput::default()),
            ("assignee", input("Draw", "cy", "", "open")),
            ("due_on", input("Draw", "", "tomorrow", "open")),
            ("due_on", input("Draw", "", "2026-02-30", "open")),
            ("due_on", input("Draw", "", "1999-12-31", "open")),
            ("state", input("Draw", "", "", "lost")),
        ] {
            let refused = TaskDetails::read(None, &input, &MEMBERS).expect_err(field);
            assert_eq!(refused.field, Some(field));
        }
    }

    #[test]
    fn a_board_is_bounded() {
        assert_eq!(may_add(MOST_TASKS - 1), Ok(()));
        let refused = may_add(MOST_TASKS).expect_err("full");
        assert_eq!(refused.code, "TOO_MANY_TASKS");
    }

    proptest! {
        #[test]
        fn accepted_text_is_read_again(title in "(?s).{0,210}", day in "[0-9-]{0,12}") {
            let typed = input(&title, "", &day, "open");
            if let Ok(read) = TaskDetails::read(None, &typed, &MEMBERS) {
                prop_assert!(!read.title.is_empty() && !read.title.contains('\n'));
                let day = read.due_on.map(|day| day.to_string()).unwrap_or_default();
                let again = input(&read.title, "", &day, "open");
                prop_assert_eq!(TaskDetails::read(None, &again, &MEMBERS), Ok(read));
            }
        }
    }
}
