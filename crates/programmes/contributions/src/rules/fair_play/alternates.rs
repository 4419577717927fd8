//! New accounts that act as one person: created together, active in the same repositories, and discussed by no one.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use github::model::RepositoryId;
use identity::model::UserId;
use kernel::Timestamp;

use super::{
    FindingKind, GamingFinding, PeriodActivity, PullActivity,
    activity::repositories,
    groups::Groups,
    signs::{GamingSign, PullProperty, reaches, share},
};

/// Accounts of one person are created within this many days.
const DAYS: i64 = 45;
/// An account is new if it is at most this many days older than its first pull request of the period.
const NEW: i64 = 60;
const PULLS: usize = 4;
/// The number of repositories that two accounts share, and of pull requests there by both.
const REPOSITORIES: usize = 2;
const TOGETHER: usize = 8;
/// The share of an account's pull requests in shared repositories, in percent.
const SHARED: usize = 60;
const UNDISCUSSED: usize = 85;

struct AuthorAccount<'a> {
    person: UserId,
    created_at: Timestamp,
    pulls: Vec<&'a PullActivity>,
    repositories: BTreeSet<RepositoryId>,
}

impl<'a> AuthorAccount<'a> {
    /// Returns an account that is new, with enough pull requests to compare.
    fn new(
        activity: &PeriodActivity,
        person: UserId,
        pulls: Vec<&'a PullActivity>,
    ) -> Option<Self> {
        let created_at = *activity.accounts.get(&person)?;
        let first = pulls.first()?.opened_at;
        let is_new = first - created_at <= TimeDelta::days(NEW) && pulls.len() >= PULLS;
        is_new.then(|| Self {
            person,
            created_at,
            repositories: repositories(pulls.iter().copied()),
            pulls,
        })
    }

    /// Returns the pull requests in some repositories, if they are most of the account's.
    fn within(&self, repositories: &BTreeSet<RepositoryId>) -> Option<Vec<&'a PullActivity>> {
        let within = self.pulls.iter().copied();
        let within = within.filter(|pull| repositories.contains(&pull.repository));
        let within: Vec<_> = within.collect();
        reaches(within.len(), self.pulls.len(), SHARED).then_some(within)
    }
}

/// Returns a finding for each group of such accounts.
pub(super) fn findings(activity: &PeriodActivity) -> Vec<GamingFinding> {
    let people = activity.by_author().into_iter();
    let accounts = people.filter_map(|(person, pulls)| AuthorAccount::new(activity, person, pulls));
    let mut accounts: Vec<_> = accounts.collect();
    accounts.sort_by_key(|account| (account.created_at, account.person));
    let mut groups = Groups::new(accounts.len());
    for (index, account) in accounts.iter().enumerate() {
        let near = accounts[..index].iter().enumerate().rev();
        let near = near.take_while(|(_, earlier)| {
            account.created_at - earlier.created_at <= TimeDelta::days(DAYS)
        });
        for (other, _) in near.filter(|(_, earlier)| act_as_one(account, earlier)) {
            groups.join(index, other);
        }
    }
    let groups = groups.members().into_iter();
    groups
        .filter(|members| members.len() > 1)
        .map(|members| {
            let members = members.iter().map(|index| &accounts[*index]);
            finding(&members.collect::<Vec<_>>())
        })
        .collect()
}

fn act_as_one(one: &AuthorAccount<'_>, other: &AuthorAccount<'_>) -> bool {
    let shared: BTreeSet<RepositoryId> =
        one.repositories.intersection(&other.repositories).copied().collect();
    let Some((first, second)) = one.within(&shared).zip(other.within(&shared)) else {
        return false;
    };
    let both = [first, second].concat();
    shared.len() >= REPOSITORIES
        && both.len() >= TOGETHER
        && share(&both, PullProperty::Undiscussed, UNDISCUSSED).is_some()
}

fn finding(members: &[&AuthorAccount<'_>]) -> GamingFinding {
    let pulls = members.iter().flat_map(|account| account.pulls.iter());
    let mut pulls: Vec<_> = pulls.copied().collect();
    pulls.sort_by_key(|pull| (pull.opened_at, pull.id));
    let created = members.iter().map(|account| account.created_at);
    let (first, last) = (created.clone().min(), created.max());
    let days = first.zip(last).map(|(first, last)| (last - first).num_days());
    let created =
        GamingSign::CreatedWithin { accounts: members.len(), days: days.unwrap_or_default() };
    let spread = GamingSign::Spread {
        count: pulls.len(),
        repositories: repositories(pulls.iter().copied()).len(),
    };
    let undiscussed = share(&pulls, PullProperty::Undiscussed, 1);
    let signs = [Some(created), Some(spread), undiscussed];
    let people = members.iter().map(|account| account.person);
    let signs = signs.into_iter().flatten().collect();
    GamingFinding::about(FindingKind::Alternates, people, pulls, signs)
}
