//! Ranks, ties, and the projects that move on to the next round.

use kernel::{Problem, ProblemKind, counted};

use crate::rules::invalid;

/// The maximum number of projects that move on.
pub const MOST_CARRIED: usize = 1_000;

/// The number of equal parts of a point. Values that are equal after rounding to them are a tie, because sums of floating point
/// numbers differ by less.
const PARTS: f64 = 1e6;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked<P> {
    pub project: P,
    pub value: f64,
    /// The rank: one more than the number of projects before it.
    pub rank: usize,
    /// The rank that the projects of its tie have together without a decision.
    pub shared_rank: usize,
    /// True if another project has the same rank.
    pub is_tied: bool,
    /// True if a decision settled its tie.
    pub is_decided: bool,
}

/// Ranks projects by their values, of which the highest is the best. Equal values are a tie: its projects have the same rank, in
/// the order of their keys. A decision lists the projects of one tie in the order that settles it; it has no effect if the tie has
/// other projects.
#[must_use]
pub fn ranked<P: Copy + Ord>(values: &[(P, f64)], decisions: &[Vec<P>]) -> Vec<Ranked<P>> {
    let mut sorted: Vec<(P, f64)> = values.to_vec();
    sorted.sort_by(|a, b| rounded(b.1).total_cmp(&rounded(a.1)).then(a.0.cmp(&b.0)));
    let ties = sorted.chunk_by(|a, b| rounded(a.1) == rounded(b.1));
    let mut ranked = Vec::with_capacity(sorted.len());
    for tie in ties {
        let decision = decisions.iter().rev().find(|it| settles(it, tie));
        let first = ranked.len() + 1;
        let place = |project| decision.and_then(|it| it.iter().position(|other| *other == project));
        let mut settled: Vec<Ranked<P>> = (tie.iter())
            .map(|(project, value)| Ranked {
                project: *project,
                value: *value,
                rank: first + place(*project).unwrap_or(0),
                shared_rank: first,
                is_tied: tie.len() > 1 && decision.is_none(),
                is_decided: decision.is_some(),
            })
            .collect();
        settled.sort_by_key(|it| it.rank);
        ranked.extend(settled);
    }
    ranked
}

/// Returns the value that ties compare. Zero has one sign.
fn rounded(value: f64) -> f64 {
    (value * PARTS).round() + 0.0
}

/// Returns whether a decision is about exactly the projects of a tie.
fn settles<P: Copy + Ord>(decision: &[P], tie: &[(P, f64)]) -> bool {
    let mut decided = decision.to_vec();
    decided.sort();
    let mut tied: Vec<P> = tie.iter().map(|(project, _)| *project).collect();
    tied.sort();
    tie.len() > 1 && decided == tied
}

/// Refuses to close a round while teams can submit by a later deadline of their own: their projects would be in no round.
///
/// # Errors
/// When there are such teams.
pub fn round_of_all(extended: i64) -> Result<(), Problem> {
    match extended {
        0 => Ok(()),
        _ => {
            let detail = format!(
                "{} still submit by a later deadline. Close the round after it.",
                counted(extended, "team can", "teams can")
            );
            Err(Problem::new(ProblemKind::Conflict, "SUBMISSION_OPEN", detail))
        }
    }
}

/// Returns the projects that move on, of projects with their ranks: those of the first `number` ranks, with all of a tie at the
/// border.
#[must_use]
pub fn forward<P: Copy>(ranks: &[(P, usize)], number: usize) -> Vec<P> {
    let is_forward = |(_, rank): &&(P, usize)| *rank <= number;
    let forward = ranks.iter().filter(is_forward);
    forward.map(|(project, _)| *project).collect()
}

/// The numbers that decide whether a round can be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The number of projects in the round.
    pub projects: usize,
    /// The number of projects with a result.
    pub ranked: usize,
    /// The number of projects that move on.
    pub forward: usize,
    /// The number of projects that lack looks.
    pub lacking: usize,
    /// True if the organizer closes it although projects lack scores.
    pub is_confirmed: bool,
}

/// Validates the number of projects that move on.
///
/// # Errors
/// When it is not from 1 to 1,000.
pub fn carried(number: i64) -> Result<usize, Problem> {
    let found = usize::try_from(number).ok();
    found.filter(|it| (1..=MOST_CARRIED).contains(it)).ok_or_else(|| {
        let detail = format!("Enter a number from 1 to {MOST_CARRIED}, not {number}.");
        invalid("carried", detail)
    })
}

impl Closing {
    /// Refuses to close a round that would move every project on, or only by accident.
    ///
    /// # Errors
    /// When nothing is judged, all projects would move on, or projects lack scores and the organizer has not confirmed it.
    pub fn allowed(self) -> Result<(), Problem> {
        if self.ranked == 0 {
            let detail = "No project of this round is judged yet.";
            return Err(Problem::new(ProblemKind::Conflict, "NO_SCORES", detail));
        }
        if self.forward >= self.projects {
            let detail = format!(
                "All {} projects would move on. Choose a smaller number, or decide the tie first.",
                self.projects
            );
            return Err(Problem::new(ProblemKind::Conflict, "ROUND_CARRIES_ALL", detail));
        }
        if self.lacking > 0 && !self.is_confirmed {
            let lacking = i64::try_from(self.lacking).unwrap_or(i64::MAX);
            let detail = format!(
                "{} fewer scores than planned. Let judges finish, or confirm that you close the round anyway.",
                kernel::counted(lacking, "project has", "projects have")
            );
            return Err(Problem::new(ProblemKind::Conflict, "LOOKS_MISSING", detail));
        }
        Ok(())
    }
}

/// Returns the error for a round that is closed.
#[must_use]
pub fn round_closed(number: i64) -> Problem {
    let detail = format!("Round {number} is closed. Reload the page.");
    Problem::new(ProblemKind::Conflict, "ROUND_CLOSED", detail)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VALUES: [(char, f64); 5] =
        [('a', 70.0), ('b', 90.0), ('c', 70.0), ('d', 70.000_000_1), ('e', 10.0)];

    fn pairs<P: Copy>(ranked: &[Ranked<P>]) -> Vec<(P, usize)> {
        ranked.iter().map(|it| (it.project, it.rank)).collect()
    }

    fn ranks(decisions: &[Vec<char>]) -> Vec<(char, usize, bool)> {
        let ranked = ranked(&VALUES, decisions);
        ranked.iter().map(|it| (it.project, it.rank, it.is_tied)).collect()
    }

    #[test]
    fn ties_share_a_rank_until_a_decision_settles_them() {
        let tied =
            [('b', 1, false), ('a', 2, true), ('c', 2, true), ('d', 2, true), ('e', 5, false)];
        assert_eq!(ranks(&[]), tied);
        let settled =
            [('b', 1, false), ('d', 2, false), ('a', 3, false), ('c', 4, false), ('e', 5, false)];
        let decision = vec!['d', 'a', 'c'];
        assert_eq!(ranks(std::slice::from_ref(&decision)), settled);
        assert_eq!(ranks(&[vec!['c', 'd', 'a'], decision]), settled);
        for other in [vec!['d', 'a'], vec!['d', 'a', 'e'], vec!['b'], vec!['d', 'd', 'a', 'c']] {
            assert_eq!(ranks(&[other]), tied);
        }
    }

    #[test]
    fn a_tie_at_the_border_goes_forward_as_a_whole() {
        for (number, expected) in
            [(0, ""), (1, "b"), (2, "bacd"), (4, "bacd"), (5, "bacde"), (9, "bacde")]
        {
            let forward: String =
                forward(&pairs(&ranked(&VALUES, &[])), number).into_iter().collect();
            assert_eq!(forward, expected, "{number}");
        }
        let decided = ranked(&VALUES, &[vec!['c', 'd', 'a']]);
        assert_eq!(forward(&pairs(&decided), 2), ['b', 'c']);
        assert!(decided[1].is_decided && !decided[0].is_decided);
        assert!(decided[1..4].iter().all(|it| it.shared_rank == 2));
    }

    #[test]
    fn a_round_closes_only_if_it_decides_and_looks_are_there() {
        let fine = Closing { projects: 5, ranked: 4, forward: 2, lacking: 0, is_confirmed: false };
        let lacking = Closing { lacking: 1, ..fine };
        for (closing, expected) in [
            (fine, None),
            (Closing { ranked: 0, ..fine }, Some("NO_SCORES")),
            (Closing { forward: 5, ..fine }, Some("ROUND_CARRIES_ALL")),
            (Closing { forward: 4, ..fine }, None),
            (lacking, Some("LOOKS_MISSING")),
            (Closing { is_confirmed: true, ..lacking }, None),
        ] {
            let code = closing.allowed().err().map(|problem| problem.code);
            assert_eq!(code, expected, "{closing:?}");
        }
        for (number, expected) in
            [(0, false), (1, true), (1_000, true), (1_001, false), (-1, false)]
        {
            assert_eq!(carried(number).is_ok(), expected, "{number}");
        }
    }

    proptest! {
        /// A rank is one more than the number of better projects, and at least the asked number goes forward.
        #[test]
        fn ranks_count_better_projects(values in prop::collection::vec(-3_i8..3, 0..12), number in 0_usize..14) {
            let values: Vec<(usize, f64)> = values.into_iter().map(f64::from).enumerate().collect();
            let ranked = ranked(&values, &[]);
            prop_assert_eq!(ranked.len(), values.len());
            for it in &ranked {
                prop_assert_eq!(it.rank, values.iter().filter(|(_, value)| *value > it.value).count() + 1);
                prop_assert_eq!(it.is_tied, values.iter().filter(|(_, value)| *value == it.value).count() > 1);
            }
            let forward = forward(&pairs(&ranked), number);
            prop_assert!(forward.len() >= number.min(values.len()));
        }
    }
}
