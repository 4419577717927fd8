//! The personal calendar of a person.

use hackathons::{
    actions::{add_staff, apply, cancel, remove_calendar_feed, renew_calendar_feed, withdraw},
    model::StaffRole,
    rules::details::HackathonInput,
};
use identity::model::UserId;
use platform::audit::Actor::Operator;
use serde_json::json;

use super::scene::{application, november};
use crate::{
    app::{TestApp, at, browser::Browser},
    auth::rows::{
        Access::{Open, SignedIn},
        NONE, Row,
    },
};

/// The rows of the permission matrix.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("GET", "/hackathon-calendars/own/{token}", "/hackathon-calendars/own/made-up", NONE, Open(404)),
    ("GET", "/hackathon-calendar", "/hackathon-calendar", NONE, SignedIn(200)),
    ("POST", "/hackathon-calendar", "/hackathon-calendar", NONE, SignedIn(303)),
    ("POST", "/hackathon-calendar/remove", "/hackathon-calendar/remove", NONE, SignedIn(303)),
    ("GET", PATH, PATH, NONE, SignedIn(200)),
    ("POST", PATH, PATH, NONE, SignedIn(201)),
    ("DELETE", PATH, PATH, NONE, SignedIn(204)),
];

const PATH: &str = "/api/v1/me/hackathon-calendar";

/// Lets the person have a calendar, remove it and have another.
pub(super) async fn act(app: &TestApp, person: UserId) {
    let context = app.context();
    for _ in 0..2 {
        renew_calendar_feed(context, person).await.expect("renewed");
        remove_calendar_feed(context, person).await.expect("removed");
    }
    renew_calendar_feed(context, person).await.expect("renewed");
}

impl TestApp {
    /// Gives a person a personal calendar by page. Returns its path.
    pub(super) async fn calendar_of(&self, login: &str) -> String {
        let browser = self.browser_of(login).await;
        let created = browser.post("/hackathon-calendar", &[]).await;
        assert_eq!(created.location(), "/hackathon-calendar");
        let page = browser.get("/hackathon-calendar").await.text;
        let address = page.split("/hackathon-calendars/own/").nth(1);
        let token = address.and_then(|rest| rest.split('<').next());
        format!("/hackathon-calendars/own/{}", token.expect("an address"))
    }
}

/// Returns the values of a property, in their order.
fn values(file: &str, key: &str) -> Vec<String> {
    let joined = file.replace("\r\n ", "");
    let lines = joined.split("\r\n").filter_map(|it| it.strip_prefix(key));
    lines.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_calendar_has_everything_that_a_person_takes_part_in() {
    let app = TestApp::start().await;
    let first = app.hackathon(november()).await;
    let private = HackathonInput {
        title: Some("Hush, \"a\"; b".to_owned()),
        visibility: Some("private".to_owned()),
        ..november()
    };
    let staffed = app.hackathon(private).await;
    app.hackathon(HackathonInput { title: Some("Others".to_owned()), ..november() }).await;
    app.applied(&first, "ada").await;
    add_staff(app.context(), Operator, &staffed, "ada", StaffRole::Judge).await.expect("a judge");
    let path = app.calendar_of("ada").await;
    let visitor = Browser::new(&app);
    let file = visitor.get(&path).await;
    assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(file.header("cache-control"), "private, no-cache");
    assert_eq!(file.text.matches("BEGIN:VEVENT").count(), 8, "{}", file.text);
    assert_eq!(file.text.matches("STATUS:CONFIRMED").count(), 8);
    assert!(file.text.contains("SUMMARY:Hush\\, \"a\"\\; b: judging"));
    assert!(file.text.contains("TRIGGER:-PT60M") && !file.text.contains("Others"));
    assert!(file.text.contains("REFRESH-INTERVAL;VALUE=DURATION:PT1H"));
    let mut uids = values(&file.text, "UID:");
    uids.sort();
    uids.dedup();
    assert_eq!(uids.len(), 8);
    let tag = file.header("etag").to_owned();
    let ask = |tag: &str| app.get(&path).header("if-none-match", tag).send();
    let known = ask(&tag).await.expect("an answer");
    assert_eq!(known.status(), 304);
    assert_eq!(known.headers()["etag"], tag.as_str());
    cancel(app.context(), Operator, &first, "The harbor is closed.").await.expect("canceled");
    assert_eq!(ask(&tag).await.expect("an answer").status(), 200);
    let after = visitor.get(&path).await.text;
    assert_eq!(after.matches("STATUS:CANCELLED").count(), 4, "{after}");
    let mut same = values(&after, "UID:");
    same.sort();
    assert_eq!(same, uids);
    app.abandon().await;
}

#[tokio::test]
async fn what_a_person_left_is_canceled_for_30_days_and_its_sequence_rises() {
    let app = TestApp::start().await;
    let slug = app.hackathon(november()).await;
    app.applied(&slug, "ada").await;
    let person: UserId = app.person_id("ada").await.into();
    let path = app.calendar_of("ada").await;
    let visitor = Browser::new(&app);
    let sequence = async || {
        let file = visitor.get(&path).await.text;
        let sequences = values(&file, "SEQUENCE:");
        assert_eq!(sequences.len(), 4, "{file}");
        let canceled = file.matches("STATUS:CANCELLED").count();
        (sequences[0].parse::<i64>().expect("a number"), canceled)
    };
    let (before, canceled) = sequence().await;
    assert_eq!(canceled, 0);
    app.clock.set(at("2026-11-02T08:00:00Z"));
    withdraw(app.context(), person, &slug).await.expect("withdrawn");
    let (left, canceled) = sequence().await;
    assert!(left > before && canceled == 4, "{left} after {before}");
    app.clock.set(at("2026-11-03T08:00:00Z"));
    apply(app.context(), person, &slug, "", &application()).await.expect("applied");
    let (again, canceled) = sequence().await;
    assert!(again > left && canceled == 0, "{again} after {left}");
    withdraw(app.context(), person, &slug).await.expect("withdrawn");
    app.clock.set(at("2026-12-03T07:59:59Z"));
    assert_eq!(sequence().await.1, 4);
    app.clock.set(at("2026-12-03T08:00:00Z"));
    let file = visitor.get(&path).await;
    assert_eq!((file.status.as_u16(), file.text.contains("VEVENT")), (200, false));
    app.abandon().await;
}

#[tokio::test]
async fn a_replaced_or_removed_address_does_not_work() {
    let app = TestApp::start().await;
    app.hacker("ada").await;
    let first = app.calendar_of("ada").await;
    let visitor = Browser::new(&app);
    assert_eq!(visitor.get(&first).await.status, 200);
    let second = app.calendar_of("ada").await;
    assert_ne!(first, second);
    let gone = visitor.get(&first).await;
    gone.refuses(404, "Not found", "Copy its address again");
    assert_eq!(visitor.get(&second).await.status, 200);
    let ada = app.browser_of("ada").await;
    let removed = ada.post("/hackathon-calendar/remove", &[]).await;
    assert_eq!(removed.location(), "/hackathon-calendar");
    assert_eq!(visitor.get(&second).await.status, 404);
    let page = ada.get("/hackathon-calendar").await.text;
    assert!(page.contains("No address yet"), "{page}");
    let none = json!({ "url": null, "renewed_at": null });
    assert_eq!(ada.json(PATH).await, none);
    let third = app.calendar_of("ada").await;
    let shown = ada.json(PATH).await;
    let url = shown["url"].as_str().expect("an address");
    assert!(url.ends_with(&third), "{url}");
    let audited = "SELECT count(*) FROM audit_logs WHERE action LIKE 'calendar_feed.%'";
    assert_eq!(app.count(audited).await, 4);
    // The calendar of a person who is banned or closed their account is not read.
    app.change("UPDATE users SET is_deleted = true WHERE login = 'ada'").await.expect("changed");
    assert_eq!(visitor.get(&third).await.status, 404);
    app.abandon().await;
}
