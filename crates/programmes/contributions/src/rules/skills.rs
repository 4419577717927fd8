//! Skills, which follow from the tags of the projects that a person contributes to.

use std::collections::BTreeMap;

use kernel::Points;
use uuid::Uuid;

/// A person's contributions to a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectActivity {
    pub name: String,
    pub tags: Vec<String>,
    pub pull_requests: i64,
    pub merged: i64,
    pub points: Points,
    /// The pull request that was merged last.
    pub last: Option<Uuid>,
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
pub fn skills(contributed: &[ProjectActivity]) -> Vec<Skill> {
    let sum = |of: fn(&ProjectActivity) -> i64| contributed.iter().map(of).sum::<i64>();
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

/// The number of merges from which a skill is more than learned.
const ENOUGH: i64 = 5;

/// A skill, with what a person did that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub tag: String,
    pub merged: i64,
    /// The projects with merges, the one with the most first, each with the pull request that was merged last in it.
    pub projects: Vec<(String, Option<Uuid>)>,
}

impl Evidence {
    /// Returns true if there is so little of it that the person is still learning.
    #[must_use]
    pub const fn is_little(&self) -> bool {
        self.merged < ENOUGH
    }
}

/// Returns what shows the skills of a person: their merges by tag, the strongest skill first. `contributed` is in the order of
/// merges.
#[must_use]
pub fn evidence(contributed: &[ProjectActivity]) -> Vec<Evidence> {
    let of = |skill: Skill| {
        let of_tag = contributed.iter().filter(|it| it.merged > 0 && it.tags.contains(&skill.tag));
        let shown: Vec<&ProjectActivity> = of_tag.collect();
        (!shown.is_empty()).then(|| Evidence {
            merged: shown.iter().map(|it| it.merged).sum(),
            projects: shown.iter().map(|it| (it.name.clone(), it.last)).collect(),
            tag: skill.tag,
        })
    };
    skills(contributed).into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contributed(tags: &[&str], pull_requests: i64, points: Points) -> ProjectActivity {
        ProjectActivity {
            tags: tags.iter().map(ToString::to_string).collect(),
            pull_requests,
            points,
            ..ProjectActivity::default()
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

    #[test]
    fn each_tag_has_its_evidence() {
        let in_project = |name: &str, tags: &[&str], merged| ProjectActivity {
            name: name.to_owned(),
            merged,
            last: Some(Uuid::from_u128(merged.unsigned_abs().into())),
            ..contributed(tags, merged + 1, 10 * merged)
        };
        let found = evidence(&[
            in_project("Quill", &["rust", "cli", "data"], 5),
            in_project("Lantern", &["rust", "web"], 3),
            in_project("Reef", &["maps"], 0),
        ]);
        let shown: Vec<_> = found.iter().map(|it| (&*it.tag, it.merged, it.is_little())).collect();
        assert_eq!(
            shown,
            [("rust", 8, false), ("cli", 5, false), ("data", 5, false), ("web", 3, true)]
        );
        let last = |id| Some(Uuid::from_u128(id));
        assert_eq!(
            found[0].projects,
            [("Quill".to_owned(), last(5)), ("Lantern".to_owned(), last(3))]
        );
        assert_eq!(evidence(&[]), []);
    }
}
