//! The eligibility of a pull request: excluded, void or scored.

use super::{
    Exclusion, PatchContent, PullFacts, PullRequestFlag, PullWithRules, RequestedMerge,
    RulesDocument,
    document::Exclude,
    explanation::{Evidence, LowValueSign, SpamSign},
    labels, title,
};
use crate::model::FlagEffect;

/// Returns the first reason that a pull request earns no points.
pub(super) fn exclusion(pull: &PullWithRules) -> Option<Exclusion> {
    let (facts, exclude) = (&pull.facts, &pull.rules.document.exclude);
    if facts.repository_excluded {
        Some(Exclusion::RepositoryExcluded)
    } else if pull.archived_at.is_some_and(|at| facts.created_at > at) {
        Some(Exclusion::ProjectArchived)
    } else if pull.inactive_since.is_some_and(|at| facts.created_at > at) {
        Some(Exclusion::RepositoryPaused)
    } else if facts.author_is_bot && exclude.bots {
        Some(Exclusion::Bot)
    } else if facts.author_banned_at_opening {
        Some(Exclusion::BannedAtOpening)
    } else if facts.author_owns_repository && exclude.own_repositories {
        Some(Exclusion::OwnRepository)
    } else if let Some(too_young) = too_young(facts, &pull.rules.document) {
        Some(too_young)
    } else if let Some(self_merged) = self_merged(facts, exclude) {
        Some(self_merged)
    } else if let Some(number) = flagged(facts, FlagEffect::NoPoints) {
        Some(Exclusion::Flagged { number })
    } else {
        facts.ready_at.is_none().then_some(Exclusion::Draft)
    }
}

/// Returns whether the author decided the merge without a review by another person: with rules that count it, by
/// requesting it, or else by merging it.
fn self_merged(facts: &PullFacts, exclude: &Exclude) -> Option<Exclusion> {
    if !exclude.self_merges {
        return None;
    }
    match facts.requested_merge.filter(|_| exclude.self_requested_merges) {
        Some(RequestedMerge::AutoMerge) => Some(Exclusion::SelfAutoMerged),
        Some(RequestedMerge::Queue) => Some(Exclusion::SelfQueued),
        Some(RequestedMerge::Another) => None,
        None => facts.self_merged.then_some(Exclusion::SelfMerged),
    }
}

/// Returns the number of the confirmed flag with an effect on the pull request.
fn flagged(facts: &PullFacts, effect: FlagEffect) -> Option<i64> {
    let flag = facts.flag.filter(|flag| flag.effect == effect)?;
    Some(flag.number)
}

fn too_young(facts: &PullFacts, rules: &RulesDocument) -> Option<Exclusion> {
    let minimum = rules.minimum_account_age_days;
    let days = (facts.created_at - facts.account_created_at?).num_days();
    (days < i64::from(minimum)).then_some(Exclusion::AccountTooNew { days, minimum })
}

/// Finds a sign of spam, by the rules that applied when the pull request was opened.
pub(super) fn spam(pull: &PullWithRules) -> Option<SpamSign> {
    if pull.facts.marked_spam {
        return Some(SpamSign::Mark);
    }
    if let Some(number) = flagged(&pull.facts, FlagEffect::Spam) {
        return Some(SpamSign::Flag(number));
    }
    labels::first_of(&pull.facts.labels, &pull.rules.document.spam.labels).map(SpamSign::Label)
}

/// Returns a flag if the author opened too many pull requests in 24 hours.
pub(super) fn frequency(pull: &PullWithRules) -> Option<PullRequestFlag> {
    let (openings, limit) = (pull.openings_24h, pull.frequency_rules.document.frequency.openings);
    (openings > limit).then_some(PullRequestFlag::Frequency { openings, limit })
}

/// Returns the steps that reduce every award of the pull request to 0, if any.
pub(super) fn voids(pull: &PullWithRules) -> Vec<Evidence> {
    let spam = spam(pull).map(|by| Evidence::Spam { by });
    let frequency = frequency(pull).map(|PullRequestFlag::Frequency { openings, limit }| {
        Evidence::Frequency { openings, limit }
    });
    spam.into_iter().chain(frequency).collect()
}

pub(super) fn low_value(pull: &PullWithRules) -> Option<LowValueSign> {
    let (facts, rule) = (&pull.facts, &pull.rules.document.low_value);
    if facts.marked_low_value {
        return Some(LowValueSign::Mark);
    }
    let by_title = || {
        let lines = facts.counted_lines().filter(|lines| *lines < rule.below_lines)?;
        let word = title::telling_word(&facts.title, &rule.words)?.to_owned();
        Some(LowValueSign::Title { word, lines })
    };
    let by_patch = || {
        let content = facts.patch.filter(|_| rule.patches && facts.has_small_patch())?;
        (content != PatchContent::Substantial).then_some(LowValueSign::Patch { content })
    };
    by_title().or_else(by_patch)
}

/// Returns whether the rules judge the patch of a pull request, and it is not known.
#[must_use]
pub fn needs_patch(facts: &PullFacts, rules: &RulesDocument) -> bool {
    rules.low_value.patches && facts.has_small_patch() && facts.patch.is_none()
}
