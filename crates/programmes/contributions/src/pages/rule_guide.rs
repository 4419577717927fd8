//! Explanations of the rules, which the page of a project's rules shows once for all versions.

pub(super) struct RuleExplanation {
    /// The rule, as [`super::stated_rules`] names it.
    pub(super) rule: &'static str,
    /// The anchor on the page of a project's rules.
    pub(super) anchor: &'static str,
    pub(super) text: &'static str,
}

const fn explained(
    rule: &'static str,
    anchor: &'static str,
    text: &'static str,
) -> RuleExplanation {
    RuleExplanation { rule, anchor, text }
}

/// The explanations, in the order of the rules.
pub(super) const GUIDE: [RuleExplanation; 14] = [
    explained(
        "Opened",
        "rule-opened",
        "Earned once, when a pull request is opened, or when a draft becomes ready for review.",
    ),
    explained(
        "Merged",
        "rule-merged",
        "The award for a merge. It is multiplied by the factors for rating, tests, documentation, type and diminishing returns, and rounded half up once at the end.",
    ),
    explained(
        "Size bonus",
        "rule-size-bonus",
        "An extra entry for a merge, by the number of added and deleted lines. Only the largest band that is reached counts. Diminishing returns apply to it, the other factors don’t. Lines of generated, vendored and lock files are left out if the list of files is known.",
    ),
    explained(
        "Rating (median)",
        "rule-rating",
        "The factor for the median of the maintainers’ ratings, which is the lower one of an even number. Without a rating, the factor is 1.",
    ),
    explained(
        "Code with tests",
        "rule-tests",
        "The factor for a merge that changes tests together with code. It applies only if the list of files is known.",
    ),
    explained(
        "Code with documentation",
        "rule-docs",
        "The factor for a merge that changes documentation together with code. It applies only if the list of files is known.",
    ),
    explained(
        "Type",
        "rule-type",
        "The factor for the type that a label states, or otherwise the prefix of the title, such as “fix:”. Different spellings of a label count as one. If labels state several types, the lowest factor applies.",
    ),
    explained(
        "Diminishing returns",
        "rule-diminishing",
        "Each further merge by one person in one repository and month (UTC) is worth less than the one before. The version that was current when the month began applies.",
    ),
    explained(
        "Cap",
        "rule-cap",
        "The most points that awards and bonuses of one person give in one repository and month (UTC), in the order in which they were earned. Penalties don’t raise it. The version that was current when the month began applies.",
    ),
    explained(
        "New pull requests",
        "rule-frequency",
        "Further pull requests that one person opens in one repository within 24 hours earn no points and are flagged. The version that was current when the month began applies.",
    ),
    explained(
        "Spam",
        "rule-spam",
        "A pull request with one of the labels for spam earns no awards, and the penalty is deducted. When the label is removed in time, the penalty is reversed.",
    ),
    explained(
        "Low value",
        "rule-low-value",
        "Taken off the merge award of a small change with one of the words in its title, of one that changes only white space or one word of prose if the version says so, and of one that a maintainer marked. The award does not go below 0.",
    ),
    explained(
        "Not scored",
        "rule-not-scored",
        "These pull requests earn nothing. Their pages state the reason.",
    ),
    explained(
        "Pending",
        "rule-pending",
        "Points count on leaderboards after this time. Until then the page of the pull request shows them as pending. A pull request becomes final 7 days after it is merged or closed, or after this time if that is longer.",
    ),
];

pub(super) fn anchor(rule: &str) -> &'static str {
    let found = GUIDE.iter().find(|explained| explained.rule == rule);
    found.map_or("guide", |explained| explained.anchor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{pages::stated_rules, rules::RulesDocument};

    #[test]
    fn every_rule_is_explained() {
        let stated = stated_rules(&RulesDocument::default());
        let stated: Vec<_> = stated.iter().map(|stated| stated.rule).collect();
        let explained: Vec<_> = GUIDE.iter().map(|explained| explained.rule).collect();
        assert_eq!(stated, explained);
        assert_eq!(anchor("Cap"), "rule-cap");
    }
}
