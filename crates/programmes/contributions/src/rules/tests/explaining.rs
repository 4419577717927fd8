//! Sentences, serialization, and modified explanations.

use super::*;

fn sentence_of(change: impl FnOnce(&mut PullWithRules)) -> String {
    explained(AwardPart::Merge, change).awards[0].sentence()
}

#[test]
fn an_award_has_a_sentence() {
    assert_eq!(sentence_of(|_| {}), "50 merged");
    let rated = |pull: &mut PullWithRules| pull.facts.ratings = vec![4];
    assert_eq!(sentence_of(rated), "50 merged × 1.2 rating 4 = 60");
    let small = |pull: &mut PullWithRules| {
        (pull.facts.additions, pull.facts.deletions) = (Some(3), Some(2));
        pull.facts.title = "Fix typo".to_owned();
    };
    let expected = "50 merged, less 15 for low value (\"typo\" in the title, 5 lines) = 35";
    assert_eq!(sentence_of(small), expected);
    let spam = |pull: &mut PullWithRules| pull.facts.labels = vec!["Spam".to_owned()];
    assert_eq!(sentence_of(spam), "50 merged × 0 spam (label spam) = 0");
    assert_eq!(explained(AwardPart::Opening, spam).awards[1].sentence(), "-20 spam (label spam)");
}

#[test]
fn sentences_name_the_cap_and_the_rounding() {
    let mut pull = pull(facts(1));
    pull.facts.ratings = vec![4];
    let mut window = window(vec![pull]);
    window.rules = rules(3, r#"{"monthly_cap": 45}"#);
    let sentence = |window: &Window| settle(window, later())[1].explanation.awards[0].sentence();
    assert_eq!(sentence(&window), "50 merged × 1.2 rating 4 = 60, capped at 35 (monthly cap)");
    window.pulls[0].facts.ratings = vec![1];
    window.pulls[0].rules = rules(2, r#"{"merged": 51}"#);
    assert_eq!(sentence(&window), "51 merged × 0.5 rating 1 = 25.5, rounded to 26");
}

#[test]
fn sentences_name_unknown_facts() {
    let explanation = explained(AwardPart::Merge, |pull| pull.facts.additions = None);
    assert_eq!(explanation.assumptions, [Assumption::LineTotalsUsed, Assumption::SizeUnknown]);
    let sentences = explanation.sentences();
    assert_eq!(sentences.len(), 4, "{sentences:?}");
    assert_eq!(sentences[3], "0 size bonus while the size is unknown");
    let known = explained(AwardPart::Merge, |pull| pull.facts.paths = Some(vec![]));
    assert!(known.assumptions.is_empty());
}

#[test]
fn factors_that_change_nothing_are_included() {
    let explanation = explained(AwardPart::Merge, |_| {});
    let factors: Vec<String> =
        explanation.awards[0].steps.iter().map(|step| step.factor.to_string()).collect();
    assert_eq!(factors, ["50", "1", "1", "1", "1", "1"]);
}

#[test]
fn an_explanation_is_serialized_exactly_and_parsed_back() {
    let explanation = explained(AwardPart::Merge, |pull| {
        pull.facts.ratings = vec![4];
        pull.facts.labels = vec!["bug".to_owned()];
    });
    let stored = serde_json::to_value(&explanation).expect("JSON");
    let step = &stored["awards"][0]["steps"][1];
    let expected =
        r#"{"evidence":{"code":"rating","median":4,"count":1},"factor":"1.2","product":"60"}"#;
    assert_eq!(*step, serde_json::from_str::<serde_json::Value>(expected).expect("JSON"));
    let back: Explanation = serde_json::from_value(stored).expect("an explanation");
    assert_eq!(back, explanation);
}

#[test]
fn the_stored_form_has_codes_and_factors() {
    let explanation = explained(AwardPart::Merge, |pull| {
        pull.facts.ratings = vec![4];
        pull.facts.labels = vec!["bug".to_owned()];
    });
    let stored = explanation.stored_of(EntryReason::PrMerged);
    let expected = concat!(
        r#"["merge","2026-05-02T12:00:00Z",[1,1,1],["line_totals_used"],null,[],"#,
        r#"[["pr_merged",[["merged","50"],[{"rating":{"median":4,"count":1}},"1.2"],[{"tests":{}},"1"],"#,
        r#"[{"docs":{}},"1"],[{"type":{"name":"fix","from":"label"}},"1"],"#,
        r#"[{"diminishing":{"place":1,"full":5}},"1"]],60,null,[1000,60,990,60],60]]]"#
    );
    assert_eq!(stored, expected);
}

#[test]
fn a_serialized_snapshot_is_parsed_back() {
    let mut facts = facts(3);
    facts.paths = Some(vec![file("src/lib.rs", 4)]);
    let stored = serde_json::to_string(&facts).expect("JSON");
    assert_eq!(serde_json::from_str::<PullFacts>(&stored).expect("facts"), facts);
}

#[test]
fn tampering_is_detected_and_readding_ignores_stored_sums() {
    let honest = explained(AwardPart::Merge, |pull| pull.facts.marked_low_value = true);
    assert_eq!(honest.check(), Ok(()));
    let tamper: [fn(&mut explanation::Award); 6] = [
        |award| award.points += 1,
        |award| award.rounded += 1,
        |award| award.steps[2].product = Exact::from(51),
        |award| award.low_value.as_mut().expect("low value").remaining += 1,
        |award| award.cap.as_mut().expect("a cap").uncapped += 1,
        |award| award.cap.as_mut().expect("a cap").granted -= 1,
    ];
    for change in tamper {
        let mut forged = honest.clone();
        change(&mut forged.awards[0]);
        assert_eq!(forged.readd(), honest.readd());
        let complaint = forged.check().expect_err("a complaint");
        assert!(complaint.starts_with("pr_merged: "), "{complaint}");
    }
}

#[test]
fn an_overflow_is_an_error_and_not_a_panic() {
    let mut forged = explained(AwardPart::Merge, |_| {});
    let huge = Exact(rust_decimal::Decimal::MAX);
    forged.awards[0].steps.iter_mut().for_each(|step| step.factor = huge);
    assert_eq!(forged.readd()[0].1, 0);
    assert!(forged.check().is_err());
}

#[test]
fn reasons_and_states_keep_their_codes() {
    for reason in EntryReason::ALL {
        assert_eq!(EntryReason::from_code(reason.code()), Some(reason));
        let stored = serde_json::to_value(reason).expect("JSON");
        assert_eq!(stored, reason.code());
    }
    for state in State::ALL {
        assert_eq!(State::named(state.as_str()), Some(state));
        assert_eq!(serde_json::to_value(state).expect("JSON"), state.as_str());
    }
}
