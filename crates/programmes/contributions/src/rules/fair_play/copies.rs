//! The same changes submitted again and again, or taken from another person.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use github::model::{PullRequestId, RepositoryId};

use super::{
    FindingKind, GamingFinding, PathsDigest, PeriodActivity, PullActivity,
    activity::repositories,
    signs::{GamingSign, PullProperty, reaches, share},
};

/// The repositories in which the same files change that are a series.
const REPOSITORIES: usize = 5;
const REFUSED: usize = 30;
const UNDISCUSSED: usize = 80;
/// Shorter changes are equal by chance.
const LINES: i64 = 8;
/// Copies differ by at most this many added and deleted lines each, or this share of them, in percent. People at one table
/// who change the same page add and delete differently.
const DIFFERENCE: i64 = 3;
const DIFFERENCE_SHARE: i64 = 15;
/// Copies are opened within this time.
const TIME: TimeDelta = TimeDelta::days(21);
/// The number of copied pull requests that are no coincidence, and their share of a person's, in percent. Two people fix
/// the same defect now and then, and one of them may do so twice.
const COPIES: usize = 3;
const COPIED: usize = 15;

/// Returns a finding for each person who submits the same changes in many repositories or copies others. Those who approve
/// and merge for others are left out: they repeat changes for other branches, and keep the same files in all repositories
/// that they maintain.
pub(super) fn findings(activity: &PeriodActivity) -> Vec<GamingFinding> {
    let (copied, endorsers) = (copied(activity), activity.endorsers());
    let people = activity.by_author().into_iter();
    people
        .filter(|(person, _)| !endorsers.contains(person))
        .filter_map(|(person, pulls)| {
            let (pulls, signs) = series(&pulls).or_else(|| taken(&pulls, &copied))?;
            Some(GamingFinding::about(FindingKind::SameDiff, [person], pulls, signs))
        })
        .collect()
}

type PullsWithSigns<'a> = (Vec<&'a PullActivity>, Vec<GamingSign>);

/// Returns the largest series in which the same files change in several repositories, if it is refused or reviewed by no
/// one in words. The same fix may be welcome in many repositories. Texts alone are left out: every project has a README.
fn series<'a>(pulls: &[&'a PullActivity]) -> Option<PullsWithSigns<'a>> {
    let mut same: BTreeMap<PathsDigest, Vec<&PullActivity>> = BTreeMap::new();
    for pull in pulls {
        if let Some(changes) = pull.changes.filter(|changes| !changes.is_text) {
            same.entry(changes.paths).or_default().push(pull);
        }
    }
    let largest = same.into_values().max_by_key(Vec::len)?;
    let places = repositories(largest.iter().copied()).len();
    let refused = share(&largest, PullProperty::Refused, REFUSED)?;
    let undiscussed = share(&largest, PullProperty::Undiscussed, UNDISCUSSED)?;
    let same = GamingSign::SameFiles { count: largest.len(), repositories: places };
    (places >= REPOSITORIES).then(|| (largest, vec![same, refused, undiscussed]))
}

/// Returns the pull requests that change the same files by about as many added and deleted lines as another person's,
/// opened shortly before in the same repository.
fn copied(activity: &PeriodActivity) -> BTreeSet<PullRequestId> {
    let mut earlier: BTreeMap<(RepositoryId, PathsDigest), Vec<&PullActivity>> = BTreeMap::new();
    let mut copied = BTreeSet::new();
    for pull in &activity.pulls {
        let Some(changes) = pull.changes.filter(|_| pull.lines >= Some(LINES)) else {
            continue;
        };
        let same = earlier.entry((pull.repository, changes.paths)).or_default();
        if same.iter().any(|first| is_copy(pull, first)) {
            copied.insert(pull.id);
        }
        same.push(pull);
    }
    copied
}

fn is_copy(pull: &PullActivity, first: &PullActivity) -> bool {
    let Some((own, before)) = pull.changes.zip(first.changes) else {
        return false;
    };
    pull.author != first.author
        && is_near(own.size.0, before.size.0)
        && is_near(own.size.1, before.size.1)
        && pull.opened_at - first.opened_at < TIME
}

fn is_near(lines: i64, before: i64) -> bool {
    let most = DIFFERENCE.max(before.saturating_mul(DIFFERENCE_SHARE) / 100);
    lines.abs_diff(before) <= most.unsigned_abs()
}

fn taken<'a>(
    pulls: &[&'a PullActivity],
    copied: &BTreeSet<PullRequestId>,
) -> Option<PullsWithSigns<'a>> {
    let taken = pulls.iter().filter(|pull| copied.contains(&pull.id));
    let taken: Vec<_> = taken.copied().collect();
    let (count, of) = (taken.len(), pulls.len());
    let copies = GamingSign::Share { measure: PullProperty::Copied, count, of };
    let is_habit = count >= COPIES && reaches(count, of, COPIED);
    is_habit.then(|| (taken, vec![copies]))
}
