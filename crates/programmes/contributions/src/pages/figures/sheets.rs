use std::collections::HashMap;

use identity::model::UserId;
use ui::charts::Hours;

use super::{Sheet, Value};
use crate::rules::analytics::{Analytics, Contributor, Ratings, Times, Volume};

/// The label and the name of the first column of tables of weeks.
const WEEK: (&str, &str) = ("Week of", "week");

fn total() -> Value {
    Value::Text("Total".to_owned())
}

/// Lists the weeks with their numbers of pull requests.
pub(super) fn weeks(analytics: &Analytics) -> Sheet {
    let row = |first: Value, volume: &Volume| {
        vec![
            first,
            Value::Count(volume.opened),
            Value::Count(volume.reviewed),
            Value::Count(volume.merged),
            Value::Count(volume.closed),
            Value::Percent(volume.merge_rate()),
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
        rows: weeks.map(|week| row(Value::Week(week.first), &week.volume)).collect(),
        total: Some(row(total(), &analytics.volume)),
    }
}

/// Lists the weeks with their times to the first review and to the merge.
pub(super) fn times(analytics: &Analytics) -> Sheet {
    let row = |first: Value, review: &Times, merge: &Times| {
        vec![
            first,
            Value::Count(review.count),
            Value::Time(review.median),
            Value::Time(review.p90),
            Value::Count(merge.count),
            Value::Time(merge.median),
            Value::Time(merge.p90),
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
        rows: weeks.map(|week| row(Value::Week(week.first), &week.review, &week.merge)).collect(),
        total: Some(row(total(), &analytics.review, &analytics.merge)),
    }
}

/// Lists the weeks with their ratings.
pub(super) fn ratings(analytics: &Analytics) -> Sheet {
    let row = |first: Value, ratings: &Ratings| {
        let mut row = vec![first];
        row.extend(ratings.each().map(|(_, number)| Value::Count(number)));
        row.push(Value::Mean(ratings.mean()));
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
        rows: weeks.map(|week| row(Value::Week(week.first), &week.ratings)).collect(),
        total: Some(row(total(), &analytics.ratings)),
    }
}

/// Lists the hours of the week in which anything happened.
pub(super) fn hours(analytics: &Analytics) -> Sheet {
    let hours = analytics.hours.iter().enumerate().flat_map(|(day, hours)| {
        let each = hours.iter().enumerate().filter(|(_, number)| **number > 0);
        each.map(move |(hour, number)| {
            vec![
                Value::Text(Hours::weekday(day).to_owned()),
                Value::Text(format!("{hour:02}:00")),
                Value::Count(*number),
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
    logins: &HashMap<UserId, String>,
) -> Sheet {
    let row = |person: &Contributor| {
        vec![
            Value::Person(logins.get(&person.user_id).cloned().unwrap_or_default()),
            Value::Count(person.merged),
            Value::Count(person.closed),
            Value::Percent(person.merge_rate()),
            Value::Known(person.ratings.median()),
            Value::Count(person.points),
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
