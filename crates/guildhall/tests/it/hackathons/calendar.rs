//! The calendar of a hackathon.

use hackathons::actions::{cancel, replace_invite_code, withdraw};
use platform::audit::Actor::Operator;

use super::scene::{november, private_calendar};
use crate::app::{TestApp, browser::Browser};

#[tokio::test]
async fn a_calendar_keeps_its_entries_when_the_hackathon_is_canceled() {
    let app = TestApp::start().await;
    let slug = app.hackathon(november()).await;
    let browser = Browser::new(&app);
    let path = format!("/hackathons/{slug}/calendar.ics");
    let before = browser.get(&path).await;
    assert_eq!(before.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(before.text.matches("BEGIN:VEVENT").count(), 4);
    let shown = app.json(&format!("/api/v1/hackathons/{slug}")).await;
    let id = shown["id"].as_str().expect("an ID");
    let by_id = browser.get(&format!("/api/hackathons/{id}/calendar.ics")).await;
    assert_eq!(by_id.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(by_id.text, before.text);
    assert!(before.text.contains("DTEND:20261122T180000Z"));
    assert!(before.text.contains("SEQUENCE:1\r\n"), "{}", before.text);
    cancel(app.context(), Operator, &slug, "The harbor is closed.").await.expect("canceled");
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

#[tokio::test]
async fn a_private_calendar_is_subscribed_to_while_the_person_takes_part() {
    let app = TestApp::start().await;
    let slug = app.private_hackathon().await;
    let person = app.applied_by_link(&slug, "ada").await;
    let path = private_calendar(&app.browser_of("ada").await, &slug).await.expect("an address");
    replace_invite_code(app.context(), Operator, &slug).await.expect("replaced");
    let visitor = Browser::new(&app);
    let id = app.hackathon_view(&slug).await.id;
    let by_id = format!("/api/hackathons/{id}/calendar.ics");
    assert_eq!(visitor.get(&by_id).await.status, 404, "a stranger");
    assert_eq!(app.browser_of("ada").await.get(&by_id).await.status, 200);
    let file = visitor.get(&path).await;
    assert_eq!(file.text.matches("BEGIN:VEVENT").count(), 4, "{}", file.text);
    let forged = format!("{}0", &path[..path.len() - 1]);
    let forged = match forged == path {
        true => format!("{}1", &path[..path.len() - 1]),
        false => forged,
    };
    assert_eq!(visitor.get(&forged).await.status, 404);
    withdraw(app.context(), person, &slug).await.expect("withdrawn");
    assert_eq!(visitor.get(&path).await.status, 404);
    app.work().await;
    app.finish().await;
}
