use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;

fn at(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-11-20T10:00:00Z".parse().expect("an instant");
    start + TimeDelta::seconds(seconds)
}

fn solve(number: u8) -> SolveFacts {
    SolveFacts {
        solve_id: format!("s{number}"),
        challenge_id: format!("c{number}"),
        title: "A challenge".to_owned(),
        category: "web".to_owned(),
        points: 100,
        solved_at: at(i64::from(number)),
        source: SolveSource::Odl,
        event_id: None,
        in_both: false,
        is_retired: false,
        nice_work_roles: Vec::new(),
        raw: String::new(),
    }
}

fn apply(stored: &mut Vec<StoredSolve>, answer: &[SolveFacts], lists: &ListedSolves) -> Merge {
    let merge = merge(stored, answer, lists);
    for facts in &merge.inserts {
        let id = Uuid::from_u128(u128::try_from(stored.len()).expect("few"));
        let facts = facts.clone();
        stored.push(StoredSolve { id, facts, is_vanished: false });
    }
    for solve in &mut *stored {
        solve.is_vanished |= merge.vanished.contains(&solve.id);
        if let Some(correction) = merge.corrections.iter().find(|it| it.id == solve.id) {
            solve.facts = correction.facts.clone();
            solve.is_vanished = false;
        }
    }
    merge
}

#[test]
fn a_corrected_solve_keeps_what_it_was() {
    let mut stored = Vec::new();
    apply(&mut stored, &[solve(1)], &ListedSolves::Part);
    let better = SolveFacts { points: 150, ..solve(1) };
    let merge = apply(&mut stored, std::slice::from_ref(&better), &ListedSolves::Part);
    assert!(merge.has_news());
    let previous = merge.corrections[0].previous.as_deref().expect("the former values");
    assert!(previous.contains("\"points\":100"), "{previous}");
    assert_eq!(stored[0].facts, better);
}

#[test]
fn a_retired_challenge_is_no_news() {
    let mut stored = Vec::new();
    apply(&mut stored, &[solve(1)], &ListedSolves::Part);
    let retired = SolveFacts { is_retired: true, ..solve(1) };
    let merge = apply(&mut stored, &[retired], &ListedSolves::Part);
    assert!(!merge.has_news() && !merge.is_empty());
    assert!(stored[0].facts.is_retired);
}

#[test]
fn a_solve_with_another_challenge_is_an_error_and_changes_nothing() {
    let mut stored = Vec::new();
    apply(&mut stored, &[solve(1)], &ListedSolves::Part);
    let other = SolveFacts { challenge_id: "c9".to_owned(), ..solve(1) };
    let merge = apply(&mut stored, std::slice::from_ref(&other), &ListedSolves::AllOdl);
    assert!(merge.is_empty(), "{merge:?}");
    let message = merge.conflicts[0].message();
    assert!(message.contains("solve s1") && message.contains("challenge c9"), "{message}");
    assert_eq!(stored[0].facts, solve(1));
    let twice = apply(&mut Vec::new(), &[solve(1), other], &ListedSolves::Part);
    assert_eq!((twice.inserts.len(), twice.conflicts.len()), (1, 1));
}

#[test]
fn only_complete_answers_mark_solves_as_vanished() {
    let mut stored = Vec::new();
    apply(&mut stored, &[solve(1), solve(2)], &ListedSolves::Part);
    for lists in [
        ListedSolves::odl(true, 1, 1),
        ListedSolves::odl(false, 1, 2),
        ListedSolves::AllFlash(BTreeSet::new()),
    ] {
        assert!(apply(&mut stored, &[solve(1)], &lists).is_empty(), "{lists:?}");
    }
    let merge = apply(&mut stored, &[solve(1)], &ListedSolves::odl(false, 1, 1));
    assert_eq!(merge.vanished, [stored[1].id]);
    let merge = apply(&mut stored, &[solve(2)], &ListedSolves::Part);
    assert!(merge.has_news() && merge.corrections[0].is_back);
    assert!(!stored[1].is_vanished);
}

fn flash(number: u8) -> SolveFacts {
    SolveFacts {
        source: SolveSource::FlashCtf,
        event_id: Some(event_id("Harbor Flash", at(0))),
        points: 150,
        ..solve(number)
    }
}

#[test]
fn a_solve_of_an_event_stays_there() {
    let event = event_id("Harbor Flash", at(0));
    let mut stored = Vec::new();
    apply(&mut stored, &[flash(1)], &ListedSolves::Part);
    assert!(apply(&mut stored, &[], &ListedSolves::AllOdl).is_empty());
    let incomplete = ListedSolves::AllFlash(BTreeSet::from([event]));
    assert!(apply(&mut stored, &[], &incomplete).is_empty());
    let merge = apply(&mut stored, &[], &ListedSolves::AllFlash(BTreeSet::new()));
    assert_eq!(merge.vanished.len(), 1);
    assert_eq!(live_odl(&stored), 0);
}

#[test]
fn a_solve_that_both_list_is_one_of_the_event_and_counts_on_demand_too() {
    let all_flash = ListedSolves::AllFlash(BTreeSet::new());
    for is_flash_first in [true, false] {
        let mut stored = Vec::new();
        let mut steps = [(solve(1), ListedSolves::AllOdl), (flash(1), all_flash.clone())];
        if is_flash_first {
            steps.reverse();
        }
        for (answer, lists) in steps.iter().chain(&steps) {
            apply(&mut stored, std::slice::from_ref(answer), lists);
        }
        let both = SolveFacts { in_both: true, ..flash(1) };
        assert_eq!((stored.len(), &stored[0].facts), (1, &both));
        assert_eq!(live_odl(&stored), 1);
        for (answer, lists) in &steps {
            let again = merge(&stored, std::slice::from_ref(answer), lists);
            assert!(again.is_empty(), "{again:?}");
        }
        let mut without_event = stored.clone();
        apply(&mut without_event, &[], &all_flash);
        let rest = &without_event[0];
        assert_eq!(
            (rest.is_vanished, rest.facts.source, rest.facts.in_both),
            (false, SolveSource::Odl, false)
        );
        apply(&mut without_event, &[], &ListedSolves::AllOdl);
        assert!(without_event[0].is_vanished);
        apply(&mut stored, &[], &ListedSolves::AllOdl);
        assert_eq!((stored[0].is_vanished, live_odl(&stored)), (false, 0));
    }
}

#[test]
fn a_different_number_needs_an_answer_without_a_cursor() {
    let numbers = |listed, counted| SolveNumbers { counted, listed, stored: 5, expected: 6 };
    // All of the time, those since the cursor, and what the platform counts but never lists.
    assert!([5, 1, 6].iter().all(|counted| !needs_whole(&numbers(Some(1), *counted))));
    assert!(needs_whole(&numbers(Some(1), 7)));
    // A platform that counts all now counts fewer than are stored.
    assert!([1, 7].iter().all(|counted| needs_whole(&numbers(None, *counted))));
}

#[test]
fn a_shortfall_is_said() {
    assert!([2, 3].iter().all(|stored| shortfall(2, *stored).is_none()));
    let said = shortfall(403, 242).expect("a message");
    assert!(said.contains("states 403 solves, but lists only 242"), "{said}");
}

#[test]
fn events_are_replaced_when_they_change() {
    let facts = EventFacts {
        event_id: event_id(" Harbor Flash ", at(0)),
        name: "Harbor Flash".to_owned(),
        challenges_solved: 3,
        points_earned: 300,
        max_points: 1_000,
        rank: Some(4),
        started_at: at(0),
        raw: "{}".to_owned(),
    };
    assert!(facts.event_id.starts_with("Harbor Flash@17"));
    let stored = |is_vanished| StoredEvent { id: Uuid::nil(), facts: facts.clone(), is_vanished };
    let same = EventFacts { raw: "{ }".to_owned(), ..facts.clone() };
    assert!(!merge_events(&[stored(false)], std::slice::from_ref(&same)).has_news());
    assert_eq!(merge_events(&[stored(true)], &[same]).upserts.len(), 1);
    let better = EventFacts { rank: Some(3), ..facts.clone() };
    assert_eq!(merge_events(&[stored(false)], &[better]).upserts.len(), 1);
    assert_eq!(merge_events(&[stored(false)], &[]).vanished, [Uuid::nil()]);
    assert_eq!(merge_events(&[], &[facts.clone(), facts]).upserts.len(), 1);
}

/// An event on the platform, or a question of this server.
#[derive(Clone, Debug)]
enum PlatformStep {
    Solved(u8),
    Corrected(u8, i64),
    Removed(u8),
    AskedSince(u8),
    AskedAll,
}

fn steps() -> impl Strategy<Value = Vec<PlatformStep>> {
    let step = prop_oneof![
        (0_u8..12).prop_map(PlatformStep::Solved),
        (0_u8..12, 1_i64..500).prop_map(|(number, points)| PlatformStep::Corrected(number, points)),
        (0_u8..12).prop_map(PlatformStep::Removed),
        (0_u8..12).prop_map(PlatformStep::AskedSince),
        Just(PlatformStep::AskedAll),
    ];
    prop::collection::vec(step, 0..60)
}

proptest! {
    #[test]
    fn a_complete_answer_restores_what_the_platform_has(steps in steps()) {
        let mut remote: BTreeMap<u8, SolveFacts> = BTreeMap::new();
        let (mut stored, mut asked) = (Vec::new(), BTreeSet::new());
        for step in steps.into_iter().chain([PlatformStep::AskedAll]) {
            match step {
                PlatformStep::Solved(number) => {
                    remote.entry(number).or_insert_with(|| solve(number));
                }
                PlatformStep::Corrected(number, points) => {
                    if let Some(solve) = remote.get_mut(&number) {
                        solve.points = points;
                    }
                }
                PlatformStep::Removed(number) => drop(remote.remove(&number)),
                PlatformStep::AskedSince(number) => {
                    let answer: Vec<_> = remote.range(number..).map(|(_, it)| it.clone()).collect();
                    asked.extend(answer.iter().map(|it| it.solve_id.clone()));
                    let merge = apply(&mut stored, &answer, &ListedSolves::odl(true, answer.len(), 0));
                    prop_assert!(merge.vanished.is_empty());
                }
                PlatformStep::AskedAll => {
                    let answer: Vec<_> = remote.values().cloned().collect();
                    asked.extend(answer.iter().map(|it| it.solve_id.clone()));
                    let counted = i64::try_from(answer.len()).expect("few");
                    let lists = ListedSolves::odl(false, answer.len(), counted);
                    apply(&mut stored, &answer, &lists);
                    let again = merge(&stored, &answer, &lists);
                    prop_assert!(again.is_empty(), "{again:?}");
                }
            }
        }
        // Nothing that was seen is lost, and nothing doubles.
        let ids: Vec<String> = stored.iter().map(|it| it.facts.solve_id.clone()).collect();
        prop_assert_eq!(ids.len(), asked.len());
        prop_assert_eq!(&ids.into_iter().collect::<BTreeSet<_>>(), &asked);
        let live = stored.iter().filter(|it| !it.is_vanished);
        let mut live: Vec<SolveFacts> = live.map(|it| it.facts.clone()).collect();
        live.sort_by_key(|it| it.solved_at);
        prop_assert_eq!(live, remote.into_values().collect::<Vec<_>>());
    }

    #[test]
    fn answers_of_the_same_solves_may_arrive_in_any_order(
        order in Just((0_u8..10).collect::<Vec<_>>()).prop_shuffle(),
        sizes in prop::collection::vec(1_usize..5, 10),
    ) {
        let (mut stored, mut rest) = (Vec::new(), order.as_slice());
        for size in sizes {
            let (part, others) = rest.split_at(size.min(rest.len()));
            let part: Vec<_> = part.iter().map(|number| solve(*number)).collect();
            apply(&mut stored, &part, &ListedSolves::Part);
            apply(&mut stored, &part, &ListedSolves::Part);
            rest = others;
        }
        let rest: Vec<_> = rest.iter().map(|number| solve(*number)).collect();
        apply(&mut stored, &rest, &ListedSolves::Part);
        let mut facts: Vec<_> = stored.into_iter().map(|it| it.facts).collect();
        facts.sort_by_key(|it| it.solved_at);
        prop_assert_eq!(facts, (0..10).map(solve).collect::<Vec<_>>());
    }
}
