//! A download of a person's data has nothing that proves what they only typed.

use guildhall::{MODULES, privacy};

use crate::app::TestApp;

#[tokio::test]
async fn a_link_that_waits_in_the_outbox_is_in_no_download() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    let asked = browser.post("/settings/email", &[("address", "finch@ash.example")]).await;
    assert_eq!(asked.location(), "/settings/email");
    let waiting = "SELECT count(*) FROM outbox_messages WHERE content LIKE '%verify?token=%'";
    assert_eq!(
        app.count(waiting).await,
        1,
        "it is not sent yet, or its server refuses it for a while"
    );
    let person = app.person_id("wren-oak").await.into();
    let tx = app.context().begin().await.expect("begun");
    let export = privacy::export(MODULES, &tx, app.context(), person).await.expect("an export");
    tx.commit().await.expect("committed");
    let text = export.to_string();
    assert!(text.contains("finch@ash.example") && !text.contains("token="), "{text}");
    app.work().await;
    assert!(mailbox.link(&app.server.post.site).contains("token="), "only the address gets it");
    app.finish().await;
}
