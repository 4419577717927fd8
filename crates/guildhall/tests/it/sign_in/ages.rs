//! When GitHub created accounts: stored once, when GitHub itself states it.

use chrono::TimeDelta;

use super::scene;
use crate::app::{TestApp, at, browser::Browser};

#[tokio::test]
async fn signing_in_states_when_the_account_was_created() {
    let (github, app) = scene().await;
    let created_at = at("2018-05-04T03:02:01Z");
    github.set_created_at("wren-oak", created_at).expect("known");
    for _ in 0..2 {
        let browser = Browser::new(&app);
        browser.sign_in(&github, "wren-oak").await.location();
        assert_eq!(app.created("wren-oak").await, Some(created_at));
    }
    app.finish().await;
}

#[tokio::test]
async fn a_known_account_gets_its_age_once() {
    let app = TestApp::start().await;
    app.know_created("wren-oak", None).await;
    assert_eq!(app.created("wren-oak").await, None);
    let first = Some(at("2018-05-04T03:02:01Z"));
    for stated in [first, None, Some(at("2019-05-04T03:02:01Z"))] {
        app.know_created("wren-oak", stated).await;
        assert_eq!(app.created("wren-oak").await, first, "{stated:?}");
    }
    app.finish().await;
}

#[tokio::test]
async fn an_impossible_age_is_unknown() {
    let app = TestApp::start().await;
    let now = app.context().now();
    for (login, stated) in
        [("wren-oak", now + TimeDelta::seconds(1)), ("finch-ash", at("1969-12-31T23:59:59Z"))]
    {
        app.know_created(login, Some(stated)).await;
        assert_eq!(app.created(login).await, None, "{login}");
    }
    app.know_created("wren-oak", Some(now)).await;
    assert_eq!(app.created("wren-oak").await, Some(now));
    app.finish().await;
}

#[tokio::test]
async fn the_earliest_account_of_a_person_counts() {
    let app = TestApp::start().await;
    let created_at = at("2018-05-04T03:02:01Z");
    app.know_created("wren-oak", Some(created_at)).await;
    let later = "INSERT INTO user_identities (id, created_at, user_id, provider, subject, account_created_at) \
                 SELECT id, created_at, id, 'github', '88', created_at FROM users";
    app.change(later).await.expect("another account");
    assert_eq!(app.created("wren-oak").await, Some(created_at));
    app.finish().await;
}
