//! The calendar of a hackathon.

use hackathons::actions::cancel;
use platform::audit::Actor::Operator;

use super::scene::november;
use crate::app::{TestApp, browser::Browser};

#[tokio::test]
async fn a_calendar_keeps_its_entries_when_the_hackathon_is_canceled() {
    let app = TestApp::start().await;
    let slug = app.hackathon(november()).await;
    let browser = Browser::new(&app);
    let path = format!("/hackathons/{slug}/calendar.ics");
    let before = browser.get(&path).await;
    assert_eq!(
        before.header("content-type"),
        "text/calendar; charset=utf-8"
    );
    assert_eq!(before.text.matches("BEGIN:VEVENT").count(), 4);
    assert!(before.text.contains("DTEND:20261122T180000Z"));
    assert!(before.text.contains("SEQUENCE:1\r\n"), "{}", before.text);
    cancel(app.context(), Operator, &slug, "The harbor is closed.")
        .await
        .expect("canceled");
    let after = browser.get(&path).await;
    assert_eq!(after.text.matches("STATUS:CANCELLED").count(), 4);
    assert!(after.text.contains("SEQUENCE:2\r\n") && !after.text.contains("VALARM"));
    let uids = |text: &str| {
        let lines = text.lines().filter(|line| line.starts_with("UID:"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(uids(&before.text), uids(&after.text));
    app.finish().await;
}
