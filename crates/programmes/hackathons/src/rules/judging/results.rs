//! The results of the judging of an event, in both modes.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{
    ranking::strengths,
    rounds::{Ranked, ranked},
    scores::{JudgedLook, scores},
};

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProjectResult {
    pub project: Uuid,
    /// The round of the result, from 1.
    pub round: i64,
    /// Its rank. Projects that are tied have the same.
    pub rank: usize,
    /// The rank that the projects of its tie have together without a decision.
    pub shared_rank: usize,
    /// True if another project has the same rank.
    pub is_tied: bool,
    /// True if a decision settled its tie.
    pub is_decided: bool,
    /// The number of judges who judged it.
    pub looks: usize,
    /// The number that it is ranked by: normalized points, or the percentage of comparisons with an average project that it wins.
    pub value: f64,
    /// The mean of the points as judges gave them; `None` if judges ranked.
    pub raw: Option<f64>,
    /// The trimmed mean of the normalized points; `None` if judges ranked.
    pub trimmed: Option<f64>,
}

/// Returns the results of points for the projects of an event. Looks at others, which were withdrawn or disqualified, still say
/// how strict a judge is. The decisions settle ties.
#[must_use]
pub fn of_scores(
    looks: &[JudgedLook<Uuid, Uuid>],
    projects: &[Uuid],
    decisions: &[Vec<Uuid>],
) -> Vec<ProjectResult> {
    let scores = scores(looks).projects;
    let found = scores.iter().filter(|it| projects.contains(&it.project));
    let values: Vec<(Uuid, f64)> = found.map(|it| (it.project, it.normalized)).collect();
    let result = |place: &Ranked<Uuid>| {
        let score = scores.iter().find(|it| it.project == place.project)?;
        Some(ProjectResult {
            project: place.project,
            round: 1,
            rank: place.rank,
            shared_rank: place.shared_rank,
            is_tied: place.is_tied,
            is_decided: place.is_decided,
            looks: score.looks,
            value: score.normalized,
            raw: Some(score.raw),
            trimmed: Some(score.trimmed),
        })
    };
    ranked(&values, decisions).iter().filter_map(result).collect()
}

/// Returns the results of judges' orders for the projects of an event. Others in them still count as beaten, or as better.
/// The decisions settle ties.
#[must_use]
pub fn of_orders(
    orders: &[Vec<Uuid>],
    projects: &[Uuid],
    decisions: &[Vec<Uuid>],
) -> Vec<ProjectResult> {
    let strengths = strengths(orders);
    let found = strengths.iter().filter(|it| projects.contains(&it.project));
    let values: Vec<(Uuid, f64)> = found.map(|it| (it.project, it.strength)).collect();
    let result = |place: &Ranked<Uuid>| {
        let strength = strengths.iter().find(|it| it.project == place.project)?;
        Some(ProjectResult {
            project: place.project,
            round: 1,
            rank: place.rank,
            shared_rank: place.shared_rank,
            is_tied: place.is_tied,
            is_decided: place.is_decided,
            looks: strength.looks,
            value: strength.chance(),
            raw: None,
            trimmed: None,
        })
    };
    ranked(&values, decisions).iter().filter_map(result).collect()
}

/// Returns the standings after rounds, of the results of each round from the first to the last: the last one decides, and projects
/// without a result in it come after by the round before.
#[must_use]
pub fn standings(rounds: &[Vec<ProjectResult>]) -> Vec<ProjectResult> {
    let (mut all, mut placed) = (Vec::new(), BTreeSet::new());
    for round in rounds.iter().rev() {
        let left = round.iter().filter(|it| !placed.contains(&it.project));
        let left: Vec<ProjectResult> = left.copied().collect();
        let before = all.len() + 1;
        let (ranks, shared) =
            (firsts(left.iter().map(|it| it.rank)), firsts(left.iter().map(|it| it.shared_rank)));
        for (index, it) in left.iter().enumerate() {
            let has_same = |other: usize| ranks.get(other) == Some(&ranks[index]);
            all.push(ProjectResult {
                rank: before + ranks[index],
                shared_rank: before + shared[index],
                is_tied: has_same(index + 1) || (index > 0 && has_same(index - 1)),
                ..*it
            });
        }
        placed.extend(left.iter().map(|it| it.project));
    }
    all
}

/// Returns for each of these numbers, which are in order, the index of the first one that is equal.
fn firsts(numbers: impl Iterator<Item = usize>) -> Vec<usize> {
    let (mut firsts, mut last) = (Vec::new(), None);
    for (index, number) in numbers.enumerate() {
        match last {
            Some((same, first)) if same == number => firsts.push(first),
            _ => {
                last = Some((number, index));
                firsts.push(index);
            }
        }
    }
    firsts
}

impl ProjectResult {
    /// Returns the rank in words, such as `Tied 2nd`.
    #[must_use]
    pub fn place(&self) -> String {
        if self.is_tied { format!("Tied {}", ordinal(self.rank)) } else { ordinal(self.rank) }
    }
}

/// Returns a number as it is said, such as `22nd`.
fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn ranks(results: &[ProjectResult]) -> Vec<(u128, usize, bool)> {
        let rank = |it: &ProjectResult| (it.project.as_u128(), it.rank, it.is_tied);
        results.iter().map(rank).collect()
    }

    #[test]
    fn projects_that_left_are_not_listed() {
        let look =
            |judge, project, points| JudgedLook { judge: id(judge), project: id(project), points };
        let looks = [look(8, 1, 40.0), look(8, 2, 60.0), look(8, 3, 90.0)];
        let results = of_scores(&looks, &[id(1), id(2), id(4)], &[]);
        assert_eq!(ranks(&results), [(2, 1, false), (1, 2, false)]);
        assert_eq!(results[0].raw, Some(60.0));
        let orders = [vec![id(3), id(2), id(1)], vec![id(3), id(1), id(2)]];
        let results = of_orders(&orders, &[id(1), id(2)], &[vec![id(2), id(1)]]);
        assert_eq!(ranks(&results), [(2, 1, false), (1, 2, false)]);
        assert!(results.iter().all(|it| it.is_decided));
        let results = of_orders(&orders, &[id(1), id(2)], &[]);
        assert_eq!(ranks(&results), [(1, 1, true), (2, 1, true)]);
        assert!(results[0].value < 50.0 && results[0].raw.is_none());
    }

    #[test]
    fn ranks_are_said_as_places() {
        let all = [1, 2, 3, 4, 11, 12, 13, 21, 22, 103, 111].map(ordinal);
        let said =
            ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "103rd", "111th"];
        assert_eq!(all, said);
        let looks =
            [1, 2].map(|project| JudgedLook { judge: id(8), project: id(project), points: 40.0 });
        let places: Vec<String> =
            (of_scores(&looks, &[id(1), id(2)], &[]).iter()).map(ProjectResult::place).collect();
        assert_eq!(places, ["Tied 1st", "Tied 1st"]);
    }

    #[test]
    fn the_last_round_decides_and_others_follow_by_their_round() {
        let of = |round: i64, values: &[(u128, f64)], decisions: &[Vec<Uuid>]| {
            let looks: Vec<_> = (values.iter())
                .map(|(project, points)| JudgedLook {
                    judge: id(9),
                    project: id(*project),
                    points: *points,
                })
                .collect();
            let projects: Vec<Uuid> = values.iter().map(|it| id(it.0)).collect();
            let results = of_scores(&looks, &projects, decisions).into_iter();
            let results = results.map(|it| ProjectResult { round, ..it });
            results.collect::<Vec<_>>()
        };
        let values = [(1, 90.0), (2, 80.0), (3, 70.0), (4, 50.0), (5, 50.0), (6, 40.0)];
        let first = of(1, &values, &[]);
        assert_eq!(standings(std::slice::from_ref(&first)), first);
        // Of those that went forward, 1 was not judged again: it comes before those that did not.
        let last = of(2, &[(2, 60.0), (3, 90.0)], &[]);
        let all = standings(&[first, last.clone()]);
        let found: Vec<_> =
            (all.iter()).map(|it| (it.project.as_u128(), it.place(), it.round)).collect();
        let places = [
            (3, "1st", 2),
            (2, "2nd", 2),
            (1, "3rd", 1),
            (4, "Tied 4th", 1),
            (5, "Tied 4th", 1),
            (6, "6th", 1),
        ];
        assert_eq!(found, places.map(|it| (it.0, it.1.to_owned(), it.2)));
        // A decision of the first round still orders those that stayed.
        let first = of(1, &values, &[vec![id(5), id(4)]]);
        let all = standings(&[first, last]);
        assert_eq!(ranks(&all)[3..5], [(5, 4, false), (4, 5, false)]);
        assert_eq!((all[3].shared_rank, all[4].shared_rank), (4, 4));
    }
}
