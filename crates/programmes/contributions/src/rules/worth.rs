//! Chooses among the facts that contradicting statements allow.

use std::{collections::BTreeSet, sync::Arc};

use kernel::{Month, Points, Timestamp};

use super::{Pull, PullFacts, VersionedRules, Window, settle};

/// Returns the facts with which a pull request earns most by itself; the first of equal ones.
pub(super) fn best(
    possible: impl IntoIterator<Item = PullFacts>,
    rules: &VersionedRules,
) -> Option<PullFacts> {
    let mut possible = possible.into_iter();
    let first = possible.next()?;
    let Some(second) = possible.next() else {
        return Some(first);
    };
    let mut best = (points(&first, rules), first);
    for facts in std::iter::once(second).chain(possible) {
        let points = points(&facts, rules);
        if points > best.0 {
            best = (points, facts);
        }
    }
    Some(best.1)
}

/// Returns the points of a pull request that is the only one of its author: no cap, and no diminishing returns.
fn points(facts: &PullFacts, rules: &VersionedRules) -> Points {
    let mut rules = rules.clone();
    rules.document.monthly_cap = Points::MAX;
    let rules = Arc::new(rules);
    let months: BTreeSet<Month> = [Some(facts.opening_at()), facts.merged_at]
        .into_iter()
        .flatten()
        .map(Month::of)
        .collect();
    let in_month = |month: Month| {
        let pull = Pull {
            facts: facts.clone(),
            rules: Arc::clone(&rules),
            openings_24h: 0,
            frequency_rules: Arc::clone(&rules),
        };
        let window = Window {
            month,
            rules: Arc::clone(&rules),
            pulls: vec![pull],
        };
        let reckonings = settle(&window, Timestamp::MAX_UTC).into_iter();
        let entitlements = reckonings.flat_map(|reckoning| reckoning.entitlements);
        entitlements.map(|one| one.points).sum::<Points>()
    };
    months.into_iter().map(in_month).sum()
}
