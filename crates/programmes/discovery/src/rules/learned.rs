//! The person that issues are matched with: what they state, and what their merged pull requests show.

use super::{phrases::Text, skills::skills};
use crate::model::{Dismissal, MergedWork, Person, Preferences};

/// The number of newest merged issues whose difficulty is kept.
const NEWEST: usize = 5;

/// Returns the person, from their preferences, their merged pull requests (newest first) and the issues that they dismissed
/// (newest first).
#[must_use]
pub fn learned(
    preferences: &Preferences,
    merged: &[MergedWork],
    dismissed: Vec<Dismissal>,
) -> Person {
    let mut person = Person {
        merged: merged.len() as i64,
        interests: preferences.interests.clone(),
        excluded: preferences.excluded.clone(),
        types: preferences.types.clone(),
        level: preferences.level,
        max_complexity: Some(preferences.max_complexity),
        min_impact: Some(preferences.min_impact),
        hours_a_week: preferences.hours_a_week,
        dismissed,
        ..Person::default()
    };
    for work in merged {
        *person.merged_in.entry(work.repository).or_default() += 1;
        if let Some(language) = &work.language {
            *person.languages.entry(language.clone()).or_default() += 1;
        }
        for skill in shown(work) {
            *person.skills.entry(skill).or_default() += 1;
        }
        if let Some((_, complexity)) = &work.closed
            && person.recent_complexities.len() < NEWEST
        {
            person.recent_complexities.push(*complexity);
        }
    }
    for skill in &preferences.skills {
        person.skills.entry(skill.clone()).or_default();
    }
    for language in &preferences.languages {
        person.languages.entry(language.clone()).or_default();
    }
    person
}

/// Returns the skills that a merged pull request shows: those of the issue that it closed, and those that its title, its
/// labels and the topics of its repository name.
fn shown(work: &MergedWork) -> Vec<String> {
    let title = Text::read(&work.title);
    let mut all = skills(&work.labels, &work.topics, &title, &Text::read(""));
    if let Some((of_issue, _)) = &work.closed {
        all.extend(of_issue.iter().cloned());
    }
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn work(repository: u128, title: &str, closed: Option<(&[&str], f64)>) -> MergedWork {
        let owned = |skills: &[&str]| skills.iter().map(|&own| own.to_owned()).collect();
        MergedWork {
            repository: Uuid::from_u128(repository),
            title: title.to_owned(),
            labels: Vec::new(),
            topics: Vec::new(),
            language: Some("Rust".to_owned()),
            closed: closed.map(|(skills, complexity)| (owned(skills), complexity)),
        }
    }

    #[test]
    fn merged_pull_requests_count_once_a_skill() {
        let merged = [
            work(1, "Add migrations", Some((&["databases"], 4.0))),
            work(1, "Rename a field", None),
            work(2, "Draw a chart", Some((&["caching"], 2.0))),
        ];
        let person = learned(&Preferences::default(), &merged, Vec::new());
        assert_eq!(person.merged, 3);
        assert_eq!(person.merged_in[&Uuid::from_u128(1)], 2);
        assert_eq!(person.languages["Rust"], 3);
        assert_eq!(person.skills["databases"], 1, "{:?}", person.skills);
        assert_eq!(person.skills["caching"], 1);
        assert_eq!(person.recent_complexities, [4.0, 2.0], "newest first");
    }

    #[test]
    fn stated_skills_count_without_merges_and_never_lower_them() {
        let stated = Preferences {
            skills: vec!["databases".to_owned(), "networking".to_owned()],
            languages: vec!["Rust".to_owned(), "Go".to_owned()],
            ..Preferences::default()
        };
        let merged = [work(1, "Add migrations", None)];
        let person = learned(&stated, &merged, Vec::new());
        let skills = [("databases", 1), ("networking", 0)];
        let own: Vec<(&str, i64)> =
            (person.skills.iter()).map(|(skill, count)| (skill.as_str(), *count)).collect();
        assert_eq!(own, skills);
        assert_eq!((person.languages["Rust"], person.languages["Go"]), (1, 0));
    }
}
