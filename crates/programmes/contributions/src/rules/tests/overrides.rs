//! Decisions that override the points of a pull request.

use super::*;
use crate::{model::FlagEffect, rules::explanation::Award};

use EntryReason::{PrMerged, PrOpened};

fn decided(decision: ScoreOverride) -> impl Fn(&mut PullWithRules) {
    move |pull| pull.facts.score_override = Some(decision.clone())
}

/// Returns the awards of a pull request before a decision.
fn awards(change: impl Fn(&mut PullWithRules)) -> Vec<Award> {
    let parts = [AwardPart::Opening, AwardPart::Merge].map(|part| explained(part, &change).awards);
    parts.concat()
}

/// The name of a case, a change to the pull request besides the decision, the decision and the expected points.
type Case = (&'static str, fn(&mut PullWithRules), ScoreOverride, &'static [(EntryReason, Points)]);

#[test]
fn a_decision_replaces_the_points() {
    let flagged: fn(&mut PullWithRules) = |pull| {
        pull.facts.flag = Some(ConfirmedFlag { number: 3, effect: FlagEffect::Spam });
    };
    let set = |points| ScoreOverride::Set { points };
    let cases: [Case; 7] = [
        ("set", |_| {}, set(40), &[(PrMerged, 40)]),
        ("over the cap", |_| {}, set(5_000), &[(PrMerged, 5_000)]),
        ("open", |pull| pull.facts.merged_at = None, set(7), &[(PrOpened, 7)]),
        ("spam", flagged, set(40), &[(PrMerged, 40)]),
        ("excluded", |pull| pull.facts.self_merged = true, set(40), &[(PrMerged, 40)]),
        ("none", |_| {}, ScoreOverride::None, &[]),
        ("no penalty", flagged, ScoreOverride::None, &[]),
    ];
    for (name, change, decision, expected) in cases {
        let decide = decided(decision);
        let both = |pull: &mut PullWithRules| {
            change(pull);
            decide(pull);
        };
        assert_eq!(alone(both), expected, "{name}");
        for part in [AwardPart::Opening, AwardPart::Merge] {
            if part == AwardPart::Merge && name == "open" {
                continue;
            }
            let explanation = explained(part, both);
            assert!(explanation.overridden.is_some(), "{name}");
            assert_eq!(explanation.excluded, None, "{name}");
            assert_eq!(explanation.check(), Ok(()), "{name}");
            let stored = explanation.stored();
            let read = Explanation::read(&stored).expect("an explanation");
            assert_eq!(read, explanation, "{name}");
        }
    }
}

#[test]
fn frozen_points_stay_whatever_happens_later() {
    let before = |pull: &mut PullWithRules| pull.facts.ratings = vec![5];
    let frozen = decided(ScoreOverride::Freeze { awards: awards(before) });
    let later: [fn(&mut PullWithRules); 4] = [
        |_| {},
        |pull| pull.facts.ratings = vec![1],
        |pull| pull.facts.marked_spam = true,
        |pull| pull.rules = rules(2, r#"{"merged": 90}"#),
    ];
    for change in later {
        let both = |pull: &mut PullWithRules| {
            change(pull);
            frozen(pull);
        };
        assert_eq!(alone(both), [(PrOpened, 10), (PrMerged, 75)]);
    }
    // Frozen while it was open, it earns nothing when it is merged.
    let open = |pull: &mut PullWithRules| pull.facts.merged_at = None;
    let opening = explained(AwardPart::Opening, open).awards;
    let frozen = decided(ScoreOverride::Freeze { awards: opening });
    assert_eq!(alone(frozen), [(PrOpened, 10)]);
}

#[test]
fn a_decision_is_explained() {
    let cases = [
        (ScoreOverride::Set { points: 1 }, "A decision set this pull request to 1 point."),
        (
            ScoreOverride::Freeze { awards: Vec::new() },
            "A decision froze the points of this pull request. They stay until it is lifted.",
        ),
        (ScoreOverride::None, "This pull request earns no points because of a decision."),
    ];
    for (decision, sentence) in cases {
        let explanation = explained(AwardPart::Merge, decided(decision));
        assert_eq!(explanation.sentences()[0], sentence);
    }
    let set = explained(AwardPart::Merge, decided(ScoreOverride::Set { points: 40 }));
    assert_eq!(set.awards[0].sentence(), "40 set by a decision");
}

#[test]
fn what_is_held_against_an_author_has_its_reason() {
    let held = |change: fn(&mut PullWithRules)| explained(AwardPart::Opening, change).held();
    assert_eq!(held(|_| {}), [""; 0]);
    assert_eq!(held(|pull| pull.facts.ready_at = None), [""; 0], "a draft");
    assert_eq!(held(|pull| pull.facts.self_merged = true).len(), 1);
    let spam = held(|pull| pull.facts.marked_spam = true);
    assert!(
        spam.contains(&"This pull request counts as spam (marked by a maintainer).".to_owned()),
        "{spam:?}"
    );
    let none = held(|pull| pull.facts.score_override = Some(ScoreOverride::None));
    assert_eq!(none.len(), 1);
}
