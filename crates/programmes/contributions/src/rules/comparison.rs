//! The effect that other rules would have had on pull requests.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use github::model::PullRequestId;
use identity::model::UserId;
use kernel::{Points, Timestamp};

use super::{Window, settle};

/// The maximum number of pull requests, and of people, that a comparison lists.
pub const LISTED: usize = 20;

/// The points of a pull request by two versions of the rules, including pending ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PullChange {
    pub pull_request_id: PullRequestId,
    /// The points by the published rules.
    pub before: Points,
    /// The points by the other rules.
    pub after: Points,
}

/// The rank of a person by two versions of the rules. It is absent without points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankChange {
    pub user_id: UserId,
    /// The rank by the published rules.
    pub before: Option<u32>,
    /// The rank by the other rules.
    pub after: Option<u32>,
}

/// The differences between two versions of the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// All points by the published rules.
    pub before: Points,
    /// All points by the other rules.
    pub after: Points,
    /// The number of pull requests whose points differ.
    pub changed: usize,
    /// The pull requests with the largest differences, at most [`LISTED`].
    pub largest: Vec<PullChange>,
    /// The number of people with a better rank.
    pub gained: usize,
    /// The number of people with a worse rank.
    pub lost: usize,
    /// The people whose rank differs most, at most [`LISTED`].
    pub ranks: Vec<RankChange>,
}

/// The points of pull requests; those that earn nothing are absent.
pub type Earnings = HashMap<PullRequestId, Points>;

/// Settles windows, and returns the points of their pull requests. Pending points are included.
#[must_use]
pub fn earnings(windows: &[Window]) -> Earnings {
    let mut earnings = Earnings::new();
    for calculation in windows.iter().flat_map(|window| settle(window, Timestamp::MAX_UTC)) {
        for entitlement in &calculation.entitlements {
            *earnings.entry(calculation.pull_request_id).or_default() += entitlement.points;
        }
    }
    earnings
}

/// Compares the points of pull requests, each with its author. People in `unlisted` are on no leaderboard.
#[must_use]
pub fn compare(
    pulls: &[(PullRequestId, UserId)],
    before: &Earnings,
    after: &Earnings,
    unlisted: &BTreeSet<UserId>,
) -> Comparison {
    let points = |earnings: &Earnings, pull| earnings.get(&pull).copied().unwrap_or(0);
    let change = |pull: PullRequestId| PullChange {
        pull_request_id: pull,
        before: points(before, pull),
        after: points(after, pull),
    };
    let all: Vec<PullChange> = pulls.iter().map(|(pull, _)| change(*pull)).collect();
    let listed = pulls.iter().filter(|(_, author)| !unlisted.contains(author));
    let listed: Vec<_> = listed.copied().collect();
    let changed = all.iter().copied().filter(|pull| pull.before != pull.after);
    let mut largest: Vec<_> = changed.collect();
    let count = largest.len();
    largest.sort_by_key(|pull| {
        let size = (pull.after - pull.before).abs();
        (Reverse(size), pull.pull_request_id)
    });
    largest.truncate(LISTED);
    let ranks = rank_changes(&ranks(&listed, before), &ranks(&listed, after));
    Comparison {
        before: all.iter().map(|pull| pull.before).sum(),
        after: all.iter().map(|pull| pull.after).sum(),
        changed: count,
        largest,
        gained: ranks.iter().filter(|change| change.is_gain()).count(),
        lost: ranks.iter().filter(|change| !change.is_gain()).count(),
        ranks: ranks.into_iter().take(LISTED).collect(),
    }
}

/// Ranks people by the points of their pull requests. Equal points share a rank, as on leaderboards.
fn ranks(pulls: &[(PullRequestId, UserId)], earnings: &Earnings) -> BTreeMap<UserId, u32> {
    let mut totals: BTreeMap<UserId, Points> = BTreeMap::new();
    for (pull, author) in pulls {
        if let Some(points) = earnings.get(pull) {
            *totals.entry(*author).or_default() += points;
        }
    }
    let mut order: Vec<(UserId, Points)> = totals.into_iter().collect();
    order.sort_by_key(|(_, points)| Reverse(*points));
    let (mut rank, mut last) = (0, None);
    let place = |(index, (person, points)): (usize, (UserId, Points))| {
        if last != Some(points) {
            rank = u32::try_from(index + 1).unwrap_or(u32::MAX);
            last = Some(points);
        }
        (person, rank)
    };
    order.into_iter().enumerate().map(place).collect()
}

/// Returns the ranks that differ, those that differ most first.
fn rank_changes(before: &BTreeMap<UserId, u32>, after: &BTreeMap<UserId, u32>) -> Vec<RankChange> {
    let people: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let change = |person: &UserId| RankChange {
        user_id: *person,
        before: before.get(person).copied(),
        after: after.get(person).copied(),
    };
    let mut changes: Vec<_> = people.into_iter().map(change).collect();
    changes.retain(|change| change.before != change.after);
    changes.sort_by_key(|change| {
        let best = change.before.into_iter().chain(change.after).min();
        (Reverse(change.size()), best, change.user_id)
    });
    changes
}

impl RankChange {
    /// Returns true if the rank by the other rules is better.
    #[must_use]
    pub fn is_gain(&self) -> bool {
        place(self.after) < place(self.before)
    }

    fn size(&self) -> u32 {
        place(self.before).abs_diff(place(self.after))
    }
}

/// Returns a rank; without one, a person is behind everyone.
fn place(rank: Option<u32>) -> u32 {
    rank.unwrap_or(u32::MAX)
}
