//! Descriptions of a project's rules.

use ui::format::{Number, Signed, exact};

use super::{Exact, Multiplier, RulesDocument, ordinal};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StatedRule {
    pub(crate) rule: &'static str,
    pub(crate) value: String,
}

pub(crate) fn stated_rules(rules: &RulesDocument) -> Vec<StatedRule> {
    let stated = |rule, value| StatedRule { rule, value };
    vec![
        stated("Opened", points(rules.opened)),
        stated("Merged", points(rules.merged)),
        stated("Size bonus", bands(rules)),
        stated("Rating (median)", ratings(rules)),
        stated("Code with tests", times(rules.tests)),
        stated("Code with documentation", times(rules.docs)),
        stated("Type", types(rules)),
        stated("Diminishing returns", diminishing_returns(rules)),
        stated("Cap", format!("{} per month, person and repository", points(rules.monthly_cap))),
        stated(
            "New pull requests",
            format!(
                "at most {} per person and repository in 24 hours earn points",
                rules.frequency.openings
            ),
        ),
        stated("Spam", format!("{} and no awards", points(-rules.spam.penalty))),
        stated("Low value", low_value(rules)),
        stated("Not scored", not_scored(rules)),
        stated("Pending", pending(rules.maturing_days)),
    ]
}

/// A rule that differs between two documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RuleChange {
    pub(crate) rule: &'static str,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// Compares two documents.
pub(crate) fn changes_between(before: &RulesDocument, after: &RulesDocument) -> Vec<RuleChange> {
    changes(&stated_rules(before), &stated_rules(after))
}

/// Compares two versions. All documents describe the same rules in the same order.
pub(crate) fn changes(before: &[StatedRule], after: &[StatedRule]) -> Vec<RuleChange> {
    let change = |(before, after): (&StatedRule, &StatedRule)| RuleChange {
        rule: after.rule,
        before: before.value.clone(),
        after: after.value.clone(),
    };
    let differing = before.iter().zip(after).filter(|(before, after)| before.value != after.value);
    differing.map(change).collect()
}

/// Says what a pull request earns by rules, in a sentence: the usual ones, or how they differ from those.
pub(crate) fn in_plain_words(rules: &RulesDocument) -> String {
    let usual = RulesDocument::newest();
    let changes = changes_between(&usual, rules);
    if changes.is_empty() {
        return format!(
            "The usual rules: {} for a pull request that is ready for review, and {} when it is \
             merged, more for its size, tests, documentation and a good rating, at most {} per \
             month, person and repository.",
            points(usual.opened),
            points(usual.merged),
            points(usual.monthly_cap)
        );
    }
    let differing: Vec<_> = changes.iter().map(|it| format!("{}: {}", it.rule, it.after)).collect();
    format!("The usual rules, except: {}.", differing.join("; "))
}

fn points(points: i64) -> String {
    Number(points).of("point", "points")
}

fn times(factor: Multiplier) -> String {
    format!("× {}", exact(Exact::from(factor)))
}

fn bands(rules: &RulesDocument) -> String {
    let band = |band: &crate::rules::document::SizeBand| {
        format!("{} for {} or more", Signed(band.points), Number(band.lines).of("line", "lines"))
    };
    let bands: Vec<_> = rules.size_bonus.iter().map(band).collect();
    or_none(&bands)
}

fn ratings(rules: &RulesDocument) -> String {
    let rating = |rating: u8| format!("{} for {rating}", times(rules.rating.of(rating)));
    (1..=5).rev().map(rating).collect::<Vec<_>>().join(", ")
}

fn types(rules: &RulesDocument) -> String {
    let differing = rules.types.iter().filter(|(_, factor)| Exact::from(**factor) != Exact::ONE);
    let named: Vec<_> =
        differing.map(|(name, factor)| format!("{name} {}", times(*factor))).collect();
    if named.is_empty() {
        "same points for every type".to_owned()
    } else {
        format!("{}, others × 1", named.join(", "))
    }
}

fn diminishing_returns(rules: &RulesDocument) -> String {
    let rule = &rules.diminishing;
    let begin = match rule.after {
        0 => "from the 1st merge".to_owned(),
        after => format!("after the {} merge", ordinal(after)),
    };
    format!(
        "{begin} in a repository that month, each is worth {} of the one before, but at least {} of its full value",
        percent(rule.factor),
        percent(rule.floor)
    )
}

fn percent(share: Multiplier) -> String {
    let percent = Exact::from(share).times(Exact::from(100));
    percent.map_or_else(String::new, |percent| format!("{}%", exact(percent)))
}

fn low_value(rules: &RulesDocument) -> String {
    let rule = &rules.low_value;
    let patches = if rule.patches {
        "; or if at most 20 lines of only white space or one word of prose change"
    } else {
        ""
    };
    format!(
        "{} deducted from the merge award if fewer than {} change and the title contains one of these words: {}{patches}",
        points(rule.deduction),
        Number(rule.below_lines).of("line", "lines"),
        rule.words.join(", ")
    )
}

fn not_scored(rules: &RulesDocument) -> String {
    let exclude = &rules.exclude;
    let named = [
        (true, "drafts"),
        (true, "pull requests opened while the author is banned"),
        (exclude.bots, "bots"),
        (exclude.own_repositories, "pull requests to the author’s own repository"),
        (exclude.self_merges, "self-merges without a review by another person"),
        (
            exclude.self_merges && exclude.self_requested_merges,
            "merges that the author requested by auto-merge or the merge queue without such a review",
        ),
    ];
    let mut not_scored: Vec<_> =
        named.iter().filter(|(is, _)| *is).map(|(_, what)| (*what).to_owned()).collect();
    if !exclude.bot_reviewers.is_empty() {
        let bots = exclude.bot_reviewers.join(", ");
        not_scored.push(format!("reviews by {bots} do not count"));
    }
    if rules.minimum_account_age_days > 0 {
        not_scored.push(format!(
            "GitHub accounts less than {} old",
            Number(rules.minimum_account_age_days.into()).of("day", "days")
        ));
    }
    not_scored.join(", ")
}

fn pending(days: u32) -> String {
    match days {
        0 => "points count immediately".to_owned(),
        days => format!("points count after {}", Number(days.into()).of("day", "days")),
    }
}

fn or_none(parts: &[String]) -> String {
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_rules_read_as_sentences() {
        let stated = stated_rules(&RulesDocument::default());
        let value = |rule: &str| {
            let found = stated.iter().find(|stated| stated.rule == rule);
            found.map(|stated| stated.value.as_str()).expect("a rule")
        };
        assert_eq!(
            value("Size bonus"),
            "+20 for 100 lines or more, +50 for 500 lines or more, +100 for 1,000 lines or more"
        );
        assert_eq!(value("Spam"), "−20 points and no awards");
        assert_eq!(
            value("Diminishing returns"),
            "after the 5th merge in a repository that month, each is worth 80% of the one before, but at least 20% \
             of its full value"
        );
        assert_eq!(
            value("Rating (median)"),
            "× 1.5 for 5, × 1.2 for 4, × 1 for 3, × 0.8 for 2, × 0.5 for 1"
        );
        assert_eq!(value("Cap"), "1,000 points per month, person and repository");
        assert_eq!(value("Type"), "same points for every type");
        let not_scored = "drafts, pull requests opened while the author is banned, bots";
        assert!(value("Not scored").starts_with(not_scored));
    }

    #[test]
    fn rules_are_said_in_a_sentence() {
        let usual = RulesDocument::newest();
        assert_eq!(
            in_plain_words(&usual),
            "The usual rules: 10 points for a pull request that is ready for review, and 50 points when it is merged, \
             more for its size, tests, documentation and a good rating, at most 1,000 points per month, person and \
             repository."
        );
        let own = RulesDocument { opened: 1, merged: 80, ..usual };
        assert_eq!(
            in_plain_words(&own),
            "The usual rules, except: Opened: 1 point; Merged: 80 points."
        );
    }
}
