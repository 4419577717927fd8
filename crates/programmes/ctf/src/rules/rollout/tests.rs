use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;

fn rate(succeeded: i64, asked: i64) -> SuccessRate {
    SuccessRate { asked, succeeded }
}

fn facts(step: RolloutStep, hours: i64) -> RolloutFacts {
    RolloutFacts { is_on: true, step, hours: Some(hours), rate: rate(100, 100), fault: None }
}

#[test]
fn percentages_and_listed_coaches_are_steps() {
    for (is_enabled, percent, listed, step) in [
        (false, 100, 3, RolloutStep::None),
        (true, 0, 0, RolloutStep::None),
        (true, -5, 0, RolloutStep::None),
        (true, 0, 2, RolloutStep::Pilot),
        (true, 9, 0, RolloutStep::Pilot),
        (true, 10, 0, RolloutStep::Tenth),
        (true, 49, 0, RolloutStep::Tenth),
        (true, 50, 0, RolloutStep::Half),
        (true, 99, 0, RolloutStep::Half),
        (true, 100, 0, RolloutStep::Everyone),
        (true, 700, 0, RolloutStep::Everyone),
    ] {
        assert_eq!(RolloutStep::of(is_enabled, percent, listed), step, "{percent}");
    }
}

#[test]
fn each_state_has_its_suggestion() {
    let with = |rate: SuccessRate, facts: RolloutFacts| RolloutFacts { rate, ..facts };
    let failed =
        |fault: RolloutFault, facts: RolloutFacts| RolloutFacts { fault: Some(fault), ..facts };
    let off = RolloutFacts { is_on: false, ..facts(RolloutStep::Half, 30) };
    let unknown = RolloutFacts { hours: None, ..facts(RolloutStep::Tenth, 0) };
    for (facts, words) in [
        (off, "Turn the integration on"),
        (facts(RolloutStep::None, 9), "List the usernames of the coaches of 5 to 10 competitors"),
        (facts(RolloutStep::Pilot, 0), "Wait 168 more hours"),
        (facts(RolloutStep::Pilot, 167), "Wait 1 more hour"),
        (facts(RolloutStep::Pilot, 168), "Raise to 10 %"),
        (facts(RolloutStep::Tenth, 28), "Wait 20 more hours"),
        (facts(RolloutStep::Tenth, 48), "Raise to 50 %"),
        (facts(RolloutStep::Half, 23), "Wait 1 more hour"),
        (facts(RolloutStep::Half, 24), "Raise to 100 %"),
        (facts(RolloutStep::Everyone, 0), "Done: the platform is on for everyone"),
        (
            with(rate(91, 100), facts(RolloutStep::Tenth, 60)),
            "Do not raise: 91 % succeeded in 7 days; more than 95 % are needed",
        ),
        (
            with(rate(95, 100), facts(RolloutStep::Tenth, 1)),
            "Do not raise: 95 % succeeded in 7 days; more than 95 % are needed",
        ),
        (
            with(rate(0, 0), facts(RolloutStep::Tenth, 60)),
            "Do not raise: no competitor was asked for in 7 days",
        ),
        (with(rate(0, 0), facts(RolloutStep::Tenth, 47)), "Wait 1 more hour"),
        (
            unknown,
            "Do not raise: the flag was changed with SQL, so the hours at this step are not known",
        ),
        (
            failed(RolloutFault::Rejected, facts(RolloutStep::Half, 99)),
            "Do not raise: the platform rejected the token",
        ),
        (
            failed(RolloutFault::ThreeFailed, facts(RolloutStep::Pilot, 3)),
            "Do not raise: three full syncs failed in a row",
        ),
        (
            failed(RolloutFault::Rejected, facts(RolloutStep::Everyone, 700)),
            "Fix this first: the platform rejected the token",
        ),
        (
            failed(RolloutFault::ThreeFailed, facts(RolloutStep::Everyone, 0)),
            "Fix this first: three full syncs failed in a row",
        ),
        (
            with(rate(79, 100), facts(RolloutStep::Everyone, 700)),
            "Roll back to 50 %: only 79 % succeeded in 7 days",
        ),
        (
            with(rate(79, 100), facts(RolloutStep::Half, 3)),
            "Roll back to 10 %: only 79 % succeeded in 7 days",
        ),
        (
            with(rate(2, 7), facts(RolloutStep::Tenth, 3)),
            "Roll back to the pilot: only 28.5 % succeeded in 7 days",
        ),
        (
            with(rate(3, 5), facts(RolloutStep::Pilot, 3)),
            "Turn the flag off: only 60 % succeeded in 7 days",
        ),
        (
            with(rate(2, 4), facts(RolloutStep::Pilot, 200)),
            "Do not raise: 50 % succeeded in 7 days; more than 95 % are needed",
        ),
    ] {
        assert_eq!(advise(&facts).words(), words, "{facts:?}");
    }
}

#[test]
fn the_last_runs_show_a_fault() {
    use crate::rules::runs::RunOutcome::{self, EndedEarly, Failure, Rejected, Success};
    let cases: [(Option<RunOutcome>, &[RunOutcome], Option<RolloutFault>); 7] = [
        (None, &[], None),
        (Some(Success), &[Success], None),
        (Some(Failure), &[Failure, Failure], None),
        (Some(Failure), &[Failure, EndedEarly, Failure], Some(RolloutFault::ThreeFailed)),
        (Some(Failure), &[Failure, Success, Failure], None),
        (Some(Rejected), &[Success], Some(RolloutFault::Rejected)),
        (Some(Rejected), &[Rejected, Failure, Failure], Some(RolloutFault::Rejected)),
    ];
    for (last, last_full, fault) in cases {
        assert_eq!(RolloutFault::of(last, last_full), fault, "{last:?} {last_full:?}");
    }
}

#[test]
fn suggestions_to_change_the_flag_have_a_value() {
    let value = |facts: RolloutFacts| advise(&facts).value();
    assert_eq!(value(facts(RolloutStep::Tenth, 48)).as_deref(), Some("50"));
    assert_eq!(value(facts(RolloutStep::Tenth, 47)), None);
    let low = |step| RolloutFacts { rate: rate(1, 9), ..facts(step, 1) };
    assert_eq!(value(low(RolloutStep::Tenth)).as_deref(), Some("0"));
    assert_eq!(value(low(RolloutStep::Pilot)).as_deref(), Some("off"));
}

#[test]
fn a_step_begins_with_the_change_that_led_to_it() {
    let now: Timestamp = "2026-11-20T10:00:00Z".parse().expect("an instant");
    let change = |hours: i64, before: RolloutStep, after: RolloutStep| StepChange {
        at: now - TimeDelta::hours(hours),
        before,
        after,
    };
    let began = |present: RolloutStep, moves: &[StepChange]| {
        began(present, moves).map(|at| (now - at).num_hours())
    };
    let listed = change(1, RolloutStep::Pilot, RolloutStep::Pilot);
    let pilot = change(90, RolloutStep::None, RolloutStep::Pilot);
    let earlier = change(500, RolloutStep::Tenth, RolloutStep::None);
    // Another coach was listed meanwhile.
    assert_eq!(began(RolloutStep::Pilot, &[listed, pilot, earlier]), Some(90));
    let again = [
        change(2, RolloutStep::None, RolloutStep::Tenth),
        change(3, RolloutStep::Tenth, RolloutStep::None),
        change(80, RolloutStep::Pilot, RolloutStep::Tenth),
    ];
    assert_eq!(began(RolloutStep::Tenth, &again), Some(2), "off in between");
    // An operator turned the row off, or raised it, with SQL.
    assert_eq!(began(RolloutStep::None, &again), None);
    assert_eq!(began(RolloutStep::Half, &again), None);
    assert_eq!(began(RolloutStep::Pilot, &[]), None);
    // The list of changes ends within the step.
    assert_eq!(began(RolloutStep::Pilot, &[listed]), Some(1));
}

#[test]
fn shares_are_rounded_down() {
    for (succeeded, asked, words) in [
        (0, 0, "–"),
        (0, 3, "0 %"),
        (2, 3, "66.6 %"),
        (949_999, 1_000_000, "94.9 %"),
        (22, 22, "100 %"),
    ] {
        assert_eq!(rate(succeeded, asked).words(), words);
    }
    assert!(!rate(95, 100).is_ready() && rate(951, 1_000).is_ready());
    assert!(!rate(0, 0).is_ready() && !rate(0, 4).has_collapsed());
    assert!(rate(79, 100).has_collapsed() && !rate(80, 100).has_collapsed());
}

fn any_facts() -> impl Strategy<Value = RolloutFacts> {
    let steps = prop::sample::select(vec![
        RolloutStep::None,
        RolloutStep::Pilot,
        RolloutStep::Tenth,
        RolloutStep::Half,
        RolloutStep::Everyone,
    ]);
    let faults = prop::sample::select(vec![
        None,
        Some(RolloutFault::Rejected),
        Some(RolloutFault::ThreeFailed),
    ]);
    let hours = prop::option::of(-9_i64..400);
    let rates = (0_i64..200, 0_i64..=100)
        .prop_map(|(asked, percent)| SuccessRate { asked, succeeded: asked * percent / 100 });
    (any::<bool>(), steps, hours, rates, faults).prop_map(|(is_on, step, hours, rate, fault)| {
        RolloutFacts { is_on, step, hours, rate, fault }
    })
}

proptest! {
    #[test]
    fn the_rollout_is_raised_by_one_step_and_only_when_all_is_well(facts in any_facts()) {
        if let RolloutAdvice::Raise(step) = advise(&facts) {
            prop_assert_eq!(Some(step), facts.step.next());
            prop_assert!(facts.is_on && facts.fault.is_none() && facts.rate.is_ready());
            prop_assert!(facts.hours >= Some(facts.step.hours()));
            prop_assert!(step > RolloutStep::Pilot);
        }
    }

    #[test]
    fn it_is_rolled_back_by_one_step_and_only_at_a_low_rate(facts in any_facts()) {
        if let RolloutAdvice::RollBack(step, rate) = advise(&facts) {
            prop_assert_eq!(step, facts.step.previous());
            prop_assert!(step < facts.step && rate.has_collapsed() && !rate.is_ready());
        }
    }

    #[test]
    fn more_time_never_delays_the_next_step(facts in any_facts(), more in 0_i64..400) {
        let later = RolloutFacts { hours: facts.hours.map(|hours| hours + more), ..facts };
        match (advise(&facts), advise(&later)) {
            (RolloutAdvice::Wait(hours), RolloutAdvice::Wait(left)) => prop_assert!(left <= hours),
            (RolloutAdvice::Wait(hours), _) => prop_assert!(more > 0 && hours > 0),
            (before, after) => prop_assert_eq!(before, after),
        }
    }

    #[test]
    fn every_suggestion_has_words_and_a_class(facts in any_facts()) {
        let advice = advise(&facts);
        prop_assert!(!advice.words().is_empty() && advice.class().starts_with("t-"));
    }
}
