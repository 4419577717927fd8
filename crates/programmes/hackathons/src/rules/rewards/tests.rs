use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn input(name: &str, cost: &str) -> RewardInput {
    RewardInput {
        name: Some(name.to_owned()),
        cost: Some(cost.to_owned()),
        ..RewardInput::default()
    }
}

#[test]
fn details_are_read_and_kept() {
    let mut new = input(" Mug ", "120");
    new.stock = Some("3".to_owned());
    let mug = RewardDetails::read(&new, None).expect("a reward");
    assert_eq!((&*mug.name, mug.cost, mug.stock), ("Mug", 120, Some(3)));
    let unlimited = RewardInput { stock: Some(String::new()), ..RewardInput::default() };
    let changed = RewardDetails::read(&unlimited, Some(&mug)).expect("a reward");
    assert_eq!(changed, RewardDetails { stock: None, ..mug });
}

#[test]
fn refused_details_name_their_field() {
    let text = |text: &str| Some(text.to_owned());
    let mug = || input("Mug", "120");
    for (field, input) in [
        ("name", input("", "120")),
        ("cost", input("Mug", "")),
        ("cost", input("Mug", "0")),
        ("cost", input("Mug", "1000001")),
        ("stock", RewardInput { stock: text("-1"), ..mug() }),
        ("kind", RewardInput { kind: text("car"), ..mug() }),
        ("claim_kind", RewardInput { claim_kind: text("x"), ..mug() }),
        ("person_limit", RewardInput { person_limit: text("0"), ..mug() }),
        ("active_from", RewardInput { active_from: text("soon"), ..mug() }),
        (
            "active_until",
            RewardInput {
                active_from: text("2026-11-02T00:00:00Z"),
                active_until: text("2026-11-02T00:00:00Z"),
                ..mug()
            },
        ),
    ] {
        let problem = RewardDetails::read(&input, None).expect_err(field);
        assert_eq!((problem.field, problem.code), (Some(field), "BAD_REWARD"));
    }
}

#[test]
fn rewards_with_codes_keep_them() {
    let mut new = input("Month of hosting", "50");
    new.claim_kind = Some("coupon_code".to_owned());
    new.stock = Some("9".to_owned());
    let coupon = RewardDetails::read(&new, None).expect("a reward");
    assert_eq!(coupon.stock, Some(0));
    let other = RewardInput { claim_kind: Some("none".to_owned()), ..RewardInput::default() };
    let refused = RewardDetails::read(&other, Some(&coupon)).expect_err("kept");
    assert_eq!(refused.field, Some("claim_kind"));
}

#[test]
fn offers_admit_in_their_time_while_in_stock_up_to_the_limit() {
    let now = at("2026-11-01T12:00:00Z");
    let open = Offer {
        is_archived: false,
        active_from: Some(now),
        active_until: None,
        stock: Some(1),
        person_limit: Some(2),
    };
    assert_eq!(open.admit(1, now), Ok(()));
    for (offer, held, code) in [
        (Offer { is_archived: true, ..open }, 0, "REWARD_NOT_ACTIVE"),
        (Offer { active_from: Some(now + TimeDelta::seconds(1)), ..open }, 0, "REWARD_NOT_ACTIVE"),
        (Offer { active_until: Some(now), ..open }, 0, "REWARD_NOT_ACTIVE"),
        (Offer { stock: Some(0), ..open }, 0, "REWARD_OUT_OF_STOCK"),
        (open, 2, "REWARD_LIMIT_REACHED"),
    ] {
        assert_eq!(offer.admit(held, now).expect_err(code).code, code);
    }
}

#[test]
fn redemptions_take_one_step_after_another() {
    use RedemptionStatus::{Approved, Canceled, Delivered, Fulfilled, Requested};
    let admitted = [
        (Requested, Approved),
        (Approved, Fulfilled),
        (Fulfilled, Delivered),
        (Requested, Canceled),
        (Approved, Canceled),
        (Fulfilled, Canceled),
    ];
    for from in RedemptionStatus::ALL.iter().copied() {
        for to in RedemptionStatus::ALL.iter().copied() {
            let by_admin = admit_step(from, to, true).is_ok();
            assert_eq!(by_admin, admitted.contains(&(from, to)), "{from:?} {to:?}");
            let by_person = admit_step(from, to, false).is_ok();
            assert_eq!(by_person, (from, to) == (Requested, Canceled));
        }
    }
}

#[test]
fn claims_and_codes_are_read() {
    assert_eq!(read_claim(ClaimKind::None, "ignored"), Ok(None));
    let address = read_claim(ClaimKind::Address, " 1 Quay\nPort ");
    assert_eq!(address, Ok(Some("1 Quay\nPort".to_owned())));
    for (kind, typed) in [(ClaimKind::Address, " "), (ClaimKind::Email, "ada")] {
        let refused = read_claim(kind, typed).expect_err("not a claim");
        assert_eq!(refused.field, Some("claim"));
    }
    let codes = read_codes("A1\n\n B2 \nA1").expect("codes");
    assert_eq!(codes, ["A1", "B2"]);
    assert_eq!(read_codes("\n").expect_err("none").field, Some("codes"));
}
