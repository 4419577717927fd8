//! Repositories made to be farmed: pull requests without substance, merged at once.

use std::collections::{BTreeMap, BTreeSet};

use github::model::RepositoryId;
use identity::model::UserId;

use super::{
    FindingKind, GamingFinding, PeriodActivity, PullActivity,
    groups::Groups,
    signs::{GamingSign, PullProperty, reaches, share},
};

/// Fewer merges say too little about a repository, or about a group of which each has some.
const MERGES: usize = 8;
const SOME: usize = 4;
/// The least shares of merges, in percent.
const UNDISCUSSED: usize = 95;
const SOON: usize = 85;
const EMPTY: usize = 60;
/// The least shares of merges that someone other than the author approved or made, and of those by authors who come back,
/// in percent. Own merges that no one approved earn nothing, and in a place to practice, everyone comes once.
const BY_OTHERS: usize = 50;
const RETURNING: usize = 60;
/// A farm that takes its time is known by its few authors, who only add, and whose every pull request one person merges. A
/// class that hands in exercises is larger.
const AUTHORS: usize = 8;
const ONLY_ADDS: usize = 95;
/// People are concerned with at least this many pull requests or merges there, and authors with at least this share of
/// theirs, in percent.
const TAKEN_PART: usize = 3;
const DEVOTED: usize = 30;

struct Junk<'a> {
    repository: RepositoryId,
    pulls: Vec<&'a PullActivity>,
}

/// Returns the signs that merges have no substance.
type Test = fn(&[&PullActivity]) -> Option<Vec<GamingSign>>;

/// Returns a finding for each group of such repositories that share people.
pub(super) fn findings(activity: &PeriodActivity) -> Vec<GamingFinding> {
    let (mut quick, mut patient) = (Vec::new(), Vec::new());
    for (repository, pulls) in activity.by(|pull| pull.repository) {
        let all_merged = pulls.iter().all(|pull| !pull.is_refused());
        let pulls = scored_merges(&pulls);
        let (count, is_for_others) = (pulls.len(), is_for_others(&pulls));
        let is_quick = count >= MERGES && hasty(&pulls).is_some();
        let is_patient = count >= SOME && all_merged && unhurried(&pulls).is_some();
        let junk = Junk { repository, pulls };
        match (is_for_others, is_quick, is_patient) {
            (true, true, _) => quick.push(junk),
            (true, false, true) => patient.push(junk),
            _ => {}
        }
    }
    let quick = grouped(activity, &quick, hasty).into_iter();
    quick.chain(grouped(activity, &patient, unhurried)).collect()
}

/// Returns a finding for each group that shares people and has the signs as a whole.
fn grouped(activity: &PeriodActivity, found: &[Junk<'_>], test: Test) -> Vec<GamingFinding> {
    let mut groups = Groups::new(found.len());
    for (index, junk) in found.iter().enumerate() {
        for (other, earlier) in found[..index].iter().enumerate() {
            if share_people(junk, earlier) {
                groups.join(index, other);
            }
        }
    }
    let members = groups.members().into_iter();
    members
        .filter_map(|members| finding(activity, members.iter().map(|index| &found[*index]), test))
        .collect()
}

/// Returns merged pull requests of people other than the repository's owner, whose own earn no points.
fn scored_merges<'a>(pulls: &[&'a PullActivity]) -> Vec<&'a PullActivity> {
    let scored = pulls.iter().filter(|pull| pull.is_merged && !pull.is_own);
    scored.copied().collect()
}

/// Returns whether most merges are by someone other than the author.
fn is_for_others(pulls: &[&PullActivity]) -> bool {
    let others = pulls.iter().filter(|pull| !pull.endorsers().is_empty());
    reaches(others.count(), pulls.len(), BY_OTHERS)
}

/// Returns whether most are by authors who come back.
fn is_by_returning(pulls: &[&PullActivity]) -> bool {
    let authors = counted(pulls.iter().map(|pull| pull.author));
    let returning = authors.into_values().filter(|count| *count >= TAKEN_PART);
    reaches(returning.sum(), pulls.len(), RETURNING)
}

/// Lists the signs of a farm that takes its time, if all are present: a few authors only add, one person merges everything,
/// and no one discusses anything. Even a small project changes what it has.
fn unhurried(pulls: &[&PullActivity]) -> Option<Vec<GamingSign>> {
    let signs = vec![
        share(pulls, PullProperty::Undiscussed, UNDISCUSSED)?,
        share(pulls, PullProperty::OnlyAdds, ONLY_ADDS)?,
    ];
    let merger = pulls.first().and_then(|pull| pull.merged_by)?;
    let is_by_one = pulls.iter().all(|pull| pull.merged_by == Some(merger));
    let authors: BTreeSet<_> = pulls.iter().map(|pull| pull.author).collect();
    (is_by_one && authors.len() <= AUTHORS).then_some(signs)
}

/// Lists the signs that merges have no substance, if all are present: few are discussed in a review, most are merged soon after
/// their opening, and most are small or only add lines.
fn hasty(pulls: &[&PullActivity]) -> Option<Vec<GamingSign>> {
    let always = [
        share(pulls, PullProperty::Undiscussed, UNDISCUSSED)?,
        share(pulls, PullProperty::MergedSoon, SOON)?,
    ];
    let empty = [PullProperty::OnlyAdds, PullProperty::Small];
    let empty: Vec<GamingSign> =
        empty.into_iter().filter_map(|measure| share(pulls, measure, EMPTY)).collect();
    let quick = share(pulls, PullProperty::MergedQuickly, EMPTY);
    (!empty.is_empty()).then(|| always.into_iter().chain(empty).chain(quick).collect())
}

/// Returns whether a person merged in both, or two people contributed to both.
fn share_people(one: &Junk<'_>, other: &Junk<'_>) -> bool {
    let mergers = |junk: &Junk<'_>| -> BTreeSet<UserId> {
        junk.pulls.iter().filter_map(|pull| pull.merged_by).collect()
    };
    let authors = |junk: &Junk<'_>| -> BTreeSet<UserId> {
        junk.pulls.iter().map(|pull| pull.author).collect()
    };
    !mergers(one).is_disjoint(&mergers(other))
        || authors(one).intersection(&authors(other)).count() >= 2
}

fn finding<'a>(
    activity: &PeriodActivity,
    members: impl Iterator<Item = &'a Junk<'a>>,
    test: Test,
) -> Option<GamingFinding> {
    let members: Vec<_> = members.collect();
    let mut pulls: Vec<_> = members.iter().flat_map(|junk| junk.pulls.iter().copied()).collect();
    pulls.sort_by_key(|pull| (pull.opened_at, pull.id));
    let repositories: BTreeSet<_> = members.iter().map(|junk| junk.repository).collect();
    let is_farm = pulls.len() >= MERGES && is_by_returning(&pulls);
    let signs = test(&pulls).filter(|_| is_farm)?;
    let people = people(activity, &pulls);
    Some(GamingFinding {
        repositories,
        ..GamingFinding::about(FindingKind::JunkRepositories, people, pulls, signs)
    })
}

/// Returns those who merge there, and those of whose work much is there.
fn people(activity: &PeriodActivity, pulls: &[&PullActivity]) -> BTreeSet<UserId> {
    let authored = activity.by_author();
    let is_devoted = |(person, there): &(UserId, usize)| {
        let all = authored.get(person).map_or(0, Vec::len);
        *there >= TAKEN_PART && reaches(*there, all, DEVOTED)
    };
    let authors = counted(pulls.iter().map(|pull| pull.author));
    let devoted = authors.into_iter().filter(is_devoted);
    let mergers = counted(pulls.iter().filter_map(|pull| pull.merged_by));
    let mergers = mergers.into_iter().filter(|(_, count)| *count >= TAKEN_PART);
    devoted.chain(mergers).map(|(person, _)| person).collect()
}

fn counted(people: impl Iterator<Item = UserId>) -> BTreeMap<UserId, usize> {
    let mut counts = BTreeMap::new();
    for person in people {
        *counts.entry(person).or_default() += 1;
    }
    counts
}

/// Returns the repositories that look made to be farmed.
pub(super) fn junk(activity: &PeriodActivity) -> BTreeSet<RepositoryId> {
    let found = findings(activity).into_iter();
    found.flat_map(|finding| finding.repositories).collect()
}
