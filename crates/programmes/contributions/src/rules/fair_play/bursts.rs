//! Work split into many small pull requests, at once or in a series.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use identity::model::UserId;

use super::{
    FindingKind, GamingFinding, PeriodActivity, PullActivity,
    activity::repositories,
    signs::{GamingSign, PullProperty, repeated_titles, share},
};

/// The lengths of time in hours, with the number of small pull requests that is many.
const SPANS: [(i64, usize); 3] = [(24, 8), (30 * 24, 10), (400 * 24, 10)];
const SMALL: usize = 70;
/// The shares that show that small work is empty, in percent. Of ten honest pull requests, a few are never reviewed, and one
/// or two are closed. An approval says that a maintainer wanted the change.
const REFUSED: usize = 40;
const DISTINCT: usize = 60;
const UNREVIEWED: usize = 60;
/// The same title in more repositories may be a fix that is welcome everywhere.
const SAME_PLACES: usize = 4;

/// A pace of short pull requests that review cannot follow.
const PACE: (i64, usize) = (14 * 24, 12);
const SHORT: usize = 90;
const HARDLY_REVIEWED: usize = 35;
const PLACES: usize = 5;

/// Returns a finding for each person with a burst or a series.
pub(super) fn findings(activity: &PeriodActivity) -> Vec<GamingFinding> {
    let endorsers = activity.endorsers();
    let people = activity.by_author().into_iter();
    people
        .filter_map(|(person, pulls)| {
            let spans = SPANS.iter();
            let series = spans.copied().find_map(|span| series(&pulls, span));
            let (pulls, signs) = series.or_else(|| pace(person, &pulls, &endorsers))?;
            Some(GamingFinding::about(FindingKind::Burst, [person], pulls, signs))
        })
        .collect()
}

type PullsWithSigns<'a> = (Vec<&'a PullActivity>, Vec<GamingSign>);

/// Returns the most pull requests opened within a time, if they are many and small, and refused, alike, or reviewed by no one.
fn series<'a>(
    pulls: &[&'a PullActivity],
    (hours, many): (i64, usize),
) -> Option<PullsWithSigns<'a>> {
    let found = densest(pulls, hours);
    let small = (found.len() >= many).then(|| share(found, PullProperty::Small, SMALL))??;
    let is_local = repositories(found.iter().copied()).len() <= SAME_PLACES;
    let empty = [
        share(found, PullProperty::Refused, REFUSED),
        repeated_titles(found, DISTINCT).filter(|_| is_local),
        share(found, PullProperty::Unreviewed, UNREVIEWED),
    ];
    let empty: Vec<GamingSign> = empty.into_iter().flatten().collect();
    let signs = [opened(found, hours), small].into_iter().chain(empty.iter().copied());
    (!empty.is_empty()).then(|| (found.to_vec(), signs.collect()))
}

/// Returns the pull requests of two weeks, if they are many, short and hardly reviewed. Maintainers, who approve and merge
/// for others, may work at this pace.
fn pace<'a>(
    person: UserId,
    pulls: &[&'a PullActivity],
    endorsers: &BTreeSet<UserId>,
) -> Option<PullsWithSigns<'a>> {
    let (hours, many) = PACE;
    let found = densest(pulls, hours);
    let is_pace = found.len() >= many
        && !endorsers.contains(&person)
        && repositories(found.iter().copied()).len() <= PLACES;
    let short = is_pace.then(|| share(found, PullProperty::Short, SHORT))??;
    let unreviewed = share(found, PullProperty::Unreviewed, HARDLY_REVIEWED)?;
    Some((found.to_vec(), vec![opened(found, hours), short, unreviewed]))
}

fn opened(found: &[&PullActivity], hours: i64) -> GamingSign {
    let first = found.first().map(|pull| pull.opened_at);
    let last = found.last().map(|pull| pull.opened_at);
    let taken = first.zip(last).map(|(first, last)| (last - first).num_hours() + 1);
    GamingSign::OpenedWithin { count: found.len(), hours: taken.unwrap_or(hours).min(hours) }
}

/// Returns the most pull requests opened within a number of hours.
fn densest<'b, 'a>(pulls: &'b [&'a PullActivity], hours: i64) -> &'b [&'a PullActivity] {
    let (mut most, mut start) = (0..0, 0);
    for (end, pull) in pulls.iter().enumerate() {
        while pull.opened_at - pulls[start].opened_at > TimeDelta::hours(hours) {
            start += 1;
        }
        if end + 1 - start > most.len() {
            most = start..end + 1;
        }
    }
    &pulls[most]
}
