//! Chooses among the facts that contradicting statements allow.

use std::{collections::BTreeSet, sync::Arc};

use kernel::{Month, Points, Timestamp};

use super::{PullFacts, PullWithRules, VersionedRules, Window, settle};

/// Returns the facts that earn a pull request the most points by itself; the first of equal ones.
pub(super) fn best(
    first: PullFacts,
    others: impl IntoIterator<Item = PullFacts>,
    rules: &VersionedRules,
) -> PullFacts {
    let mut others = others.into_iter().peekable();
    if others.peek().is_none() {
        return first;
    }
    let rules = uncapped(rules);
    let mut best = (points(&first, &rules), first);
    for facts in others {
        let points = points(&facts, &rules);
        if points > best.0 {
            best = (points, facts);
        }
    }
    best.1
}

fn uncapped(rules: &VersionedRules) -> Arc<VersionedRules> {
    let mut rules = rules.clone();
    rules.document.monthly_cap = Points::MAX;
    Arc::new(rules)
}

/// Returns the points of a pull request that is the only one of its author, by rules without a cap.
fn points(facts: &PullFacts, rules: &Arc<VersionedRules>) -> Points {
    let months: BTreeSet<Month> =
        [Some(facts.opening_at()), facts.merged_at].into_iter().flatten().map(Month::of).collect();
    let in_month = |month: Month| {
        let pull = PullWithRules {
            facts: facts.clone(),
            rules: Arc::clone(rules),
            openings_24h: 0,
            archived_at: None,
            inactive_since: None,
            frequency_rules: Arc::clone(rules),
        };
        let window = Window { month, rules: Arc::clone(rules), pulls: vec![pull] };
        let calculations = settle(&window, Timestamp::MAX_UTC).into_iter();
        let entitlements = calculations.flat_map(|calculation| calculation.entitlements);
        entitlements.map(|one| one.points).sum::<Points>()
    };
    months.into_iter().map(in_month).sum()
}
