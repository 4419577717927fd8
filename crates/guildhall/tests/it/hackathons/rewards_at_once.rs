//! Many redemptions at once. On PostgreSQL, transactions run side by side.

use futures_util::future::join_all;
use hackathons::{
    actions::{redeem_reward, step_redemption},
    model::RedemptionStatus::Canceled,
};
use identity::model::UserId;
use platform::audit::Actor::Operator;

use super::{
    at_once::{patiently, people},
    reward_scene::{mug, mugs},
    scene::code,
};
use crate::app::TestApp;

/// Lets people redeem a reward at once. Returns the codes of the refusals.
async fn redeem_at_once(app: &TestApp, people: &[UserId], slug: &str) -> Vec<&'static str> {
    let redeeming = people.iter().map(|person| {
        let (context, slug, person) = (app.context().clone(), slug.to_owned(), *person);
        tokio::spawn(async move { patiently(|| redeem_reward(&context, person, &slug, "")).await })
    });
    let mut refused = Vec::new();
    for outcome in join_all(redeeming).await {
        match outcome.expect("ended") {
            Ok(_) => {}
            outcome => refused.push(code(outcome)),
        }
    }
    refused
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_hundred_people_get_exactly_one_hundred_items() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.reward(mugs(10, 100)).await;
    let people = people(&app, 500).await;
    for person in &people {
        app.earns(*person, 15).await;
    }
    let refused = redeem_at_once(&app, &people, &slug).await;
    assert_eq!(refused, ["REWARD_OUT_OF_STOCK"; 400]);
    let redeemed = "SELECT count(*) FROM reward_redemptions WHERE status = 'requested'";
    let entries = "SELECT count(*) FROM point_transactions WHERE kind = 'REDEMPTION'";
    assert_eq!(app.count(redeemed).await, 100);
    assert_eq!(app.count(entries).await, 100);
    assert_eq!(app.reward_view(&slug).await.stock, Some(0));
    app.verify().await;

    // Canceling one of them twice at once returns it once.
    let found = hackathons::reads::redemptions(
        &app.context().db,
        hackathons::reads::RedemptionPart::All,
        None,
        1,
    )
    .await;
    let first = found.expect("read").remove(0);
    let canceling = (0..4).map(|_| {
        let (context, id) = (app.context().clone(), first.key());
        tokio::spawn(async move {
            patiently(|| step_redemption(&context, Operator, None, id, Canceled)).await
        })
    });
    let ended = join_all(canceling).await.into_iter();
    let canceled = ended.filter(|outcome| matches!(outcome, Ok(Ok(_)))).count();
    assert_eq!(canceled, 1);
    assert_eq!(app.reward_view(&slug).await.stock, Some(1));
    assert_eq!(app.purse(first.user_id.into()).await, (15, 15));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_person_never_spends_points_twice() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let (first, second) = (app.reward(mug(10)).await, app.reward(mug(10)).await);
    let person = people(&app, 1).await[0];
    app.earns(person, 25).await;
    let redeeming = (0..10).map(|turn| {
        let slug = if turn % 2 == 0 { &first } else { &second };
        let (context, slug) = (app.context().clone(), slug.clone());
        tokio::spawn(async move { patiently(|| redeem_reward(&context, person, &slug, "")).await })
    });
    let mut redeemed = 0;
    for outcome in join_all(redeeming).await {
        match outcome.expect("ended") {
            Ok(_) => redeemed += 1,
            refused => assert_eq!(code(refused), "INSUFFICIENT_POINTS"),
        }
    }
    assert_eq!(redeemed, 2);
    assert_eq!(app.purse(person).await, (5, 25));
    app.verify().await;
    app.finish().await;
}
