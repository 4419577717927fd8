//! Pull requests that earn no points, and penalties.

use super::*;
use crate::model::FlagEffect;

use EntryReason::{PrMerged, PrOpened, Spam};

/// The name of a case, a change to the pull request, and the expected exclusion.
type Case = (&'static str, fn(&mut PullWithRules), Exclusion);

#[test]
fn an_excluded_pull_request_earns_no_points_and_is_explained() {
    let young = Exclusion::AccountTooNew { days: 29, minimum: 30 };
    let cases: [Case; 10] = [
        ("bot", |pull| pull.facts.author_is_bot = true, Exclusion::Bot),
        ("banned", |pull| pull.facts.author_banned_at_opening = true, Exclusion::BannedAtOpening),
        ("own", |pull| pull.facts.author_owns_repository = true, Exclusion::OwnRepository),
        ("self-merge", |pull| pull.facts.self_merged = true, Exclusion::SelfMerged),
        ("draft", |pull| pull.facts.ready_at = None, Exclusion::Draft),
        ("young", make_young, young),
        ("archived", archive, Exclusion::ProjectArchived),
        ("paused", pause, Exclusion::RepositoryPaused),
        (
            "flagged",
            |pull| pull.facts.flag = Some(confirmed(FlagEffect::NoPoints)),
            Exclusion::Flagged { number: 12 },
        ),
        (
            "excluded repository",
            |pull| pull.facts.repository_excluded = true,
            Exclusion::RepositoryExcluded,
        ),
    ];
    for (name, change, exclusion) in cases {
        assert_eq!(alone(change), [], "{name}");
        for part in [AwardPart::Opening, AwardPart::Merge] {
            let explanation = explained(part, change);
            assert_eq!(explanation.excluded, Some(exclusion), "{name}");
            assert!(explanation.awards.is_empty(), "{name}");
        }
    }
}

fn confirmed(effect: FlagEffect) -> ConfirmedFlag {
    ConfirmedFlag { number: 12, effect }
}

#[test]
fn a_flag_confirmed_as_spam_takes_the_penalty() {
    let flagged = |pull: &mut PullWithRules| pull.facts.flag = Some(confirmed(FlagEffect::Spam));
    assert_eq!(alone(flagged), [(Spam, -20)]);
    let sentences = explained(AwardPart::Opening, flagged).sentences().join(" ");
    assert!(sentences.contains("confirmed flag F-12"), "{sentences}");
}

/// Pauses the repository a microsecond before the pull request is opened.
fn pause(pull: &mut PullWithRules) {
    pull.inactive_since = Some(at("2026-05-01T11:59:59.999999Z"));
}

/// Archives the project a microsecond before the pull request is opened.
fn archive(pull: &mut PullWithRules) {
    pull.archived_at = Some(at("2026-05-01T11:59:59.999999Z"));
}

#[test]
fn what_was_opened_before_the_project_was_archived_is_scored_as_ever() {
    for archived_at in ["2026-05-01T12:00:00Z", "2026-05-01T18:00:00Z"] {
        let all = alone(|pull| pull.archived_at = Some(at(archived_at)));
        assert_eq!(all, [(PrOpened, 10), (PrMerged, 50)], "{archived_at}");
    }
    // A draft counts from when it was opened, not from when it became ready.
    let all = alone(|pull| {
        pull.facts.ready_at = Some(at("2026-05-01T20:00:00Z"));
        pull.archived_at = Some(at("2026-05-01T18:00:00Z"));
    });
    assert_eq!(all, [(PrOpened, 10), (PrMerged, 50)]);
}

#[test]
fn spam_in_an_archived_project_is_not_penalized() {
    let all = alone(|pull| {
        archive(pull);
        pull.facts.marked_spam = true;
    });
    assert_eq!(all, []);
}

fn make_young(pull: &mut PullWithRules) {
    pull.rules = rules(2, r#"{"minimum_account_age_days": 30}"#);
    pull.facts.account_created_at = Some(at("2026-04-01T12:00:01Z"));
}

#[test]
fn an_old_account_or_one_of_unknown_age_earns_points() {
    let with = |made: Option<Timestamp>| {
        alone(|pull| {
            make_young(pull);
            pull.facts.account_created_at = made;
        })
    };
    assert_eq!(with(Some(at("2026-04-01T12:00:00Z"))), [(PrOpened, 10), (PrMerged, 50)]);
    assert_eq!(with(None), [(PrOpened, 10), (PrMerged, 50)]);
    let explanation = explained(AwardPart::Opening, |pull| {
        make_young(pull);
        pull.facts.account_created_at = None;
    });
    assert_eq!(explanation.assumptions, [Assumption::AccountAgeUnknown]);
}

#[test]
fn a_project_can_include_bots_owners_and_self_merges() {
    let all = alone(|pull| {
        let document =
            r#"{"exclude": {"bots": false, "own_repositories": false, "self_merges": false}}"#;
        pull.rules = rules(2, document);
        pull.facts.author_is_bot = true;
        pull.facts.author_owns_repository = true;
        pull.facts.self_merged = true;
    });
    assert_eq!(all, [(PrOpened, 10), (PrMerged, 50)]);
}

#[test]
fn spam_voids_every_award_and_costs_20() {
    for label in ["spam", "Invalid", "🚫 SPAM", "status: invalid"] {
        let all = alone(|pull| {
            pull.facts.labels = vec![label.to_owned()];
            pull.facts.additions = Some(5000);
        });
        assert_eq!(all, [(Spam, -20)], "{label}");
    }
    assert_eq!(alone(|pull| pull.facts.marked_spam = true), [(Spam, -20)]);
    let harmless =
        alone(|pull| pull.facts.labels = vec!["not spam".to_owned(), "spam-filter".to_owned()]);
    assert_eq!(harmless, [(PrOpened, 10), (PrMerged, 50)]);
}

#[test]
fn the_penalty_counts_at_the_opening_and_is_never_pending() {
    let mut spam = pull(facts(1));
    spam.facts.marked_spam = true;
    spam.facts.merged_at = None;
    spam.rules = rules(2, r#"{"maturing_days": 14}"#);
    let opened = spam.facts.created_at;
    let calculations = settle(&window(vec![spam]), opened);
    let penalty = &calculations[0].entitlements[0];
    assert_eq!(
        (penalty.kind, penalty.at, penalty.matures_at),
        (AwardKind::Penalty, opened, opened)
    );
}

#[test]
fn low_value_does_not_add_to_the_penalty_for_spam() {
    let all = alone(|pull| {
        pull.facts.marked_spam = true;
        pull.facts.marked_low_value = true;
    });
    assert_eq!(all, [(Spam, -20)]);
}

#[test]
fn an_excluded_pull_request_is_not_penalized_as_spam() {
    let all = alone(|pull| {
        pull.facts.author_is_bot = true;
        pull.facts.marked_spam = true;
    });
    assert_eq!(all, []);
}

#[test]
fn the_eleventh_opening_in_24_hours_scores_0_and_is_flagged() {
    assert_eq!(alone(|pull| pull.openings_24h = 10), [(PrOpened, 10), (PrMerged, 50)]);
    assert_eq!(alone(|pull| pull.openings_24h = 11), []);
    let explanation = explained(AwardPart::Merge, |pull| pull.openings_24h = 11);
    assert_eq!(explanation.flags, [PullRequestFlag::Frequency { openings: 11, limit: 10 }]);
    assert_eq!(explanation.readd(), [(PrMerged, 0), (EntryReason::SizeBonus, 0)]);
}

#[test]
fn the_limit_of_openings_is_that_of_the_month_and_spam_beyond_it_is_penalized() {
    let strict = rules(3, r#"{"frequency": {"openings": 2}}"#);
    let burst =
        |pull: &mut PullWithRules| (pull.openings_24h, pull.frequency_rules) = (3, strict.clone());
    assert_eq!(alone(burst), []);
    let all = alone(|pull| {
        burst(pull);
        pull.facts.marked_spam = true;
    });
    assert_eq!(all, [(Spam, -20)]);
}

/// Returns the rules of a new version that changes nothing.
fn newest() -> Arc<VersionedRules> {
    Arc::new(VersionedRules { version: 2, document: RulesDocument::newest() })
}

#[test]
fn a_requested_merge_counts_only_with_rules_that_state_it() {
    use Exclusion::{SelfAutoMerged, SelfMerged, SelfQueued};
    use RequestedMerge::{Another, AutoMerge, Queue};
    let cases = [
        (false, None, None, None),
        (true, None, Some(SelfMerged), Some(SelfMerged)),
        (false, Some(AutoMerge), None, Some(SelfAutoMerged)),
        (true, Some(AutoMerge), Some(SelfMerged), Some(SelfAutoMerged)),
        (false, Some(Queue), None, Some(SelfQueued)),
        (false, Some(Another), None, None),
        (true, Some(Another), Some(SelfMerged), None),
    ];
    for (self_merged, requested_merge, earlier, later) in cases {
        let excluded = |rules: Arc<VersionedRules>| {
            let explanation = explained(AwardPart::Merge, |pull| {
                pull.rules = rules;
                (pull.facts.self_merged, pull.facts.requested_merge) =
                    (self_merged, requested_merge);
            });
            explanation.excluded
        };
        assert_eq!(excluded(defaults()), earlier, "{self_merged} {requested_merge:?}");
        assert_eq!(excluded(newest()), later, "{self_merged} {requested_merge:?}");
        let included = r#"{"exclude": {"self_merges": false, "self_requested_merges": true}}"#;
        assert_eq!(excluded(rules(3, included)), None, "{self_merged} {requested_merge:?}");
    }
}

#[test]
fn a_small_patch_lowers_the_award_only_with_rules_that_judge_it() {
    use PatchContent::{OneWord, Substantial, WhiteSpace};
    let cases = [
        (1, Some(WhiteSpace), 35, false),
        (20, Some(OneWord), 35, false),
        (20, Some(Substantial), 50, false),
        (20, None, 50, true),
        (21, Some(OneWord), 50, false),
        (21, None, 50, false),
        (0, None, 50, false),
    ];
    for (lines, patch, points, is_unknown) in cases {
        let change = |rules: Arc<VersionedRules>| {
            move |pull: &mut PullWithRules| {
                pull.rules = rules;
                (pull.facts.additions, pull.facts.deletions) = (Some(lines), Some(0));
                pull.facts.patch = patch;
            }
        };
        assert_eq!(merge_award(change(newest())), points, "{lines} {patch:?}");
        assert_eq!(merge_award(change(defaults())), 50, "{lines} {patch:?}");
        let assumes = |rules| {
            let explanation = explained(AwardPart::Merge, change(rules));
            explanation.assumptions.contains(&Assumption::PatchUnknown)
        };
        assert_eq!((assumes(newest()), assumes(defaults())), (is_unknown, false), "{lines}");
    }
    let explanation = explained(AwardPart::Merge, |pull| {
        pull.rules = newest();
        (pull.facts.additions, pull.facts.deletions) = (Some(1), Some(1));
        pull.facts.patch = Some(WhiteSpace);
    });
    let sentences = explanation.sentences().join("\n");
    assert!(
        sentences.contains("less 15 for low value (only white space changes) = 35"),
        "{sentences}"
    );
    assert_eq!(Explanation::read(&explanation.stored()).expect("stored"), explanation);
}
