use chrono::TimeDelta;
use kernel::Timestamp;
use sea_orm::FromQueryResult;
use serde::Deserialize;
use uuid::Uuid;

use super::{TaskIcon, WorkViewer};
use crate::{
    db::Engine,
    flags::{Flag, Flags},
    module::Audience,
};

/// A kind of thing that can wait for a person, declared by the module that decides when it is done.
#[derive(Clone, Copy, Debug)]
pub struct TaskKind {
    /// The stored code, also used in URLs: `review`.
    pub code: &'static str,
    /// The name of several, for the header and the filters: "Reviews".
    pub label: &'static str,
    /// The name of one: "Review".
    pub one: &'static str,
    /// The path of the list, with which the header leads to work of one kind.
    pub list: &'static str,
    /// The waiting thing, in a sentence without its end: "A pull request waits for your review".
    pub waits: &'static str,
    pub icon: TaskIcon,
    /// The kind of thing whose picture stands for a row, by its slug: `hackathon`. `None` if the row says of none.
    pub picture: Option<&'static str>,
    /// The people who can have such work.
    pub audience: Audience,
    /// The flag of the feature. `None` if it cannot be off.
    pub flag: Option<&'static Flag>,
    /// The time in which it should be done, for rows without a deadline of their own.
    pub target: Option<TimeDelta>,
    /// True if the rows have the columns `person` and `quote` after the others.
    pub is_about: bool,
    /// Returns whether the person took a row, for work that one of several people takes. `None` if no one takes such work.
    pub is_taken: Option<fn(&TaskRow) -> bool>,
    /// True if no one can do the work before someone else acts, such as an appeal without an admin who may decide it.
    pub is_stuck: bool,
    /// Returns a SELECT with the columns of [`TaskRow`] for the person `$1` at the instant `$2` on the day `$3`.
    pub rows: fn(Engine) -> String,
    /// Returns the words about a row.
    pub text: fn(&TaskRow) -> TaskText,
}

impl TaskKind {
    /// Returns whether a person can have such work.
    #[must_use]
    pub fn is_for(&self, flags: &Flags, viewer: WorkViewer) -> bool {
        viewer.audience >= self.audience
            && self.flag.is_none_or(|flag| flags.is_on(flag, viewer.flag_viewer()))
    }
}

/// A row of work, as a kind selects it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct TaskRow {
    /// The code of the kind.
    pub kind: String,
    /// The name of the thing, such as the title of a pull request.
    pub name: String,
    /// The name of the place where it is, such as a repository or a hackathon.
    pub place: String,
    /// The part of the address that identifies it.
    pub slug: String,
    /// A number of its own, such as that of a pull request or a dispute, or how many things it stands for.
    pub number: i64,
    /// A code or a text of its own; may be empty.
    pub detail: String,
    /// When it began to wait.
    pub since: Timestamp,
    /// When it is to be done.
    pub due: Option<Timestamp>,
    /// The person whom it is about, as JSON of a [`TaskPerson`].
    pub person: Option<String>,
    /// The words of a person that are to be answered; may be empty.
    pub quote: Option<String>,
}

/// The person whom work is about, as lists show people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct TaskPerson {
    pub login: String,
    pub name: Option<String>,
    /// The path of their picture.
    pub picture: Option<String>,
}

impl TaskPerson {
    /// Reads the JSON that a statement wrote; `None` if it is not that of a person.
    #[must_use]
    pub fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// Returns the name, or the login of a person who chose none.
    #[must_use]
    pub fn called(&self) -> &str {
        self.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&self.login)
    }
}

impl TaskRow {
    /// Names the person whom it is about, of a number of people: "Wren Oak and 2 others"; `None` if they cannot be named.
    #[must_use]
    pub fn whom(&self, people: i64) -> Option<String> {
        let person = TaskPerson::read(self.person.as_deref()?)?;
        let called = person.called();
        Some(match people {
            ..=1 => called.to_owned(),
            people => {
                format!("{called} and {}", kernel::counted(people - 1, "other", "others"))
            }
        })
    }

    /// Returns the ID in the slug, as it is written in addresses.
    #[must_use]
    pub fn id(&self) -> String {
        Uuid::try_parse(&self.slug).map_or_else(|_| self.slug.clone(), |id| id.to_string())
    }
}

/// The words about a row of work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskText {
    /// The task, as a title.
    pub title: String,
    /// Its place, in a few words.
    pub line: String,
    /// The label of the button.
    pub action: &'static str,
    /// The path of the page where it is done.
    pub address: String,
    /// The deadline, if it follows from the words of the row.
    pub due: Option<Timestamp>,
}

/// The number of rows of a kind that wait for a person.
#[derive(Clone, Copy, Debug)]
pub struct WorkCount {
    pub kind: &'static TaskKind,
    /// The number of rows, at least 1.
    pub count: i64,
}
