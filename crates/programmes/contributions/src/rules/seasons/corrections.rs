//! Decisions after a sign-off, as numbered corrections, and the results after each of them.

use std::collections::BTreeMap;

use kernel::{Points, Problem, ProblemKind, Timestamp};

/// The points of a person in the results of a season.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonTotal<P> {
    pub person: P,
    pub points: Points,
    /// The number of merged pull requests that earned points.
    pub merged: i64,
}

/// A change of a person's points after the sign-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change<P> {
    pub at: Timestamp,
    pub person: P,
    pub points: Points,
    pub merged: i64,
}

/// Decisions made together after the sign-off. They never change, and keep their number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeasonCorrection<P> {
    /// The number, from 1.
    pub number: i64,
    pub at: Timestamp,
    pub changes: Vec<Change<P>>,
}

/// A row of the results after a correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankedTotal<P> {
    /// The position, from 1.
    pub place: i64,
    /// The rank, which people with equal points share.
    pub rank: i64,
    pub total: PersonTotal<P>,
}

/// Numbers changes that are in order of time: those of one instant are one correction. Changes of nothing are left out.
#[must_use]
pub fn corrections<P: Copy>(changes: &[Change<P>]) -> Vec<SeasonCorrection<P>> {
    let some: Vec<Change<P>> =
        changes.iter().filter(|it| (it.points, it.merged) != (0, 0)).copied().collect();
    let together = some.chunk_by(|a, b| a.at == b.at);
    let numbered = together.zip(1..).map(|(changes, number)| SeasonCorrection {
        number,
        at: changes[0].at,
        changes: changes.to_vec(),
    });
    numbered.collect()
}

/// Returns the results after corrections, of those at the sign-off by place. People with equal points are in the order of the
/// sign-off; those who come only now follow, by their IDs. A person who has lost everything leaves.
#[must_use]
pub fn corrected<P: Copy + Ord>(
    results: &[PersonTotal<P>],
    corrections: &[SeasonCorrection<P>],
) -> Vec<RankedTotal<P>> {
    let mut sums: BTreeMap<P, (Points, i64)> = BTreeMap::new();
    for change in corrections.iter().flat_map(|it| &it.changes) {
        let sum = sums.entry(change.person).or_default();
        *sum = (sum.0 + change.points, sum.1 + change.merged);
    }
    let mut totals: Vec<PersonTotal<P>> = Vec::new();
    for result in results {
        let changed = sums.remove(&result.person);
        let (points, merged) = changed.unwrap_or_default();
        let after = PersonTotal {
            points: result.points + points,
            merged: result.merged + merged,
            ..*result
        };
        if changed.is_none() || (after.points, after.merged) != (0, 0) {
            totals.push(after);
        }
    }
    let new = sums.into_iter().filter(|(_, sum)| *sum != (0, 0));
    totals.extend(new.map(|(person, (points, merged))| PersonTotal { person, points, merged }));
    totals.sort_by_key(|it| -it.points);
    let mut ranked: Vec<RankedTotal<P>> = Vec::new();
    for (total, place) in totals.into_iter().zip(1..) {
        let before = ranked.last().filter(|it| it.total.points == total.points);
        let rank = before.map_or(place, |it| it.rank);
        ranked.push(RankedTotal { place, rank, total });
    }
    ranked
}

/// Reads the number of a correction from a URL; empty for the results of the sign-off.
///
/// # Errors
/// When it is no number.
pub fn correction_of(typed: &str) -> Result<i64, Problem> {
    let typed = typed.trim();
    let number = if typed.is_empty() { Some(0) } else { typed.parse().ok() };
    let number = number.filter(|it| *it >= 0);
    number.ok_or_else(|| {
        let detail = format!("'{typed}' is not the number of a correction. Leave it out.");
        Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail).at("correction")
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_timestamp(1_800_000_000 + second, 0).expect("an instant")
    }

    fn change((second, person, points, merged): (i64, char, Points, i64)) -> Change<char> {
        Change { at: at(second), person, points, merged }
    }

    fn shown(ranked: &[RankedTotal<char>]) -> Vec<String> {
        let line =
            |it: &RankedTotal<char>| format!("{} {} {}", it.rank, it.total.person, it.total.points);
        ranked.iter().map(line).collect()
    }

    #[test]
    fn changes_of_one_instant_are_one_correction() {
        let all = [(1, 'a', -50, -1), (1, 'b', 10, 0), (2, 'a', 0, 0), (3, 'a', 50, 1)].map(change);
        let found = corrections(&all);
        let numbers: Vec<_> = found.iter().map(|it| (it.number, it.at, it.changes.len())).collect();
        assert_eq!(numbers, [(1, at(1), 2), (2, at(3), 1)]);
        // Later changes leave the earlier corrections as they are.
        assert_eq!(corrections(&all[..2]), found[..1]);
        assert!(corrections::<char>(&[]).is_empty());
    }

    #[test]
    fn results_are_ranked_anew_after_a_correction() {
        type Changes<'a> = &'a [(i64, char, Points, i64)];
        let results = [('a', 60, 1), ('b', 60, 1), ('c', 10, 0)]
            .map(|(person, points, merged)| PersonTotal { person, points, merged });
        let cases: [(Changes<'_>, &[&str]); 5] = [
            (&[], &["1 a 60", "1 b 60", "3 c 10"]),
            (&[(1, 'a', -50, -1)], &["1 b 60", "2 a 10", "2 c 10"]),
            (&[(1, 'c', 50, 1)], &["1 a 60", "1 b 60", "1 c 60"]),
            (&[(1, 'c', -10, 0), (2, 'd', 70, 1)], &["1 d 70", "2 a 60", "2 b 60"]),
            (&[(1, 'b', -80, -1)], &["1 a 60", "2 c 10", "3 b -20"]),
        ];
        for (changes, expected) in cases {
            let changes: Vec<_> = changes.iter().copied().map(change).collect();
            assert_eq!(shown(&corrected(&results, &corrections(&changes))), expected);
        }
    }

    proptest! {
        #[test]
        fn ranks_follow_the_points(
            results in prop::collection::vec((-50_i64..50, 0_i64..3), 0..12),
            changes in prop::collection::vec((0_i64..6, 0_usize..16, -40_i64..40), 0..12),
        ) {
            let mut results: Vec<_> = (results.into_iter().zip(0..))
                .map(|((points, merged), person)| PersonTotal { person, points, merged })
                .collect();
            results.sort_by_key(|it| -it.points);
            let mut changes: Vec<_> = (changes.into_iter())
                .map(|(second, person, points)| Change { at: at(second), person, points, merged: 0 })
                .collect();
            changes.sort_by_key(|it| it.at);
            let found = corrections(&changes);
            let ranked = corrected(&results, &found);
            for (row, place) in ranked.iter().zip(1..) {
                let better = ranked.iter().filter(|it| it.total.points > row.total.points);
                prop_assert_eq!((row.place, row.rank), (place, better.count() as i64 + 1));
            }
            let sum: i64 = ranked.iter().map(|it| it.total.points).sum();
            let before: i64 = results.iter().map(|it| it.points).sum();
            let added: i64 = changes.iter().map(|it| it.points).sum();
            prop_assert_eq!(sum, before + added);
        }
    }
}
