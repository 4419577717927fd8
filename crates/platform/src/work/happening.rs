use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    db::{DbError, Engine},
    flags::Flag,
    module::{EventDate, EventMoment},
};

/// A kind of thing that runs or comes for a time and that people take part in, such as seasons.
#[derive(Clone, Copy, Debug)]
pub struct Happening {
    /// The stored code: `season`.
    pub code: &'static str,
    /// The name of one: "Season".
    pub one: &'static str,
    /// The flag of the feature. `None` if it cannot be off.
    pub flag: Option<&'static Flag>,
    /// Returns a SELECT with the columns of [`HappeningRow`] for the person `$1`, which is the nil ID for visitors, at the instant
    /// `$2` on the day `$3`. It has what everybody may see, and what the person takes part in. It may have too many rows:
    /// `shown` decides.
    pub rows: fn(Engine) -> String,
    /// Returns what pages show of a row at an instant. Its moment is decided as on the page of events; `None` if it is over. An
    /// unknown code is an error.
    pub shown: fn(&HappeningRow, Timestamp) -> Result<Option<Running>, DbError>,
}

/// A row of what runs or comes, as a kind selects it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct HappeningRow {
    /// The code of the kind.
    pub kind: String,
    pub slug: String,
    pub name: String,
    /// A line about it; may be empty.
    pub summary: String,
    /// The facts that decide its moment, in a form of its own; may be empty.
    pub detail: String,
    /// 1 if the person takes part in it or leads it, else 0.
    pub mine: i64,
    /// The person's progress.
    pub done: i64,
    /// The number that reaches the goal; 0 for none.
    pub goal: i64,
    /// The number of people who take part.
    pub people: i64,
    /// Its end, if that is an instant. Rows without one are read first, then those that end first.
    pub until: Option<Timestamp>,
    /// The path of its own picture; empty if it is drawn.
    pub picture: String,
}

/// Something that runs now or comes, with the part of a person in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Running {
    /// The code of the kind.
    pub kind: &'static str,
    pub slug: String,
    pub title: String,
    /// A line about it; may be empty.
    pub summary: String,
    pub address: String,
    pub moment: EventMoment,
    /// The date that comes next.
    pub date: Option<EventDate>,
    /// Its kind and place, if it has no date, such as "CTF roster of Harbor School"; may be empty.
    pub about: String,
    /// True if the person can join it now.
    pub can_join: bool,
    /// The label of the one action, for who does not take part yet.
    pub action: &'static str,
    /// True if the person takes part in it or leads it.
    pub is_mine: bool,
    /// The person's role in a word, such as "Judge"; empty if they only take part.
    pub role: &'static str,
    /// The person's part in a sentence; may be empty.
    pub own: String,
    /// The number of what is done, and that which reaches the goal.
    pub progress: Option<(i64, i64)>,
    /// The number of people who take part.
    pub people: i64,
    /// The path of its own picture; empty if it is drawn.
    pub picture: String,
}

impl Running {
    /// Returns its place among others: what runs before what comes, first that in which the person has something left, then
    /// the others of theirs, then what they can join; each by its next date.
    #[must_use]
    pub fn place(&self) -> (EventMoment, u8, bool, Option<Timestamp>) {
        let at = self.date.map(|date| date.at);
        let is_left = self.progress.is_some_and(|(done, goal)| done < goal);
        let part = match (self.is_mine, is_left, self.can_join) {
            (true, true, _) => 0,
            (true, false, _) => 1,
            (false, _, true) => 2,
            (false, _, false) => 3,
        };
        (self.moment, part, at.is_none(), at)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_things_come_first_then_those_that_can_be_joined() {
        let one = |slug: &str, moment, (is_mine, can_join), day: i64| Running {
            slug: slug.to_owned(),
            moment,
            is_mine,
            can_join,
            date: (day > 0).then(|| EventDate {
                says: "Closes",
                at: Timestamp::UNIX_EPOCH + chrono::TimeDelta::days(day),
                is_day: true,
            }),
            ..Running::default()
        };
        let mut all = [
            one("joinable later", EventMoment::Coming, (false, true), 1),
            one("of others", EventMoment::Running, (false, false), 1),
            one("open", EventMoment::Running, (false, true), 9),
            one("own without end", EventMoment::Running, (true, false), 0),
            one("own later", EventMoment::Running, (true, false), 8),
            Running {
                progress: Some((1, 3)),
                ..one("own with work left", EventMoment::Running, (true, false), 9)
            },
            one("own open", EventMoment::Running, (true, true), 7),
        ];
        all.sort_by_key(Running::place);
        let slugs: Vec<&str> = all.iter().map(|it| it.slug.as_str()).collect();
        let expected = [
            "own with work left",
            "own open",
            "own later",
            "own without end",
            "open",
            "of others",
            "joinable later",
        ];
        assert_eq!(slugs, expected);
    }
}
