//! The digest of issues that fit a person, and notices of new ones.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta, Timelike as _};
use kernel::Timestamp;
use serde_json::json;

use super::*;
use crate::app::at;

/// Time zones with clocks that change in the north, in the south, by half an hour and not at all.
const ZONES: [&str; 24] = [
    "Pacific/Midway",
    "Pacific/Honolulu",
    "America/Anchorage",
    "America/Los_Angeles",
    "America/Denver",
    "America/Chicago",
    "America/New_York",
    "America/Halifax",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Atlantic/South_Georgia",
    "Atlantic/Azores",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Athens",
    "Europe/Istanbul",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
];

async fn prefer(app: &TestApp, login: &str, input: serde_json::Value) {
    let browser = app.browser_of(login).await;
    let set = browser.call("PUT", "/api/v1/preferences", Some(&input)).await;
    assert_eq!(set.status, 200, "{}", set.text);
}

async fn settings(app: &TestApp, login: &str, input: serde_json::Value) {
    let browser = app.browser_of(login).await;
    let path = "/api/v1/me/notification-settings";
    let set = browser.call("PUT", path, Some(&input)).await;
    assert_eq!(set.status, 200, "{}", set.text);
}

/// Runs the schedule as two processes would, and sends what is due.
async fn run_twice(app: &TestApp, schedule: &str) {
    tokio::join!(app.run_schedule(schedule), app.run_schedule(schedule));
    app.work().await;
}

/// Keeps people on the page, so that their digests are not ignored.
async fn all_seen(app: &TestApp) {
    let now = app.context().now().to_rfc3339();
    let seen = format!(
        "UPDATE sessions SET last_seen_at = '{now}', expires_at = '2030-01-01T00:00:00.000000Z'"
    );
    app.change(&seen).await.expect("seen");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_day_has_one_digest_in_every_time_zone_and_none_in_quiet_hours() {
    let (app, mailbox) = TestApp::mailing().await;
    crate::discovery::claims::rows::free(&app).await;
    let mut zones = BTreeMap::new();
    app.clock.set(at("2026-03-27T12:00:00Z"));
    for (index, zone) in ZONES.iter().enumerate() {
        let login = format!("person-{index}");
        app.browser_of(&login).await;
        app.verify_address(&login).await;
        // Every third digest falls into quiet hours, and is sent at their end.
        let (time, quiet) = match index % 3 {
            0 => ("06:30", ("22:00", "08:00")),
            1 => ("09:00", ("22:00", "08:00")),
            _ => ("02:15", ("04:00", "05:00")),
        };
        let (from, until) = quiet;
        let chosen = json!({
            "timezone": zone, "quiet_from": from, "quiet_until": until, "daily_cap": 20, "email": {}
        });
        settings(&app, &login, chosen).await;
        prefer(&app, &login, json!({ "digest": "daily", "digest_time": time, "min_impact": 0 }))
            .await;
        let timezone = identity::rules::timezone_named(zone).expect("a time zone");
        zones.insert(format!("{login}@oak.example"), (timezone, index % 3));
    }
    let mut sent: BTreeMap<String, Vec<NaiveDate>> = BTreeMap::new();
    let mut counted = 0;
    // Around the changes of clocks in Europe, in the south, again in Europe, and in America.
    for (from, until) in [
        ("2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z"),
        ("2026-04-04T00:00:00Z", "2026-04-06T12:00:00Z"),
        ("2026-10-24T00:00:00Z", "2026-10-26T12:00:00Z"),
        ("2026-10-31T00:00:00Z", "2026-11-02T12:00:00Z"),
    ] {
        let (mut now, until): (Timestamp, Timestamp) = (at(from), at(until));
        sent.clear();
        // The digests that became due between the two spans.
        app.clock.set(now);
        all_seen(&app).await;
        run_twice(&app, "IssueDigests").await;
        app.clock.advance(TimeDelta::hours(11));
        app.work().await;
        counted = mailbox.taken().len().max(counted);
        while now < until {
            now += TimeDelta::minutes(15);
            app.clock.set(now);
            if now.minute() == 0 {
                all_seen(&app).await;
            }
            run_twice(&app, "IssueDigests").await;
            let taken = mailbox.taken();
            for message in &taken[counted..] {
                let (timezone, kind) = zones[&message.recipient];
                let local = now.with_timezone(&timezone);
                let minute = local.hour() * 60 + local.minute();
                let is_quiet = match kind {
                    2 => (240..300).contains(&minute),
                    _ => !(480..1_320).contains(&minute),
                };
                assert!(!is_quiet, "{} at {local}", message.recipient);
                sent.entry(message.recipient.clone()).or_default().push(local.date_naive());
            }
            counted = taken.len();
        }
        for (person, days) in &sent {
            assert!(days.len() >= 2, "{person}: {days:?}");
            let each = days.windows(2).all(|pair| pair[0].succ_opt() == Some(pair[1]));
            assert!(each, "{person}: {days:?}");
        }
        assert_eq!(sent.len(), ZONES.len());
    }
    app.finish().await;
}

#[tokio::test]
async fn ignored_digests_come_less_often_until_the_person_returns() {
    let (app, mailbox) = TestApp::mailing().await;
    crate::discovery::claims::rows::free(&app).await;
    app.clock.set(at("2026-06-01T08:00:00Z"));
    app.browser_of("ada").await;
    app.verify_address("ada").await;
    prefer(&app, "ada", json!({ "digest": "daily", "min_impact": 0 })).await;
    let days = async |count: usize| {
        let before = mailbox.taken().len();
        for _ in 0..count {
            app.clock.advance(TimeDelta::days(1));
            run_twice(&app, "IssueDigests").await;
        }
        mailbox.taken().len() - before
    };
    let subject = "ada@oak.example: An issue that fits you";
    assert_eq!(days(5).await, 5, "daily, until four were ignored");
    assert_eq!(mailbox.subjects()[0], subject);
    assert_eq!(days(28).await, 4, "then weekly");
    assert_eq!(days(56).await, 2, "then every four weeks");
    all_seen(&app).await;
    let mut waited = 0;
    while days(1).await == 0 {
        waited += 1;
        assert!(waited < 28);
    }
    assert_eq!(days(4).await, 4, "daily again");
    app.finish().await;
}

#[tokio::test]
async fn a_digest_moves_with_its_person_and_ends_with_one_click() {
    let (app, mailbox) = TestApp::mailing().await;
    crate::discovery::claims::rows::free(&app).await;
    app.clock.set(at("2026-06-01T04:00:00Z"));
    let ada = app.browser_of("ada").await;
    app.verify_address("ada").await;
    prefer(&app, "ada", json!({ "digest": "daily", "min_impact": 0 })).await;
    let new_york = json!({ "timezone": "America/New_York", "daily_cap": 20, "email": {} });
    settings(&app, "ada", new_york).await;
    app.clock.set(at("2026-06-01T09:00:00Z"));
    run_twice(&app, "IssueDigests").await;
    assert_eq!(mailbox.taken().len(), 0, "it is five in the morning there");
    app.clock.set(at("2026-06-01T13:00:00Z"));
    run_twice(&app, "IssueDigests").await;
    let taken = mailbox.taken();
    assert_eq!(taken.len(), 1);
    assert!(taken[0].content.text.contains("octo-org/harbor#"), "{}", taken[0].content.text);
    let unsubscribe = taken[0].content.unsubscribe.clone().expect("an address");
    let path = app.path(&unsubscribe).to_owned();
    let answer = ada.post(&path, &[("List-Unsubscribe", "One-Click")]).await;
    assert!(answer.status.is_success(), "{}", answer.text);
    app.clock.advance(TimeDelta::days(1));
    run_twice(&app, "IssueDigests").await;
    assert_eq!(mailbox.taken().len(), 1);
    prefer(&app, "ada", json!({ "digest": "never" })).await;
    assert_eq!(app.run_schedule("IssueDigests").await, "0 digests");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn new_issues_are_noticed_once_and_never_over_the_cap() {
    let (app, _mailbox) = TestApp::mailing().await;
    app.clock.set(at("2026-06-01T21:00:00Z"));
    let ada = app.browser_of("ada").await;
    let eager =
        json!({ "instant_threshold": 0.1, "most_a_day": 2, "min_impact": 0, "digest": "never" });
    prefer(&app, "ada", eager).await;
    let wren = app.browser_of("wren-oak").await;
    prefer(&app, "wren-oak", json!({ "min_impact": 0, "digest": "never" })).await;
    for _ in 0..3 {
        crate::discovery::claims::rows::free(&app).await;
    }
    let worthy = app.change("UPDATE opportunities SET overall = 1000").await;
    worthy.expect("changed");
    let eight = async || {
        let run = || app.run_schedule("GoodMatches");
        tokio::join!(run(), run(), run(), run(), run(), run(), run(), run());
        app.inbox(&ada).await.len()
    };
    assert_eq!(eight().await, 2, "of three, as many as a day can have");
    assert_eq!(eight().await, 2);
    app.clock.set(at("2026-06-02T00:30:00Z"));
    assert_eq!(eight().await, 3, "on the next day");
    assert_eq!(eight().await, 3, "each once");
    let title = "*New, and fits you: Sort the stations by name";
    assert_eq!(app.inbox(&ada).await, [title; 3]);
    assert!(app.inbox(&wren).await.is_empty(), "they are worth 0.1 of 1");
    app.finish().await;
}
