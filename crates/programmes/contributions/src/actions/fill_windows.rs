use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use kernel::Month;

use crate::{
    model::ProjectId,
    rules::{PullFacts, PullWithRules, Window},
    store::{
        projects::Published,
        windows::{Openings, PullOpening, Row, WindowKey},
    },
};

/// Returns the opening of a pull request, which counts toward the frequency.
pub(super) fn opening(facts: &PullFacts) -> PullOpening {
    PullOpening { at: facts.created_at, github_id: facts.github_id }
}

/// Fills each window with the pull requests that have a part in it.
pub(super) fn fill(
    keys: &BTreeSet<WindowKey>,
    rows: &[Row],
    openings: &Openings,
    published: &Published,
) -> Vec<Window> {
    let mut filled: BTreeMap<WindowKey, (ProjectId, Vec<PullWithRules>)> = BTreeMap::new();
    for row in rows {
        for key in row.windows().intersection(keys) {
            let window = filled.entry(*key);
            let (_, pulls) = window.or_insert_with(|| (row.project_id, Vec::new()));
            pulls.push(pull(row, openings, published));
        }
    }
    let window =
        |((_, _, month), (project, pulls)): (WindowKey, (ProjectId, Vec<PullWithRules>))| Window {
            month,
            rules: published.in_force(project, month.start()),
            pulls,
        };
    filled.into_iter().map(window).collect()
}

fn pull(row: &Row, openings: &Openings, published: &Published) -> PullWithRules {
    let (project, opened_at) = (row.project_id, row.facts.created_at);
    PullWithRules {
        rules: published.in_force(project, opened_at),
        frequency_rules: published.in_force(project, Month::of(opened_at).start()),
        openings_24h: openings_24h(row, openings),
        archived_at: published.archived_at(project),
        inactive_since: published.inactive_since(row.repository_id),
        facts: row.facts.clone(),
    }
}

/// Returns the number of pull requests that the author opened in the repository in the 24 hours up to this one, including
/// it.
fn openings_24h(row: &Row, openings: &Openings) -> u32 {
    let own = opening(&row.facts);
    let since = own.at - TimeDelta::days(1);
    let of_author = openings.get(&(row.author.user_id, row.repository_id));
    let earlier = of_author.into_iter().flat_map(|all| all.range(..=own).rev());
    let count = earlier.take_while(|opening| opening.at > since).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}
