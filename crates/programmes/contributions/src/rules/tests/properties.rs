//! Properties of all months.

use proptest::{collection::vec, option, prelude::*, sample::select};

use super::*;

const DOCUMENTS: [&str; 4] = [
    "{}",
    r#"{"merged": 77, "rating": {"1": 0.33}, "types": {"fix": 1.37}, "monthly_cap": 300, "maturing_days": 7}"#,
    r#"{"opened": 3, "tests": 1.05, "diminishing": {"after": 1, "factor": 0.77, "floor": 0.05}, "frequency": {"openings": 2}}"#,
    r#"{"monthly_cap": 0, "diminishing": {"after": 2, "factor": 0.9, "floor": 0}, "low_value": {"deduction": 60}}"#,
];

fn any_rules() -> impl Strategy<Value = Arc<VersionedRules>> {
    (1..=4_i32).prop_map(|version| {
        let place = usize::try_from(version - 1).expect("small");
        rules(version, DOCUMENTS[place])
    })
}

/// Generates half-days around May, so that ties and other months are common.
fn instant() -> impl Strategy<Value = Timestamp> {
    (-10..70_i64)
        .prop_map(|half_days| at("2026-05-01T00:00:00Z") + chrono::Duration::hours(12 * half_days))
}

fn rarely() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.07)
}

fn any_paths() -> impl Strategy<Value = Option<Vec<ChangedFile>>> {
    let sample = (select(vec!["src/a.rs", "tests/a.rs", "a.md", "go.sum"]), 0..700_i64);
    option::of(vec(sample.prop_map(|(path, lines)| file(path, lines)), 0..4))
}

prop_compose! {
    fn any_facts()(
        created_at in instant(),
        ready_at in option::weighted(0.9, instant()),
        merged_at in option::weighted(0.8, instant()),
        size in (option::of(0..1500_i64), option::of(0..200_i64)),
        paths in any_paths(),
        ratings in vec(1..=5_u8, 0..4),
        is_fix in any::<bool>(),
        who in (rarely(), rarely(), rarely(), rarely()),
        marks in (rarely(), rarely()),
    ) -> PullFacts {
        PullFacts {
            created_at,
            ready_at,
            merged_at,
            additions: size.0,
            deletions: size.1,
            paths,
            ratings,
            labels: is_fix.then(|| "Bug".to_owned()).into_iter().collect(),
            author_is_bot: who.0,
            author_owns_repository: who.1,
            author_banned_at_opening: who.2,
            self_merged: who.3,
            marked_spam: marks.0,
            marked_low_value: marks.1,
            ..facts(1)
        }
    }
}

prop_compose! {
    fn any_pull()(
        facts in any_facts(),
        rules in any_rules(),
        frequency_rules in any_rules(),
        openings_24h in 1..13_u32,
        archived_at in option::weighted(0.1, instant()),
        inactive_since in option::weighted(0.1, instant()),
    ) -> PullWithRules {
        PullWithRules { facts, rules, openings_24h, frequency_rules, archived_at, inactive_since }
    }
}

prop_compose! {
    fn any_window()(pulls in vec(any_pull(), 0..25), rules in any_rules()) -> Window {
        let mut window = Window { month: may(), rules, pulls };
        for (id, pull) in (1_i64..).zip(&mut window.pulls) {
            pull.facts.github_id = id;
            pull.facts.pull_request_id = facts(id).pull_request_id;
        }
        window
    }
}

fn shuffled() -> impl Strategy<Value = (Window, Vec<PullWithRules>)> {
    any_window().prop_flat_map(|window| {
        let pulls = Just(window.pulls.clone()).prop_shuffle();
        (Just(window), pulls)
    })
}

fn granted(calculations: &[PartCalculation]) -> impl Iterator<Item = &Entitlement> {
    calculations.iter().flat_map(|one| one.entitlements.iter().chain(&one.pending))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_the_input_does_not_matter((window, pulls) in shuffled(), now in instant()) {
        let other = Window { pulls, ..window.clone() };
        prop_assert_eq!(settle(&window, now), settle(&other, now));
    }

    #[test]
    fn integers_give_the_same_result(window in any_window()) {
        prop_assert_eq!(points_of(&window), oracle::month(&window));
    }

    #[test]
    fn a_decision_concerns_no_other_pull_request(window in any_window(), points in 1..2_000_i64) {
        let before = points_of(&window);
        let mut decided = window.clone();
        let Some(pull) = decided.pulls.first_mut() else {
            return Ok(());
        };
        pull.facts.score_override = Some(ScoreOverride::Set { points });
        let id = pull.facts.github_id;
        let others = |all: &[(i64, EntryReason, Points)]| {
            all.iter().filter(|one| one.0 != id).copied().collect::<Vec<_>>()
        };
        let after = points_of(&decided);
        prop_assert_eq!(others(&after), others(&before));
        let own: Vec<Points> = after.iter().filter(|one| one.0 == id).map(|one| one.2).collect();
        prop_assert!(own.is_empty() || own == [points], "{:?}", own);
        for calculation in settle(&decided, later()) {
            prop_assert_eq!(calculation.explanation.check(), Ok(()));
        }
    }

    #[test]
    fn explanations_add_up_to_the_granted_points(window in any_window()) {
        for calculation in settle(&window, later()) {
            prop_assert_eq!(calculation.explanation.check(), Ok(()));
            let mut readded = calculation.explanation.readd();
            readded.retain(|(_, points)| *points != 0);
            let posted: Vec<_> = calculation.entitlements.iter().map(|one| (one.reason, one.points)).collect();
            prop_assert_eq!(posted, readded);
            let stored = serde_json::to_string(&calculation.explanation).expect("JSON");
            prop_assert_eq!(serde_json::from_str::<Explanation>(&stored).expect("stored"), calculation.explanation);
        }
    }

    #[test]
    fn stored_explanations_are_read_back(window in any_window()) {
        for calculation in settle(&window, later()) {
            let explanation = calculation.explanation;
            let stored = explanation.stored();
            prop_assert_eq!(&Explanation::read(&stored)?, &explanation);
            let earlier = serde_json::to_string(&explanation)?;
            prop_assert_eq!(&Explanation::read(&earlier)?, &explanation);
            for award in &explanation.awards {
                let own = Explanation::read(&explanation.stored_of(award.reason))?;
                prop_assert_eq!(&own.awards, std::slice::from_ref(award));
            }
        }
    }

    #[test]
    fn the_cap_is_never_exceeded_and_only_penalties_are_negative(window in any_window()) {
        let calculations = settle(&window, later());
        let penalty = |one: &&Entitlement| one.kind == AwardKind::Penalty;
        let awards: Points = granted(&calculations).filter(|one| !penalty(one)).map(|one| one.points).sum();
        prop_assert!(awards <= window.rules.document.monthly_cap);
        prop_assert!(granted(&calculations).all(|one| penalty(&one) == (one.points < 0)));
    }

    #[test]
    fn spam_penalties_do_not_change_other_awards(window in any_window()) {
        let mut silent = window.clone();
        for pull in &mut silent.pulls {
            // Voids by frequency instead of spam, without an award or a penalty.
            if std::mem::take(&mut pull.facts.marked_spam) {
                pull.openings_24h = 1000;
            }
        }
        let mut points = points_of(&window);
        points.retain(|one| one.1 != EntryReason::Spam);
        prop_assert_eq!(points, points_of(&silent));
    }

    #[test]
    fn diminishing_never_goes_below_the_floor(window in any_window()) {
        let floor = Exact::from(window.rules.document.diminishing.floor);
        for award in settle(&window, later()).iter().flat_map(|one| &one.explanation.awards) {
            for step in &award.steps {
                let diminishing = matches!(step.evidence, explanation::Evidence::Diminishing { .. });
                prop_assert!(!diminishing || (floor <= step.factor && step.factor <= Exact::ONE));
            }
        }
    }

    #[test]
    fn other_months_change_nothing(window in any_window()) {
        let in_may = |at: Timestamp| Month::of(at) == may();
        let touches = |pull: &PullWithRules| {
            in_may(pull.facts.opening_at()) || pull.facts.merged_at.is_some_and(in_may)
        };
        let mut only_may = window.clone();
        only_may.pulls.retain(touches);
        prop_assert_eq!(settle(&window, later()), settle(&only_may, later()));
        prop_assert!(settle(&window, later()).iter().all(|one| in_may(one.explanation.at)));
    }

    #[test]
    fn time_only_moves_points_from_pending_to_entitled(window in any_window(), now in instant()) {
        let (then, end) = (settle(&window, now), settle(&window, later()));
        prop_assert_eq!(then.len(), end.len());
        for (then, end) in then.iter().zip(&end) {
            prop_assert_eq!(&then.explanation, &end.explanation);
            prop_assert!(end.pending.is_empty());
            prop_assert!(then.entitlements.iter().all(|one| one.matures_at <= now));
            prop_assert!(then.pending.iter().all(|one| one.matures_at > now));
            let parts = then.entitlements.iter().chain(&then.pending);
            prop_assert!(parts.clone().all(|one| end.entitlements.contains(one)));
            prop_assert_eq!(parts.count(), end.entitlements.len());
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,40}") {
        let _ = labels::type_key(&text);
        let _ = title::conventional_type(&text);
        let _ = title::telling_word(&text, &["typo".to_owned()]);
        let _ = paths::sort_of(&text);
        let _ = RulesDocument::parse(&text);
        let quoted = serde_json::Value::from(text).to_string();
        let _ = RulesDocument::parse(&format!("{{\"types\": {{{quoted}: {quoted}}}}}"));
    }
}
