//! The results of the judging of an event, in both modes.

use uuid::Uuid;

use super::{
    ranking::strengths,
    rounds::{Ranked, ranked},
    scores::{Look, scores},
};

/// The result of a project.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProjectResult {
    /// The project.
    pub project: Uuid,
    /// Its rank. Projects that are tied have the same.
    pub rank: usize,
    /// True if another project has the same rank.
    pub is_tied: bool,
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
/// how strict a judge is.
#[must_use]
pub fn of_scores(looks: &[Look<Uuid, Uuid>], projects: &[Uuid]) -> Vec<ProjectResult> {
    let scores = scores(looks).projects;
    let found = scores.iter().filter(|it| projects.contains(&it.project));
    let values: Vec<(Uuid, f64)> = found.map(|it| (it.project, it.normalized)).collect();
    let result = |place: &Ranked<Uuid>| {
        let score = scores.iter().find(|it| it.project == place.project)?;
        Some(ProjectResult {
            project: place.project,
            rank: place.rank,
            is_tied: place.is_tied,
            looks: score.looks,
            value: score.normalized,
            raw: Some(score.raw),
            trimmed: Some(score.trimmed),
        })
    };
    ranked(&values, &[]).iter().filter_map(result).collect()
}

/// Returns the results of judges' orders for the projects of an event. Others in them still count as beaten, or as better.
#[must_use]
pub fn of_orders(orders: &[Vec<Uuid>], projects: &[Uuid]) -> Vec<ProjectResult> {
    let strengths = strengths(orders);
    let found = strengths.iter().filter(|it| projects.contains(&it.project));
    let values: Vec<(Uuid, f64)> = found.map(|it| (it.project, it.strength)).collect();
    let result = |place: &Ranked<Uuid>| {
        let strength = strengths.iter().find(|it| it.project == place.project)?;
        Some(ProjectResult {
            project: place.project,
            rank: place.rank,
            is_tied: place.is_tied,
            looks: strength.looks,
            value: strength.chance(),
            raw: None,
            trimmed: None,
        })
    };
    ranked(&values, &[]).iter().filter_map(result).collect()
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
        let look = |judge, project, points| Look {
            judge: id(judge),
            project: id(project),
            points,
        };
        let looks = [look(8, 1, 40.0), look(8, 2, 60.0), look(8, 3, 90.0)];
        let results = of_scores(&looks, &[id(1), id(2), id(4)]);
        assert_eq!(ranks(&results), [(2, 1, false), (1, 2, false)]);
        assert_eq!(results[0].raw, Some(60.0));
        let orders = [vec![id(3), id(2), id(1)], vec![id(3), id(1), id(2)]];
        let results = of_orders(&orders, &[id(1), id(2)]);
        assert_eq!(ranks(&results), [(1, 1, true), (2, 1, true)]);
        assert!(results[0].value < 50.0 && results[0].raw.is_none());
    }
}
