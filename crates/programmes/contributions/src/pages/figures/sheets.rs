use std::collections::HashMap;

use identity::model::UserId;
use ui::{Who, charts::Hours};

use super::{CellValue, Sheet};
use crate::rules::analytics::{Analytics, Contributor, PullVolume, RatingCounts, TimeQuantiles};

/// The label and the name of the first column of tables of weeks.
const WEEK: (&str, &str) = ("Week of", "week");

fn total() -> CellValue {
    CellValue::Text("Total".to_owned())
}

/// Lists the weeks with their numbers of pull requests.
pub(super) fn weeks(analytics: &Analytics) -> Sheet {
    let row = |first: CellValue, volume: &PullVolume| {
        vec![
            first,
            CellValue::Count(volume.opened),
            CellValue::Count(volume.reviewed),
            CellValue::Count(volume.merged),
            CellValue::Count(volume.closed),
            CellValue::Percent(volume.merge_rate()),
        ]
    };
    let weeks = analytics.weeks.iter();
    Sheet {
        name: "weeks",
        title: "Volume and merge rate",
        caption: "Pull requests by week, earliest first".to_owned(),
        head: vec![
            WEEK,
            ("Opened", "opened"),
            ("First reviewed", "reviewed"),
            ("Merged", "merged"),
            ("Closed", "closed"),
            ("Merge rate", "merge_rate_percent"),
        ],
        rows: weeks.map(|week| row(CellValue::Week(week.first), &week.volume)).collect(),
        total: Some(row(total(), &analytics.volume)),
    }
}

/// Lists the weeks with their times to the first review and to the merge.
pub(super) fn times(analytics: &Analytics) -> Sheet {
    let row = |first: CellValue, review: &TimeQuantiles, merge: &TimeQuantiles| {
        vec![
            first,
            CellValue::Count(review.count),
            CellValue::Time(review.median),
            CellValue::Time(review.p90),
            CellValue::Count(merge.count),
            CellValue::Time(merge.median),
            CellValue::Time(merge.p90),
        ]
    };
    let weeks = analytics.weeks.iter();
    Sheet {
        name: "times",
        title: "Review and merge times",
        caption: "Times to the first review and to the merge by week, earliest first".to_owned(),
        head: vec![
            WEEK,
            ("First reviewed", "reviewed"),
            ("Median to review", "review_median_seconds"),
            ("90th percentile", "review_p90_seconds"),
            ("Merged", "merged"),
            ("Median to merge", "merge_median_seconds"),
            ("90th percentile", "merge_p90_seconds"),
        ],
        rows: weeks
            .map(|week| row(CellValue::Week(week.first), &week.review, &week.merge))
            .collect(),
        total: Some(row(total(), &analytics.review, &analytics.merge)),
    }
}

/// Lists the weeks with their ratings.
pub(super) fn ratings(analytics: &Analytics) -> Sheet {
    let row = |first: CellValue, ratings: &RatingCounts| {
        let mut row = vec![first];
        row.extend(ratings.each().map(|(_, number)| CellValue::Count(number)));
        row.push(CellValue::Mean(ratings.mean()));
        row
    };
    let weeks = analytics.weeks.iter();
    Sheet {
        name: "ratings",
        title: "Ratings",
        caption: "Ratings from 1 to 5 by week, earliest first".to_owned(),
        head: vec![
            WEEK,
            ("Rated 1", "rated_1"),
            ("Rated 2", "rated_2"),
            ("Rated 3", "rated_3"),
            ("Rated 4", "rated_4"),
            ("Rated 5", "rated_5"),
            ("Mean", "mean"),
        ],
        rows: weeks.map(|week| row(CellValue::Week(week.first), &week.ratings)).collect(),
        total: Some(row(total(), &analytics.ratings)),
    }
}

/// Lists the hours of the week in which anything happened.
pub(super) fn hours(analytics: &Analytics) -> Sheet {
    let hours = analytics.hours.iter().enumerate().flat_map(|(day, hours)| {
        let each = hours.iter().enumerate().filter(|(_, number)| **number > 0);
        each.map(move |(hour, number)| {
            vec![
                CellValue::Text(Hours::weekday(day).to_owned()),
                CellValue::Text(format!("{hour:02}:00")),
                CellValue::Count(*number),
            ]
        })
    });
    Sheet {
        name: "hours",
        title: "Activity by weekday and hour",
        caption: "Hours of the week in UTC with openings, first reviews, merges or closes"
            .to_owned(),
        head: vec![("Weekday", "weekday"), ("Hour", "hour"), ("Changes", "changes")],
        rows: hours.collect(),
        total: None,
    }
}

/// Lists the people with the most merges.
pub(in crate::pages) fn contributors(
    found: &[Contributor],
    people: &HashMap<UserId, Who>,
) -> Sheet {
    let row = |person: &Contributor| {
        vec![
            CellValue::Person(people.get(&person.user_id).cloned().unwrap_or_default()),
            CellValue::Count(person.merged),
            CellValue::Count(person.closed),
            CellValue::Percent(person.merge_rate()),
            CellValue::Known(person.ratings.median()),
            CellValue::Count(person.points),
        ]
    };
    Sheet {
        name: "contributors",
        title: "Top contributors",
        caption: "People with the most merged pull requests".to_owned(),
        head: vec![
            ("Person", "person"),
            ("Merged", "merged"),
            ("Closed", "closed"),
            ("Merge rate", "merge_rate_percent"),
            ("Median rating", "median_rating"),
            ("Points", "points"),
        ],
        rows: found.iter().map(row).collect(),
        total: None,
    }
}
