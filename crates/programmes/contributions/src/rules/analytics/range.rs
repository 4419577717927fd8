use chrono::{Datelike as _, Days, NaiveDate, NaiveTime};
use kernel::{Problem, ProblemKind, Timestamp};

use crate::rules::seasons::parse_day;

/// The number of days that are shown unless others are asked for.
const DEFAULT: u64 = 90;
/// The maximum number of days: two years, one of which may be a leap year.
const LONGEST: i64 = 731;

/// A range of UTC days, both of which belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DayRange {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl DayRange {
    /// Reads the days from `from` to `to`, written `YYYY-MM-DD`. Without `to`, it is today; without `from`, the range has
    /// 90 days.
    ///
    /// # Errors
    /// When one is not a day from 2008 to 2999, `from` is after `to`, or the range has more than 731 days. The problem names the field.
    pub fn read(from: &str, to: &str, today: NaiveDate) -> Result<Self, Problem> {
        let last = read_day("to", to)?.unwrap_or(today);
        let first = read_day("from", from)?.unwrap_or_else(|| before(last, DEFAULT - 1));
        let days = (last - first).num_days() + 1;
        if days < 1 {
            let detail = format!("The first day, {first}, is after the last, {last}.");
            return Err(wrong("from", detail));
        }
        if days > LONGEST {
            let detail = format!(
                "{first} to {last} are {days} days. Choose at most {LONGEST} days, which are two years."
            );
            return Err(wrong("from", detail));
        }
        Ok(Self { first, last })
    }

    /// Returns the first instant, and the first one after it.
    #[must_use]
    pub fn instants(&self) -> (Timestamp, Timestamp) {
        let start = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        (start(self.first), start(after(self.last, 1)))
    }

    /// Returns the Mondays of its weeks, earliest first.
    pub fn weeks(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let last = self.last;
        let weeks = monday(self.first).iter_weeks();
        weeks.take_while(move |week| *week <= last)
    }

    /// Cuts it into ranges of at most `days` days, earliest first.
    pub fn slices(&self, days: u64) -> impl Iterator<Item = Self> + use<> {
        let last = self.last;
        let next = move |slice: &Self| Some(after(slice.last, 1)).filter(|first| *first <= last);
        let slice =
            move |first: NaiveDate| Self { first, last: after(first, days.max(1) - 1).min(last) };
        std::iter::successors(Some(slice(self.first)), move |it| next(it).map(slice))
    }
}

/// Returns the Monday of a day's week.
#[must_use]
pub fn monday(day: NaiveDate) -> NaiveDate {
    before(day, day.weekday().num_days_from_monday().into())
}

fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

fn read_day(field: &'static str, text: &str) -> Result<Option<NaiveDate>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let day = parse_day(text).map_err(|detail| wrong(field, detail))?;
    Ok(Some(day))
}

fn wrong(field: &'static str, detail: String) -> Problem {
    Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail).at(field)
}
