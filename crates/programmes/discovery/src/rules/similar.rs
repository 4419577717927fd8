//! How similar two issues are.

use crate::model::Opportunity;

/// Returns the similarity of two issues, 0 to 1: skills 40 %, and labels, type, language and repository 15 % each. Parts that
/// neither of them states do not count.
#[must_use]
pub fn similarity(a: &Opportunity, b: &Opportunity) -> f64 {
    let equal = |is_equal: bool| Some(if is_equal { 1.0 } else { 0.0 });
    let language = match (&a.language, &b.language) {
        (None, None) => None,
        (a, b) => equal(a == b),
    };
    let parts = [
        (0.4, shared(&a.skills, &b.skills)),
        (0.15, shared(&a.labels, &b.labels)),
        (0.15, equal(a.kind == b.kind)),
        (0.15, language),
        (0.15, equal(a.repository == b.repository)),
    ];
    let stated = || parts.iter().filter_map(|(weight, value)| Some((*weight, (*value)?)));
    let weights: f64 = stated().map(|(weight, _)| weight).sum();
    let value: f64 = stated().map(|(weight, value)| weight * value).sum();
    (value / weights).clamp(0.0, 1.0)
}

/// Returns the share of the names that two lists have in common; `None` if both are empty.
fn shared(a: &[String], b: &[String]) -> Option<f64> {
    let has =
        |list: &[String], name: &String| list.iter().any(|own| own.eq_ignore_ascii_case(name));
    let distinct = |list: &[String]| -> usize {
        (0..list.len()).filter(|at| !has(&list[..*at], &list[*at])).count()
    };
    let common = (0..a.len()).filter(|at| !has(&a[..*at], &a[*at]) && has(b, &a[*at])).count();
    let all = distinct(a) + distinct(b) - common;
    (all > 0).then(|| common as f64 / all as f64)
}

/// Returns the issues that are most similar to one: indices with their similarity, at least `least`, best first.
#[must_use]
pub fn most_similar(
    to: &Opportunity,
    among: &[Opportunity],
    least: f64,
    most: usize,
) -> Vec<(usize, f64)> {
    let compared = among.iter().enumerate().map(|(index, own)| (index, similarity(to, own)));
    let mut found: Vec<(usize, f64)> = compared.filter(|(_, value)| *value >= least).collect();
    found.sort_by(|(first, a), (second, b)| b.total_cmp(a).then(first.cmp(second)));
    found.truncate(most);
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::model::WorkKind;

    fn opportunities() -> impl Strategy<Value = Opportunity> {
        let names = || {
            proptest::collection::vec(
                proptest::sample::select(vec!["CLI", "cli", "bug", "docs", "parsing"]),
                0..5,
            )
        };
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let language = proptest::option::of(proptest::sample::select(vec!["Rust", "Go"]));
        (names(), names(), language, 0..3_u128, proptest::sample::select(WorkKind::ALL.to_vec()))
            .prop_map(move |(skills, labels, language, repository, kind)| Opportunity {
                repository: Uuid::from_u128(repository),
                repository_name: String::new(),
                kind,
                skills: owned(skills),
                language: language.map(str::to_owned),
                topics: Vec::new(),
                labels: owned(labels),
                complexity: 4.0,
                impact: 5.0,
                confidence: 0.5,
                hours: (1.0, 2.0),
                is_good_first: false,
                health: 50,
            })
    }

    proptest! {
        #[test]
        fn similarity_is_symmetric_and_1_for_the_same(a in opportunities(), b in opportunities()) {
            prop_assert!((0.0..=1.0).contains(&similarity(&a, &b)));
            prop_assert!((similarity(&a, &b) - similarity(&b, &a)).abs() < 1e-12);
            prop_assert!((similarity(&a, &a) - 1.0).abs() < 1e-12);
        }

        #[test]
        fn a_shared_skill_never_makes_less_similar(a in opportunities(), b in opportunities()) {
            let with = |of: &Opportunity| {
                let mut of = of.clone();
                of.skills.push("networking".to_owned());
                of
            };
            prop_assert!(similarity(&with(&a), &with(&b)) >= similarity(&a, &b) - 1e-12);
        }

        #[test]
        fn the_most_similar_are_in_order(to in opportunities(), among in proptest::collection::vec(opportunities(), 0..20)) {
            let found = most_similar(&to, &among, 0.3, 5);
            prop_assert!(found.len() <= 5);
            prop_assert!(found.windows(2).all(|pair| pair[0].1 >= pair[1].1));
            prop_assert!(found.iter().all(|(index, value)| *value >= 0.3 && *value == similarity(&to, &among[*index])));
        }
    }
}
