use futures_util::future::BoxFuture;
use kernel::Timestamp;

use crate::{Context, db::DbError, flags::Flag};

/// The number of events that a module lists, on the page of events and on that of visitors.
pub const MOST_EVENTS: i64 = 60;

/// Events of a module, which the page of events lists with those of other modules.
#[derive(Clone, Copy, Debug)]
pub struct Events {
    /// The flag that hides them when off.
    pub flag: Option<&'static Flag>,
    /// Returns the events that everyone may see, at most as many as asked for, in any order.
    pub list: EventsFn,
    /// The page that lists all of them, and its name.
    pub all: (&'static str, &'static str),
}

/// A function that returns at most a number of events.
pub type EventsFn = for<'a> fn(&'a Context, i64) -> BoxFuture<'a, Result<Vec<EventCard>, DbError>>;

/// An event, as lists show it. It is the same for everyone.
#[derive(Clone, Debug)]
pub struct EventCard {
    /// Its kind, such as "Hackathon".
    pub kind: &'static str,
    /// Its name, which people gave it.
    pub title: String,
    /// The path of its page.
    pub address: String,
    pub moment: EventMoment,
    /// Its state in a word or two, and the class of the state's tincture.
    pub state: (String, &'static str),
    pub starts: Timestamp,
    pub ends: Timestamp,
    /// The date that comes next, else the last one.
    pub date: Option<EventDate>,
    /// Other words about its dates; may be empty.
    pub dates: String,
    /// A line about it, which people wrote; may be empty.
    pub line: String,
    /// The path of its picture.
    pub picture: Option<String>,
}

/// The place of an event in time. A module decides it in one place, so that all pages agree about what runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventMoment {
    #[default]
    Running,
    Coming,
    Past,
}

/// A date of an event: the one that comes next, else the last one. The pages write it in the same words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventDate {
    /// The words before the date, such as "Submissions close".
    pub says: &'static str,
    pub at: Timestamp,
    /// True if it is a day, which is the same in every time zone: that of the instant in UTC.
    pub is_day: bool,
}
