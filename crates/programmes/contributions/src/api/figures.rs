use chrono::NaiveDate;
use serde::Serialize;
use ui::charts::Hours;
use utoipa::ToSchema;

use crate::rules::analytics::{Analytics, PullVolume, RatingCounts, TimeQuantiles, Week};

/// The figures of pull requests in a range of UTC days.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PullRequestFigures)]
pub(super) struct Figures {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    first_day: NaiveDate,
    /// The last day, which belongs to the range.
    #[schema(value_type = String, format = Date)]
    last_day: NaiveDate,
    #[serde(flatten)]
    all: InTime,
    /// The weeks, earliest first, also those in which nothing happened.
    weeks: Vec<WeekView>,
    /// The hours of the week in UTC in which pull requests were opened, first reviewed, merged or closed.
    hours: Vec<HourView>,
}

/// The figures of a time.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FiguresInTime)]
struct InTime {
    /// The number of pull requests that were opened.
    opened: i64,
    /// The number that a maintainer reviewed for the first time.
    reviewed: i64,
    /// The number that were merged.
    merged: i64,
    /// The number that were closed without a merge.
    closed: i64,
    /// The share of merges among those that were merged or closed, in percent. Null if there are none.
    merge_rate_percent: Option<f64>,
    /// The times from the opening to the first review, of those that were reviewed.
    review_time: TimesView,
    /// The times from the opening to the merge, of those that were merged.
    merge_time: TimesView,
    /// Each reviewer's latest rating of those that were merged or closed.
    ratings: RatingsView,
}

/// The figures of a week.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WeekFigures)]
struct WeekView {
    /// The Monday, which may be before the first day of the range.
    #[schema(value_type = String, format = Date)]
    first_day: NaiveDate,
    #[serde(flatten)]
    figures: InTime,
}

/// Times, by the nearest-rank method.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = TimeFigures)]
struct TimesView {
    /// The number of pull requests.
    count: i64,
    /// The median. Null if there are none.
    median_seconds: Option<i64>,
    /// The 90th percentile. Null if there are none.
    p90_seconds: Option<i64>,
}

/// Ratings.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = RatingFigures)]
struct RatingsView {
    /// The number of each rating, from 1 to 5.
    counts: [i64; 5],
    /// The mean. Null if there are none.
    mean: Option<f64>,
}

/// An hour of the week.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = HourFigures)]
struct HourView {
    /// The day of the week, in English.
    weekday: &'static str,
    /// The hour in UTC, 0 to 23.
    hour: usize,
    /// The number of openings, first reviews, merges and closes.
    changes: i64,
}

impl Figures {
    pub(super) fn of(analytics: &Analytics) -> Self {
        let week = |week: &Week| WeekView {
            first_day: week.first,
            figures: InTime::of(&week.volume, week.review, week.merge, week.ratings),
        };
        let days = analytics.hours.iter().enumerate();
        let hours = days.flat_map(|(day, hours)| {
            let each = hours.iter().enumerate().filter(|(_, changes)| **changes > 0);
            each.map(move |(hour, changes)| HourView {
                weekday: Hours::weekday(day),
                hour,
                changes: *changes,
            })
        });
        Self {
            first_day: analytics.range.first,
            last_day: analytics.range.last,
            all: InTime::of(
                &analytics.volume,
                analytics.review,
                analytics.merge,
                analytics.ratings,
            ),
            weeks: analytics.weeks.iter().map(week).collect(),
            hours: hours.collect(),
        }
    }
}

impl InTime {
    fn of(
        volume: &PullVolume,
        review: TimeQuantiles,
        merge: TimeQuantiles,
        ratings: RatingCounts,
    ) -> Self {
        let times = |times: TimeQuantiles| TimesView {
            count: times.count,
            median_seconds: times.median,
            p90_seconds: times.p90,
        };
        Self {
            opened: volume.opened,
            reviewed: volume.reviewed,
            merged: volume.merged,
            closed: volume.closed,
            merge_rate_percent: volume.merge_rate(),
            review_time: times(review),
            merge_time: times(merge),
            ratings: RatingsView { counts: ratings.0, mean: ratings.mean() },
        }
    }
}
