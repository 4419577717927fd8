//! Months that admins make final: by the API, on the page of the leaderboard, and while the job does.

use identity::model::Role;
use kernel::Month;
use platform::audit::Actor;
use recognition::{
    Programmes,
    actions::{finalize_month, finalize_months},
};
use serde_json::json;

use super::{final_months::wake_settlement, seasons::merged};
use crate::app::{
    TestApp, at,
    browser::Browser,
    scenarios::{Scenario, person},
};

const API: &str = "/api/v1/leaderboards/months/2026-10/finalize";
const PAGE: &str = "/leaderboards/months/2026-10";
const FINALIZE: &str = "/leaderboards/months/2026-10/finalize";
/// When the last fact of October can have closed.
const CLOSED: &str = "2026-11-08T00:00:00Z";
const ACTS: &str = "SELECT count(*) FROM audit_logs WHERE action = 'leaderboard.finalize'";

/// A server with points in October, at an instant.
async fn server(now: &str) -> TestApp {
    let app = TestApp::of_lantern().await;
    let own = merged(1, "wren-oak", "2026-10-02T08:00:00Z");
    app.deliver_all(&[&own]).await;
    app.clock.set(at(now));
    app
}

/// Earns points after October closed, without which the job does not trust the clock.
async fn earn_later(app: &TestApp) {
    let lantern = super::seasons::lantern();
    let later = Scenario::opened(&lantern, 2, &person("rook-elm"), CLOSED);
    app.deliver_all(&[&later]).await;
}

#[tokio::test]
async fn an_admin_makes_a_month_final_once() {
    let app = server(CLOSED).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    for is_new in [true, false] {
        let answer = admin.call("POST", API, None).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let expected = json!({
            "month": "2026-10", "final_at": CLOSED, "finalized_by": "person", "is_new": is_new,
        });
        assert_eq!(answer.json(), expected);
        app.clock.set(at("2026-11-08T12:00:00Z"));
    }
    for board in ["months/2026-10", "projects/season/months/2026-10"] {
        let shown = app.json(&format!("/api/v1/leaderboards/{board}")).await;
        assert_eq!(shown["state"], "final", "{board}");
        assert_eq!(shown["final_at"], CLOSED, "{board}");
        assert_eq!(shown["finalized_by"], "person", "{board}");
    }
    let whole = app.json("/api/v1/leaderboards/global").await;
    assert_eq!(whole["finalized_by"], json!(null));
    let named = format!("{ACTS} AND actor_kind = 'person'");
    assert_eq!((app.count(ACTS).await, app.count(&named).await), (1, 1));
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn the_refusal_says_from_when_a_month_can_be_final() {
    let app = server("2026-11-07T23:59:59Z").await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let words = "2026-10 cannot be final before 2026-11-08 00:00 UTC";
    let refused = admin.call("POST", API, None).await;
    refused.refuses(409, "MONTH_OPEN", words);
    let page = admin.post(FINALIZE, &[]).await;
    assert_eq!(page.status, 409, "{}", page.text);
    assert!(page.text.contains(words), "{}", page.text);
    let current = API.replace("2026-10", "2026-11");
    let words = "2026-11 cannot be final before 2026-12-08 00:00 UTC";
    let refused = admin.call("POST", &current, None).await;
    refused.refuses(409, "MONTH_OPEN", words);
    assert_eq!(app.count(ACTS).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_month_without_points_cannot_be_final() {
    let app = server(CLOSED).await;
    let early = merged(2, "wren-oak", "2026-08-02T08:00:00Z");
    app.deliver_all(&[&early]).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    for (month, status, code, words) in [
        ("2026-09", 404, "NOT_FOUND", "2026-09 has no points"),
        ("2026-07", 404, "NOT_FOUND", "no leaderboard for 2026-07"),
        ("2027-01", 404, "NOT_FOUND", "no leaderboard for 2027-01"),
        ("2026-13", 400, "BAD_MONTH", "is not a month"),
        ("october", 400, "BAD_MONTH", "is not a month"),
    ] {
        let refused = admin.call("POST", &API.replace("2026-10", month), None).await;
        refused.refuses(status, code, words);
        let page = admin.post(&FINALIZE.replace("2026-10", month), &[]).await;
        assert_eq!(page.status, status, "{month}: {}", page.text);
    }
    assert_eq!(app.count(ACTS).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn only_admins_make_months_final() {
    let app = server(CLOSED).await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let refused = moderator.call("POST", API, None).await;
    refused.refuses(403, "ROLE_REQUIRED", "Only admins can do this");
    for answer in [moderator.get(FINALIZE).await, moderator.post(FINALIZE, &[]).await] {
        assert_eq!(answer.status, 403, "{}", answer.text);
    }
    let unknown = Browser::new(&app).call("POST", API, None).await;
    unknown.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    assert_eq!(app.count(ACTS).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_month_with_unsettled_points_is_refused() {
    let app = server(CLOSED).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    wake_settlement(&app).await;
    let refused = admin.call("POST", API, None).await;
    refused.refuses(409, "SETTLEMENT_BEHIND", "Try again in a minute");
    app.work().await;
    assert_eq!(admin.call("POST", API, None).await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn the_page_offers_it_to_admins_when_the_clock_permits_it() {
    let app = server("2026-11-07T12:00:00Z").await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let other = app.browser_of("wren-oak").await;
    let heading = "Make this month final";
    let link = format!("href=\"{FINALIZE}\"");
    let page = admin.get(PAGE).await.text;
    for words in [heading, "may change until", "8 Nov 2026, 00:00 UTC"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains(&link), "{page}");
    app.clock.set(at(CLOSED));
    let page = admin.get(PAGE).await.text;
    assert!(page.contains(heading) && page.contains(&link), "{page}");
    for page in [
        other.get(PAGE).await.text,
        Browser::new(&app).get(PAGE).await.text,
        admin.get("/leaderboards").await.text,
        admin.get("/leaderboards/months/2026-11").await.text,
    ] {
        assert!(!page.contains(heading), "{page}");
    }
    let asked = admin.get(FINALIZE).await.text;
    assert!(asked.contains("Make October 2026 final?"), "{asked}");
    for said in ["October 2026 is final", "October 2026 was final already"] {
        assert_eq!(admin.post(FINALIZE, &[]).await.location(), PAGE);
        let page = admin.get(PAGE).await.text;
        assert!(page.contains(said) && !page.contains(heading), "{page}");
    }
    for path in [PAGE, "/leaderboards/projects/season/months/2026-10"] {
        let page = other.get(path).await.text;
        let state = "Final</span> since <time datetime=\"2026-11-08T00:00:00Z\">\
                     8 Nov 2026</time> (by an admin).";
        assert!(page.contains(state), "{path}: {page}");
    }
    let months = other.get("/leaderboards/months").await.text;
    assert!(months.contains("1 person, final"), "{months}");
    assert_eq!(app.count(ACTS).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn the_page_says_that_the_job_made_a_month_final() {
    let app = server(CLOSED).await;
    earn_later(&app).await;
    assert_eq!(app.run_schedule("FinalMonths").await, "1 month became final");
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let page = admin.get(PAGE).await.text;
    assert!(page.contains("</time> (by a scheduled job)."), "{page}");
    let answer = admin.call("POST", API, None).await.json();
    assert_eq!(answer["is_new"], false);
    assert_eq!(answer["finalized_by"], "job");
    assert_eq!(app.count(ACTS).await, 1);
    app.finish().await;
}

/// On PostgreSQL, transactions run side by side.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_race_of_admins_and_the_job_has_one_outcome() {
    let app = server(CLOSED).await;
    earn_later(&app).await;
    app.browser_with("finch-ash", Role::Admin).await;
    let admin = Actor::Person(app.person_id("finch-ash").await);
    let programmes = Programmes::of(&app.server);
    let month: Month = "2026-10".parse().expect("a month");
    let mut tasks = Vec::new();
    for _ in 0..4 {
        let context = app.context().clone();
        tasks.push(tokio::spawn(async move {
            let done = finalize_month(&context, programmes, admin, month).await;
            done.map(usize::from)
        }));
        let context = app.context().clone();
        tasks.push(tokio::spawn(async move {
            let done = finalize_months(&context, programmes).await;
            done.map(|months| months.len())
        }));
    }
    let mut done = 0;
    for task in tasks {
        done += task.await.expect("ended").expect("no failure");
    }
    assert_eq!(done, 1);
    assert_eq!(app.count(ACTS).await, 1);
    // The boards of a month agree on when and by which actor they became final.
    let outcomes = "SELECT count(DISTINCT final_by) + count(DISTINCT final_at) FROM boards";
    assert_eq!(app.count(outcomes).await, 2);
    app.verify().await;
    app.finish().await;
}
