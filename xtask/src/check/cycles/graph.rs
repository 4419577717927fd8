//! Cycles in a graph of files.

use std::collections::{BTreeMap, BTreeSet};

/// An import, with its name and line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) line: usize,
    pub(super) name: String,
}

/// Removes imports from a parent by its child, unless the parent reaches the child through a file outside of the
/// parent's module.
pub(super) fn outward(edges: &[Edge], is_below: fn(&str, &str) -> bool) -> Vec<Edge> {
    let of_parent = |edge: &Edge| is_below(&edge.from, &edge.to);
    let outright: Vec<_> = edges.iter().filter(|edge| !of_parent(edge)).collect();
    let next = targets(outright.iter().copied());
    let returns = |edge: &Edge| {
        reachable(&edge.to, &next)
            .into_iter()
            .filter(|file| *file != edge.to && !is_below(file, &edge.to))
            .any(|file| reachable(file, &next).contains(edge.from.as_str()))
    };
    edges.iter().filter(|edge| !of_parent(edge) || returns(edge)).cloned().collect()
}

/// Groups of files that reach each other, largest first.
pub(super) fn cycles(edges: &[Edge]) -> Vec<BTreeSet<&str>> {
    let next = targets(edges.iter());
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        next.keys().map(|file| (*file, reachable(file, &next))).collect();
    let mut found: Vec<BTreeSet<&str>> = Vec::new();
    for (file, files) in &reached {
        if !files.contains(file) || found.iter().any(|cycle| cycle.contains(file)) {
            continue;
        }
        let comes_back =
            |other: &&&str| reached.get(**other).is_some_and(|files| files.contains(file));
        found.push(files.iter().filter(comes_back).copied().collect());
    }
    found.sort_by_key(|cycle| std::cmp::Reverse(cycle.len()));
    found
}

fn targets<'a>(edges: impl Iterator<Item = &'a Edge>) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for edge in edges {
        next.entry(&edge.from).or_default().insert(&edge.to);
    }
    next
}

/// Returns the files that `from` imports directly or indirectly.
fn reachable<'a>(from: &'a str, next: &BTreeMap<&str, BTreeSet<&'a str>>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = vec![from];
    while let Some(file) = open.pop() {
        let targets = next.get(file).into_iter().flatten();
        open.extend(targets.filter(|target| seen.insert(**target)));
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::{Edge, cycles};

    fn edge(from: &str, to: &str) -> Edge {
        Edge { from: from.to_owned(), to: to.to_owned(), line: 1, name: "X".to_owned() }
    }

    #[test]
    fn files_that_import_each_other_form_a_cycle() {
        let edges = [
            edge("a", "b"),
            edge("b", "c"),
            edge("c", "a"),
            edge("c", "d"),
            edge("e", "f"),
            edge("f", "e"),
        ];
        let found: Vec<Vec<_>> =
            cycles(&edges).into_iter().map(|cycle| cycle.into_iter().collect()).collect();
        assert_eq!(found, [vec!["a", "b", "c"], vec!["e", "f"]]);
    }
}
