//! Times in payloads. A time outside the supported months is rejected, so that it becomes a dead letter
//! instead of a pull request that is never settled.

use chrono::{Datelike as _, Timelike as _};
use kernel::Timestamp;
use serde::{Deserialize, Deserializer, de::Error};

/// The years that points can be earned in. Within them, text order is time order.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2999;

fn is_usable(at: Timestamp) -> bool {
    // chrono represents a leap second by nanoseconds of a second or more.
    YEARS.contains(&at.year()) && at.nanosecond() < 1_000_000_000
}

fn usable<E: Error>(at: Timestamp) -> Result<Timestamp, E> {
    if is_usable(at) {
        return Ok(at);
    }
    Err(E::custom(format!(
        "{at:?} is out of range: it must be in the years {} to {} and not in a leap second",
        YEARS.start(),
        YEARS.end()
    )))
}

/// Reads a time.
///
/// # Errors
/// When it is no usable time.
pub fn of_text<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    usable(Timestamp::deserialize(from)?)
}

/// Reads a time that may be absent.
///
/// # Errors
/// When it is no usable time.
pub fn of_text_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    Option::deserialize(from)?.map(usable).transpose()
}

/// Reads a time that any client may have written. An unusable one counts as absent.
///
/// # Errors
/// When it is no time at all.
pub fn of_anybody<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    let at: Option<Timestamp> = Option::deserialize(from)?;
    Ok(at.filter(|at| is_usable(*at)))
}

/// Reads a time that GitHub writes as text in some events and as seconds in others.
pub(super) fn of_text_or_seconds<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Timestamp>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Instant {
        Text(Timestamp),
        Seconds(i64),
    }
    let at = match Option::deserialize(from)? {
        None => return Ok(None),
        Some(Instant::Text(at)) => at,
        Some(Instant::Seconds(seconds)) => Timestamp::from_timestamp(seconds, 0)
            .ok_or_else(|| D::Error::custom(format!("{seconds} is not a valid Unix timestamp")))?,
    };
    usable(at).map(Some)
}
