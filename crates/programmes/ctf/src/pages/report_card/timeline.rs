//! The timeline of a report card: 13 weeks, which cover 90 days.

use chrono::{Days, NaiveDate};
use ui::{
    charts::{Look, Place, Plot, Series, Sketch},
    format::compact,
};

use crate::pages::dashboard::plotted;

const WEEKS: u64 = 13;

/// Returns the first day of the timeline that ends on a day.
pub(super) fn first_day(today: NaiveDate) -> NaiveDate {
    back(today, WEEKS * 7 - 1)
}

/// Draws the points of each week up to `today`, and returns the first day of each with its points, oldest first.
pub(super) fn timeline(
    days: &[(NaiveDate, i64)],
    today: NaiveDate,
) -> (Plot, Vec<(NaiveDate, i64)>) {
    let week = |ago: u64| {
        let first = back(today, ago * 7 + 6);
        let last = back(today, ago * 7);
        let within = days.iter().filter(|(day, _)| (first..=last).contains(day));
        (first, within.map(|(_, points)| points).sum::<i64>())
    };
    let weeks: Vec<(NaiveDate, i64)> = (0..WEEKS).rev().map(week).collect();
    let place = |(first, _): &(NaiveDate, i64)| Place::week(*first);
    let sketch = Sketch {
        id: "timeline",
        title: "Points by week",
        unit: "points",
        places: weeks.iter().map(place).collect(),
        series: vec![Series {
            name: "Points",
            look: Look::Bars,
            values: weeks.iter().map(|(_, points)| Some(plotted((*points).max(0)))).collect(),
        }],
        most: None,
        shown: |value| compact(value as i64),
    };
    (Plot::drawn(&sketch), weeks)
}

fn back(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirteen_weeks_cover_ninety_days() {
        let day = |text: &str| text.parse().expect("a day");
        let today: NaiveDate = day("2026-11-20");
        assert!((today - first_day(today)).num_days() >= 90);
        let days =
            [(first_day(today), 5), (day("2026-11-13"), 10), (day("2026-11-14"), 20), (today, 30)];
        let (plot, weeks) = timeline(&days, today);
        assert_eq!(weeks.len(), 13);
        let points: Vec<i64> = weeks.iter().map(|(_, points)| *points).collect();
        assert_eq!(
            (points.first(), points.get(11), points.last()),
            (Some(&5), Some(&10), Some(&50))
        );
        assert!(!plot.is_empty());
    }
}
