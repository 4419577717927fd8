use futures_util::future::BoxFuture;
use kernel::Timestamp;

use crate::{Context, db::DbError, flags::Flag};

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
    /// Its dates in words, such as the next one.
    pub dates: String,
    /// A line about it, which people wrote; may be empty.
    pub line: String,
    /// The path of its picture.
    pub picture: Option<String>,
}

/// The place of an event in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventMoment {
    Running,
    Coming,
    Past,
}
