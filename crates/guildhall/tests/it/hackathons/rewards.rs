//! Rewards: the catalogue, redemptions and their statuses.

use chrono::TimeDelta;
use guildhall::PROGRAMMES;
use hackathons::{
    REWARDS,
    actions::{NewReward, archive_reward, create_reward, redeem_reward, step_redemption},
    model::RedemptionStatus::{self, Approved, Canceled, Delivered, Fulfilled},
    reads,
    rules::rewards::RewardInput,
};
use platform::{
    audit::Actor::{self, Operator},
    flags::{self, FlagChange},
};
use recognition::{actions::rebuild, model::SettlementMode};

use super::{
    reward_scene::{mug, mugs},
    scene::code,
};
use crate::{
    alerts::causes::{Awaited, MEDIUM},
    app::{TestApp, browser::Browser},
};

#[tokio::test]
async fn operators_are_alerted_while_a_reward_is_awaited_for_two_weeks() {
    let app = TestApp::start().await;
    let person = app.hacker("ada").await;
    app.earns(person, 100).await;
    let slug = app.reward(mug(30)).await;
    let redemption = app.redeems(person, &slug).await;
    let open =
        "SELECT count(*) FROM alerts WHERE kind = 'reward_fulfillment' AND resolved_at IS NULL";
    for (days, alerts) in [(13, 0), (2, 1)] {
        app.clock.advance(TimeDelta::days(days));
        app.run_schedule("OperatorAlerts").await;
        assert_eq!(app.count(open).await, alerts, "{days} days later");
    }
    step_redemption(app.context(), Operator, None, redemption.key(), Canceled)
        .await
        .expect("canceled");
    app.run_schedule("OperatorAlerts").await;
    assert_eq!(app.count(open).await, 0);
    app.abandon().await;
}

#[tokio::test]
async fn canceling_returns_points_and_stock_and_boards_never_move() {
    let app = TestApp::start().await;
    let person = app.hacker("ada").await;
    app.earns(person, 100).await;
    let board = app.json("/api/v1/leaderboards/global").await;
    let slug = app.reward(mugs(30, 2)).await;
    let redemption = app.redeems(person, &slug).await;
    assert_eq!(app.purse(person).await, (70, 100));
    assert_eq!(app.reward_view(&slug).await.stock, Some(1));
    app.verify().await;
    step_redemption(
        app.context(),
        Actor::Person(person.0),
        Some(person),
        redemption.key(),
        Canceled,
    )
    .await
    .expect("canceled");
    assert_eq!(app.purse(person).await, (100, 100));
    assert_eq!(app.reward_view(&slug).await.stock, Some(2));
    let again = step_redemption(
        app.context(),
        Actor::Person(person.0),
        Some(person),
        redemption.key(),
        Canceled,
    )
    .await;
    assert_eq!(code(again), "REDEMPTION_STATUS");
    let kinds = "SELECT count(*) FROM point_transactions WHERE kind = 'REVERSAL'";
    assert_eq!(app.count(kinds).await, 0);
    assert_eq!(app.json("/api/v1/leaderboards/global").await, board);
    app.work().await;
    let before = app.dump().await;
    let settled = rebuild(app.context(), PROGRAMMES, SettlementMode::Post, |_| {}).await;
    let entries: usize = settled.expect("rebuilt").iter().map(|it| it.entries).sum();
    assert_eq!(entries, 0);
    assert_eq!(app.dump().await, before);
    assert_eq!(app.purse(person).await, (100, 100));
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn each_refusal_has_its_code_and_changes_nothing() {
    let app = TestApp::start().await;
    let person = app.hacker("ada").await;
    app.earns(person, 100).await;
    let limited = app.reward(RewardInput { person_limit: Some("1".to_owned()), ..mug(10) }).await;
    app.redeems(person, &limited).await;
    let later = app
        .reward(RewardInput { active_from: Some("2027-01-01T00:00:00Z".to_owned()), ..mug(10) })
        .await;
    let archived = app.reward(mug(10)).await;
    archive_reward(app.context(), Operator, &archived, true).await.expect("archived");
    let addressed =
        app.reward(RewardInput { claim_kind: Some("address".to_owned()), ..mug(10) }).await;
    for (slug, refusal) in [
        (&app.reward(mug(91)).await, "INSUFFICIENT_POINTS"),
        (&app.reward(mugs(10, 0)).await, "REWARD_OUT_OF_STOCK"),
        (&limited, "REWARD_LIMIT_REACHED"),
        (&later, "REWARD_NOT_ACTIVE"),
        (&archived, "REWARD_NOT_ACTIVE"),
        (&addressed, "BAD_REWARD"),
        (&"unknown".to_owned(), "NOT_FOUND"),
    ] {
        let refused = redeem_reward(app.context(), person, slug, "").await;
        assert_eq!(code(refused), refusal, "{slug}");
    }
    assert_eq!(app.purse(person).await, (90, 100));
    let redeemed = "SELECT count(*) FROM reward_redemptions";
    assert_eq!(app.count(redeemed).await, 1);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn people_follow_their_redemption_to_its_delivery() {
    let app = TestApp::start().await;
    let (person, stranger) = (app.hacker("ada").await, app.hacker("bo").await);
    app.earns(person, 100).await;
    let slug = app.coupons(30, "TIDE-1\nTIDE-2\nTIDE-1").await;
    assert_eq!(app.reward_view(&slug).await.stock, Some(2));
    let ada = app.browser_of("ada").await;
    let catalogue = ada.get("/rewards").await.text;
    assert!(catalogue.contains("You can redeem it"), "{catalogue}");
    let redeemed = ada.post(&format!("/rewards/{slug}"), &[]).await;
    assert_eq!(redeemed.status, 303, "{}", redeemed.text);
    let found = reads::redemptions_of(&app.context().db, person, None, 9).await;
    let id = found.expect("read")[0].key();
    let foreign =
        step_redemption(app.context(), Actor::Person(stranger.0), Some(stranger), id, Canceled)
            .await;
    assert_eq!(code(foreign), "NOT_FOUND");
    let skipped = step_redemption(app.context(), Operator, None, id, Delivered).await;
    assert_eq!(code(skipped), "REDEMPTION_STATUS");
    for (to, shows_code) in [(Approved, false), (Fulfilled, true), (Delivered, true)] {
        step_redemption(app.context(), Operator, None, id, to).await.expect("stepped");
        let own = ada.get("/rewards/redemptions").await.text;
        assert_eq!(own.contains("TIDE-"), shows_code, "{to:?}: {own}");
        app.work().await;
    }
    let late = step_redemption(app.context(), Operator, None, id, Canceled).await;
    assert_eq!(code(late), "REDEMPTION_STATUS");
    // The redemption and its first step were waiting together, so that they are one notification.
    let inbox = app.inbox(&ada).await;
    assert!(inbox.len() >= 3, "{inbox:?}");
    assert!(inbox[0].contains("Hosting is delivered"), "{inbox:?}");
    let audited = "SELECT count(*) FROM audit_logs WHERE action = 'reward.step_redemption'";
    assert_eq!(app.count(audited).await, 3);
    app.finish().await;
}

#[tokio::test]
async fn a_code_that_was_shown_is_not_given_to_another() {
    let app = TestApp::start().await;
    let person = app.hacker("ada").await;
    app.earns(person, 100).await;
    let slug = app.coupons(10, "TIDE-1\nTIDE-2").await;
    for (steps, left) in [(&[][..], 2), (&[Approved, Fulfilled][..], 1)] {
        let id = app.redeems(person, &slug).await.key();
        let last: &[RedemptionStatus] = &[Canceled];
        for to in steps.iter().chain(last) {
            step_redemption(app.context(), Operator, None, id, *to).await.expect("stepped");
        }
        assert_eq!(app.reward_view(&slug).await.stock, Some(left));
        assert_eq!(app.purse(person).await, (100, 100));
    }
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn addresses_are_encrypted_and_vanish_with_the_person() {
    let app = TestApp::start().await;
    let person = app.hacker("ada").await;
    app.earns(person, 100).await;
    let slug = app.reward(RewardInput { claim_kind: Some("address".to_owned()), ..mug(10) }).await;
    let redemption =
        redeem_reward(app.context(), person, &slug, "Ada\n1 Quay Street").await.expect("redeemed");
    let sealed = redemption.claim.clone().expect("claim details");
    assert!(!String::from_utf8_lossy(&sealed).contains("Quay"));
    let admin = app.browser_with("finch-ash", identity::model::Role::Admin).await;
    let queue = admin.get("/admin/rewards/redemptions").await.text;
    assert!(queue.contains("1 Quay Street"), "{queue}");
    let file = admin.get("/admin/rewards/redemptions.csv").await.text;
    assert!(file.contains("\"ada\",\"mug\",10,\"requested\""), "{file}");
    let tx = app.context().begin().await.expect("a transaction");
    hackathons::actions::erase(&tx, app.context(), person).await.expect("erased");
    tx.commit().await.expect("committed");
    let left = "SELECT count(*) FROM reward_redemptions WHERE claim_secret IS NOT NULL";
    assert_eq!(app.count(left).await, 0);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn the_owner_is_reminded_once_after_seven_days() {
    let app = TestApp::start().await;
    let person = app.hacker("ada").await;
    app.earns(person, 100).await;
    app.hacker("keeper").await;
    let slug = app.reward(RewardInput { owner: Some("keeper".to_owned()), ..mug(10) }).await;
    app.redeems(person, &slug).await;
    app.work().await;
    let keeper = app.browser_of("keeper").await;
    for (days, notices) in [(6, 0), (1, 1), (1, 1)] {
        app.clock.advance(TimeDelta::days(days));
        app.run_schedule("RewardFulfillmentMonitor").await;
        app.work().await;
        let keeper_now = app.browser_of("keeper").await;
        assert_eq!(app.inbox(&keeper_now).await.len(), notices);
    }
    drop(keeper);
    app.finish().await;
}

#[tokio::test]
async fn the_flag_hides_rewards_and_stops_their_mails() {
    let app = TestApp::start().await;
    let person = app.hacker("ada").await;
    app.earns(person, 100).await;
    let slug = app.reward(mug(10)).await;
    app.redeems(person, &slug).await;
    let off = FlagChange { enabled: Some(false), ..FlagChange::default() };
    flags::change(app.context(), Operator, REWARDS.name, off, "to try").await.expect("off");
    app.work().await;
    let ada = app.browser_of("ada").await;
    assert!(app.inbox(&ada).await.is_empty());
    let visitor = Browser::new(&app);
    for path in ["/rewards", "/rewards/mug", "/api/v1/rewards"] {
        assert_eq!(visitor.get(path).await.status, 404, "{path}");
    }
    assert!(!visitor.get("/").await.text.contains("href=\"/rewards\""));
    app.finish().await;
}

#[tokio::test]
async fn operators_are_alerted_while_few_are_left_of_a_reward() {
    let awaited = Awaited::of("reward_stock", MEDIUM).await;
    let text = |text: &str| Some(text.to_owned());
    let details = RewardInput {
        name: text("Mug"),
        kind: text("swag"),
        cost: text("10"),
        stock: text("3"),
        low_stock: text("5"),
        ..RewardInput::default()
    };
    let context = awaited.app.context();
    let created = create_reward(context, Actor::Operator, NewReward { slug: None, details }).await;
    let slug = created.expect("a reward").slug;
    awaited.begins().await;
    archive_reward(context, Actor::Operator, &slug, true).await.expect("archived");
    awaited.ends().await;
    awaited.app.finish().await;
}
