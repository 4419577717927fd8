//! Fields of the platform's answers. Numbers may be written as text, and IDs as numbers. A value that cannot be read is an
//! error that names its field.

use chrono::DateTime;
use kernel::Timestamp;
use serde_json::{Map, Value};

use super::PlatformError;

/// The longest ID, in characters. A longer one is an error, because a shortened one could be another's.
const LONGEST_ID: usize = 200;

/// The largest number of points, solves or ranks. The points of 20,000 solves of 400,000 people add up to less than an
/// `i64` holds.
const LARGEST: i64 = 1_000_000_000;

/// The first and the last accepted second: the years 2000 to 2099. Others are moved to the nearest.
const SECONDS: (i64, i64) = (946_684_800, 4_102_444_799);

/// The first number that counts milliseconds instead of seconds.
const MILLISECONDS: i64 = 100_000_000_000;

/// An object of an answer, and its place for errors, such as `challenge_solves[3].`.
pub(super) struct Fields<'a> {
    map: &'a Map<String, Value>,
    place: String,
}

impl<'a> Fields<'a> {
    /// Takes an object. The place is empty for the answer itself.
    pub(super) fn of(value: &'a Value, place: &str) -> Result<Self, PlatformError> {
        let map = value.as_object().ok_or_else(|| {
            let what = if place.is_empty() { "the answer" } else { place };
            PlatformError::Malformed(format!("{what} is not an object"))
        })?;
        let place = if place.is_empty() { String::new() } else { format!("{place}.") };
        Ok(Self { map, place })
    }

    fn wrong(&self, name: &str, is_not: &str) -> PlatformError {
        PlatformError::Malformed(format!("{}{name} is not {is_not}", self.place))
    }

    /// Returns a field that is neither absent nor null.
    fn given(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// Returns a field that must be in the answer.
    fn required(&self, name: &str) -> Result<&'a Value, PlatformError> {
        self.map
            .get(name)
            .ok_or_else(|| PlatformError::Malformed(format!("{}{name} is missing", self.place)))
    }

    pub(super) fn whole(&self, name: &str) -> Result<i64, PlatformError> {
        let value = number(self.required(name)?);
        let value = value.filter(|value| (-LARGEST..=LARGEST).contains(value));
        value.ok_or_else(|| self.wrong(name, "a whole number"))
    }

    /// Returns a total, which is null for a person without any.
    pub(super) fn total(&self, name: &str) -> Result<i64, PlatformError> {
        if self.required(name)?.is_null() { Ok(0) } else { self.whole(name) }
    }

    /// Returns a number of things, which is null for a person without any.
    pub(super) fn count(&self, name: &str) -> Result<i64, PlatformError> {
        let counted = self.total(name)?;
        if counted < 0 { Err(self.wrong(name, "a number of things")) } else { Ok(counted) }
    }

    /// Returns a whole number that may be absent.
    pub(super) fn optional_whole(&self, name: &str) -> Result<Option<i64>, PlatformError> {
        self.given(name).map(|_| self.whole(name)).transpose()
    }

    /// Returns the platform's own number of a row.
    pub(super) fn key(&self, name: &str) -> Result<i64, PlatformError> {
        number(self.required(name)?).ok_or_else(|| self.wrong(name, "a whole number"))
    }

    /// Returns an ID: text, or a number.
    pub(super) fn id(&self, name: &str) -> Result<String, PlatformError> {
        let id = match self.required(name)? {
            Value::String(text) => Some(text.clone()),
            value => number(value).map(|number| number.to_string()),
        };
        let is_id = |id: &String| {
            let is_short = id.chars().count() <= LONGEST_ID;
            is_short && !id.is_empty() && !id.chars().any(char::is_control)
        };
        id.filter(is_id).ok_or_else(|| self.wrong(name, "an ID"))
    }

    /// Returns an ID that may be absent.
    pub(super) fn optional_id(&self, name: &str) -> Result<Option<String>, PlatformError> {
        let is_empty = |value: &&Value| value.as_str() == Some("");
        let value = self.given(name).filter(|value| !is_empty(value));
        value.map(|_| self.id(name)).transpose()
    }

    /// Returns text of at most `longest` characters. Absent text is empty; a number is written out.
    pub(super) fn text(&self, name: &str, longest: usize) -> Result<String, PlatformError> {
        match self.given(name) {
            None => Ok(String::new()),
            Some(Value::String(text)) => Ok(line(text, longest)),
            Some(Value::Number(number)) => Ok(line(&number.to_string(), longest)),
            Some(_) => Err(self.wrong(name, "text")),
        }
    }

    /// Returns an instant, in seconds since 1970.
    pub(super) fn instant(&self, name: &str) -> Result<Timestamp, PlatformError> {
        let seconds = seconds(self.required(name)?);
        let instant = seconds.and_then(instant);
        instant.ok_or_else(|| self.wrong(name, "a Unix time"))
    }

    /// Returns an instant that is absent, null or 0 if it never was.
    pub(super) fn optional_instant(&self, name: &str) -> Result<Option<Timestamp>, PlatformError> {
        let Some(value) = self.given(name) else {
            return Ok(None);
        };
        let seconds = seconds(value).ok_or_else(|| self.wrong(name, "a Unix time"))?;
        Ok((seconds > 0).then(|| instant(seconds)).flatten())
    }

    /// Returns true or false; false if it is absent.
    pub(super) fn flag(&self, name: &str) -> Result<bool, PlatformError> {
        match self.given(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(value) => match number(value) {
                Some(number @ 0..=1) => Ok(number == 1),
                _ => Err(self.wrong(name, "true or false")),
            },
        }
    }

    /// Returns a list of at most `most` entries; empty if it is absent.
    pub(super) fn list(&self, name: &str, most: usize) -> Result<&'a [Value], PlatformError> {
        match self.given(name) {
            None => Ok(&[]),
            Some(Value::Array(list)) if list.len() <= most => Ok(list),
            Some(Value::Array(_)) => {
                Err(self.wrong(name, &format!("a list of at most {most} entries")))
            }
            Some(_) => Err(self.wrong(name, "a list")),
        }
    }

    /// Returns the texts of a list, at most `most` of `longest` characters. Entries that are not text are written as JSON.
    pub(super) fn texts(
        &self,
        name: &str,
        most: usize,
        longest: usize,
    ) -> Result<Vec<String>, PlatformError> {
        let text = |value: &Value| match value.as_str() {
            Some(text) => line(text, longest),
            None => line(&value.to_string(), longest),
        };
        let list = self.list(name, usize::MAX)?.iter().take(most);
        Ok(list.map(text).filter(|text| !text.is_empty()).collect())
    }
}

/// Returns a whole number, which may be written as text or with a fraction of zero.
pub(super) fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            let number = number.as_f64().filter(|number| number.fract() == 0.0)?;
            floor(number)
        }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Returns a number of seconds, without fractions. Larger numbers count milliseconds.
fn seconds(value: &Value) -> Option<i64> {
    let number = number(value).or_else(|| floor(value.as_f64()?))?;
    Some(if number >= MILLISECONDS { number / 1_000 } else { number })
}

/// Returns the whole number below, if a float represents it exactly.
fn floor(number: f64) -> Option<i64> {
    const LARGEST: f64 = 9_007_199_254_740_991.0;
    let number = number.floor();
    let is_exact = number.abs() <= LARGEST;
    is_exact.then(|| format!("{number:.0}").parse().ok()).flatten()
}

fn instant(seconds: i64) -> Option<Timestamp> {
    DateTime::from_timestamp(seconds.clamp(SECONDS.0, SECONDS.1), 0)
}

/// Returns the beginning of a text as one line.
pub(super) fn line(text: &str, longest: usize) -> String {
    let shown = text.trim().chars().filter(|c| !c.is_control());
    shown.take(longest).collect()
}
