use std::collections::BTreeSet;

use github::model::{PullRequestId, RepositoryId};
use identity::model::UserId;

use super::{FindingKind, GamingFinding};
use crate::model::FlagId;

/// Fewer pull requests that no one decided on are no reason to look again.
const NEW_PULLS: usize = 3;

/// A flag that was raised before.
#[derive(Clone, Debug)]
pub struct KnownFlag {
    pub id: FlagId,
    pub kind: FindingKind,
    /// True until a moderator decides.
    pub is_open: bool,
    pub people: BTreeSet<UserId>,
    pub repositories: BTreeSet<RepositoryId>,
    pub pulls: BTreeSet<PullRequestId>,
}

/// The effect of a finding on the flags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Raise {
    Extend(FlagId),
    /// Raises a flag on these pull requests.
    New(Vec<PullRequestId>),
    /// Changes nothing: moderators decided on these pull requests.
    Nothing,
}

/// Decides whether a finding adds to an open flag of its kind that shares a person or a repository, raises a new one, or
/// repeats what moderators decided. A new flag leaves out the pull requests that they decided on.
#[must_use]
pub fn raise(finding: &GamingFinding, known: &[KnownFlag]) -> Raise {
    let is_same = |flag: &&KnownFlag| {
        flag.kind == finding.kind
            && (!flag.people.is_disjoint(&finding.people)
                || !flag.repositories.is_disjoint(&finding.repositories))
    };
    let same: Vec<&KnownFlag> = known.iter().filter(is_same).collect();
    if let Some(open) = same.iter().filter(|flag| flag.is_open).min_by_key(|flag| flag.id) {
        return Raise::Extend(open.id);
    }
    let is_decided = |pull: &PullRequestId| same.iter().any(|flag| flag.pulls.contains(pull));
    let new: Vec<_> = finding.pulls.iter().filter(|pull| !is_decided(pull)).copied().collect();
    match new.len() {
        count if count < NEW_PULLS && !same.is_empty() => Raise::Nothing,
        _ => Raise::New(new),
    }
}

#[cfg(test)]
mod tests {
    use std::slice;

    use uuid::Uuid;

    use super::*;

    fn pulls(numbers: impl IntoIterator<Item = u128>) -> Vec<PullRequestId> {
        let ids = numbers.into_iter().map(Uuid::from_u128);
        ids.map(PullRequestId::new).collect()
    }

    fn finding(person: u128, numbers: impl IntoIterator<Item = u128>) -> GamingFinding {
        GamingFinding {
            kind: FindingKind::Burst,
            people: BTreeSet::from([UserId::new(Uuid::from_u128(person))]),
            repositories: BTreeSet::new(),
            pulls: pulls(numbers),
            signs: Vec::new(),
        }
    }

    fn flag(number: u128, is_open: bool, of: &GamingFinding) -> KnownFlag {
        KnownFlag {
            id: FlagId::new(Uuid::from_u128(number)),
            kind: of.kind,
            is_open,
            people: of.people.clone(),
            repositories: of.repositories.clone(),
            pulls: of.pulls.iter().copied().collect(),
        }
    }

    #[test]
    fn a_finding_is_raised_once() {
        let first = finding(1, 1..=8);
        let more = finding(1, 1..=10);
        let another = finding(2, 11..=18);
        let open = flag(1, true, &first);
        let decided = flag(1, false, &first);
        assert_eq!(raise(&first, &[]), Raise::New(pulls(1..=8)));
        assert_eq!(raise(&more, slice::from_ref(&open)), Raise::Extend(open.id));
        assert_eq!(raise(&another, &[open]), Raise::New(pulls(11..=18)));
        assert_eq!(raise(&first, slice::from_ref(&decided)), Raise::Nothing);
        assert_eq!(raise(&more, slice::from_ref(&decided)), Raise::Nothing);
        let later = finding(1, 1..=12);
        assert_eq!(raise(&later, &[decided]), Raise::New(pulls(9..=12)));
    }

    #[test]
    fn kinds_are_separate() {
        let burst = finding(1, 1..=8);
        let copies = GamingFinding { kind: FindingKind::SameDiff, ..burst.clone() };
        let open = flag(1, true, &burst);
        assert_eq!(raise(&copies, &[open]), Raise::New(pulls(1..=8)));
    }
}
