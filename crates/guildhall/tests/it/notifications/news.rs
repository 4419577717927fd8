//! The server's notifications, from the event to the inbox and the sent messages.

use identity::{actions::grant_role, model::Role};
use platform::audit::Actor;

use super::{SCORED, notify_person};
use crate::app::{
    TestApp, at,
    scenarios::{Scenario, person, repo},
};

const LINUX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0";
const PHONE: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1";

#[tokio::test]
async fn a_merge_notifies_once_and_only_while_it_is_recent() {
    let (app, mailbox) = TestApp::mailing().await;
    app.project("season").await;
    app.repository("season", "octo-org/lantern", 1).await;
    app.clock.set(at("2026-10-04T12:00:00Z"));
    let browser = app.browser_of("wren-oak").await;
    app.verify_address("wren-oak").await;
    let settings =
        serde_json::json!({ "daily_cap": 20, "email": { "pull_request_scored": "instant" } });
    let path = "/api/v1/me/notification-settings";
    assert_eq!(browser.call("PUT", path, Some(&settings)).await.status, 200);
    let (lantern, wren) = (repo(1, "lantern"), person("wren-oak"));
    let fresh =
        Scenario::opened(&lantern, 1, &wren, "2026-10-02T08:00:00Z").merged("2026-10-04T08:00:00Z");
    let old =
        Scenario::opened(&lantern, 2, &wren, "2026-09-02T08:00:00Z").merged("2026-09-03T08:00:00Z");
    let stranger = Scenario::opened(&lantern, 3, &person("rook-elm"), "2026-10-02T08:00:00Z")
        .merged("2026-10-04T08:00:00Z");
    for _ in 0..2 {
        app.deliver_all(&[&fresh, &old, &stranger]).await;
    }
    let mut inbox = app.inbox(&browser).await;
    inbox.retain(|title| !title.contains("badge"));
    assert_eq!(inbox, ["*60 points for octo-org/lantern#1"]);
    assert_eq!(mailbox.subjects(), ["wren-oak@oak.example: 60 points for octo-org/lantern#1"]);
    let list = browser.json("/api/v1/me/notifications").await;
    let mut items = list["items"].as_array().expect("items").iter();
    let link = "/pull-requests/octo-org/lantern/1";
    assert!(items.any(|item| item["link"] == link), "{list}");
    assert_eq!(browser.get("/pull-requests/octo-org/lantern/1").await.status, 200);
    let scored = "SELECT count(*) FROM notifications WHERE kind = 'pull_request_scored'";
    assert_eq!(app.count(scored).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn each_appointment_notifies_unless_it_was_taken_back() {
    let (app, mailbox) = TestApp::mailing().await;
    app.project("season").await;
    let browser = app.browser_of("wren-oak").await;
    app.verify_address("wren-oak").await;
    let appoint = || app.add_maintainer("season", "wren-oak");
    let dismiss = || app.remove_maintainer("season", "wren-oak");
    appoint().await;
    appoint().await;
    app.work().await;
    dismiss().await;
    appoint().await;
    app.work().await;
    dismiss().await;
    appoint().await;
    dismiss().await;
    app.work().await;
    assert_eq!(app.inbox(&browser).await, ["*You are now a maintainer of season"; 2]);
    assert_eq!(mailbox.taken().len(), 2);
    app.finish().await;
}

#[tokio::test]
async fn a_new_device_notifies_but_not_the_first_one_or_a_browser_update() {
    let (app, mailbox) = TestApp::mailing().await;
    app.device("wren-oak", LINUX).await;
    app.verify_address("wren-oak").await;
    app.device("wren-oak", &LINUX.replace("150", "151")).await;
    app.work().await;
    assert!(mailbox.taken().is_empty());
    app.device("wren-oak", PHONE).await;
    app.device("wren-oak", PHONE).await;
    app.work().await;
    assert_eq!(mailbox.subjects(), ["wren-oak@oak.example: New sign-in from Safari on iPhone"]);
    let email = &mailbox.taken()[0].content;
    assert!(email.text.contains("Network  192.0.2.0/24"), "{}", email.text);
    assert_eq!(email.unsubscribe, None, "security emails cannot be unsubscribed from");
    app.finish().await;
}

#[tokio::test]
async fn each_change_of_a_role_notifies() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    app.verify_address("wren-oak").await;
    app.browser_with("finch-ash", Role::Admin).await;
    for role in [Role::Moderator, Role::Moderator, Role::Admin, Role::User] {
        grant_role(app.context(), Actor::Operator, "wren-oak", role).await.expect("granted");
    }
    app.work().await;
    grant_role(app.context(), Actor::Operator, "wren-oak", Role::Moderator).await.expect("granted");
    app.work().await;
    assert_eq!(
        app.inbox(&browser).await,
        [
            "*You have a new role: moderator",
            "*You have a new role: user",
            "*You have a new role: admin",
            "*You have a new role: moderator"
        ]
    );
    assert_eq!(mailbox.taken().len(), 4);
    app.finish().await;
}

#[tokio::test]
async fn without_an_address_people_are_notified_in_the_inbox_alone() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    assert!(notify_person(&app, "wren-oak", &SCORED, "one").await);
    assert!(!notify_person(&app, "wren-oak", &SCORED, "one").await, "once each");
    assert_eq!(app.inbox(&browser).await, ["*You have a new role: one"]);
    app.work().await;
    assert!(mailbox.taken().is_empty(), "there is no address");
    app.verify_address("wren-oak").await;
    app.ban("wren-oak").await;
    assert!(!notify_person(&app, "wren-oak", &SCORED, "banned").await);
    app.unban("wren-oak").await;
    for gone in ["is_deleted = true", "is_deleted = false, claimed_at = NULL"] {
        app.change(&format!("UPDATE users SET {gone}")).await.expect("changed");
        assert!(!notify_person(&app, "wren-oak", &SCORED, gone).await, "{gone}");
    }
    app.finish().await;
}
