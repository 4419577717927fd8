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

/// Tags that the same projects have, with what a person did there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The tags, the strongest first.
    pub tags: Vec<String>,
    pub merged: i64,
    /// The projects with merges, the one with the most first.
    pub projects: Vec<String>,
    /// The pull request that was merged last in that project.
    pub last: Option<Uuid>,
}

/// Returns what shows the skills of a person: their merges by tag, the strongest first. Tags with the same projects are
/// joined, since one fact shows them all. `contributed` is in the order of merges.
#[must_use]
pub fn evidence(contributed: &[ProjectActivity]) -> Vec<Evidence> {
    let mut found: Vec<Evidence> = Vec::new();
    for skill in skills(contributed) {
        let of_tag = contributed.iter().filter(|it| it.merged > 0 && it.tags.contains(&skill.tag));
        let shown: Vec<&ProjectActivity> = of_tag.collect();
        let Some(first) = shown.first() else { continue };
        let projects: Vec<String> = shown.iter().map(|it| it.name.clone()).collect();
        match found.iter_mut().find(|it| it.projects == projects) {
            Some(same) => same.tags.push(skill.tag),
            None => found.push(Evidence {
                tags: vec![skill.tag],
                merged: shown.iter().map(|it| it.merged).sum(),
                projects,
                last: first.last,
            }),
        }
    }
    found
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
    fn tags_with_the_same_projects_have_one_evidence() {
        let in_project = |name: &str, tags: &[&str], merged| ProjectActivity {
            name: name.to_owned(),
            merged,
            last: Some(Uuid::from_u128(merged.unsigned_abs().into())),
            ..contributed(tags, merged + 1, 10 * merged)
        };
        let found = evidence(&[
            in_project("Quill", &["rust", "cli", "data"], 5),
            in_project("Lantern", &["rust"], 3),
            in_project("Reef", &["maps"], 0),
        ]);
        let shown: Vec<_> = found.iter().map(|it| (it.tags.join(" "), it.merged)).collect();
        assert_eq!(shown, [("rust".to_owned(), 8), ("cli data".to_owned(), 5)]);
        assert_eq!(found[0].projects, ["Quill", "Lantern"]);
        assert_eq!(found[0].last, Some(Uuid::from_u128(5)));
        assert_eq!(evidence(&[]), []);
    }
}
