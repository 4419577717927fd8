use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::rules::timeline::{Steps, phase};

fn input() -> SubmissionInput {
    SubmissionInput {
        title: "Gannet".to_owned(),
        summary: "A berth list that works offline.".to_owned(),
        repository: "https://github.com/gannet-crew/berthlist".to_owned(),
        demo_url: "https://berthlist.example/demo".to_owned(),
        ..SubmissionInput::default()
    }
}

#[test]
fn a_submission_is_validated() {
    let read = SubmissionDetails::read(&input(), false).expect("valid");
    assert_eq!(read.repository, "gannet-crew/berthlist");
    assert_eq!(read.branch, "");
    let of_branch = SubmissionInput {
        repository: "https://github.com/gannet-crew/berthlist/tree/next".to_owned(),
        ..input()
    };
    let read = SubmissionDetails::read(&of_branch, false).expect("valid");
    assert_eq!(read.branch, "next");
    let draft = SubmissionInput { title: "Gannet".to_owned(), ..SubmissionInput::default() };
    assert!(SubmissionDetails::read(&draft, true).is_ok());
}

#[test]
fn a_problem_names_the_field() {
    type Change = fn(&mut SubmissionInput);
    let changes: [(Change, &str); 8] = [
        (|it| it.title.clear(), "title"),
        (|it| it.summary.clear(), "summary"),
        (|it| it.repository.clear(), "repository"),
        (|it| it.repository = "https://gitlab.example/a/b".to_owned(), "repository"),
        (|it| it.branch = "a..b".to_owned(), "branch"),
        (|it| it.demo_url = "javascript:alert(1)".to_owned(), "demo_url"),
        (|it| it.video_url = "https://user@evil.example".to_owned(), "video_url"),
        (|it| it.technologies = "x".repeat(301), "technologies"),
    ];
    for (change, field) in changes {
        let mut changed = input();
        change(&mut changed);
        let problem = SubmissionDetails::read(&changed, false).expect_err(field);
        assert_eq!(problem.field, Some(field));
    }
}

#[test]
fn the_status_follows_from_facts() {
    let submitted = Facts { version: 1, verdict: Some(Verdict::Valid), ..Facts::default() };
    let invalid = Facts { verdict: Some(Verdict::Invalid), ..submitted };
    let winner = Facts { outcome: Some(JuryOutcome::Winner), ..submitted };
    use Phase::{Completed, Judging, JudgingClosed, Submission};
    for (facts, phase, status) in [
        (Facts::default(), Submission, SubmissionStatus::Draft),
        (Facts { verdict: None, ..submitted }, Submission, SubmissionStatus::Pending),
        (submitted, Submission, SubmissionStatus::Valid),
        (Facts { is_late: true, ..submitted }, Submission, SubmissionStatus::Late),
        (submitted, Judging, SubmissionStatus::UnderReview),
        (invalid, Judging, SubmissionStatus::Invalid),
        (Facts { is_admitted: true, ..invalid }, Judging, SubmissionStatus::UnderReview),
        (winner, JudgingClosed, SubmissionStatus::Valid),
        (winner, Completed, SubmissionStatus::Winner),
        (Facts { is_disqualified: true, ..winner }, Completed, SubmissionStatus::Disqualified),
        (Facts { is_withdrawn: true, ..submitted }, Submission, SubmissionStatus::Withdrawn),
    ] {
        assert_eq!(facts.status(phase), status, "{facts:?} in {phase:?}");
        let is_out = matches!(
            status,
            SubmissionStatus::Draft
                | SubmissionStatus::Invalid
                | SubmissionStatus::Disqualified
                | SubmissionStatus::Withdrawn
        );
        assert_eq!(facts.is_judged(), !is_out, "{facts:?}");
    }
}

fn at(hours: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + TimeDelta::hours(hours)
}

/// Returns an attempt at an hour: submissions are open from 20 to 30, judging from 40 to 50.
fn attempt(hour: i64) -> Attempt<'static> {
    let timeline = Timeline {
        application_opens_at: at(0),
        application_closes_at: at(10),
        submission_opens_at: at(20),
        submission_closes_at: at(30),
        judging_opens_at: at(40),
        judging_closes_at: at(50),
    };
    let steps = Steps { published_at: Some(at(0)), ..Steps::default() };
    Attempt {
        title: "Low Tide",
        phase: phase(&timeline, &steps, at(hour)),
        timeline,
        extension: None,
        refuses_late: false,
        facts: Facts::default(),
        is_locked: false,
        members: 2,
        team_min: 2,
        now: at(hour),
    }
}

#[test]
fn the_window_decides() {
    let on_time = Facts { version: 1, ..Facts::default() };
    let late = Facts { is_late: true, ..on_time };
    let moved = |hour| Attempt { extension: Some(at(35)), ..attempt(hour) };
    for (attempt, expected) in [
        (attempt(19), Err("SUBMISSIONS_NOT_OPEN")),
        (attempt(20), Ok(false)),
        (attempt(29), Ok(false)),
        (attempt(30), Ok(true)),
        (attempt(39), Ok(true)),
        (attempt(40), Err("SUBMISSIONS_CLOSED")),
        (moved(34), Ok(false)),
        (moved(35), Ok(true)),
        (Attempt { refuses_late: true, ..attempt(30) }, Err("SUBMISSIONS_CLOSED")),
        (Attempt { facts: on_time, ..attempt(30) }, Err("SUBMISSIONS_CLOSED")),
        (Attempt { facts: late, ..attempt(31) }, Ok(true)),
        (Attempt { is_locked: true, ..attempt(25) }, Err("SUBMISSIONS_CLOSED")),
        (Attempt { members: 1, ..attempt(25) }, Err("TEAM_TOO_SMALL")),
        (
            Attempt { facts: Facts { is_disqualified: true, ..on_time }, ..attempt(25) },
            Err("DISQUALIFIED"),
        ),
        (Attempt { phase: Phase::Canceled, ..attempt(25) }, Err("HACKATHON_CLOSED")),
        (Attempt { phase: Phase::Archived, ..attempt(55) }, Err("HACKATHON_CLOSED")),
    ] {
        let decided = attempt.may_submit().map_err(|problem| problem.code);
        assert_eq!(decided, expected, "{attempt:?}");
    }
    assert_eq!(Attempt { members: 1, ..attempt(25) }.may_save(), Ok(()));
}

proptest! {
    /// An extension never shortens a deadline, and what is submitted before it is never late.
    #[test]
    fn an_extension_only_helps(hour in 0..60_i64, extension in 0..60_i64, refuses_late: bool) {
        let plain = Attempt { refuses_late, ..attempt(hour) };
        let extended = Attempt { extension: Some(at(extension)), ..plain };
        prop_assert!(extended.deadline() >= plain.deadline());
        if plain.may_submit() == Ok(false) {
            prop_assert_eq!(extended.may_submit(), Ok(false));
        }
        if extended.now >= extended.deadline() {
            prop_assert_ne!(extended.may_submit(), Ok(false));
        }
    }
}

#[test]
fn a_teams_own_deadline_counts_if_it_is_later() {
    let at = |hours: i64| Timestamp::UNIX_EPOCH + chrono::TimeDelta::hours(hours);
    for (own, expected) in [(None, 10), (Some(9), 10), (Some(10), 10), (Some(11), 11)] {
        assert_eq!(deadline(at(10), own.map(at)), at(expected), "{own:?}");
    }
}
