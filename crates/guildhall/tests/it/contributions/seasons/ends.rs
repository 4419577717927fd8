//! Notifications of seasons that end soon.

use contributions::{
    actions::{add_organizer, change_season, withdraw},
    rules::seasons::SeasonInput,
};
use platform::audit::Actor::Operator;
use serde_json::json;

use super::{AUTUMN, merged, october};
use crate::app::{TestApp, at, browser::Browser, mailbox::Mailbox};

const NOTICES: &str = "SELECT count(*) FROM notifications WHERE kind = 'season_ends_soon'";
/// A week before the last day of October, at nine in the morning (UTC).
const WEEK_BEFORE: &str = "2026-10-24T09:00:00Z";
const OCTOBER_ENDS: &str = "Autumn ends on 31 October 2026";

/// A server on October 2, with a season in October whose goal is two merges.
async fn scene() -> (TestApp, Mailbox) {
    let (app, mailbox) = TestApp::mailing().await;
    app.clock.set(at("2026-10-02T12:00:00Z"));
    app.project("season").await;
    app.repository("season", "octo-org/lantern", 1).await;
    let goal = SeasonInput { goal: Some(2), ..october() };
    app.season(goal).await;
    (app, mailbox)
}

/// Signs a person in, sets their time zone, and registers them for the season.
async fn joins<'a>(app: &'a TestApp, login: &str, zone: &str) -> Browser<'a> {
    let browser = app.browser_of(login).await;
    let sql = format!("UPDATE users SET timezone = '{zone}' WHERE login = '{login}'");
    app.change(&sql).await.expect("a time zone");
    app.verify_address(login).await;
    app.registers(login).await;
    app.work().await;
    browser
}

/// Runs the job at an instant, and has people notified. Returns the number of people that it noted.
async fn run_at(app: &TestApp, now: &str) -> usize {
    app.clock.set(at(now));
    let said = app.run_schedule("SeasonEnds").await;
    app.work().await;
    let count = said.split_once(' ').expect("a number").0;
    count.parse().expect("a number")
}

/// Returns the titles of a person's notifications about the end of the season, latest first.
async fn ends(app: &TestApp, login: &str) -> Vec<String> {
    let browser = app.browser_of(login).await;
    let mut inbox = app.inbox(&browser).await;
    inbox.retain(|title| title.contains(" ends on "));
    inbox
}

async fn move_last_day(app: &TestApp, day: &str) {
    let change = SeasonInput { last_day: Some(day.to_owned()), ..SeasonInput::default() };
    change_season(app.context(), Operator, AUTUMN, change).await.expect("changed");
    app.work().await;
}

#[tokio::test]
async fn participants_are_notified_once_a_week_before_the_end_in_their_zone() {
    let (app, mailbox) = scene().await;
    joins(&app, "wren-oak", "UTC").await;
    joins(&app, "finch-ash", "Asia/Tokyo").await;
    let own = merged(1, "wren-oak", "2026-10-02T08:00:00Z");
    app.deliver_all(&[&own]).await;
    assert_eq!(run_at(&app, "2026-10-23T23:59:59Z").await, 0);
    assert_eq!(run_at(&app, "2026-10-24T00:00:00Z").await, 1);
    assert_eq!(ends(&app, "wren-oak").await, Vec::<String>::new());
    assert_eq!(ends(&app, "finch-ash").await, [format!("*{OCTOBER_ENDS}")]);
    assert_eq!(run_at(&app, "2026-10-24T08:59:59Z").await, 0);
    assert_eq!(run_at(&app, WEEK_BEFORE).await, 1);
    for later in [WEEK_BEFORE, "2026-10-31T12:00:00Z", "2026-11-02T12:00:00Z"] {
        assert_eq!(run_at(&app, later).await, 0, "{later}");
    }
    assert_eq!(ends(&app, "wren-oak").await, [format!("*{OCTOBER_ENDS}")]);
    let emails = mailbox.taken();
    let text = |recipient: &str| {
        let mut own = emails.iter().filter(|email| email.recipient == recipient);
        let found = own.find(|email| email.content.subject == OCTOBER_ENDS);
        found.expect(recipient).content.text.clone()
    };
    let wren = text("wren-oak@oak.example");
    for words in [
        "You have 1 of 2 merged pull requests: 1 more reaches the goal.",
        "\nTime zone  UTC\n",
        "/seasons/autumn\n",
    ] {
        assert!(wren.contains(words), "{words}: {wren}");
    }
    let finch = text("finch-ash@oak.example");
    for words in ["You have 0 of 2 merged pull requests: 2 more reach", "\nTime zone  Asia/Tokyo\n"]
    {
        assert!(finch.contains(words), "{finch}");
    }
    app.finish().await;
}

#[tokio::test]
async fn each_last_day_is_notified_once() {
    let (app, _) = scene().await;
    joins(&app, "wren-oak", "UTC").await;
    assert_eq!(run_at(&app, WEEK_BEFORE).await, 1);
    move_last_day(&app, "2026-11-07").await;
    assert_eq!(run_at(&app, "2026-10-31T08:59:59Z").await, 0);
    assert_eq!(run_at(&app, "2026-10-31T09:00:00Z").await, 1);
    // Within the week before it, the new last day is notified at once.
    app.clock.set(at("2026-11-02T12:00:00Z"));
    move_last_day(&app, "2026-11-08").await;
    assert_eq!(run_at(&app, "2026-11-02T12:05:00Z").await, 1);
    assert_eq!(run_at(&app, "2026-11-03T09:00:00Z").await, 0);
    // People were notified of the former last day before.
    move_last_day(&app, "2026-11-07").await;
    run_at(&app, "2026-11-04T09:00:00Z").await;
    let titles = ["8 November", "7 November", "31 October"];
    let titles = titles.map(|day| format!("*Autumn ends on {day} 2026"));
    assert_eq!(ends(&app, "wren-oak").await, titles);
    app.finish().await;
}

#[tokio::test]
async fn a_season_that_is_created_within_the_week_is_notified_once() {
    let (app, _) = TestApp::mailing().await;
    app.project("season").await;
    app.clock.set(at("2026-10-30T12:00:00Z"));
    let short = SeasonInput { first_day: Some("2026-10-29".to_owned()), ..october() };
    app.season(short).await;
    joins(&app, "wren-oak", "UTC").await;
    assert_eq!(run_at(&app, "2026-10-30T12:05:00Z").await, 1);
    assert_eq!(run_at(&app, "2026-10-30T12:35:00Z").await, 0);
    assert_eq!(ends(&app, "wren-oak").await, [format!("*{OCTOBER_ENDS}")]);
    // The days of this person are over.
    joins(&app, "finch-ash", "Pacific/Kiritimati").await;
    assert_eq!(run_at(&app, "2026-10-31T10:00:00Z").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn people_who_left_or_must_not_take_part_are_not_notified() {
    let (app, _) = scene().await;
    for login in ["withdrawn", "banned", "closed", "disqualified", "spared"] {
        joins(&app, login, "UTC").await;
    }
    let person = app.user_id_of("withdrawn").await;
    withdraw(app.context(), person, AUTUMN).await.expect("withdrawn");
    app.ban("banned").await;
    let closed = "UPDATE users SET is_deleted = true WHERE login = 'closed'";
    app.change(closed).await.expect("closed");
    app.disqualifies("disqualified", false).await;
    app.disqualifies("spared", true).await;
    app.work().await;
    run_at(&app, WEEK_BEFORE).await;
    assert_eq!(app.count(NOTICES).await, 1);
    assert_eq!(ends(&app, "spared").await, [format!("*{OCTOBER_ENDS}")]);
    app.finish().await;
}

#[tokio::test]
async fn a_decision_between_the_job_and_the_notification_counts() {
    let (app, _) = scene().await;
    joins(&app, "wren-oak", "UTC").await;
    app.clock.set(at(WEEK_BEFORE));
    app.run_schedule("SeasonEnds").await;
    move_last_day(&app, "2026-11-07").await;
    assert_eq!(app.count(NOTICES).await, 0);
    app.clock.set(at("2026-10-31T09:00:00Z"));
    app.run_schedule("SeasonEnds").await;
    app.disqualifies("wren-oak", false).await;
    app.work().await;
    assert_eq!(ends(&app, "wren-oak").await, Vec::<String>::new());
    app.finish().await;
}

#[tokio::test]
async fn people_choose_by_which_channel_they_are_notified() {
    let (app, mailbox) = scene().await;
    let wren = joins(&app, "wren-oak", "UTC").await;
    let off = json!({ "daily_cap": 20, "email": { "season_ends_soon": "off" } });
    let path = "/api/v1/me/notification-settings";
    assert_eq!(wren.call("PUT", path, Some(&off)).await.status, 200);
    assert_eq!(run_at(&app, WEEK_BEFORE).await, 1);
    let subjects = mailbox.subjects();
    let sent = subjects.iter().any(|line| line.contains(" ends on "));
    assert!(!sent, "{subjects:?}");
    assert_eq!(ends(&app, "wren-oak").await, [format!("*{OCTOBER_ENDS}")]);
    app.finish().await;
}

#[tokio::test]
async fn the_e_mail_says_why_nothing_is_counted_after_an_opt_out() {
    let (app, mailbox) = scene().await;
    joins(&app, "wren-oak", "UTC").await;
    let person = app.user_id_of("wren-oak").await;
    recognition::actions::set_listed(app.context(), person, false).await.expect("opted out");
    app.work().await;
    assert_eq!(run_at(&app, WEEK_BEFORE).await, 1);
    let emails = mailbox.taken();
    let text = &emails.last().expect("an email").content.text;
    assert!(text.contains("yours are not counted"), "{text}");
    app.finish().await;
}

#[tokio::test]
async fn organizers_are_notified_of_how_many_reached_the_goal() {
    let (app, mailbox) = scene().await;
    for login in ["wren-oak", "finch-ash"] {
        joins(&app, login, "UTC").await;
    }
    let pulls = [1, 2].map(|number| merged(number, "wren-oak", "2026-10-02T08:00:00Z"));
    app.deliver_all(&[&pulls[0], &pulls[1]]).await;
    app.browser_of("rook-elm").await;
    app.verify_address("rook-elm").await;
    add_organizer(app.context(), Operator, AUTUMN, "rook-elm").await.expect("an organizer");
    app.work().await;
    assert_eq!(run_at(&app, "2026-10-24T08:59:59Z").await, 0);
    assert_eq!(run_at(&app, WEEK_BEFORE).await, 3);
    assert_eq!(run_at(&app, "2026-10-25T09:00:00Z").await, 0);
    assert_eq!(ends(&app, "rook-elm").await, [format!("*{OCTOBER_ENDS}")]);
    let emails = mailbox.taken();
    let mut own = emails.iter().filter(|email| email.recipient == "rook-elm@oak.example");
    let text = own
        .find(|email| email.content.subject == OCTOBER_ENDS)
        .map(|email| email.content.text.clone());
    let text = text.expect("an email");
    for words in
        ["2 people are registered, and 1 person reached the goal so far.", "/seasons/autumn/edit\n"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    app.finish().await;
}
