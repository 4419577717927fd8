//! Disputes: their windows, and the people who may decide.

use chrono::TimeDelta;
use identity::model::Role;

use super::*;
use crate::{
    model::{DisputeKind, DisputeState},
    rules::disputes::{
        DecisionBar, DisputeStage, DisputeTarget, Involvement, LONGEST_TEXT, bar, is_appealable,
        text, window_ends,
    },
};

#[test]
fn a_window_has_14_days() {
    let since = at("2026-11-01T08:00:00Z");
    assert_eq!(window_ends(since), since + TimeDelta::days(14));
    assert_eq!(window_ends(Timestamp::MAX_UTC), Timestamp::MAX_UTC);
}

#[test]
fn who_may_decide() {
    let none = Involvement::default();
    let with = |change: fn(&mut Involvement)| {
        let mut involvement = none;
        change(&mut involvement);
        involvement
    };
    let parts = [
        (with(|it| it.has_opened = true), DecisionBar::Own),
        (with(|it| it.is_concerned = true), DecisionBar::Own),
        (with(|it| it.maintains = true), DecisionBar::Maintains),
        (with(|it| it.has_reviewed = true), DecisionBar::Reviewed),
        (with(|it| it.has_reported = true), DecisionBar::Reported),
        (with(|it| it.has_decided = true), DecisionBar::Decided),
    ];
    for stage in [DisputeStage::Dispute, DisputeStage::Appeal] {
        for role in [Role::User, Role::Moderator, Role::Admin] {
            let has_role = match stage {
                DisputeStage::Dispute => role != Role::User,
                DisputeStage::Appeal => role == Role::Admin,
            };
            let refused = (!has_role).then_some(DecisionBar::Role);
            assert_eq!(bar(stage, role, none), refused, "{stage:?} {role:?}");
            for (involvement, expected) in parts {
                let expected = refused.unwrap_or(expected);
                let found = bar(stage, role, involvement);
                assert_eq!(found, Some(expected), "{stage:?} {role:?} {involvement:?}");
                assert!(!expected.sentence(stage).is_empty());
            }
        }
    }
    let first = with(|it| it.has_decided_dispute = true);
    assert_eq!(bar(DisputeStage::Appeal, Role::Admin, first), Some(DecisionBar::DecidedDispute));
}

#[test]
fn what_can_be_appealed() {
    use DisputeState::{Closed, Granted, Open, Upheld};
    for kind in DisputeKind::ALL {
        assert!(!is_appealable(kind, Open) && !is_appealable(kind, Closed));
        assert!(is_appealable(kind, Upheld));
        let is_score = kind == DisputeKind::Score;
        assert_eq!(is_appealable(kind, Granted), is_score, "{kind:?}");
    }
}

#[test]
fn targets_are_read() {
    let pull = DisputeTarget::Pull { full_name: "octo-org/lantern".to_owned(), number: 7 };
    let sanction = "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
    let sanction_id = sanction.parse().expect("an ID");
    for (kind, text, expected) in [
        (DisputeKind::Score, "octo-org/lantern#7", Some(pull)),
        (DisputeKind::Score, "octo-org/lantern", None),
        (DisputeKind::Score, "octo-org/lantern#+7", None),
        (DisputeKind::Score, "octo-org/lantern#0", None),
        (DisputeKind::Flag, "F-12", Some(DisputeTarget::Flag(12))),
        (DisputeKind::Flag, "12", None),
        (DisputeKind::Flag, "F-99999999999999999999", None),
        (DisputeKind::Sanction, sanction, Some(DisputeTarget::Sanction(sanction_id))),
        (DisputeKind::Sanction, "F-12", None),
        (DisputeKind::Ban, sanction, Some(DisputeTarget::Ban(sanction_id))),
        (DisputeKind::Ban, "hexacat", None),
    ] {
        let read = DisputeTarget::read(kind, text);
        match expected {
            Some(target) => assert_eq!(read, Ok(target), "{text}"),
            None => assert_eq!(read.expect_err("refused").code, "BAD_DISPUTE", "{text}"),
        }
    }
}

#[test]
fn texts_are_trimmed_and_bounded() {
    assert_eq!(text(" a\r\nb ").as_deref(), Ok("a\nb"));
    assert_eq!(text(" \n").expect_err("empty").code, "DISPUTE_TEXT_REQUIRED");
    assert!(text(&"ä".repeat(LONGEST_TEXT)).is_ok());
    let long = text(&"ä".repeat(LONGEST_TEXT + 1));
    assert_eq!(long.expect_err("long").code, "DISPUTE_TEXT_TOO_LONG");
}
