//! Charts rendered by the server as SVG with sizes in attributes, each with an accompanying table.

use chrono::{Datelike as _, Days, NaiveDate};
use kernel::{Month, Points};

use crate::format::{Number, compact, month};

/// The points earned on a day.
pub type Day = (NaiveDate, Points);

/// The number of months in the bar chart.
const MONTHS: usize = 12;
/// The number of weeks in the squares chart.
const WEEKS: u64 = 26;

const WIDTH: f64 = 420.0;
const LEFT: f64 = 34.0;
const TOP: f64 = 18.0;
const BOTTOM: f64 = 156.0;

/// A bar chart of points by month.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// Description of the chart, in a sentence.
    pub description: String,
    /// The months, oldest first.
    pub bars: Vec<Bar>,
    /// The height and label of each grid line.
    pub grid: Vec<(String, String)>,
    /// Height of the zero line.
    pub axis: String,
}

/// One month.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Left edge.
    pub x: String,
    /// Center of the bar.
    pub middle: String,
    /// Top edge.
    pub y: String,
    /// Height.
    pub height: String,
    /// Height of the value's label.
    pub over: String,
    /// The value in short form.
    pub value: String,
    /// The month's initial.
    pub label: String,
    /// The month's name.
    pub month: String,
    /// The exact value.
    pub points: Number,
    /// True when the value is negative.
    pub is_less: bool,
}

impl Bars {
    /// Builds the chart of the last months up to `now`.
    pub fn of(days: &[Day], now: Month) -> Self {
        let mut months = vec![(now, 0); MONTHS];
        for place in (0..MONTHS - 1).rev() {
            months[place].0 = months[place + 1].0.previous();
        }
        for (day, points) in days {
            let of_day = |(month, _): &&mut (Month, Points)| {
                let start = month.start().date_naive();
                (start.year(), start.month()) == (day.year(), day.month())
            };
            if let Some((_, sum)) = months.iter_mut().find(of_day) {
                *sum = sum.saturating_add(*points);
            }
        }
        Self::drawn(&months)
    }

    fn drawn(months: &[(Month, Points)]) -> Self {
        let values = || months.iter().map(|(_, points)| *points);
        let (most, least) = (values().max().unwrap_or(0), values().min().unwrap_or(0));
        let scale = Scale::over(least.min(0), most.max(0));
        let step = (WIDTH - LEFT) / months.len() as f64;
        let bar = |(place, (of, points)): (usize, &(Month, Points))| {
            let x = LEFT + step * place as f64 + step * 0.15;
            let (from, to) = (scale.at(0.0), scale.at(*points as f64));
            Bar {
                x: figure(x),
                middle: figure(x + step * 0.35),
                y: figure(from.min(to)),
                height: figure((from - to).abs()),
                over: figure(if *points < 0 { to + 14.0 } else { to - 6.0 }),
                value: compact(*points),
                label: of.start().format("%b").to_string(),
                month: month(*of),
                points: Number(*points),
                is_less: *points < 0,
            }
        };
        Self {
            description: described(months),
            bars: months.iter().enumerate().map(bar).collect(),
            grid: scale.lines(),
            axis: figure(scale.at(0.0)),
        }
    }
}

fn described(months: &[(Month, Points)]) -> String {
    let said = |(of, points): &(Month, Points)| format!("{} in {}", Number(*points), month(*of));
    let most = months.iter().max_by_key(|(_, points)| *points);
    let least = months.iter().min_by_key(|(_, points)| *points);
    match (least, most, months.last()) {
        (Some(least), Some(most), Some(now)) => format!(
            "The last {} months. Lowest: {}. Highest: {}. Current: {}.",
            months.len(),
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
        let line = factor
            .map(|factor| factor * power)
            .find(|line| *line >= rough)
            .unwrap_or(10.0 * power);
        Self {
            least,
            most: most.max(least + 1.0),
            line,
        }
    }

    fn at(&self, value: f64) -> f64 {
        BOTTOM - (value - self.least) / (self.most - self.least) * (BOTTOM - TOP)
    }

    fn lines(&self) -> Vec<(String, String)> {
        let (first, last) = (
            (self.least / self.line).ceil() as i64,
            (self.most / self.line).floor() as i64,
        );
        (first..=last)
            .filter(|number| *number != 0)
            .map(|number| number as f64 * self.line)
            .map(|value| (figure(self.at(value)), compact(value as i64)))
            .collect()
    }
}

/// A calendar of points by day; larger squares mean more points.
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

const LEVELS: [(&str, u8); 5] = [("l0", 4), ("l1", 6), ("l2", 8), ("l3", 10), ("l4", 12)];
const CELL: f64 = 14.5;

/// Returns the first day that a page needs for its charts.
pub fn first_day(today: NaiveDate) -> NaiveDate {
    let month = (1..MONTHS).fold(
        Month::of(today.and_time(chrono::NaiveTime::MIN).and_utc()),
        |month, _| month.previous(),
    );
    month.start().date_naive().min(first_monday(today))
}

fn first_monday(today: NaiveDate) -> NaiveDate {
    let back = u64::from(today.weekday().num_days_from_monday()) + 7 * (WEEKS - 1);
    today.checked_sub_days(Days::new(back)).unwrap_or(today)
}

impl Squares {
    /// Builds the chart of the last weeks up to `today`. A day whose points add up to zero gets the smallest
    /// square.
    pub fn of(days: &[Day], today: NaiveDate) -> Self {
        let first = first_monday(today);
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
        let square = |day: NaiveDate| Square::of((day - first).num_days(), points(day), most);
        Self {
            description: Self::described(&shown, every().count()),
            squares: every().map(square).collect(),
            months: every()
                .filter(|day| day.day() <= 7 && day.weekday() == chrono::Weekday::Mon)
                .map(|day| {
                    let week = (day - first).num_days() / 7;
                    let x = 30.0 + CELL * week as f64;
                    (figure(x), day.format("%b").to_string())
                })
                .collect(),
            most: Number(most),
            days: shown
                .iter()
                .rev()
                .map(|(day, points)| {
                    (
                        day.to_string(),
                        day.format("%B %-d, %Y").to_string(),
                        Number(*points),
                    )
                })
                .collect(),
        }
    }

    fn described(shown: &[&Day], days: usize) -> String {
        let active = format!(
            "Points by day in the last {WEEKS} weeks: points on {} of {days} days",
            shown.len()
        );
        match shown.iter().max_by_key(|(_, points)| *points) {
            Some((day, points)) => format!(
                "{active}, most on {} with {}. Larger squares mean more points.",
                day.format("%B %-d"),
                Number(*points)
            ),
            None => format!("{active}."),
        }
    }
}

impl Square {
    fn of(place: i64, points: Points, most: Points) -> Self {
        let level = if points <= 0 {
            0
        } else {
            (4.0 * points as f64 / most as f64).ceil().clamp(1.0, 4.0) as usize
        };
        let (class, size) = LEVELS[level];
        let at = |cell: i64, from: f64| figure(from + CELL * cell as f64 - f64::from(size) / 2.0);
        Self {
            class,
            x: at(place / 7, 36.0),
            y: at(place % 7, 24.0),
            size,
        }
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
    fn squares_grow_with_points() {
        let today = day("2026-11-20");
        let days = [(day("2026-11-18"), 10), (day("2026-11-19"), 100)];
        let squares = Squares::of(&days, today);
        let last: Vec<_> = squares.squares.iter().rev().take(3).collect();
        assert_eq!([last[0].size, last[1].size, last[2].size], [4, 12, 6]);
        assert_eq!(
            squares.squares.len(),
            25 * 7 + 5,
            "a Friday ends the last week"
        );
        assert_eq!(squares.days[0].2, Number(100), "latest first");
        assert!(first_day(today) <= first_monday(today));
    }
}
