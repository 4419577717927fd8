//! Folds the statements about a pull request. The result depends only on their set, not on their order of
//! arrival or their repetition.

use std::{
    cmp::{Ordering, Reverse},
    collections::BTreeSet,
};

use kernel::Timestamp;

use super::account::GHOST;
use crate::model::{Facts, Origin, PullState, Version};

/// A pull request, computed from all its statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The last stated value of each fact.
    pub facts: Facts,
    pub state: PullState,
    /// The time of the newest statement.
    pub instant: Timestamp,
    /// True when two of the newest statements contradict each other, so that only GitHub can tell which
    /// is right.
    pub is_ambiguous: bool,
}

/// Orders statements by time. At the same time, GitHub's API ranks above deliveries, merged above closed above open, and
/// ready above draft; then the digest decides.
fn order(a: &Version, b: &Version) -> Ordering {
    let key = |version: &Version| {
        (
            version.instant,
            version.facts.origin,
            state(&version.facts),
            version.facts.draft != Some(true),
        )
    };
    key(a).cmp(&key(b)).then_with(|| a.digest.cmp(&b.digest))
}

fn state(facts: &Facts) -> PullState {
    match (facts.merged_at, facts.closed) {
        (Some(_), _) => PullState::Merged,
        (None, Some(true)) => PullState::Closed,
        (None, _) => PullState::Open,
    }
}

/// Folds statements. For each fact, the last statement up to `until` counts, or else the first one after
/// it. The state ignores `until`. Returns `None` without statements.
#[must_use]
pub fn fold(versions: &[Version], until: Option<Timestamp>) -> Option<Folded> {
    let mut sorted: Vec<&Version> = versions.iter().collect();
    sorted.sort_by(|a, b| order(a, b));
    let newest = *sorted.last()?;
    let state = sorted
        .iter()
        .map(|version| state(&version.facts))
        .max()
        .filter(|state| *state == PullState::Merged);
    let state = state.unwrap_or_else(|| self::state(&newest.facts));
    let ranked = ranked(&sorted, until);
    let ranked: Vec<&Facts> = ranked.iter().map(|version| &version.facts).collect();
    let mut facts = gather(&ranked);
    let all: Vec<&Facts> = sorted.iter().rev().map(|version| &version.facts).collect();
    facts.merged_at = pick(&all, |facts| &facts.merged_at);
    facts.closed_at = match state {
        PullState::Open => None,
        PullState::Closed => pick(&all, |facts| &facts.closed_at),
        PullState::Merged => facts.merged_at,
    };
    facts.closed = Some(state != PullState::Open);
    let ties = sorted.iter().filter(|version| is_tied(version, newest));
    Some(Folded {
        facts,
        state,
        instant: newest.instant,
        is_ambiguous: ties.clone().any(|tie| contradicts(&tie.facts, &newest.facts)),
    })
}

/// Returns true if two statements are of the same time and origin.
pub(super) fn is_tied(a: &Version, b: &Version) -> bool {
    (a.instant, a.facts.origin) == (b.instant, b.facts.origin)
}

/// Ranks statements, which are sorted by time, for facts at a time, the strongest first: those up to `until` from the last
/// to the first, and then the later ones from the first to the last.
fn ranked<'a>(sorted: &[&'a Version], until: Option<Timestamp>) -> Vec<&'a Version> {
    let is_in_time = |version: &&Version| until.is_none_or(|until| version.instant <= until);
    let (in_time, mut late): (Vec<&Version>, Vec<&Version>) =
        sorted.iter().copied().partition(is_in_time);
    late.sort_by_key(|version| (version.instant, Reverse(version.facts.origin)));
    in_time.into_iter().rev().chain(late).collect()
}

/// Returns all statements, ranked for facts at a time.
pub(super) fn ranked_until(versions: &[Version], until: Option<Timestamp>) -> Vec<&Version> {
    let mut sorted: Vec<&Version> = versions.iter().collect();
    sorted.sort_by(|a, b| order(a, b));
    ranked(&sorted, until)
}

/// Picks a person. The account `ghost`, which older versions of this server recorded, is no one's.
fn pick_person(ranked: &[&Facts], field: impl Fn(&Facts) -> Option<i64>) -> Option<i64> {
    let named = ranked.iter().filter_map(|facts| field(facts));
    named.into_iter().find(|id| *id != GHOST)
}

fn pick<T: Clone>(ranked: &[&Facts], field: impl Fn(&Facts) -> &Option<T>) -> Option<T> {
    ranked.iter().find_map(|facts| field(facts).clone())
}

fn gather(ranked: &[&Facts]) -> Facts {
    Facts {
        title: pick(ranked, |f| &f.title),
        closed: None,
        draft: pick(ranked, |f| &f.draft),
        labels: pick(ranked, |f| &f.labels),
        author_id: pick_person(ranked, |f| f.author_id),
        author_is_bot: pick(ranked, |f| &f.author_is_bot),
        created_at: pick(ranked, |f| &f.created_at),
        closed_at: None,
        merged_at: None,
        merged_by_id: pick_person(ranked, |f| f.merged_by_id),
        auto_merge: pick(ranked, |f| &f.auto_merge),
        merge_queue: pick(ranked, |f| &f.merge_queue),
        additions: pick(ranked, |f| &f.additions),
        deletions: pick(ranked, |f| &f.deletions),
        changed_files: pick(ranked, |f| &f.changed_files),
        commits: pick(ranked, |f| &f.commits),
        base_ref: pick(ranked, |f| &f.base_ref),
        base_owner_id: pick(ranked, |f| &f.base_owner_id),
        head_ref: pick(ranked, |f| &f.head_ref),
        head_sha: pick(ranked, |f| &f.head_sha),
        body_digest: pick(ranked, |f| &f.body_digest),
        closes: closes(ranked),
        origin: Origin::Delivery,
    }
}

/// Returns the issues that the last statement with a target branch closes: it states all of them, also none.
fn closes(ranked: &[&Facts]) -> Vec<String> {
    let full = ranked.iter().find(|facts| facts.base_ref.is_some());
    full.map(|facts| facts.closes.clone()).unwrap_or_default()
}

/// Returns whether two statements contradict each other. Missing facts contradict nothing.
fn contradicts(a: &Facts, b: &Facts) -> bool {
    fn differ<T: PartialEq>(a: &Option<T>, b: &Option<T>) -> bool {
        matches!((a, b), (Some(a), Some(b)) if a != b)
    }
    differ(&a.title, &b.title)
        || differ(&a.closed, &b.closed)
        || differ(&a.draft, &b.draft)
        || differ(&a.labels, &b.labels)
        || differ(&a.additions, &b.additions)
        || differ(&a.deletions, &b.deletions)
        || differ(&a.head_sha, &b.head_sha)
        || differ(&a.body_digest, &b.body_digest)
}

/// Returns when a pull request became a draft (`true`) or ready for review (`false`), oldest first, from statements in
/// any order. A pull request that was never a draft has no such change.
#[must_use]
pub fn draft_changes(mut statements: Vec<(Timestamp, bool)>) -> Vec<(Timestamp, bool)> {
    // At the same time, ready ranks above draft.
    statements.sort_by_key(|(at, is_draft)| (*at, !is_draft));
    let mut is_draft = false;
    statements.retain(|(_, stated)| std::mem::replace(&mut is_draft, *stated) != *stated);
    statements
}

/// Returns when the pull request was first ready for review: when it was opened or, if it began as a draft,
/// the first statement that it is not a draft. Returns `None` while it is a draft.
#[must_use]
pub fn ready_at(versions: &[Version], folded: &Folded) -> Option<Timestamp> {
    let created_at = folded.facts.created_at?;
    if folded.facts.draft == Some(true) && folded.state == PullState::Open {
        return None;
    }
    let mut sorted: Vec<&Version> = versions.iter().filter(|v| v.facts.draft.is_some()).collect();
    sorted.sort_by(|a, b| order(a, b));
    let first_ready = sorted.iter().position(|version| version.facts.draft == Some(false));
    match first_ready {
        Some(0) => Some(created_at),
        Some(position) => Some(sorted[position].instant),
        // A pull request that was closed or merged as a draft was never ready. Without any statement
        // about it, it counts as ready from the start.
        None if sorted.is_empty() => Some(created_at),
        None => None,
    }
}

/// Returns the owner of the repository when the pull request was opened, from the oldest statements that name one.
/// There are several if statements of one second contradict each other.
#[must_use]
pub fn owners_at_opening(versions: &[Version]) -> BTreeSet<i64> {
    let named = |version: &Version| Some((version.instant, version.facts.base_owner_id?));
    let oldest = versions.iter().filter_map(named).map(|(at, _)| at).min();
    let named = versions.iter().filter_map(named);
    named.filter(|(at, _)| Some(*at) == oldest).map(|(_, owner)| owner).collect()
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, option, prelude::*, sample::select};

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_timestamp(1_790_000_000 + second, 0).expect("an instant")
    }

    fn version(second: i64, digest: u8, facts: Facts) -> Version {
        Version {
            instant: at(second),
            digest: vec![digest],
            facts: Facts { created_at: Some(at(0)), ..facts },
        }
    }

    fn titled(title: &str) -> Facts {
        Facts { title: Some(title.to_owned()), closed: Some(false), ..Facts::default() }
    }

    fn draft(draft: bool) -> Facts {
        Facts { draft: Some(draft), closed: Some(false), ..Facts::default() }
    }

    #[test]
    fn the_newest_statement_wins_and_missing_facts_overwrite_nothing() {
        let full = Facts { additions: Some(120), ..titled("First") };
        let folded =
            fold(&[version(9, 1, titled("Second")), version(1, 2, full)], None).expect("facts");
        assert_eq!(folded.facts.title.as_deref(), Some("Second"));
        assert_eq!(folded.facts.additions, Some(120));
        assert!(!folded.is_ambiguous);
    }

    #[test]
    fn the_newest_description_says_what_it_closes() {
        let closing = |closes: &[&str]| Facts {
            base_ref: Some("main".to_owned()),
            closes: closes.iter().map(|text| (*text).to_owned()).collect(),
            ..titled("First")
        };
        let closes = |versions: &[Version]| fold(versions, None).expect("facts").facts.closes;
        let first = version(1, 1, closing(&["#1", "#2"]));
        assert_eq!(closes(&[version(9, 2, titled("Without")), first.clone()]), ["#1", "#2"]);
        assert!(closes(&[version(9, 2, closing(&[])), first]).is_empty());
    }

    #[test]
    fn merged_is_final() {
        let merged = Facts {
            merged_at: Some(at(5)),
            closed_at: Some(at(5)),
            closed: Some(true),
            ..Facts::default()
        };
        let folded =
            fold(&[version(5, 1, merged), version(9, 2, titled("Late"))], None).expect("facts");
        assert_eq!((folded.state, folded.facts.merged_at), (PullState::Merged, Some(at(5))));
    }

    #[test]
    fn closed_wins_over_open_at_the_same_time_but_not_over_a_reopening() {
        let closed =
            |second| Facts { closed: Some(true), closed_at: Some(at(second)), ..Facts::default() };
        let tie = [version(5, 9, titled("Open")), version(5, 1, closed(5))];
        let folded = fold(&tie, None).expect("facts");
        assert_eq!((folded.state, folded.is_ambiguous), (PullState::Closed, true));
        let reopened = [version(5, 1, closed(5)), version(6, 2, titled("Open"))];
        let folded = fold(&reopened, None).expect("facts");
        assert_eq!((folded.state, folded.facts.closed_at), (PullState::Open, None));
    }

    #[test]
    fn statements_after_the_closing_only_fill_gaps() {
        let late = Facts { additions: Some(5), ..titled("Renamed") };
        let folded = fold(&[version(1, 1, titled("First")), version(9, 2, late)], Some(at(4)))
            .expect("facts");
        assert_eq!(folded.facts.title.as_deref(), Some("First"));
        assert_eq!(folded.facts.additions, Some(5));
    }

    #[test]
    fn the_ghost_is_no_ones_account() {
        let by = |second, id| {
            let facts = Facts { author_id: Some(id), merged_by_id: Some(id), ..titled("First") };
            version(second, 1, facts)
        };
        let people = |versions: &[Version]| {
            let facts = fold(versions, None).expect("facts").facts;
            (facts.author_id, facts.merged_by_id)
        };
        assert_eq!(people(&[by(1, GHOST)]), (None, None));
        assert_eq!(people(&[by(1, 7), by(2, GHOST)]), (Some(7), Some(7)));
    }

    #[test]
    fn the_owner_is_the_first_one_named() {
        let owned = |second, digest, id| {
            let facts = Facts { base_owner_id: Some(id), ..titled("First") };
            version(second, digest, facts)
        };
        let owners =
            |versions: &[Version]| owners_at_opening(versions).into_iter().collect::<Vec<_>>();
        assert!(owners(&[version(1, 1, titled("First"))]).is_empty());
        assert_eq!(owners(&[owned(5, 1, 8), owned(1, 2, 7)]), [7]);
        assert_eq!(owners(&[owned(1, 1, 8), owned(1, 2, 7)]), [7, 8]);
    }

    #[test]
    fn drafts_change_only_when_a_statement_differs() {
        let at = |hour: u32| {
            let text = format!("2026-10-02T{hour:02}:00:00Z");
            text.parse::<Timestamp>().expect("an instant")
        };
        let changes = |list: &[(u32, bool)]| {
            let list = list.iter().map(|(hour, draft)| (at(*hour), *draft));
            draft_changes(list.collect())
        };
        assert!(changes(&[(8, false), (9, false)]).is_empty());
        let shuffled = [(10, false), (8, true), (9, true), (11, true)];
        assert_eq!(changes(&shuffled), [(at(8), true), (at(10), false), (at(11), true)]);
        assert_eq!(changes(&[(8, false), (8, true)]), [(at(8), true), (at(8), false)]);
    }

    #[test]
    fn a_draft_is_ready_from_the_first_statement_that_it_is_not_a_draft() {
        let ready =
            |versions: &[Version]| ready_at(versions, &fold(versions, None).expect("facts"));
        assert_eq!(ready(&[version(1, 1, draft(false))]), Some(at(0)));
        assert_eq!(ready(&[version(1, 1, titled("Unknown"))]), Some(at(0)));
        assert_eq!(ready(&[version(1, 1, draft(true))]), None);
        assert_eq!(ready(&[version(1, 1, draft(true)), version(4, 2, draft(false))]), Some(at(4)));
        assert_eq!(ready(&[version(1, 9, draft(true)), version(1, 2, draft(false))]), Some(at(1)));
        assert_eq!(ready(&[version(1, 1, draft(false)), version(4, 2, draft(true))]), None);
    }

    fn facts() -> impl Strategy<Value = Facts> {
        let title = option::of(select(vec!["a".to_owned(), "b".to_owned()]));
        (
            title,
            any::<bool>(),
            option::of(any::<bool>()),
            option::of(0..3_i64),
            option::of(0..2_i64),
        )
            .prop_map(|(title, closed, draft, additions, merged)| Facts {
                title,
                closed: Some(closed || merged.is_some()),
                closed_at: closed.then(|| at(1)),
                draft,
                additions,
                merged_at: merged.map(at),
                ..Facts::default()
            })
    }

    proptest! {
        #[test]
        fn order_and_repetition_do_not_matter(
            stated in vec((0..4_i64, facts()), 1..6),
            seed in vec(any::<prop::sample::Index>(), 0..8),
            until in option::of(0..4_i64),
        ) {
            let versions: Vec<Version> = stated
                .into_iter()
                .map(|(second, facts)| Version {
                    digest: platform::crypto::digest(format!("{facts:?}").as_bytes()),
                    ..version(second, 0, facts)
                })
                .collect();
            let mut shuffled: Vec<Version> = seed.iter().map(|index| index.get(&versions).clone()).collect();
            shuffled.extend(versions.iter().rev().cloned());
            let until = until.map(at);
            let folded = fold(&versions, until);
            prop_assert_eq!(&folded, &fold(&shuffled, until));
            let folded = folded.expect("facts");
            prop_assert_eq!(ready_at(&versions, &folded), ready_at(&shuffled, &folded));
        }
    }
}
