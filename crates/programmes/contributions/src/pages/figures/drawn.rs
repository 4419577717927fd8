use chrono::{Datelike as _, NaiveDate};
use ui::{
    charts::{Look, Place, Plot, Series, Sketch},
    format::{Number, compact},
};

use crate::rules::analytics::{Analytics, TimeQuantiles, Week};

const HOUR: f64 = 3_600.0;
const DAY: f64 = 86_400.0;

/// The 90th percentile from which times are drawn in days.
const LONG: i64 = 172_800;

fn place(first: NaiveDate) -> Place {
    Place::week(first).with_year(first.year())
}

fn weekly(
    analytics: &Analytics,
    id: &'static str,
    title: &'static str,
    unit: &'static str,
    series: Vec<Series>,
) -> Sketch {
    let weeks = analytics.weeks.iter();
    Sketch {
        id,
        title,
        unit,
        places: weeks.map(|week| place(week.first)).collect(),
        series,
        most: None,
        shown: |value| compact(value as i64),
    }
}

fn series(
    analytics: &Analytics,
    name: &'static str,
    look: Look,
    value: impl Fn(&Week) -> Option<f64>,
) -> Series {
    Series { name, look, values: analytics.weeks.iter().map(value).collect() }
}

/// Draws the numbers of pull requests by week.
pub(super) fn volume(analytics: &Analytics) -> Plot {
    let all = vec![
        series(analytics, "Merged", Look::Bars, |week| Some(week.volume.merged as f64)),
        series(analytics, "Closed", Look::ClosedBars, |week| Some(week.volume.closed as f64)),
        series(analytics, "Opened", Look::Dashed, |week| Some(week.volume.opened as f64)),
    ];
    Plot::drawn(&weekly(analytics, "volume", "Pull requests by week", "number", all))
}

/// Draws the merge rate by week.
pub(super) fn rate(analytics: &Analytics) -> Plot {
    let rate = series(analytics, "Merge rate", Look::Line, |week| week.volume.merge_rate());
    Plot::drawn(&Sketch {
        most: Some(100.0),
        shown: |value| format!("{value:.0}%"),
        ..weekly(analytics, "rate", "Merge rate by week", "percent", vec![rate])
    })
}

/// Draws the times to the first review by week.
pub(super) fn review(analytics: &Analytics) -> Plot {
    times(analytics, "review", "Time to the first review by week", analytics.review.p90, |week| {
        week.review
    })
}

/// Draws the times to the merge by week.
pub(super) fn merge(analytics: &Analytics) -> Plot {
    times(analytics, "merge", "Time to the merge by week", analytics.merge.p90, |week| week.merge)
}

fn times(
    analytics: &Analytics,
    id: &'static str,
    title: &'static str,
    p90: Option<i64>,
    of: fn(&Week) -> TimeQuantiles,
) -> Plot {
    let is_long = p90.is_some_and(|seconds| seconds >= LONG);
    let (unit, size) = if is_long { ("days", DAY) } else { ("hours", HOUR) };
    let scaled = |seconds: Option<i64>| seconds.map(|seconds| seconds as f64 / size);
    let all = vec![
        series(analytics, "Median", Look::Line, |week| scaled(of(week).median)),
        series(analytics, "90th percentile", Look::Dashed, |week| scaled(of(week).p90)),
    ];
    Plot::drawn(&Sketch {
        shown: if is_long {
            |value| format!("{value:.1}\u{a0}d")
        } else {
            |value| format!("{value:.1}\u{a0}h")
        },
        ..weekly(analytics, id, title, unit, all)
    })
}

/// Draws the number of each rating.
pub(super) fn histogram(analytics: &Analytics) -> Plot {
    let ratings = || analytics.ratings.each();
    Plot::drawn(&Sketch {
        id: "histogram",
        title: "Number of each rating",
        unit: "ratings",
        places: ratings()
            .map(|(rating, _)| Place::new(rating.to_string(), format!("rating {rating}")))
            .collect(),
        series: vec![Series {
            name: "Ratings",
            look: Look::Bars,
            values: ratings().map(|(_, number)| Some(number as f64)).collect(),
        }],
        most: None,
        shown: |value| Number(value as i64).to_string(),
    })
}

/// Draws the mean rating by week.
pub(super) fn trend(analytics: &Analytics) -> Plot {
    let mean = series(analytics, "Mean rating", Look::Line, |week| week.ratings.mean());
    Plot::drawn(&Sketch {
        most: Some(5.0),
        shown: |value| format!("{value:.1}"),
        ..weekly(analytics, "trend", "Mean rating by week", "1 to 5", vec![mean])
    })
}
