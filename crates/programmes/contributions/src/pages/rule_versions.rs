//! The versions of a project's rules, with their changes.

use ui::format::{Instant, Number};

use crate::{
    reads::RulesVersion,
    rules::rule_words::{RuleChange, StatedRule, changes, stated_rules},
};

pub(super) struct Version {
    pub(super) number: Number,
    pub(super) published: Instant,
    pub(super) stated: Vec<StatedRule>,
    /// The differences from the previous version.
    pub(super) changes: Vec<RuleChange>,
    pub(super) is_first: bool,
    pub(super) is_current: bool,
}

/// The rules that matter most to someone who starts.
const BRIEF: [&str; 5] = ["Opened", "Merged", "Size bonus", "Cap", "Spam"];

impl Version {
    /// Returns the rules that matter most to someone who starts.
    pub(super) fn brief(&self) -> impl Iterator<Item = &StatedRule> {
        let stated = self.stated.iter();
        stated.filter(|stated| BRIEF.contains(&stated.rule))
    }
}

/// Returns the versions for the page, latest first; `versions` are oldest first.
pub(super) fn of(versions: &[RulesVersion]) -> Vec<Version> {
    let stated = versions.iter();
    let stated: Vec<_> = stated.map(|version| stated_rules(&version.rules())).collect();
    let version = |(place, version): (usize, &RulesVersion)| Version {
        number: Number(version.version),
        published: Instant(version.published_at),
        changes: match place.checked_sub(1) {
            Some(before) => changes(&stated[before], &stated[place]),
            None => Vec::new(),
        },
        stated: stated[place].clone(),
        is_first: place == 0,
        is_current: place + 1 == versions.len(),
    };
    versions.iter().enumerate().rev().map(version).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(version: i64, document: &str) -> RulesVersion {
        RulesVersion {
            version,
            document: document.to_owned(),
            published_at: "2026-10-02T08:00:00Z".parse().expect("an instant"),
        }
    }

    #[test]
    fn every_rule_in_brief_exists() {
        let versions = of(&[version(1, "{}")]);
        assert_eq!(versions[0].brief().count(), BRIEF.len());
    }

    #[test]
    fn a_version_lists_its_changes() {
        let versions = of(&[
            version(1, "{}"),
            version(2, r#"{"merged": 60}"#),
            version(3, r#"{"merged": 60}"#),
        ]);
        assert_eq!(versions[0].number, Number(3), "latest first");
        assert!(versions[0].is_current && versions[0].changes.is_empty());
        let change = RuleChange {
            rule: "Merged",
            before: "50 points".to_owned(),
            after: "60 points".to_owned(),
        };
        assert_eq!(versions[1].changes, [change]);
        assert!(versions[2].is_first && versions[2].changes.is_empty());
    }
}
