use std::{cmp::Ordering, collections::BTreeSet};

use platform::slug;

/// A skill: a tag of projects. Tags with the same slug are the same skill.
#[derive(Clone, Debug)]
pub struct Skill {
    pub slug: String,
    pub name: String,
}

impl PartialEq for Skill {
    fn eq(&self, other: &Self) -> bool {
        self.slug == other.slug
    }
}

impl Eq for Skill {}

impl PartialOrd for Skill {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Skill {
    fn cmp(&self, other: &Self) -> Ordering {
        self.slug.cmp(&other.slug)
    }
}

/// Returns the skills of a project by its tags. A tag without letters or digits is left out.
#[must_use]
pub fn skills_of(tags: &[String]) -> BTreeSet<Skill> {
    let skill = |tag: &String| {
        let slug = slug::from_name(&tag.replace('+', "p").replace('#', "sharp"))?;
        Some(Skill { slug, name: tag.clone() })
    };
    tags.iter().filter_map(skill).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_with_the_same_slug_are_one_skill() {
        let tags = ["Rust", "rust", "C++", "C#", "C", "日本", "?!"].map(str::to_owned);
        let skills = skills_of(&tags);
        let slugs: Vec<&str> = skills.iter().map(|skill| skill.slug.as_str()).collect();
        assert_eq!(slugs, ["c", "cpp", "csharp", "ri-ben", "rust"]);
    }
}
