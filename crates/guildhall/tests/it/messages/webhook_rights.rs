//! Webhooks of people who lose their rights while a message waits.

use chrono::TimeDelta;
use serde_json::Value;
use testkit::fake_post::{FakePost, PostFault};

use super::webhooks::{notify, receiver, scene};
use crate::app::TestApp;

/// Returns the titles that receivers took.
fn titles(post: &FakePost) -> Vec<Value> {
    post.taken().iter().map(|taken| taken.body["data"]["title"].clone()).collect()
}

/// Lets a message of wren-oak wait, because its receiver fails once.
async fn waiting() -> (FakePost, TestApp) {
    let (post, app) = scene().await;
    receiver(&app, &post, "a").await;
    post.next([PostFault::Status(500, None)]);
    notify(&app, "one").await;
    assert_eq!(titles(&post).len(), 0);
    (post, app)
}

async fn retried(app: &TestApp) {
    app.clock.advance(TimeDelta::minutes(10));
    app.work().await;
}

#[tokio::test]
async fn a_banned_persons_program_gets_nothing_that_waited() {
    let (post, app) = waiting().await;
    app.ban("wren-oak").await;
    retried(&app).await;
    assert!(titles(&post).iter().all(|it| it != "You have a new role: one"), "{:?}", titles(&post));
    // After the ban, it gets what is new.
    app.unban("wren-oak").await;
    notify(&app, "two").await;
    assert!(titles(&post).iter().any(|it| it == "You have a new role: two"));
    app.finish().await;
}

#[tokio::test]
async fn a_closed_accounts_program_gets_nothing_that_waited() {
    let (post, app) = waiting().await;
    let wren = app.browser_of("wren-oak").await;
    let closed = wren.post("/settings/account/close", &[("login", "wren-oak")]).await;
    assert_eq!(closed.status, 303, "{}", closed.text);
    retried(&app).await;
    assert_eq!(titles(&post).len(), 0);
    app.finish().await;
}
