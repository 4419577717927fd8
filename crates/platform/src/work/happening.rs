use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{db::Engine, flags::Flag};

/// A kind of thing that runs for a time and that people take part in, such as seasons.
#[derive(Clone, Copy, Debug)]
pub struct Happening {
    /// The stored code: `season`.
    pub code: &'static str,
    /// The name of one: "Season".
    pub one: &'static str,
    /// The flag of the feature. `None` if it cannot be off.
    pub flag: Option<&'static Flag>,
    /// Returns a SELECT with the columns of [`HappeningRow`] for the person `$1`, which is the nil ID for visitors, at the instant
    /// `$2` on the day `$3`. It has what everybody may see, and what the person takes part in.
    pub rows: fn(Engine) -> String,
    /// Returns what pages show of a row at an instant.
    pub shown: fn(&HappeningRow, Timestamp) -> Running,
}

/// A row of what runs, as a kind selects it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct HappeningRow {
    /// The code of the kind.
    pub kind: String,
    pub slug: String,
    pub name: String,
    /// A line about it; may be empty.
    pub summary: String,
    /// A code or a text of its own, such as its state or its last day; may be empty.
    pub detail: String,
    /// 1 if the person takes part, else 0.
    pub mine: i64,
    /// The person's progress.
    pub done: i64,
    /// The number that reaches the goal; 0 for none.
    pub goal: i64,
    /// The number of people who take part.
    pub people: i64,
    /// The end of the current part.
    pub until: Option<Timestamp>,
    /// The path of its own picture; empty if it is drawn.
    pub picture: String,
}

/// Something that runs now, with the part of a person in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Running {
    /// The code of the kind.
    pub kind: &'static str,
    pub slug: String,
    pub title: String,
    /// A line about it; may be empty.
    pub summary: String,
    pub address: String,
    /// The present part, such as "Applications are open".
    pub state: String,
    /// The end of what goes on now.
    pub until: Option<Timestamp>,
    /// The label of the one action, for who does not take part yet.
    pub action: &'static str,
    /// True if the person takes part.
    pub is_mine: bool,
    /// The person's part in a sentence; may be empty.
    pub own: String,
    /// The number of what is done, and that which reaches the goal.
    pub progress: Option<(i64, i64)>,
    /// The number of people who take part.
    pub people: i64,
    /// The path of its own picture; empty if it is drawn.
    pub picture: String,
}

impl HappeningRow {
    /// Returns the ID in the slug, as it is written in addresses.
    #[must_use]
    pub fn id(&self) -> String {
        Uuid::try_parse(&self.slug).map_or_else(|_| self.slug.clone(), |id| id.to_string())
    }

    /// Returns the progress; `None` without a goal.
    #[must_use]
    pub fn progress(&self) -> Option<(i64, i64)> {
        (self.goal > 0).then_some((self.done.min(self.goal), self.goal))
    }
}
