//! `/admin/notifications`.

use identity::model::Role;
use platform::outbox::Refusal;

use crate::{
    app::TestApp,
    messages::{message_states, write},
};

const PATH: &str = "/admin/notifications";

#[tokio::test]
async fn an_empty_outbox_is_shown_as_empty() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let page = admin.get(PATH).await;
    for words in ["No messages yet", "No alerts yet."] {
        assert!(page.text.contains(words), "{}", page.text);
    }
    let page = admin.get(&format!("{PATH}?state=dead")).await;
    assert!(page.text.contains("No matching messages"), "{}", page.text);
    admin.get(&format!("{PATH}?state=lost")).await.refuses(
        400,
        "BAD_QUERY",
        "Use waiting, done, given_up or dead",
    );
    app.finish().await;
}

#[tokio::test]
async fn a_dead_letter_is_shown_with_its_reason_and_retried() {
    let (app, mailbox) = TestApp::mailing().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    crate::alerts::open_alert(&app).await;
    mailbox.refuse([Refusal::Never("no <such> mailbox".to_owned())]);
    write(&app, "").await;
    app.work().await;
    let page = admin.get(PATH).await.text;
    for words in [
        "no &#60;such&#62; mailbox",
        "The ledger check found a mismatch",
        "Ongoing",
        "Email",
        "1<span class=\"vh\"> failed on Email",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("Hello") && !page.contains("wren@oak.example"), "{page}");
    let form = page.split("action=\"/admin/notifications/").nth(1).expect("a form");
    let (id, _) = form.split_once("/retry").expect("an id");
    let retry = format!("{PATH}/{id}/retry");
    let done = admin.post(&retry, &[]).await;
    assert_eq!(done.location(), PATH);
    admin.post(&retry, &[]).await.refuses(409, "NOT_A_DEAD_LETTER", "did not fail");
    app.work().await;
    assert_eq!(message_states(&app).await, ["sent: taken"]);
    app.abandon().await;
}

#[tokio::test]
async fn both_tables_can_be_downloaded() {
    let (app, _) = TestApp::mailing().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    crate::alerts::open_alert(&app).await;
    for occurrence in ["one", "two"] {
        write(&app, occurrence).await;
    }
    let file = admin.get(&format!("{PATH}/messages.csv?state=waiting")).await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(file.text.lines().count(), 3, "{}", file.text);
    assert!(!file.text.contains("Hello"), "{}", file.text);
    let file = admin.get(&format!("{PATH}/alerts.csv")).await;
    assert!(file.text.contains("\"ledger_mismatch\""), "{}", file.text);
    app.abandon().await;
}
