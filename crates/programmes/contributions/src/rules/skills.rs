//! Skills, which follow from the tags of the projects that a person contributes to.

use std::collections::BTreeMap;

use kernel::Points;

/// A person's contributions to the projects with the same tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaggedContributions {
    pub tags: Vec<String>,
    pub pull_requests: i64,
    pub points: Points,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Skill {
    pub tag: String,
    /// The strength in percent: 60 % of the share of pull requests, and 40 % of the share of points.
    pub strength: f64,
    pub pull_requests: i64,
    pub points: Points,
}

/// Returns the skills of a person, the strongest first. A pull request counts for each tag of its project, so that the
/// strengths may add up to more than 100 %. Negative points count as 0.
#[must_use]
pub fn skills(contributed: &[TaggedContributions]) -> Vec<Skill> {
    let sum = |of: fn(&TaggedContributions) -> i64| contributed.iter().map(of).sum::<i64>();
    let (all, points) = (sum(|it| it.pull_requests), sum(|it| it.points.max(0)));
    let mut by_tag: BTreeMap<&str, (i64, Points)> = BTreeMap::new();
    for project in contributed {
        for tag in &project.tags {
            let own = by_tag.entry(tag).or_default();
            own.0 += project.pull_requests;
            own.1 += project.points.max(0);
        }
    }
    let share = |part: i64, whole: i64| 100.0 * part as f64 / whole.max(1) as f64;
    let skill = |(tag, (pull_requests, own)): (&str, (i64, Points))| Skill {
        tag: tag.to_owned(),
        strength: 0.6 * share(pull_requests, all) + 0.4 * share(own, points),
        pull_requests,
        points: own,
    };
    let mut skills: Vec<Skill> = by_tag.into_iter().map(skill).collect();
    skills.sort_by(|a, b| b.strength.total_cmp(&a.strength));
    skills
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contributed(tags: &[&str], pull_requests: i64, points: Points) -> TaggedContributions {
        TaggedContributions {
            tags: tags.iter().map(ToString::to_string).collect(),
            pull_requests,
            points,
        }
    }

    #[test]
    fn a_skill_joins_the_shares_of_pull_requests_and_of_points() {
        let found = skills(&[
            contributed(&["rust", "cli"], 6, 300),
            contributed(&["rust"], 2, 100),
            contributed(&["docs"], 2, -20),
        ]);
        let found: Vec<_> =
            found.iter().map(|skill| (&*skill.tag, skill.strength.round())).collect();
        assert_eq!(found, [("rust", 88.0), ("cli", 66.0), ("docs", 12.0)]);
        assert_eq!(skills(&[]), []);
        let without_points = skills(&[contributed(&["rust"], 3, 0)]);
        assert_eq!(without_points[0].strength, 60.0);
    }
}
