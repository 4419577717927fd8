use proptest::prelude::*;

use super::*;

fn input(name: &str, count: &str) -> PrizeInput {
    PrizeInput {
        name: Some(name.to_owned()),
        count: Some(count.to_owned()),
        ..PrizeInput::default()
    }
}

fn with_track(slug: &str) -> PrizeInput {
    PrizeInput { track: Some(slug.to_owned()), ..input("Prize", "1") }
}

fn harbors() -> [Track; 1] {
    [Track { slug: "harbors".to_owned(), name: "Harbors".to_owned(), description: String::new() }]
}

#[test]
fn a_prize_keeps_its_track_until_another_is_chosen() {
    let tracks = harbors();
    let prize = PrizeDetails::read(&with_track(" harbors "), None, 0, &tracks).expect("a prize");
    assert_eq!(prize.track, "harbors");
    for (change, track) in [(input("Prize", "1"), "harbors"), (with_track(""), "")] {
        let changed = PrizeDetails::read(&change, Some(&prize), 0, &tracks).expect("a prize");
        assert_eq!(changed.track, track);
    }
}

#[test]
fn details_are_read_and_kept() {
    let new = PrizeInput {
        sponsor: Some(" Pilots’ Society ".to_owned()),
        ..input(" Harbor prize ", "3")
    };
    let prize = PrizeDetails::read(&new, None, 0, &[]).expect("a prize");
    assert_eq!((&*prize.name, prize.count), ("Harbor prize", 3));
    assert_eq!((&*prize.sponsor, prize.position), ("Pilots’ Society", 0));
    let change = PrizeInput {
        sponsor: Some(String::new()),
        position: Some("2".to_owned()),
        ..PrizeInput::default()
    };
    let changed = PrizeDetails::read(&change, Some(&prize), 3, &[]).expect("a prize");
    let expected = PrizeDetails { sponsor: String::new(), position: 2, ..prize };
    assert_eq!(changed, expected);
}

#[test]
fn refused_details_name_their_field() {
    let long = "a".repeat(TEXT + 1);
    for (field, awarded, input) in [
        ("name", 0, input(" ", "1")),
        ("name", 0, input(&long, "1")),
        ("count", 0, input("Prize", "0")),
        ("count", 0, input("Prize", "1001")),
        ("count", 0, input("Prize", "two")),
        ("count", 3, input("Prize", "2")),
        ("value", 0, PrizeInput { value: Some(long.clone()), ..input("Prize", "1") }),
        ("track", 0, with_track("a\nb")),
        ("track", 0, with_track("birds")),
        ("track", 0, with_track("harbors,harbors")),
        ("position", 0, PrizeInput { position: Some("-1".to_owned()), ..input("Prize", "1") }),
    ] {
        let refused = PrizeDetails::read(&input, None, awarded, &harbors()).expect_err(field);
        assert_eq!(refused.field, Some(field), "{input:?}");
    }
}

const JUDGED: PrizeCandidate = PrizeCandidate {
    phase: Phase::Judging,
    is_judged: true,
    is_in_track: true,
    has_it: false,
    awarded: 2,
    count: 3,
};

#[test]
fn awards_are_admitted_or_refused_with_a_code() {
    assert_eq!(admit_award(&JUDGED), Ok(()));
    for (code, candidate) in [
        ("HACKATHON_PHASE", PrizeCandidate { phase: Phase::Submission, ..JUDGED }),
        ("HACKATHON_PHASE", PrizeCandidate { phase: Phase::Canceled, ..JUDGED }),
        ("SUBMISSION_NOT_JUDGED", PrizeCandidate { is_judged: false, ..JUDGED }),
        ("PRIZE_TRACK", PrizeCandidate { is_in_track: false, ..JUDGED }),
        ("PRIZE_ALREADY_AWARDED", PrizeCandidate { has_it: true, ..JUDGED }),
        ("PRIZE_COUNT_REACHED", PrizeCandidate { awarded: 3, ..JUDGED }),
    ] {
        let refused = admit_award(&candidate).expect_err(code);
        assert_eq!(refused.code, code, "{candidate:?}");
    }
    for phase in Phase::ALL {
        let closed = matches!(
            phase,
            Phase::SubmissionClosed
                | Phase::Judging
                | Phase::JudgingClosed
                | Phase::Completed
                | Phase::Archived
        );
        assert_eq!(is_time(phase), closed, "{phase:?}");
    }
}

#[test]
fn states_follow_each_other() {
    use PrizeState::{Awarded, Claimed, Forfeited, Received, Sent};
    let admitted = [
        (Awarded, Sent),
        (Awarded, Received),
        (Awarded, Forfeited),
        (Claimed, Sent),
        (Claimed, Received),
        (Claimed, Forfeited),
        (Sent, Received),
        (Sent, Forfeited),
    ];
    for from in PrizeState::ALL {
        for to in PrizeState::ALL {
            let is_admitted = admit_step(from, to).is_ok();
            let expected = admitted.contains(&(from, to));
            assert_eq!(is_admitted, expected, "{from:?} to {to:?}");
        }
        let claims = matches!(from, Awarded | Claimed);
        assert_eq!(admit_claim(from, false).is_ok(), claims, "{from:?}");
        assert_eq!(admit_claim(from, true).is_ok(), from == Awarded, "{from:?}");
    }
}

#[test]
fn a_claim_needs_words_and_a_forfeited_prize_a_reason() {
    assert_eq!(read_claim(" Ada\r\n1 Quay Street ").as_deref(), Ok("Ada\n1 Quay Street"));
    for text in ["", " \n ", &"a".repeat(CLAIM + 1)] {
        assert_eq!(read_claim(text).expect_err("refused").field, Some("claim"));
    }
    assert_eq!(read_reason(PrizeState::Sent, "x"), Ok(None));
    assert_eq!(read_reason(PrizeState::Forfeited, " Moved "), Ok(Some("Moved".to_owned())));
    let refused = read_reason(PrizeState::Forfeited, " ").expect_err("refused");
    assert_eq!(refused.field, Some("reason"));
}

proptest! {
    #[test]
    fn no_order_of_awards_exceeds_the_count(count in 1..6i64, takes in prop::collection::vec(any::<bool>(), 0..40)) {
        let mut awarded = 0;
        for takes_back in takes {
            if takes_back { awarded = (awarded - 1).max(0) } else {
                    let candidate = PrizeCandidate { awarded, count, ..JUDGED };
                    awarded += i64::from(admit_award(&candidate).is_ok());
                }
            prop_assert!(awarded <= count);
        }
    }

    #[test]
    fn every_text_is_read_or_refused_with_its_field(name in ".{0,120}", count in ".{0,8}", claim in ".{0,40}") {
        match PrizeDetails::read(&input(&name, &count), None, 0, &[]) {
            Ok(prize) => {
                prop_assert!((1..=MOST).contains(&prize.count));
                prop_assert!(!prize.name.is_empty() && prize.name.chars().count() <= TEXT);
            }
            Err(problem) => prop_assert!(matches!(problem.field, Some("name" | "count"))),
        }
        if let Ok(claim) = read_claim(&claim) {
            prop_assert!(!claim.is_empty() && claim.chars().count() <= CLAIM);
        }
    }
}
