use super::{
    Bond::{
        BlockedBy, Blocking, BothBlock, Friends, Received, ReceivedDeclined, Sent, SentDeclined,
        Strangers,
    },
    *,
};

const BONDS: [Bond; 11] = [
    Strangers,
    Sent,
    Received,
    Friends,
    SentDeclined,
    ReceivedDeclined,
    Blocking { is_asked: false },
    Blocking { is_asked: true },
    BlockedBy { is_asking: false },
    BlockedBy { is_asking: true },
    BothBlock,
];

/// Returns the other person's side of a relation.
fn other_side(bond: Bond) -> Bond {
    match bond {
        Sent => Received,
        Received => Sent,
        SentDeclined => ReceivedDeclined,
        ReceivedDeclined => SentDeclined,
        Blocking { is_asked } => BlockedBy { is_asking: is_asked },
        BlockedBy { is_asking } => Blocking { is_asked: is_asking },
        same => same,
    }
}

#[test]
fn each_action_changes_each_relation_as_listed() {
    const ASKED: Bond = Blocking { is_asked: true };
    const QUIET: Bond = Blocking { is_asked: false };
    const ASKING: Bond = BlockedBy { is_asking: true };
    const SHUT: Bond = BlockedBy { is_asking: false };
    const NONE: Result<Bond, &str> = Err("NO_FRIEND_REQUEST");
    const WAIT: Result<Bond, &str> = Err("FRIEND_BLOCKED");
    const LATE: Result<Bond, &str> = Err("FRIEND_REQUEST_ACCEPTED");
    // The columns are those of `Verb::ALL`.
    let table: [(Bond, [Result<Bond, &str>; 7]); 11] = [
        (Strangers, [Ok(Sent), NONE, NONE, Ok(Strangers), Ok(Strangers), Ok(QUIET), Ok(Strangers)]),
        (Sent, [Ok(Sent), NONE, NONE, Ok(Strangers), Ok(Sent), Ok(QUIET), Ok(Sent)]),
        (
            Received,
            [
                Ok(Friends),
                Ok(Friends),
                Ok(ReceivedDeclined),
                Ok(Received),
                Ok(Received),
                Ok(ASKED),
                Ok(Received),
            ],
        ),
        (Friends, [Ok(Friends), Ok(Friends), NONE, LATE, Ok(Strangers), Ok(QUIET), Ok(Friends)]),
        (
            SentDeclined,
            [Ok(Sent), NONE, NONE, Ok(SentDeclined), Ok(SentDeclined), Ok(QUIET), Ok(SentDeclined)],
        ),
        (
            ReceivedDeclined,
            [
                Ok(Sent),
                NONE,
                Ok(ReceivedDeclined),
                Ok(ReceivedDeclined),
                Ok(ReceivedDeclined),
                Ok(QUIET),
                Ok(ReceivedDeclined),
            ],
        ),
        (QUIET, [WAIT, NONE, NONE, Ok(QUIET), Ok(QUIET), Ok(QUIET), Ok(Strangers)]),
        (ASKED, [WAIT, NONE, NONE, Ok(ASKED), Ok(ASKED), Ok(ASKED), Ok(Received)]),
        (SHUT, [Ok(ASKING), NONE, NONE, Ok(SHUT), Ok(SHUT), Ok(BothBlock), Ok(SHUT)]),
        (ASKING, [Ok(ASKING), NONE, NONE, Ok(SHUT), Ok(ASKING), Ok(BothBlock), Ok(ASKING)]),
        (BothBlock, [WAIT, NONE, NONE, Ok(BothBlock), Ok(BothBlock), Ok(BothBlock), Ok(SHUT)]),
    ];
    assert_eq!(table.map(|(bond, _)| bond).len(), BONDS.len());
    for (bond, row) in table {
        for (verb, expected) in Verb::ALL.into_iter().zip(row) {
            let outcome = changed(bond, verb).map_err(|problem| problem.code);
            assert_eq!(outcome, expected, "{verb:?} of {bond:?}");
        }
    }
}

#[test]
fn a_blocked_person_sees_what_everyone_sees() {
    for (blocked, usual) in
        [(BlockedBy { is_asking: false }, Strangers), (BlockedBy { is_asking: true }, Sent)]
    {
        assert_eq!(blocked.list(), usual.list());
        for verb in Verb::ALL {
            let seen = |bond| changed(bond, verb).map(Bond::list);
            assert_eq!(seen(blocked), seen(usual), "{verb:?} of {blocked:?}");
        }
    }
    for mutual in Verb::ALL {
        let seen = |bond| changed(bond, mutual).map(Bond::list);
        assert_eq!(seen(BothBlock), seen(Blocking { is_asked: false }));
    }
    // Blocking a person changes at most what ending a friendship or canceling a request does.
    for before in BONDS {
        let after = changed(before, Verb::Block).expect("blocked");
        let (seen, was) = (other_side(after).list(), other_side(before).list());
        assert!(seen == was || seen.is_none(), "{before:?}");
    }
}

#[test]
fn each_relation_is_stored_and_read_back_from_both_sides() {
    for bond in BONDS {
        let Some(stored) = bond.stored() else {
            assert_eq!(bond, Strangers);
            continue;
        };
        assert_eq!(Bond::of(stored), bond);
        let mirrored = StoredFriendship { is_requester: !stored.is_requester, ..stored };
        assert_eq!(Bond::of(mirrored), other_side(bond));
    }
}

#[test]
fn the_twenty_first_request_of_a_day_waits_for_the_first_to_be_a_day_old() {
    let start = Timestamp::UNIX_EPOCH;
    let sent: Vec<_> = (0..21).map(|it| start + TimeDelta::minutes(it)).collect();
    let now = start + TimeDelta::hours(23);
    assert_eq!(may_request(&sent[..19], now), Ok(()));
    let refused = may_request(&sent[..20], now).expect_err("too many");
    assert_eq!(refused.code, "TOO_MANY_FRIEND_REQUESTS");
    assert_eq!(refused.retry_after, Some(3_601));
    // With one more, two have to be a day old.
    let refused = may_request(&sent, now).expect_err("too many");
    assert_eq!(refused.retry_after, Some(3_661));
}
