use chrono::TimeDelta;
use proptest::{collection::vec, option, prelude::*};

use super::*;
use crate::rules::tests::now;

fn code(asked: &ClaimRequest<'_>) -> Result<ClaimPlace, &'static str> {
    admit(asked).map_err(|problem| problem.code)
}

#[test]
fn people_claim_free_issues_within_their_limits() {
    let free = ClaimRequest::default();
    let taken = ClaimRequest { is_claimed: true, ..free };
    let cases = [
        (free, Ok(ClaimPlace::Active)),
        (ClaimRequest { active: 2, ..free }, Ok(ClaimPlace::Active)),
        (ClaimRequest { active: 3, ..free }, Err("CLAIM_LIMIT")),
        (ClaimRequest { queued: 9, ..free }, Ok(ClaimPlace::Active)),
        (ClaimRequest { made: 19, ..free }, Ok(ClaimPlace::Active)),
        (ClaimRequest { made: 20, ..free }, Err("CLAIM_LIMIT")),
        (ClaimRequest { made: 20, ..taken }, Err("CLAIM_LIMIT")),
        (taken, Ok(ClaimPlace::Queued)),
        (ClaimRequest { active: 3, ..taken }, Ok(ClaimPlace::Queued)),
        (ClaimRequest { queued: 4, ..taken }, Ok(ClaimPlace::Queued)),
        (ClaimRequest { queued: 5, ..taken }, Err("QUEUE_LIMIT")),
        (ClaimRequest { is_own: true, active: 3, ..free }, Err("ALREADY_CLAIMED")),
        (ClaimRequest { is_queued: true, ..taken }, Err("ALREADY_CLAIMED")),
        (ClaimRequest { obstacle: Some("it is closed"), ..free }, Err("NOT_OPEN")),
    ];
    for (asked, expected) in cases {
        assert_eq!(code(&asked), expected, "{asked:?}");
    }
}

#[test]
fn a_pull_request_extends_a_claim_by_seven_days_up_to_sixty() {
    let day = |days| now() + TimeDelta::days(days);
    for (expires, active, expected) in
        [(7, 0, 7), (7, 3, 10), (10, 1, 10), (58, 55, 60), (60, 70, 60)]
    {
        let extended = extended(now(), day(expires), day(active));
        assert_eq!(extended, day(expected), "{expires} {active}");
    }
}

#[test]
fn reminders_are_sent_within_the_last_day() {
    let (now, day) = (now(), TimeDelta::days(1));
    let second = TimeDelta::seconds(1);
    assert!(!is_ending(now + day + second, now));
    assert!(is_ending(now + day, now));
    assert!(is_ending(now + second, now));
    assert!(!is_ending(now, now));
}

#[test]
fn the_work_itself_does_not_end_a_claim() {
    for (obstacle, ends) in [
        (Undoable::Linked, false),
        (Undoable::Label(StopReason::Taken), false),
        (Undoable::Stale, false),
        (Undoable::Assigned, true),
        (Undoable::Closed, true),
        (Undoable::Archived, true),
        (Undoable::Hidden, true),
        (Undoable::Locked, true),
        (Undoable::Label(StopReason::Declined), true),
    ] {
        assert_eq!(ends_claim(obstacle, false), ends, "{obstacle:?}");
    }
    assert!(!ends_claim(Undoable::Assigned, true));
    assert!(ends_claim(Undoable::Closed, true));
}

fn pull(is_own: bool, state: PullState, days: i64) -> ClosingPull {
    ClosingPull {
        name: format!("octo-org/lantern#{}", 20 + i64::from(is_own)),
        is_own,
        state,
        active_at: now() + TimeDelta::days(days),
    }
}

fn merged(is_own: bool, days: i64) -> ClosingPull {
    let at = now() + TimeDelta::days(days);
    pull(is_own, PullState::Merged(at), days)
}

/// Judges a claim that began at day 0 and ends at day 7, at a day.
fn judged(pulls: &[ClosingPull], obstacle: Option<&str>, day: i64) -> ClaimVerdict {
    let worked =
        WorkPeriod { claimed_at: now(), expires_at: now() + TimeDelta::days(7), ended_at: None };
    judge(worked, pulls, obstacle, now() + TimeDelta::days(day))
}

#[test]
fn a_claim_follows_from_its_pull_requests_and_its_issue() {
    let closed = Some("it is closed");
    let day = |days| now() + TimeDelta::days(days);
    let own = || ClaimVerdict::Completed("octo-org/lantern#21".to_owned());
    let ends = |why: &str| ClaimVerdict::Ends(why.to_owned());
    let open = |is_own, days| pull(is_own, PullState::Open, days);
    let shut = |is_own, days| pull(is_own, PullState::Closed, days);
    let cases = [
        (vec![], None, 3, ClaimVerdict::Stays),
        (vec![], None, 7, ClaimVerdict::Expires),
        (vec![], closed, 3, ends("it is closed")),
        (vec![merged(true, 2)], None, 3, own()),
        (vec![merged(true, 2)], closed, 3, own()),
        (vec![merged(true, 2)], closed, 9, own()),
        (vec![merged(true, -1)], None, 3, ClaimVerdict::Stays),
        (vec![merged(false, 2), merged(true, 2)], closed, 3, own()),
        (vec![merged(false, 2)], None, 3, ClaimVerdict::Stays),
        (
            vec![merged(false, 2)],
            closed,
            3,
            ends("octo-org/lantern#20, by another person, was merged"),
        ),
        (vec![open(true, 3)], None, 3, ClaimVerdict::Extended(day(10))),
        (vec![open(true, 0)], None, 3, ClaimVerdict::Stays),
        (vec![open(true, 0)], None, 7, ClaimVerdict::Expires),
        (vec![open(true, 3)], None, 10, ClaimVerdict::Expires),
        (vec![open(false, 3)], None, 3, ClaimVerdict::Stays),
        (vec![shut(true, 3)], None, 3, ClaimVerdict::Stays),
        (vec![shut(true, 3)], None, 7, ClaimVerdict::Expires),
    ];
    for (pulls, obstacle, at, expected) in cases {
        let verdict = judged(&pulls, obstacle, at);
        assert_eq!(verdict, expected, "{pulls:?} {obstacle:?} {at}");
    }
}

#[test]
fn a_claim_that_ended_is_completed_by_an_earlier_merge_only() {
    let worked = WorkPeriod {
        claimed_at: now(),
        expires_at: now() + TimeDelta::days(7),
        ended_at: Some(now() + TimeDelta::days(4)),
    };
    let later = now() + TimeDelta::days(20);
    let verdict = |pulls: &[ClosingPull]| judge(worked, pulls, Some("it is closed"), later);
    assert_eq!(verdict(&[]), ClaimVerdict::Stays);
    assert_eq!(verdict(&[merged(true, 5)]), ClaimVerdict::Stays);
    let completed = ClaimVerdict::Completed("octo-org/lantern#21".to_owned());
    assert_eq!(verdict(&[merged(true, 3)]), completed);
}

#[test]
fn the_outcome_is_that_of_the_newest_pull_request() {
    let at = Some(now());
    let shut = pull(true, PullState::Closed, 1);
    let open = pull(true, PullState::Open, 2);
    let other = pull(false, PullState::Closed, 3);
    assert_eq!(outcome(at, &[]), None);
    assert_eq!(outcome(None, std::slice::from_ref(&shut)), None);
    assert_eq!(outcome(at, std::slice::from_ref(&other)), None);
    assert_eq!(outcome(at, &[shut.clone(), other]), Some(PullOutcome::Closed));
    assert_eq!(outcome(at, &[shut, open]), None);
    let earlier = pull(true, PullState::Closed, -1);
    assert_eq!(outcome(at, &[earlier]), None);
}

#[test]
fn ratings_are_bounded() {
    let field = |hours, difficulty, learning| {
        let problem = ratings(hours, difficulty, learning).expect_err("refused");
        problem.field
    };
    for (found, expected) in [
        (field(Some(-0.5), None, None), "hours"),
        (field(Some(1_000.5), None, None), "hours"),
        (field(Some(f64::NAN), None, None), "hours"),
        (field(None, Some(0), None), "difficulty"),
        (field(None, Some(6), None), "difficulty"),
        (field(None, None, Some(6)), "learning"),
    ] {
        assert_eq!(found, Some(expected));
    }
    let read = ratings(Some(2.5), Some(1), Some(5)).expect("valid");
    assert_eq!((read.hours, read.difficulty, read.learning), (Some(2_500), Some(1), Some(5)));
    assert_eq!(ratings(None, None, None), Ok(Ratings::default()));
}

#[test]
fn fields_are_numbers_or_empty() {
    assert_eq!(number::<f64>(" 2,5 ", "hours"), Ok(Some(2.5)));
    assert_eq!(number::<i64>("", "learning"), Ok(None));
    let refused = number::<i64>("many", "learning").expect_err("refused");
    assert_eq!(refused.field, Some("learning"));
}

fn pulls() -> impl Strategy<Value = Vec<ClosingPull>> {
    let state = (0..3_i64, -3..20_i64).prop_map(|(kind, days)| match kind {
        0 => PullState::Open,
        1 => PullState::Closed,
        _ => PullState::Merged(now() + TimeDelta::days(days)),
    });
    let pull = (any::<bool>(), state, -3..90_i64);
    vec(pull.prop_map(|(own, state, days)| pull_of(own, state, days)), 0..4)
}

fn pull_of(is_own: bool, state: PullState, days: i64) -> ClosingPull {
    pull(is_own, state, days)
}

proptest! {
    #[test]
    fn a_claim_never_lasts_longer_than_sixty_days(
        pulls in pulls(),
        obstacle in option::of(Just("it is closed")),
        day in 0..100_i64,
    ) {
        let verdict = judged(&pulls, obstacle, day);
        if let ClaimVerdict::Extended(until) = &verdict {
            prop_assert!(*until <= now() + LONGEST && *until > now() + PERIOD);
        }
        let is_settled = matches!(verdict, ClaimVerdict::Completed(_));
        if obstacle.is_some() && !is_settled {
            prop_assert!(matches!(verdict, ClaimVerdict::Ends(_)));
        }
        if day >= 60 && obstacle.is_none() && !is_settled {
            prop_assert_eq!(verdict, ClaimVerdict::Expires);
        }
    }

    #[test]
    fn pull_requests_of_others_give_no_time(pulls in pulls(), day in 0..20_i64) {
        let others: Vec<ClosingPull> = pulls
            .into_iter()
            .map(|pull| ClosingPull { is_own: false, ..pull })
            .collect();
        prop_assert_eq!(judged(&others, None, day), judged(&[], None, day));
    }
}
