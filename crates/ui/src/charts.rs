//! Charts rendered by the server as SVG without a view box, each with an accompanying table: widths are shares of the card and heights are
//! pixels, so that a chart fills its card at every width and text keeps its size.

mod heat;
mod hours;
mod places;
mod plot;
mod scale;

use chrono::NaiveDate;
use kernel::{Month, Points};

use self::{
    places::Width,
    scale::{Scale, figure},
};
use crate::format::{Number, compact};

pub use heat::{Column, Heat, Square, Squares, first_day_of_year, first_day_when_narrow};
pub use hours::Hours;
pub use places::{Label, Place};
pub use plot::{Line, Look, Piece, Plot, PlotLine, Series, Sketch, Value};

/// The points earned on a day.
pub type Day = (NaiveDate, Points);

/// The number of months in the bar chart.
const MONTHS: usize = 12;
/// The number of weeks in the bar chart.
const BAR_WEEKS: usize = 8;

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
    /// The labels below the axis.
    pub labels: Vec<Label>,
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
    /// The month, or the first day of the week, in short form.
    pub label: String,
    /// The name of the month or the week in sentences.
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
    place: Place,
    points: Points,
}

impl Period {
    fn of_month(of: Month) -> Self {
        let first = of.start().date_naive();
        Self { first, place: Place::month(first), points: 0 }
    }

    fn of_week(first: NaiveDate) -> Self {
        Self { first, place: Place::week(first), points: 0 }
    }
}

impl Bars {
    /// Builds the chart of the last months up to `now`.
    #[must_use]
    pub fn of(days: &[Day], now: Month) -> Self {
        let months = std::iter::successors(Some(now), |month| Some(month.previous()));
        let mut periods: Vec<Period> = months.take(MONTHS).map(Period::of_month).collect();
        periods.reverse();
        Self::drawn("Points by month", "months", &summed(periods, days))
    }

    /// Builds the chart of the last weeks up to `today`. Weeks start on Monday.
    #[must_use]
    pub fn by_week(days: &[Day], today: NaiveDate) -> Self {
        let weeks = first_week(today).iter_days().step_by(7);
        let periods = weeks.take(BAR_WEEKS).map(Period::of_week).collect();
        Self::drawn("Points by week", "weeks", &summed(periods, days))
    }

    /// Returns true if no period has points.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bars.iter().all(|bar| bar.points.0 == 0)
    }

    fn drawn(title: &'static str, noun: &str, periods: &[Period]) -> Self {
        let values = || periods.iter().map(|period| period.points);
        let (most, least) = (values().max().unwrap_or(0), values().min().unwrap_or(0));
        let scale = Scale::over(least as f64, most as f64);
        let width = Width::of(periods.len());
        let places: Vec<Place> = periods.iter().map(|period| period.place.clone()).collect();
        let bars = periods.iter().enumerate();
        Self {
            title,
            description: described(noun, periods),
            bars: bars.map(|(at, period)| Bar::of(period, at, &width, &scale)).collect(),
            grid: scale.lines(),
            axis: figure(scale.at(0.0)),
            labels: width.labels(&places),
        }
    }
}

impl Bar {
    fn of(period: &Period, at: usize, width: &Width, scale: &Scale) -> Self {
        let points = period.points;
        let (from, to) = (scale.at(0.0), scale.at(points as f64));
        let (x, wide) = width.bar(at);
        Self {
            x,
            width: wide,
            middle: scale::percent(width.middle(at)),
            y: figure(from.min(to)),
            height: figure((from - to).abs()),
            over: figure(if points < 0 { to + 14.0 } else { to - 6.0 }),
            value: compact(points),
            label: format!("{}\u{a0}{}", period.place.label, period.place.below),
            name: period.place.name.clone(),
            points: Number(points),
            is_less: points < 0,
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
    let said = |period: &Period| format!("{} in {}", Number(period.points), period.place.name);
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

/// Returns the first day that a page needs for its charts.
#[must_use]
pub fn first_day(today: NaiveDate) -> NaiveDate {
    let month = (1..MONTHS)
        .fold(Month::of(today.and_time(chrono::NaiveTime::MIN).and_utc()), |month, _| {
            month.previous()
        });
    month.start().date_naive().min(heat::first_monday(today))
}

/// Returns the first day that a page needs for its bars by week.
#[must_use]
pub fn first_week(today: NaiveDate) -> NaiveDate {
    heat::monday(today, BAR_WEEKS as u64 - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn number(text: &str) -> f64 {
        text.trim_end_matches('%').parse().expect("a number")
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
        assert!(number(&bars.bars[10].y) > scale::TOP, "the top is above the highest");
        assert_eq!(bars.bars[11].y, bars.axis, "less hangs from the axis");
        assert!(bars.bars[11].is_less && bars.grid.len() <= 4, "{bars:?}");
        assert!(bars.description.contains("Highest: 100 in October 2026"));
        let labels: Vec<_> = bars.labels.iter().map(|it| (&*it.text, &*it.below)).collect();
        let wanted = [
            ("Jan", "2026"),
            ("Mar", ""),
            (&"May 2026"[..3], ""),
            ("Jul", ""),
            ("Sep", ""),
            ("Nov", ""),
        ];
        assert_eq!(labels, wanted);
    }

    #[test]
    fn bars_by_week_start_on_monday_and_leave_out_earlier_weeks() {
        // 22 November 2026 is a Sunday.
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
        let labels: Vec<_> = chart.labels.iter().map(|it| (&*it.text, &*it.below)).collect();
        assert_eq!(labels[..3], [("28", "Sep"), ("5", "Oct"), ("12", "")]);
        let said = "Highest: 30 in the week of 9 November. Current: 12 in the week of 16 November.";
        assert!(chart.description.ends_with(said), "{}", chart.description);
        assert!(!chart.is_empty() && Bars::by_week(&[], day("2026-11-22")).is_empty());
        let last = &chart.bars[7];
        assert!(number(&last.x) + number(&last.width) <= 100.0, "{last:?}");
    }

    #[test]
    fn empty_and_extreme_values_can_be_drawn() {
        let now = "2026-11".parse().expect("a month");
        assert_eq!(Bars::of(&[], now).bars[0].height, "0");
        let days = [(day("2026-11-03"), i64::MAX), (day("2026-11-04"), i64::MAX)];
        let bars = Bars::of(&days, now);
        assert!(number(&bars.bars[11].y) >= scale::TOP, "{bars:?}");
        assert!(bars.grid.len() <= 4, "{bars:?}");
        assert!(first_day(day("2026-11-20")) <= heat::first_monday(day("2026-11-20")));
    }
}
