//! Reviews that are too many, too harsh, too extreme, or a favor. The thresholds are published: more than 50 reviews in 24
//! hours; more than 80% rejections over 30 days, of at least 10 decisions; at least 3 rejections of one contributor; more
//! than 90% ratings of 1 or 5, of at least 10; pairs who rate each other 5.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use github::model::PullRequestId;
use identity::model::UserId;
use kernel::Timestamp;

use super::{FindingKind, GamingFinding, GamingSign, groups::Groups};
use crate::{model::ReviewAction, rules::review::OwnReview};

/// More reviews than this within a day are too many to read the changes.
const A_DAY: usize = 50;
const DAY: TimeDelta = TimeDelta::hours(24);
const MONTH: TimeDelta = TimeDelta::days(30);
/// The least number of decisions of which the share of rejections is considered, and the share, in percent.
const DECISIONS: usize = 10;
const REJECTED: usize = 80;
/// The least number of rejections of one contributor.
const OF_ONE: usize = 3;
/// The least number of ratings of which the share of extreme ones is considered, and the share, in percent.
const RATINGS: usize = 10;
const EXTREME: usize = 90;

/// A review that was given here, with the author of its pull request.
#[derive(Clone, Debug)]
pub struct ReviewedPull {
    pub pull: PullRequestId,
    /// Its author, unless the account is deleted.
    pub author: Option<UserId>,
    pub review: OwnReview,
}

/// A sign, and the pull requests whose reviews it is about.
type ObservedReviews<'a> = (GamingSign, Vec<&'a ReviewedPull>);

/// Returns a finding for each reviewer whose reviews have a sign, and one for each group of people who rate each other 5.
/// The reviews are those of a period, at most until `now`.
#[must_use]
pub fn reviewer_findings(reviews: &[ReviewedPull], now: Timestamp) -> Vec<GamingFinding> {
    let mut by: BTreeMap<UserId, Vec<&ReviewedPull>> = BTreeMap::new();
    for given in reviews.iter().filter(|given| !given.review.is_automatic) {
        by.entry(given.review.reviewer).or_default().push(given);
    }
    for given in by.values_mut() {
        given.sort_by_key(|given| (given.review.at, given.review.id));
    }
    let own = by.iter().filter_map(|(reviewer, given)| of_reviewer(*reviewer, given, now));
    own.chain(favors(&by)).collect()
}

fn of_reviewer(reviewer: UserId, given: &[&ReviewedPull], now: Timestamp) -> Option<GamingFinding> {
    let observed = [
        busiest_day(given),
        rejections(given, now),
        rejections_of_one(given),
        extreme_ratings(given),
    ];
    let observed: Vec<ObservedReviews<'_>> = observed.into_iter().flatten().collect();
    observed.first()?;
    let signs = observed.iter().map(|(sign, _)| *sign).collect();
    let pulls = observed.iter().flat_map(|(_, pulls)| pulls.iter().copied());
    Some(finding(FindingKind::ReviewerAbuse, [reviewer], pulls, signs))
}

fn finding<'a>(
    kind: FindingKind,
    people: impl IntoIterator<Item = UserId>,
    pulls: impl IntoIterator<Item = &'a ReviewedPull>,
    signs: Vec<GamingSign>,
) -> GamingFinding {
    let pulls: BTreeSet<PullRequestId> = pulls.into_iter().map(|given| given.pull).collect();
    GamingFinding {
        kind,
        people: people.into_iter().collect(),
        repositories: BTreeSet::new(),
        pulls: pulls.into_iter().collect(),
        signs,
    }
}

const fn is_decision(action: ReviewAction) -> bool {
    use ReviewAction::{Approved, Rejected, RequestedChanges};
    matches!(action, Approved | Rejected | RequestedChanges)
}

fn is_rejection(given: &ReviewedPull) -> bool {
    given.review.action == ReviewAction::Rejected
}

/// Finds the most decisions and comments within 24 hours.
fn busiest_day<'a>(given: &[&'a ReviewedPull]) -> Option<ObservedReviews<'a>> {
    let is_review = |given: &&&ReviewedPull| {
        is_decision(given.review.action) || given.review.action == ReviewAction::Commented
    };
    let given: Vec<_> = given.iter().filter(is_review).copied().collect();
    let (mut most, mut start) = (0..0, 0);
    for (end, last) in given.iter().enumerate() {
        while last.review.at - given[start].review.at >= DAY {
            start += 1;
        }
        if end + 1 - start > most.len() {
            most = start..end + 1;
        }
    }
    let count = most.len();
    (count > A_DAY).then(|| (GamingSign::ReviewsWithinDay { count }, given[most].to_vec()))
}

fn rejections<'a>(given: &[&'a ReviewedPull], now: Timestamp) -> Option<ObservedReviews<'a>> {
    let decisions: Vec<_> = given
        .iter()
        .filter(|given| is_decision(given.review.action) && now - given.review.at <= MONTH)
        .copied()
        .collect();
    let rejected: Vec<_> = decisions.iter().filter(|given| is_rejection(given)).copied().collect();
    let (count, of) = (rejected.len(), decisions.len());
    (of >= DECISIONS && count * 100 > of * REJECTED)
        .then_some((GamingSign::Rejections { count, of }, rejected))
}

fn rejections_of_one<'a>(given: &[&'a ReviewedPull]) -> Option<ObservedReviews<'a>> {
    let mut rejected: BTreeMap<UserId, Vec<&ReviewedPull>> = BTreeMap::new();
    for given in given.iter().filter(|given| is_rejection(given)) {
        if let Some(author) = given.author {
            rejected.entry(author).or_default().push(given);
        }
    }
    rejected.retain(|_, pulls| pulls.len() >= OF_ONE);
    let count = rejected.values().map(Vec::len).max()?;
    let sign = GamingSign::RejectionsOfOne { count, contributors: rejected.len() };
    Some((sign, rejected.into_values().flatten().collect()))
}

/// Returns the latest rating of each pull request by a person, who may correct it.
fn ratings<'a>(given: &[&'a ReviewedPull]) -> BTreeMap<PullRequestId, (u8, &'a ReviewedPull)> {
    given.iter().filter_map(|given| Some((given.pull, (given.review.rating?, *given)))).collect()
}

fn extreme_ratings<'a>(given: &[&'a ReviewedPull]) -> Option<ObservedReviews<'a>> {
    let rated = ratings(given);
    let of = rated.len();
    let extreme: Vec<_> = rated
        .into_values()
        .filter(|(rating, _)| matches!(rating, 1 | 5))
        .map(|(_, given)| given)
        .collect();
    let count = extreme.len();
    (of >= RATINGS && count * 100 > of * EXTREME)
        .then_some((GamingSign::ExtremeRatings { count, of }, extreme))
}

/// The ratings that a person gave to another, by (reviewer, author).
type PairRatings<'a> = BTreeMap<(UserId, UserId), Vec<(u8, &'a ReviewedPull)>>;

/// Finds pairs of people who rated each other's pull requests, and always 5. Pairs that share a person are one finding.
fn favors(by: &BTreeMap<UserId, Vec<&ReviewedPull>>) -> Vec<GamingFinding> {
    let mut rated: PairRatings<'_> = BTreeMap::new();
    for (reviewer, given) in by {
        for (rating, given) in ratings(given).into_values() {
            if let Some(author) = given.author {
                let key = (*reviewer, author);
                rated.entry(key).or_default().push((rating, given));
            }
        }
    }
    rated.retain(|_, ratings| ratings.iter().all(|(rating, _)| *rating == 5));
    let mutual =
        |(one, other): &(UserId, UserId)| one < other && rated.contains_key(&(*other, *one));
    let pairs: Vec<_> = rated.keys().copied().filter(|pair| mutual(pair)).collect();
    let people: BTreeSet<UserId> = pairs.iter().flat_map(|(one, other)| [*one, *other]).collect();
    let people: Vec<UserId> = people.into_iter().collect();
    let mut groups = Groups::new(people.len());
    for (one, other) in &pairs {
        let place = |person| people.binary_search(person).unwrap_or_default();
        groups.join(place(one), place(other));
    }
    let of_group = |group: Vec<usize>| {
        let members: BTreeSet<UserId> = group.into_iter().map(|place| people[place]).collect();
        favor(&rated, &pairs, &members)
    };
    groups.members().into_iter().map(of_group).collect()
}

fn favor(
    rated: &PairRatings<'_>,
    pairs: &[(UserId, UserId)],
    members: &BTreeSet<UserId>,
) -> GamingFinding {
    let within = pairs.iter().filter(|(one, _)| members.contains(one));
    let both = within.flat_map(|(one, other)| [(*one, *other), (*other, *one)]);
    let given: Vec<_> = both.filter_map(|pair| rated.get(&pair)).flatten().collect();
    let sign = GamingSign::RatedEachOther { count: given.len(), members: members.len() };
    let pulls = given.iter().map(|(_, given)| *given);
    finding(FindingKind::ReciprocalRatings, members.iter().copied(), pulls, vec![sign])
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use ReviewAction::{Approved, Commented, Rated, Rejected, RequestedChanges, Started};

    fn now() -> Timestamp {
        "2026-11-02T12:00:00Z".parse().expect("an instant")
    }

    fn person(number: u128) -> UserId {
        UserId::new(Uuid::from_u128(number))
    }

    /// A review by person 1 of a pull request of its own by person 100, some minutes ago.
    fn given(number: u128, action: ReviewAction, minutes: i64) -> ReviewedPull {
        ReviewedPull {
            pull: PullRequestId::new(Uuid::from_u128(number)),
            author: Some(person(100 + number)),
            review: OwnReview {
                id: Uuid::from_u128(number),
                reviewer: person(1),
                action,
                rating: None,
                decision: None,
                is_automatic: false,
                at: now() - TimeDelta::minutes(minutes),
            },
        }
    }

    fn rated(number: u128, by: u128, author: u128, rating: u8) -> ReviewedPull {
        let mut review = given(number, Rated, 10);
        review.author = Some(person(author));
        review.review.reviewer = person(by);
        review.review.rating = Some(rating);
        review
    }

    fn many(count: u128, first: u128, action: ReviewAction, minutes: i64) -> Vec<ReviewedPull> {
        let numbers = first..first + count;
        numbers.map(|number| given(number, action, minutes)).collect()
    }

    fn signs(reviews: &[ReviewedPull]) -> Vec<String> {
        let found = reviewer_findings(reviews, now()).into_iter();
        let signs = found.flat_map(|finding| finding.signs);
        signs.map(GamingSign::sentence).collect()
    }

    #[test]
    fn more_than_fifty_reviews_in_a_day_are_many() {
        assert_eq!(signs(&many(50, 1, Approved, 5)), [""; 0]);
        let more = many(51, 1, Commented, 5);
        assert_eq!(signs(&more), ["51 reviews within 24 hours"]);
        let mut spread = many(50, 1, Approved, 5);
        spread.push(given(99, Approved, 5 + 24 * 60));
        assert_eq!(signs(&spread), [""; 0]);
        spread.push(given(100, RequestedChanges, 4 + 24 * 60));
        assert_eq!(signs(&spread), ["51 reviews within 24 hours"]);
        // Starting a review and rating are no reviews, and releases of idle reviews are not the reviewer's.
        let mut other = [many(50, 1, Approved, 5), many(9, 60, Started, 5)].concat();
        other.extend(many(9, 70, Rated, 5));
        let mut automatic = given(90, Approved, 5);
        automatic.review.is_automatic = true;
        other.push(automatic);
        assert_eq!(signs(&other), [""; 0]);
    }

    #[test]
    fn more_than_four_of_five_decisions_in_a_month_are_many_rejections() {
        let cases = [
            (8, 2, None),
            (9, 1, Some("9 of 10 decisions within 30 days are rejections")),
            (9, 0, None),
            (10, 0, Some("10 of 10 decisions within 30 days are rejections")),
            (16, 4, None),
            (17, 4, Some("17 of 21 decisions within 30 days are rejections")),
        ];
        for (rejected, approved, expected) in cases {
            let reviews = [many(rejected, 1, Rejected, 5), many(approved, 50, Approved, 5)];
            let expected: Vec<_> = expected.into_iter().collect();
            assert_eq!(signs(&reviews.concat()), expected, "{rejected}, {approved}");
        }
        let month = 30 * 24 * 60;
        assert_eq!(signs(&many(10, 1, Rejected, month)).len(), 1);
        assert_eq!(signs(&many(10, 1, Rejected, month + 1)), [""; 0]);
    }

    #[test]
    fn three_rejections_of_one_contributor_are_many() {
        let by_one = |count: u128, author: u128, first: u128| {
            let mut rejected = many(count, first, Rejected, 5);
            for given in &mut rejected {
                given.author = Some(person(author));
            }
            rejected
        };
        assert_eq!(signs(&by_one(2, 9, 1)), [""; 0]);
        assert_eq!(signs(&by_one(3, 9, 1)), ["3 rejections of one contributor"]);
        let two = [by_one(3, 9, 1), by_one(4, 8, 20)].concat();
        assert_eq!(signs(&two), ["up to 4 rejections of each of 2 contributors"]);
        let deleted: Vec<_> = by_one(3, 9, 1)
            .into_iter()
            .map(|given| ReviewedPull { author: None, ..given })
            .collect();
        assert_eq!(signs(&deleted), [""; 0]);
    }

    #[test]
    fn more_than_nine_of_ten_ratings_of_one_or_five_are_extreme() {
        let ratings = |extreme: u128, other: u128| -> Vec<ReviewedPull> {
            let extreme =
                (0..extreme).map(|n| rated(n, 1, 200 + n, if n % 2 == 0 { 1 } else { 5 }));
            let other = (0..other).map(|n| rated(50 + n, 1, 300 + n, 3));
            extreme.chain(other).collect()
        };
        let cases = [
            (9, 0, None),
            (10, 0, Some("10 of 10 ratings are 1 or 5")),
            (9, 1, None),
            (10, 1, Some("10 of 11 ratings are 1 or 5")),
            (18, 2, None),
        ];
        for (extreme, other, expected) in cases {
            let expected: Vec<_> = expected.into_iter().collect();
            assert_eq!(signs(&ratings(extreme, other)), expected, "{extreme}, {other}");
        }
        // A corrected rating counts once.
        let mut corrected = ratings(10, 0);
        let mut later = rated(0, 1, 200, 3);
        later.review.at += TimeDelta::minutes(1);
        corrected.push(later);
        assert_eq!(signs(&corrected), [""; 0]);
    }

    #[test]
    fn pairs_who_rate_each_other_five_are_one_finding() {
        let one_way = [rated(1, 1, 2, 5), rated(2, 1, 2, 5)];
        assert_eq!(signs(&one_way), [""; 0]);
        let honest = [rated(1, 1, 2, 5), rated(2, 2, 1, 5), rated(3, 2, 1, 4)];
        assert_eq!(signs(&honest), [""; 0]);
        let pair = [rated(1, 1, 2, 5), rated(2, 2, 1, 5)];
        assert_eq!(signs(&pair), ["2 ratings of 5 for each other among 2 people"]);
        let three = [pair.to_vec(), vec![rated(3, 3, 2, 5), rated(4, 2, 3, 5)]].concat();
        let found = reviewer_findings(&three, now());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].people, [1, 2, 3].map(person).into());
        assert_eq!(found[0].kind, FindingKind::ReciprocalRatings);
        assert_eq!(found[0].pulls.len(), 4);
    }

    #[test]
    fn a_reviewer_has_one_finding_with_all_signs() {
        let mut reviews = many(51, 1, Rejected, 5);
        for given in &mut reviews {
            given.author = Some(person(9));
        }
        let found = reviewer_findings(&reviews, now());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].people, BTreeSet::from([person(1)]));
        assert_eq!(found[0].signs.len(), 3);
        assert_eq!(found[0].pulls.len(), 51);
        assert!(found[0].kind.is_about_reviewers());
    }
}
