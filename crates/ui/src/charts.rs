//! Charts rendered by the server as SVG with sizes in attributes, each with an accompanying table.

mod hours;
mod plot;

use chrono::{Datelike as _, Days, NaiveDate};
use kernel::{Month, Points, capitalized};

use crate::format::{Number, compact, month};

pub use hours::Hours;
pub use plot::{Look, Piece, Plot, PlotLine, Series, Sketch};

/// The points earned on a day.
pub type Day = (NaiveDate, Points);

/// The number of months in the bar chart.
const MONTHS: usize = 12;
/// The number of weeks in the bar chart.
const BAR_WEEKS: usize = 8;
/// The number of weeks in the squares chart.
const WEEKS: u64 = 26;

const WIDTH: f64 = 420.0;
const LEFT: f64 = 34.0;
const TOP: f64 = 18.0;
const BOTTOM: f64 = 156.0;

/// A bar chart of points by month or by week.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// The measure, which is the chart's title.
    pub title: &'static str,
    /// Description of the chart, in a sentence.
    pub description: String,
    /// The months or weeks, oldest first.
    pub bars: Vec<Bar>,
    /// The height and label of each grid line.
    pub grid: Vec<(String, String)>,
    /// Height of the zero line.
    pub axis: String,
}

/// One month or week.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Left edge.
    pub x: String,
    pub width: String,
    /// Center of the bar.
    pub middle: String,
    /// Top edge.
    pub y: String,
    pub height: String,
    /// Height of the value's label.
    pub over: String,
    /// The value in short form.
    pub value: String,
    /// The label below the axis.
    pub label: String,
    /// The name of the month, or the week's first day.
    pub name: String,
    /// The exact value.
    pub points: Number,
    /// True when the value is negative.
    pub is_less: bool,
}

/// The points of a month or a week.
struct Period {
    /// The first day.
    first: NaiveDate,
    label: String,
    name: String,
    points: Points,
}

impl Period {
    fn of_month(of: Month) -> Self {
        let first = of.start().date_naive();
        Self { first, label: first.format("%b").to_string(), name: month(of), points: 0 }
    }

    fn of_week(first: NaiveDate) -> Self {
        Self {
            first,
            label: first.format("%b\u{a0}%-d").to_string(),
            name: format!("the week of {}", first.format("%B %-d")),
            points: 0,
        }
    }
}

impl Bars {
    /// Builds the chart of the last months up to `now`.
    pub fn of(days: &[Day], now: Month) -> Self {
        let months = std::iter::successors(Some(now), |month| Some(month.previous()));
        let mut periods: Vec<Period> = months.take(MONTHS).map(Period::of_month).collect();
        periods.reverse();
        Self::drawn("Points by month", "months", summed(periods, days))
    }

    /// Builds the chart of the last weeks up to `today`. Weeks start on Monday.
    pub fn by_week(days: &[Day], today: NaiveDate) -> Self {
        let weeks = first_week(today).iter_days().step_by(7);
        let periods = weeks.take(BAR_WEEKS).map(Period::of_week).collect();
        Self::drawn("Points by week", "weeks", summed(periods, days))
    }

    /// Returns true if no period has points.
    pub fn is_empty(&self) -> bool {
        self.bars.iter().all(|bar| bar.points.0 == 0)
    }

    fn drawn(title: &'static str, noun: &str, periods: Vec<Period>) -> Self {
        let values = || periods.iter().map(|period| period.points);
        let (most, least) = (values().max().unwrap_or(0), values().min().unwrap_or(0));
        let scale = Scale::over(least.min(0), most.max(0));
        let step = (WIDTH - LEFT) / periods.len() as f64;
        let description = described(noun, &periods);
        let bar = |(place, period): (usize, Period)| {
            let points = period.points;
            let x = LEFT + step * place as f64 + step * 0.15;
            let (from, to) = (scale.at(0.0), scale.at(points as f64));
            Bar {
                x: figure(x),
                width: figure(step * 0.7),
                middle: figure(x + step * 0.35),
                y: figure(from.min(to)),
                height: figure((from - to).abs()),
                over: figure(if points < 0 { to + 14.0 } else { to - 6.0 }),
                value: compact(points),
                label: period.label,
                name: period.name,
                points: Number(points),
                is_less: points < 0,
            }
        };
        Self {
            title,
            description,
            bars: periods.into_iter().enumerate().map(bar).collect(),
            grid: scale.lines(),
            axis: figure(scale.at(0.0)),
        }
    }
}

/// Adds the days to the periods, which are in the order of time. Earlier days are left out.
fn summed(mut periods: Vec<Period>, days: &[Day]) -> Vec<Period> {
    for (day, points) in days {
        let mut from_last = periods.iter_mut().rev();
        if let Some(period) = from_last.find(|period| period.first <= *day) {
            period.points = period.points.saturating_add(*points);
        }
    }
    periods
}

fn described(noun: &str, periods: &[Period]) -> String {
    let said = |period: &Period| format!("{} in {}", Number(period.points), period.name);
    let most = periods.iter().max_by_key(|period| period.points);
    let least = periods.iter().min_by_key(|period| period.points);
    match (least, most, periods.last()) {
        (Some(least), Some(most), Some(now)) => format!(
            "The last {} {noun}. Lowest: {}. Highest: {}. Current: {}.",
            periods.len(),
            said(least),
            said(most),
            said(now)
        ),
        _ => String::new(),
    }
}

/// A vertical scale: maps values to heights, with grid lines at round values.
struct Scale {
    least: f64,
    most: f64,
    line: f64,
}

impl Scale {
    fn over(least: Points, most: Points) -> Self {
        let (least, most) = (least as f64, most as f64);
        let rough = ((most - least) / 3.0).max(1.0);
        let power = 10f64.powf(rough.log10().floor());
        let factor = [1.0, 2.0, 5.0, 10.0].into_iter();
        let line =
            factor.map(|factor| factor * power).find(|line| *line >= rough).unwrap_or(10.0 * power);
        Self { least, most: most.max(least + 1.0), line }
    }

    fn at(&self, value: f64) -> f64 {
        BOTTOM - (value - self.least) / (self.most - self.least) * (BOTTOM - TOP)
    }

    fn lines(&self) -> Vec<(String, String)> {
        let (first, last) =
            ((self.least / self.line).ceil() as i64, (self.most / self.line).floor() as i64);
        (first..=last)
            .filter(|number| *number != 0)
            .map(|number| number as f64 * self.line)
            .map(|value| (figure(self.at(value)), compact(value as i64)))
            .collect()
    }
}

/// A calendar of points or other numbers by day; larger squares mean more.
#[derive(Clone, Debug, PartialEq)]
pub struct Squares {
    /// Description of the chart, in a sentence.
    pub description: String,
    /// The days, oldest first.
    pub squares: Vec<Square>,
    /// The position of each month's label, and its name.
    pub months: Vec<(String, String)>,
    /// Points of the best day.
    pub most: Number,
    /// Days with points, latest first.
    pub days: Vec<(String, String, Number)>,
}

/// One day.
#[derive(Clone, Debug, PartialEq)]
pub struct Square {
    /// Class of the stylesheet.
    pub class: &'static str,
    /// Left edge.
    pub x: String,
    /// Top edge.
    pub y: String,
    /// Side length.
    pub size: u8,
}

const LEVELS: [&str; 5] = ["l0", "l1", "l2", "l3", "l4"];

/// The measures of a calendar.
struct Grid {
    weeks: u64,
    /// The distance between the middles of squares.
    cell: f64,
    /// The side lengths by level.
    sizes: [u8; LEVELS.len()],
    /// The middle of the first square.
    left: f64,
    top: f64,
}

const HALF_YEAR: Grid =
    Grid { weeks: WEEKS, cell: 14.5, sizes: [4, 6, 8, 10, 12], left: 36.0, top: 24.0 };

/// A year has smaller squares, so that its text has the same size.
const YEAR: Grid = Grid { weeks: 53, cell: 7.1, sizes: [2, 3, 4, 5, 6], left: 36.0, top: 22.0 };

/// Returns the first day that a page needs for its charts.
pub fn first_day(today: NaiveDate) -> NaiveDate {
    let month = (1..MONTHS)
        .fold(Month::of(today.and_time(chrono::NaiveTime::MIN).and_utc()), |month, _| {
            month.previous()
        });
    month.start().date_naive().min(first_monday(today))
}

/// Returns the first day that a page needs for its bars by week.
pub fn first_week(today: NaiveDate) -> NaiveDate {
    monday(today, BAR_WEEKS as u64 - 1)
}

/// Returns the first day that a page needs for its calendar of a year.
pub fn first_day_of_year(today: NaiveDate) -> NaiveDate {
    monday(today, YEAR.weeks - 1)
}

fn first_monday(today: NaiveDate) -> NaiveDate {
    monday(today, WEEKS - 1)
}

/// Returns the Monday of the week that began `weeks` weeks before this one.
fn monday(today: NaiveDate, weeks: u64) -> NaiveDate {
    let back = u64::from(today.weekday().num_days_from_monday()) + 7 * weeks;
    today.checked_sub_days(Days::new(back)).unwrap_or(today)
}

impl Squares {
    /// Builds the chart of the last weeks up to `today`. A day whose points add up to zero gets the smallest
    /// square.
    pub fn of(days: &[Day], today: NaiveDate) -> Self {
        Self::drawn(days, today, "points", &HALF_YEAR)
    }

    /// Builds the chart of a year up to `today`, of a number of things called `noun`.
    pub fn of_year(days: &[Day], today: NaiveDate, noun: &str) -> Self {
        Self::drawn(days, today, noun, &YEAR)
    }

    fn drawn(days: &[Day], today: NaiveDate, noun: &str, grid: &Grid) -> Self {
        let first = monday(today, grid.weeks - 1);
        let shown: Vec<&Day> = days
            .iter()
            .filter(|(day, points)| (first..=today).contains(day) && *points != 0)
            .collect();
        let most = shown.iter().map(|(_, points)| *points).max().unwrap_or(0);
        let points = |day: NaiveDate| {
            let found = shown.iter().find(|(of, _)| *of == day);
            found.map_or(0, |(_, points)| *points)
        };
        let every = || first.iter_days().take_while(|day| *day <= today);
        let square = |day: NaiveDate| Square::of((day - first).num_days(), points(day), most, grid);
        Self {
            description: described_days(&shown, every().count(), noun, grid.weeks),
            squares: every().map(square).collect(),
            months: every()
                .filter(|day| day.day() <= 7 && day.weekday() == chrono::Weekday::Mon)
                .map(|day| {
                    let week = (day - first).num_days() / 7;
                    let x = grid.left - 6.0 + grid.cell * week as f64;
                    (figure(x), day.format("%b").to_string())
                })
                .collect(),
            most: Number(most),
            days: shown
                .iter()
                .rev()
                .map(|(day, points)| {
                    (day.to_string(), day.format("%B %-d, %Y").to_string(), Number(*points))
                })
                .collect(),
        }
    }
}

fn described_days(shown: &[&Day], days: usize, noun: &str, weeks: u64) -> String {
    let title = capitalized(noun);
    let active = format!(
        "{title} by day in the last {weeks} weeks: {noun} on {} of {days} days",
        shown.len()
    );
    match shown.iter().max_by_key(|(_, points)| *points) {
        Some((day, points)) => format!(
            "{active}, most on {} with {}. Larger squares mean more {noun}.",
            day.format("%B %-d"),
            Number(*points)
        ),
        None => format!("{active}."),
    }
}

impl Square {
    fn of(place: i64, points: Points, most: Points, grid: &Grid) -> Self {
        let level = if points <= 0 {
            0
        } else {
            (4.0 * points as f64 / most as f64).ceil().clamp(1.0, 4.0) as usize
        };
        let size = grid.sizes[level];
        let at =
            |cell: i64, from: f64| figure(from + grid.cell * cell as f64 - f64::from(size) / 2.0);
        Self { class: LEVELS[level], x: at(place / 7, grid.left), y: at(place % 7, grid.top), size }
    }
}

/// Formats a coordinate with at most one decimal.
fn figure(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn bars_start_at_zero_and_sum_a_month() {
        let days = [
            (day("2026-10-02"), 60),
            (day("2026-10-30"), 40),
            (day("2026-11-03"), -20),
            (day("2024-01-01"), 9_999),
        ];
        let bars = Bars::of(&days, "2026-11".parse().expect("a month"));
        let values: Vec<_> = bars.bars.iter().map(|bar| bar.points.0).collect();
        assert_eq!(values[10..], [100, -20]);
        assert_eq!(bars.bars.len(), MONTHS);
        assert_eq!(bars.bars[10].y, "18", "the highest reaches the top");
        assert_eq!(bars.bars[11].y, bars.axis, "less hangs from the axis");
        assert!(bars.bars[11].is_less && bars.grid.len() <= 4, "{bars:?}");
        assert!(bars.description.contains("Highest: 100 in October 2026"));
    }

    #[test]
    fn bars_by_week_start_on_monday_and_leave_out_earlier_weeks() {
        // November 22, 2026 is a Sunday.
        let days = [
            (day("2026-09-27"), 9_999),
            (day("2026-09-28"), 4),
            (day("2026-11-15"), 30),
            (day("2026-11-16"), 7),
            (day("2026-11-22"), 5),
        ];
        let chart = Bars::by_week(&days, day("2026-11-22"));
        let values: Vec<_> = chart.bars.iter().map(|bar| bar.points.0).collect();
        assert_eq!(values, [4, 0, 0, 0, 0, 0, 30, 12]);
        assert_eq!(chart.bars[0].label, "Sep\u{a0}28");
        let said = "Highest: 30 in the week of November 9. Current: 12 in the week of November 16.";
        assert!(chart.description.ends_with(said), "{}", chart.description);
        assert!(!chart.is_empty() && Bars::by_week(&[], day("2026-11-22")).is_empty());
        let last = &chart.bars[7];
        let edge = |text: &str| text.parse::<f64>().expect("a number");
        assert!(edge(&last.x) + edge(&last.width) <= WIDTH, "{last:?}");
    }

    #[test]
    fn empty_and_extreme_values_can_be_drawn() {
        let now = "2026-11".parse().expect("a month");
        assert_eq!(Bars::of(&[], now).bars[0].height, "0");
        let days = [(day("2026-11-03"), i64::MAX), (day("2026-11-04"), i64::MAX)];
        let bars = Bars::of(&days, now);
        assert_eq!(bars.bars[11].y, "18");
        assert!(bars.grid.len() <= 4, "{bars:?}");
        let squares = Squares::of(&days, day("2026-11-20"));
        assert_eq!(squares.squares.last().map(|last| last.class), Some("l0"));
    }

    #[test]
    fn a_year_has_53_weeks_within_its_width() {
        let today = day("2026-11-20");
        let days = [(day("2025-11-17"), 2), (day("2025-11-16"), 9)];
        let year = Squares::of_year(&days, today, "pull requests");
        assert_eq!(year.squares.len(), 52 * 7 + 5);
        assert_eq!(year.days.len(), 1, "earlier days are left out");
        let said = "Pull requests by day in the last 53 weeks: pull requests on 1 of 369 days";
        assert!(year.description.starts_with(said), "{}", year.description);
        assert_eq!(first_day_of_year(today), day("2025-11-17"));
        let edge = |text: &str| text.parse::<f64>().expect("a number");
        assert!(year.squares.iter().all(|it| edge(&it.x) < 406.0));
    }

    #[test]
    fn squares_grow_with_points() {
        let today = day("2026-11-20");
        let days = [(day("2026-11-18"), 10), (day("2026-11-19"), 100)];
        let squares = Squares::of(&days, today);
        let last: Vec<_> = squares.squares.iter().rev().take(3).collect();
        assert_eq!([last[0].size, last[1].size, last[2].size], [4, 12, 6]);
        assert_eq!(squares.squares.len(), 25 * 7 + 5, "a Friday ends the last week");
        assert_eq!(squares.days[0].2, Number(100), "latest first");
        assert!(first_day(today) <= first_monday(today));
    }
}
