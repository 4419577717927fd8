//! Calendars and weeks of squares: larger squares mean more.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use kernel::{Points, capitalized};

use super::{
    Day,
    scale::{figure, percent},
};
use crate::format::Number;

/// The height of the first row, and the distance of two rows, in pixels.
const FIRST_ROW: f64 = 27.4;
const ROW: f64 = 18.9;
/// The side lengths by level.
const SIZES: [u8; LEVELS.len()] = [3, 5, 7, 9, 11];
pub(super) const LEVELS: [&str; 5] = ["l0", "l1", "l2", "l3", "l4"];

/// The numbers of weeks of the calendars.
const WEEKS: u64 = 26;
const YEAR: u64 = 53;
/// The number of weeks of a year's calendar where the page is narrow.
const NARROW: u64 = 22;

/// A calendar of points or other numbers by day.
#[derive(Clone, Debug, PartialEq)]
pub struct Squares {
    /// The drawing of all weeks.
    pub all: Heat,
    /// The drawing of the last weeks for narrow pages, if all do not fit there.
    pub narrow: Option<Heat>,
    /// Points of the best day.
    pub most: Number,
    /// Days with points, latest first.
    pub days: Vec<(String, String, Number)>,
}

/// A drawing of columns with seven squares each.
#[derive(Clone, Debug, PartialEq)]
pub struct Heat {
    /// Description of the chart, in sentences.
    pub description: String,
    pub columns: Vec<Column>,
    /// The position of each label above the columns, and its text.
    pub labels: Vec<(String, String)>,
    /// The height of each label beside the rows, and its text.
    pub rows: Vec<(String, &'static str)>,
}

/// The squares of a week, or of an hour on each weekday.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The middle of the squares.
    pub x: String,
    pub squares: Vec<Square>,
}

/// One square, whose middle is in the middle of its column.
#[derive(Clone, Debug, PartialEq)]
pub struct Square {
    /// Class of the stylesheet.
    pub class: &'static str,
    /// Left edge, from the middle of the column.
    pub x: String,
    /// Top edge.
    pub y: String,
    /// Side length.
    pub size: u8,
}

impl Square {
    /// Draws a number of a row, of which `most` is the highest.
    pub(super) fn of(row: usize, number: i64, most: i64) -> Self {
        let level = match number {
            ..=0 => 0,
            _ => (4.0 * number as f64 / most as f64).ceil().clamp(1.0, 4.0) as usize,
        };
        let size = SIZES[level];
        let half = f64::from(size) / 2.0;
        let y = FIRST_ROW + ROW * row as f64 - half;
        Self { class: LEVELS[level], x: figure(-half), y: figure(y), size }
    }
}

/// Returns the labels beside the rows of weekdays.
pub(super) fn weekdays() -> Vec<(String, &'static str)> {
    let days = [(0, "Mon"), (2, "Wed"), (4, "Fri"), (6, "Sun")];
    days.map(|(row, day)| (figure(FIRST_ROW + ROW * f64::from(row) + 4.0), day)).into()
}

/// Returns the share of the width at which the middle of a column is. The weekdays take `left` percent of it.
pub(super) fn middle(column: usize, columns: usize, left: f64) -> String {
    let step = (100.0 - left) / columns.max(1) as f64;
    percent(left + step * (column as f64 + 0.5))
}

/// Returns the first day that a page needs for its calendar of a year.
#[must_use]
pub fn first_day_of_year(today: NaiveDate) -> NaiveDate {
    monday(today, YEAR - 1)
}

/// Returns the first day of a year's calendar where the page is narrow.
#[must_use]
pub fn first_day_when_narrow(today: NaiveDate) -> NaiveDate {
    monday(today, NARROW - 1)
}

/// Returns the first day of the calendar of half a year.
pub(super) fn first_monday(today: NaiveDate) -> NaiveDate {
    monday(today, WEEKS - 1)
}

/// Returns the Monday of the week that began `weeks` weeks before this one.
pub(super) fn monday(today: NaiveDate, weeks: u64) -> NaiveDate {
    let back = u64::from(today.weekday().num_days_from_monday()) + 7 * weeks;
    today.checked_sub_days(Days::new(back)).unwrap_or(today)
}

impl Squares {
    /// Draws the last weeks up to `today`. A day whose points add up to zero gets the smallest square.
    #[must_use]
    pub fn of(days: &[Day], today: NaiveDate) -> Self {
        Self::drawn(days, today, "points", WEEKS)
    }

    /// Draws a year up to `today`, of a number of things called `noun`.
    #[must_use]
    pub fn of_year(days: &[Day], today: NaiveDate, noun: &str) -> Self {
        let narrow = Some(Heat::of(&shown(days, today, NARROW), today, noun, NARROW));
        Self { narrow, ..Self::drawn(days, today, noun, YEAR) }
    }

    fn drawn(days: &[Day], today: NaiveDate, noun: &str, weeks: u64) -> Self {
        let shown = shown(days, today, weeks);
        let named = |(day, points): &Day| {
            (day.to_string(), day.format("%-d %B %Y").to_string(), Number(*points))
        };
        Self {
            all: Heat::of(&shown, today, noun, weeks),
            narrow: None,
            most: Number(highest(&shown)),
            days: shown.iter().rev().map(named).collect(),
        }
    }
}

/// Returns the days of the last weeks that have points.
fn shown(days: &[Day], today: NaiveDate, weeks: u64) -> Vec<Day> {
    let first = monday(today, weeks - 1);
    let is_shown = |(day, points): &&Day| (first..=today).contains(day) && *points != 0;
    days.iter().filter(is_shown).copied().collect()
}

fn highest(shown: &[Day]) -> Points {
    shown.iter().map(|(_, points)| *points).max().unwrap_or(0)
}

impl Heat {
    fn of(shown: &[Day], today: NaiveDate, noun: &str, weeks: u64) -> Self {
        let first = monday(today, weeks - 1);
        let every: Vec<NaiveDate> = first.iter_days().take_while(|day| *day <= today).collect();
        let most = highest(shown);
        let points = |day: &NaiveDate| {
            let found = shown.iter().find(|(of, _)| of == day);
            found.map_or(0, |(_, points)| *points)
        };
        let columns = every.chunks(7);
        let number = columns.len();
        let left = if number > 30 { 4.0 } else { 9.0 };
        let column = |(at, week): (usize, &[NaiveDate])| Column {
            x: middle(at, number, left),
            squares: week
                .iter()
                .enumerate()
                .map(|(row, day)| Square::of(row, points(day), most))
                .collect(),
        };
        let begins = |day: &NaiveDate| day.day() <= 7 && day.weekday() == Weekday::Mon;
        let months =
            every.chunks(7).enumerate().filter(|(_, week)| week.first().is_some_and(begins));
        Self {
            description: described(shown, every.len(), noun, weeks),
            columns: columns.enumerate().map(column).collect(),
            labels: months
                .map(|(at, week)| (middle(at, number, left), week[0].format("%b").to_string()))
                .collect(),
            rows: weekdays(),
        }
    }
}

fn described(shown: &[Day], days: usize, noun: &str, weeks: u64) -> String {
    let title = capitalized(noun);
    let active = format!(
        "{title} by day in the last {weeks} weeks: {noun} on {} of {days} days",
        shown.len()
    );
    match shown.iter().max_by_key(|(_, points)| *points) {
        Some((day, points)) => format!(
            "{active}, most on {} with {}. Larger squares mean more {noun}.",
            day.format("%-d %B"),
            Number(*points)
        ),
        None => format!("{active}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn squares(heat: &Heat) -> Vec<&Square> {
        heat.columns.iter().flat_map(|column| &column.squares).collect()
    }

    #[test]
    fn a_year_has_53_weeks_and_fewer_where_it_is_narrow() {
        let today = day("2026-11-20");
        let days = [(day("2025-11-17"), 2), (day("2025-11-16"), 9)];
        let year = Squares::of_year(&days, today, "pull requests");
        assert_eq!(squares(&year.all).len(), 52 * 7 + 5);
        assert_eq!(year.days.len(), 1, "earlier days are left out");
        let said = "Pull requests by day in the last 53 weeks: pull requests on 1 of 369 days";
        assert!(year.all.description.starts_with(said), "{}", year.all.description);
        assert_eq!(first_day_of_year(today), day("2025-11-17"));
        let narrow = year.narrow.expect("a narrow drawing");
        assert_eq!(narrow.columns.len(), 22);
        let said = "Pull requests by day in the last 22 weeks: pull requests on 0 of 152 days.";
        assert_eq!(narrow.description, said);
        for column in year.all.columns.iter().chain(&narrow.columns) {
            let share = column.x.trim_end_matches('%').parse::<f64>().expect("a share");
            assert!((4.0..100.0).contains(&share), "{column:?}");
        }
    }

    #[test]
    fn squares_grow_with_points() {
        let today = day("2026-11-20");
        let days = [(day("2026-11-18"), 10), (day("2026-11-19"), 100)];
        let chart = Squares::of(&days, today);
        let all = squares(&chart.all);
        let last: Vec<_> = all.iter().rev().take(3).map(|it| it.size).collect();
        assert_eq!(last, [3, 11, 5]);
        assert_eq!(all.len(), 25 * 7 + 5, "a Friday ends the last week");
        assert_eq!(chart.days[0].2, Number(100), "latest first");
        assert!(chart.narrow.is_none());
        let (first, second) = (&chart.all.columns[0].squares[0], &chart.all.columns[0].squares[6]);
        assert_eq!((&*first.x, &*first.y, &*second.y), ("-1.5", "25.9", "139.3"));
    }

    #[test]
    fn sums_of_zero_and_huge_ones_can_be_drawn() {
        let days =
            [(day("2026-11-03"), i64::MAX), (day("2026-11-04"), i64::MAX), (day("2026-11-05"), -4)];
        let chart = Squares::of(&days, day("2026-11-20"));
        let all = squares(&chart.all);
        assert_eq!(all.last().map(|last| last.class), Some("l0"));
        assert_eq!(chart.days.len(), 3);
        assert!(Squares::of(&[], day("2026-11-20")).days.is_empty());
    }
}
