//! Recorded decisions that settle ties.

use kernel::{Problem, ProblemKind, typed};
use uuid::Uuid;

use crate::rules::invalid;

/// The maximum number of characters of the reason of a decision.
pub const REASON: usize = 500;

/// A decision about the projects of a tie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision<P> {
    /// The projects of the tie, the best first.
    pub projects: Vec<P>,
    /// True if their order settles the tie; false if they stay tied, which undoes an earlier decision.
    pub is_settled: bool,
}

/// Returns the orders of the decisions that are in force, of decisions from the earliest to the latest. A later decision about the
/// same projects replaces an earlier one.
#[must_use]
pub fn in_force<P: Copy + Ord>(decisions: &[Decision<P>]) -> Vec<Vec<P>> {
    let mut orders: Vec<Vec<P>> = Vec::new();
    for decision in decisions {
        orders.retain(|it| sorted(it) != sorted(&decision.projects));
        if decision.is_settled {
            orders.push(decision.projects.clone());
        }
    }
    orders
}

fn sorted<P: Copy + Ord>(projects: &[P]) -> Vec<P> {
    let mut sorted = projects.to_vec();
    sorted.sort();
    sorted
}

/// Validates the reason of a decision.
///
/// # Errors
/// When it is missing, too long or not one line.
pub fn reason(typed: &str) -> Result<String, Problem> {
    typed::line(typed, "The reason", REASON).map_err(|detail| invalid("reason", detail))
}

/// Returns projects in the order of the places that were typed for them.
///
/// # Errors
/// When a place is not a number, or they are not the numbers from 1 to that of the projects, each once.
pub fn placed(projects: &[(Uuid, &str)]) -> Result<Vec<Uuid>, Problem> {
    let number = |(project, place): &(Uuid, &str)| Some((place.trim().parse().ok()?, *project));
    let places: Option<Vec<(usize, Uuid)>> = projects.iter().map(number).collect();
    let mut places = places.unwrap_or_default();
    places.sort_unstable();
    let are_all = places.len() == projects.len();
    if are_all && places.iter().map(|it| it.0).eq(1..=projects.len()) {
        Ok(places.into_iter().map(|(_, project)| project).collect())
    } else {
        let most = projects.len();
        let detail = format!("Give each project a place of its own, from 1 to {most}.");
        Err(invalid("places", detail))
    }
}

/// Returns the error for projects that are not one tie.
#[must_use]
pub fn not_tied() -> Problem {
    let detail =
        "These are not the projects of one tie. Scores may have changed. Read the results again.";
    Problem::new(ProblemKind::Conflict, "NOT_TIED", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(projects: &str, is_settled: bool) -> Decision<char> {
        Decision { projects: projects.chars().collect(), is_settled }
    }

    #[test]
    fn a_later_decision_replaces_an_earlier_one_about_the_same_projects() {
        let all = [
            decision("ab", true),
            decision("cd", true),
            decision("abc", true),
            decision("ba", true),
        ];
        let orders = |decisions: &[Decision<char>]| -> Vec<String> {
            let orders = in_force(decisions).into_iter();
            orders.map(|it| it.into_iter().collect()).collect()
        };
        assert_eq!(orders(&all), ["cd", "abc", "ba"]);
        let undone = [&all[..], &[decision("dc", false)]].concat();
        assert_eq!(orders(&undone), ["abc", "ba"]);
        let again = [&undone[..], &[decision("dc", true)]].concat();
        assert_eq!(orders(&again), ["abc", "ba", "dc"]);
    }

    #[test]
    fn each_project_has_a_place_of_its_own() {
        let [a, b, c] = [1, 2, 3].map(Uuid::from_u128);
        let order = placed(&[(a, "3"), (b, " 1 "), (c, "2")]);
        assert_eq!(order, Ok(vec![b, c, a]));
        assert_eq!(placed(&[]), Ok(Vec::new()));
        for places in [
            ["1", "1", "2"],
            ["1", "2", "4"],
            ["0", "1", "2"],
            ["1", "2", ""],
            ["1", "2", "x"],
            ["-1", "1", "2"],
        ] {
            let typed = [(a, places[0]), (b, places[1]), (c, places[2])];
            let problem = placed(&typed).expect_err("refused");
            assert_eq!(problem.field, Some("places"), "{places:?}");
        }
    }
}
