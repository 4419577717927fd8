//! The rollout of the game platform: its page, and its goals.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use ctf::{
    actions::set_support_tickets, gateway::GamePlatformCalls, model::RosterRole, reads,
    rules::runs::RunScope,
};
use identity::model::Role;
use platform::{
    audit::Actor::Operator,
    db::Sql as _,
    flags::{FlagChange, Outgoing as _},
};
use testkit::{
    clock::FakeClock,
    fake_game_platform::{FakeGamePlatform, Options},
};

use super::platform::{Synced, connect};
use crate::{
    app::TestApp,
    flags::{set, to},
};

pub(super) const PAGE: &str = "/admin/game-platform/rollout";

const FLAG: &str = GamePlatformCalls::FLAG.name;

/// Starts a server with a platform whose integration is on for no one yet, and an admin.
pub(super) async fn started() -> (TestApp, FakeGamePlatform) {
    let clock = FakeClock::new("2026-11-01T00:00:00Z".parse().expect("an instant"));
    let fake = FakeGamePlatform::start(clock, Options::default()).await;
    let fake = fake.expect("a free port");
    let app = TestApp::with(|config| connect(config, &fake)).await;
    app.browser_with("admin", Role::Admin).await;
    (app, fake)
}

/// Returns the page as an admin sees it.
pub(super) async fn page(app: &TestApp) -> String {
    let answer = app.browser_of("admin").await.get(PAGE).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text
}

/// Checks that an admin sees these words.
pub(super) async fn shows(app: &TestApp, words: &[&str]) {
    let text = page(app).await;
    for words in words {
        assert!(text.contains(words), "{words}: {text}");
    }
}

/// Lists the coaches with these logins.
pub(super) async fn list(app: &TestApp, logins: &[&str]) {
    let mut people = BTreeSet::new();
    for login in logins {
        people.insert(app.person_id(login).await);
    }
    let wanted = FlagChange { people: Some(people), ..FlagChange::default() };
    set(app, FLAG, wanted).await;
}

/// Stores that competitors were asked for an hour ago, of whom some failed.
async fn asked(app: &TestApp, succeeded: usize, failed: usize) {
    let at = app.context().now() - TimeDelta::hours(1);
    let tx = app.context().begin().await.expect("a transaction");
    let delete = "DELETE FROM game_platform_sync_state";
    tx.run(tx.statement(delete, [])).await.expect("deleted");
    for number in 0..succeeded + failed {
        let result = if number < succeeded { "success" } else { "failure" };
        let sql = "INSERT INTO game_platform_sync_state (syned_user_id, last_attempt_at, last_result) \
                   VALUES ($1, $2, $3)";
        let values = [format!("user-{number}").into(), at.into(), result.into()];
        tx.run(tx.statement(sql, values)).await.expect("a row");
    }
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn a_server_without_a_platform_is_off() {
    let app = TestApp::start().await;
    app.browser_with("admin", Role::Admin).await;
    shows(
        &app,
        &[
            "Turn the integration on",
            "GAME_PLATFORM_API_BASE_URL",
            "No rosters",
            "No errors",
            "No open reports",
        ],
    )
    .await;
    app.finish().await;
}

#[tokio::test]
async fn a_pilot_lasts_seven_days() {
    let (app, _fake) = started().await;
    let (_, roster) = app.roster("coach").await;
    app.roster("other").await;
    let ada = app.competitor(roster, "Ada", "Quill").await;
    app.competitor(roster, "Ben", "Marsh").await;
    app.on_platform(ada, (1, 100)).await;
    let begin = "List the usernames of the coaches of 5 to 10 competitors";
    shows(&app, &[begin, "<dt>Rosters</dt><dd>0</dd>"]).await;

    list(&app, &["coach"]).await;
    shows(
        &app,
        &[
            "Wait 168 more hours",
            "0 of at least 168 hours",
            "Harbor Owls",
            "/admin/people/coach",
            "<dt>Rosters</dt><dd>1</dd>",
            "<dt>Competitors</dt><dd>2</dd>",
            "<dt>On the platform</dt><dd>1</dd>",
            "<dt>Pending</dt><dd>1</dd>",
            "100 %, 1 of 1 competitor",
        ],
    )
    .await;
    app.clock.advance(TimeDelta::hours(30));
    list(&app, &["coach", "other"]).await;
    let meanwhile = "30 of at least 168 hours";
    shows(&app, &["Wait 138 more hours", meanwhile]).await;
    app.clock.advance(TimeDelta::hours(138));
    let silent = "Do not raise: no competitor was asked for in 7 days";
    shows(&app, &[silent]).await;
    asked(&app, 8, 0).await;
    let command = "guildhall flags set game_platform_integration 10";
    shows(&app, &["Raise to 10 %", command]).await;
    app.finish().await;
}

#[tokio::test]
async fn each_step_waits_for_its_hours_and_its_success() {
    let (app, _fake) = started().await;
    set(&app, FLAG, to(true, 10)).await;
    asked(&app, 100, 0).await;
    shows(&app, &["Wait 48 more hours"]).await;
    app.clock.advance(TimeDelta::hours(28));
    shows(&app, &["Wait 20 more hours"]).await;
    app.clock.advance(TimeDelta::hours(20));
    shows(&app, &["Raise to 50 %", "game_platform_integration 50"]).await;
    asked(&app, 91, 9).await;
    let low = "Do not raise: 91 % succeeded in 7 days; more than 95 % are needed";
    shows(&app, &[low]).await;
    asked(&app, 60, 40).await;
    let collapsed = "Roll back to the pilot: only 60 % succeeded in 7 days";
    shows(&app, &[collapsed, "game_platform_integration 0"]).await;

    set(&app, FLAG, to(true, 50)).await;
    asked(&app, 96, 4).await;
    shows(&app, &["Wait 24 more hours", "96 %, 96 of 100"]).await;
    app.clock.advance(TimeDelta::hours(24));
    shows(&app, &["Raise to 100 %"]).await;
    set(&app, FLAG, to(true, 100)).await;
    shows(&app, &["Done: the platform is on for everyone"]).await;
    asked(&app, 60, 40).await;
    shows(&app, &["Roll back to 50 %"]).await;
    app.finish().await;
}

#[tokio::test]
async fn a_row_that_was_changed_with_sql_is_shown_as_it_is() {
    let (app, _fake) = started().await;
    set(&app, FLAG, to(true, 10)).await;
    asked(&app, 100, 0).await;
    app.clock.advance(TimeDelta::hours(9));
    let row = |change: &str| {
        format!("UPDATE feature_flags SET {change} WHERE name = 'game_platform_integration'")
    };
    app.change(&row("enabled = FALSE")).await.expect("off");
    shows(&app, &["Turn the integration on", "<dd>Not begun</dd>"]).await;
    app.change(&row("enabled = TRUE")).await.expect("on");
    shows(&app, &["Wait 39 more hours"]).await;
    app.change(&row("rollout_percent = 60")).await.expect("raised");
    let unknown = "Do not raise: the flag was changed with SQL";
    shows(&app, &[unknown, "50 %, at 60 %"]).await;
    app.change(&row("people = 'none'")).await.expect("broken");
    shows(&app, &[unknown]).await;
    app.finish().await;
}

#[tokio::test]
async fn a_rejected_token_and_errors_are_shown() {
    let synced = Synced::start().await;
    let app = &synced.app;
    app.browser_with("admin", Role::Admin).await;
    synced.roster_of("coach", 2).await;
    let run = synced.run(RunScope::All).await;
    assert!(run.call_p50_ms.is_some(), "{run:?}");
    assert!(run.call_p95_ms >= run.call_p50_ms, "{run:?}");
    let admin = app.browser_of("admin").await;
    let address = format!("/admin/game-platform/runs/{}", run.id);
    let shown = admin.get(&address).await.text;
    assert!(shown.contains("Response time, 95th percentile"), "{shown}");
    let sql = "UPDATE game_platform_sync_runs SET call_p50_ms = 120, call_p95_ms = 1480";
    app.change(sql).await.expect("slow");
    shows(
        app,
        &[
            "<dt>Last run, median</dt><dd>120\u{a0}ms</dd>",
            "<dt>Slowest run, 95th percentile</dt><dd>1,480\u{a0}ms</dd>",
            "<dt>Successful runs</dt><dd>1 of 1</dd>",
            "Done: the platform is on for everyone",
        ],
    )
    .await;

    synced.fake.switch(|switches| switches.rejected = true);
    synced.advance(TimeDelta::hours(25));
    synced.run(RunScope::All).await;
    set(app, FLAG, to(true, 50)).await;
    shows(app, &["<code class=\"id\">rejected</code>"]).await;
    asked(app, 100, 0).await;
    let rejected = "Do not raise: the platform rejected the token";
    shows(app, &[rejected]).await;
    synced.app.finish().await;
}

#[tokio::test]
async fn a_coach_who_opens_the_dashboard_is_active_for_a_week() {
    let (app, _fake) = started().await;
    let (_, roster) = app.roster("coach").await;
    app.shared_with(roster, "helper", RosterRole::Assistant).await;
    list(&app, &["coach"]).await;
    let dashboard = format!("/ctf/rosters/{roster}");
    shows(&app, &["0 of 2 coaches opened a dashboard", "Not reached"]).await;
    app.browser_of("admin").await.get(&dashboard).await;
    shows(&app, &["0 of 2 coaches opened a dashboard"]).await;
    let tab = app.browser_of("coach").await;
    let refresh = app.get(&dashboard).header("x-refresh", "1");
    assert_eq!(tab.send(refresh, &dashboard).await.status, 200);
    shows(&app, &["0 of 2 coaches opened a dashboard"]).await;
    for login in ["coach", "helper"] {
        let opened = app.browser_of(login).await.get(&dashboard).await;
        assert_eq!(opened.status, 200, "{}", opened.text);
    }
    shows(&app, &["2 of 2 coaches opened a dashboard", "100 %"]).await;
    let coach = || async { app.coach_of("coach").await.last_seen_at };
    let first = coach().await;
    app.clock.advance(TimeDelta::minutes(59));
    app.browser_of("coach").await.get(&dashboard).await;
    assert_eq!(coach().await, first, "once an hour");
    app.clock.advance(TimeDelta::minutes(1));
    app.browser_of("coach").await.get(&dashboard).await;
    assert!(coach().await > first);
    app.clock.advance(TimeDelta::hours(167));
    shows(&app, &["1 of 2 coaches opened a dashboard", "50 %"]).await;
    app.finish().await;
}

#[tokio::test]
async fn coaches_rate_the_dashboard_and_can_change_it() {
    let (app, _fake) = started().await;
    let (_, roster) = app.roster("coach").await;
    app.shared_with(roster, "helper", RosterRole::Assistant).await;
    list(&app, &["coach"]).await;
    shows(&app, &["mean of 0 answers from 1 to 5", "Not known"]).await;
    let dashboard = format!("/ctf/rosters/{roster}");
    let path = format!("{dashboard}/rating");
    let coach = app.browser_of("coach").await;
    let asked = coach.get(&dashboard).await.text;
    assert!(asked.contains("How well does this dashboard"), "{asked}");
    for rating in ["", "0", "6", "very well"] {
        let refused = coach.post(&path, &[("rating", rating)]).await;
        refused.refuses_form(422, Some("rating"), "Choose a number from 1 to 5.");
    }
    for rating in ["5", "3"] {
        let rated = coach.post(&path, &[("rating", rating)]).await;
        assert_eq!(rated.location(), dashboard);
    }
    let shown = coach.get(&dashboard).await.text;
    assert!(shown.contains("Your rating is saved"), "{shown}");
    assert!(shown.contains("value=\"3\" required checked"), "{shown}");
    let helper = app.browser_of("helper").await;
    assert_eq!(helper.post(&path, &[("rating", "4")]).await.location(), dashboard);
    shows(&app, &["mean of 2 answers from 1 to 5", ">3.5<"]).await;

    let admin = app.browser_of("admin").await;
    let shown = admin.get(&dashboard).await.text;
    assert!(!shown.contains("How well does this dashboard"), "{shown}");
    let refused = admin.post(&path, &[("rating", "1")]).await;
    refused.refuses(403, "COACH_REQUIRED", "Only approved coaches");
    app.roster("other").await;
    let other = app.browser_of("other").await;
    assert_eq!(other.post(&path, &[("rating", "1")]).await.status, 404);
    app.finish().await;
}

#[tokio::test]
async fn admins_enter_the_tickets_of_a_month() {
    let (app, _fake) = started().await;
    app.clock.advance(TimeDelta::days(1));
    let admin = app.browser_of("admin").await;
    let path = "/admin/game-platform/tickets";
    let sent = async |month: &str, tickets: &str| {
        admin.post(path, &[("month", month), ("tickets", tickets)]).await
    };
    for month in ["", "2026-12", "2024-10", "October"] {
        let refused = sent(month, "3").await;
        refused.refuses_form(422, Some("month"), "from 2024-11 to 2026-11");
    }
    for tickets in ["", "-1", "10000", "ten"] {
        let refused = sent("2026-11", tickets).await;
        refused.refuses_form(422, Some("tickets"), "from 0 to 9,999");
    }
    shows(&app, &["No month is entered"]).await;
    for (month, tickets) in [("2026-10", "4"), ("2026-11", "12"), ("2026-11", "12")] {
        assert_eq!(sent(month, tickets).await.location(), PAGE);
    }
    shows(&app, &["in November 2026", "October 2026", "Not reached"]).await;
    set_support_tickets(app.context(), Operator, "2026-11", "10").await.expect("changed");
    shows(&app, &["<strong>10</strong>"]).await;
    assert_eq!(app.audited("ctf_support_tickets.set").await, 3);
    let rows = "SELECT count(*) FROM ctf_support_tickets";
    assert_eq!(app.count(rows).await, 2);
    app.finish().await;
}

#[tokio::test]
async fn an_erased_coach_leaves_no_rating_and_no_visit() {
    let app = TestApp::start().await;
    let (coach, roster) = app.roster("coach").await;
    let browser = app.browser_of("coach").await;
    let dashboard = format!("/ctf/rosters/{roster}");
    browser.get(&dashboard).await;
    browser.post(&format!("{dashboard}/rating"), &[("rating", "2")]).await.location();
    let person = app.person_id("coach").await;
    let export = reads::export(&app.context().db, person.into()).await;
    let export = export.expect("exported");
    assert_eq!(export["coach"][0]["rating"], 2, "{export}");
    assert!(export["coach"][0]["last_seen_at"].is_string(), "{export}");
    let tx = app.context().begin().await.expect("a transaction");
    ctf::actions::erase(&tx, app.context(), Operator, person.into()).await.expect("erased");
    tx.commit().await.expect("committed");
    let view = app.coach_view(coach).await;
    assert_eq!((view.rating, view.last_seen_at), (None, None));
    app.finish().await;
}
