use serde_json::json;

use super::{SCORED, notify_person};
use crate::app::{TestApp, browser::Browser, mailbox::Mailbox};

const PATH: &str = "/api/v1/me/notification-settings";

/// Returns an app, its mailbox, and the unsubscribe path of an email to a person who chose instant emails.
async fn scene() -> (TestApp, Mailbox, String) {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    app.verify_address("wren-oak").await;
    let chosen = json!({ "daily_cap": 20, "email": { "pull_request_scored": "instant" } });
    assert_eq!(browser.call("PUT", PATH, Some(&chosen)).await.status, 200);
    notify_person(&app, "wren-oak", &SCORED, "one").await;
    app.work().await;
    let email = mailbox.taken().pop().expect("an email").content;
    let address = email.unsubscribe.expect("an address");
    assert!(email.text.contains(&address));
    let path = app.path(&address).to_owned();
    (app, mailbox, path)
}

#[tokio::test]
async fn one_click_unsubscribe_ends_e_mails_of_a_kind() {
    let (app, mailbox, path) = scene().await;
    // A mail program sends no cookie and no origin (RFC 8058).
    let click = || {
        let body = "List-Unsubscribe=One-Click";
        let form = "application/x-www-form-urlencoded";
        app.post(&path).header("content-type", form).body(body).send()
    };
    for _ in 0..2 {
        assert_eq!(click().await.expect("an answer").status(), 200);
    }
    assert!(notify_person(&app, "wren-oak", &SCORED, "two").await, "the inbox still gets it");
    app.work().await;
    assert_eq!(mailbox.taken().len(), 1);
    let browser = app.browser_of("wren-oak").await;
    let mail = browser.json(PATH).await["email"].clone();
    assert_eq!(
        (&mail["pull_request_scored"], &mail["maintainer_added"]),
        (&json!("off"), &json!("instant"))
    );
    app.finish().await;
}

#[tokio::test]
async fn opening_the_link_changes_nothing_and_the_button_unsubscribes() {
    let (app, _, path) = scene().await;
    let anybody = Browser::new(&app);
    let page = anybody.get(&path).await;
    assert!(page.text.contains("Scored pull requests"), "{}", page.text);
    let browser = app.browser_of("wren-oak").await;
    assert_eq!(browser.json(PATH).await["email"]["pull_request_scored"], "instant");
    let done = anybody.post(&path, &[]).await;
    assert!(done.text.contains("You unsubscribed"), "{}", done.text);
    assert_eq!(browser.json(PATH).await["email"]["pull_request_scored"], "off");
    app.finish().await;
}

#[tokio::test]
async fn links_cannot_be_forged_and_can_be_revoked() {
    let (app, _, path) = scene().await;
    let anybody = Browser::new(&app);
    let changed = format!("{}0", &path[..path.len() - 1]);
    let changed = if changed == path { path.replace("0", "1") } else { changed };
    for wrong in ["/unsubscribe/zz", "/unsubscribe/00", &changed] {
        anybody.post(wrong, &[]).await.refuses(404, "NOT_FOUND", "revoked unsubscribe link");
    }
    let browser = app.browser_of("wren-oak").await;
    let revoked = browser.post("/settings/notifications/revoke", &[]).await;
    assert_eq!(revoked.location(), "/settings/notifications");
    for _ in 0..2 {
        anybody.post(&path, &[]).await.refuses(404, "NOT_FOUND", "revoked");
        anybody.get(&path).await.refuses(404, "NOT_FOUND", "revoked");
    }
    assert_eq!(browser.json(PATH).await["email"]["pull_request_scored"], "instant");
    app.finish().await;
}
