//! `POST /api/v1/reports` and `GET /api/v1/reports/{id}`.

use chrono::TimeDelta;
use identity::model::Role;
use serde_json::json;

use super::super::flags::series;
use super::{FLAGS, REPORTS, decide, junk, reopen, report, server, spam};
use crate::app::{TestApp, scenarios::repo};

#[tokio::test]
async fn reports_of_one_pull_request_are_one_flag() {
    let app = server().await;
    let (first, second) = (app.browser_of("wren-oak").await, app.browser_of("finch-ash").await);
    let made = report(&first, &spam(1)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json()["state"], "open");
    let own = made.header("location").to_owned();
    assert_eq!(first.json(&own).await, made.json());
    let mut copied = spam(1);
    copied["reason"] = json!("copied");
    copied["words"] = json!("  See #3.  ");
    assert_eq!(report(&second, &copied).await.status, 201);
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let listed = moderator.json(&format!("{FLAGS}?kind=report")).await;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    let flag = &listed["items"][0];
    let signs = json!(["1 person reported spam", "1 person reported copied work"]);
    assert_eq!(flag["signs"], signs);
    assert_eq!(flag["due_at"], "2026-11-04T00:00:00Z");
    assert_eq!(flag["permits_effects"], true);
    let whole = moderator.json(&format!("{FLAGS}/1")).await;
    assert_eq!(whole["logins"], json!(["hexacat"]));
    assert_eq!(whole["concerned"][0]["pull_request"], "octo-org/lantern#1");
    let reporters: Vec<_> = whole["reports"].as_array().expect("reports").iter().collect();
    assert_eq!(reporters[0]["reporter"], "wren-oak");
    assert_eq!(reporters[1]["words"], "See #3.");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn who_reported_is_hidden_from_the_person_reported_and_the_public() {
    let app = server().await;
    let reporter = app.browser_of("wren-oak").await;
    let mut spam = spam(1);
    spam["words"] = json!("Seen by me.");
    let made = report(&reporter, &spam).await;
    let own = made.header("location").to_owned();
    let reported = app.browser_with("hexacat", Role::Admin).await;
    let flag = reported.json(&format!("{FLAGS}/1")).await;
    assert_eq!(flag["reports"], json!([]));
    for page in ["/admin/fair-play/1", "/admin/audit", "/pull-requests/octo-org/lantern/1"] {
        let text = reported.get(page).await.text;
        assert!(!text.contains("wren-oak") && !text.contains("Seen by me"), "{page}");
    }
    let hidden = reported.get(&own).await;
    hidden.refuses(404, "NOT_FOUND", "You made no report");
    app.finish().await;
}

#[tokio::test]
async fn who_reported_a_repository_is_hidden_from_its_maintainers() {
    let app = server().await;
    let reporter = app.browser_of("wren-oak").await;
    assert_eq!(report(&reporter, &junk()).await.status, 201);
    let moderator = app.browser_with("finch-ash", Role::Moderator).await;
    let flag = moderator.json(&format!("{FLAGS}/1")).await;
    assert_eq!(flag["reports"][0]["reporter"], "wren-oak");
    app.add_maintainer("season", "finch-ash").await;
    let flag = moderator.json(&format!("{FLAGS}/1")).await;
    assert_eq!(flag["reports"], json!([]));
    let page = moderator.get("/admin/fair-play/1").await.text;
    assert!(!page.contains("wren-oak"), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn a_report_is_made_once() {
    let app = server().await;
    let person = app.browser_of("wren-oak").await;
    assert_eq!(report(&person, &spam(1)).await.status, 201);
    let again = report(&person, &spam(1)).await;
    again.refuses(409, "ALREADY_REPORTED", "on 2026-11-01");
    // Not even when the flag is decided; others can report it then, which raises another flag.
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    assert_eq!(decide(&moderator, 1, None).await.status, 204);
    let again = report(&person, &spam(1)).await;
    again.refuses(409, "ALREADY_REPORTED", "notified of the outcome");
    let other = app.browser_of("finch-ash").await;
    assert_eq!(report(&other, &spam(1)).await.status, 201);
    let refused = reopen(&moderator, 1).await;
    refused.refuses(409, "FLAG_OPEN", "Flag F-2 on the same report");
    assert_eq!(decide(&moderator, 2, None).await.status, 204);
    assert_eq!(reopen(&moderator, 1).await.status, 204);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn wrong_reports_are_refused() {
    let app = server().await;
    let person = app.browser_of("wren-oak").await;
    let mut other = spam(1);
    other["reason"] = json!("other");
    let refused = report(&person, &other).await;
    refused.refuses(422, "BAD_REPORT", "Describe what is wrong");
    let mut long = spam(1);
    long["words"] = json!("a".repeat(2_001));
    let refused = report(&person, &long).await;
    refused.refuses(422, "BAD_REPORT", "2001 characters");
    let mut odd = spam(1);
    odd["reason"] = json!("odd");
    let refused = report(&person, &odd).await;
    refused.refuses(422, "BAD_REPORT", "The reason is 'odd'");
    let refused = report(&person, &spam(9)).await;
    refused.refuses(404, "NOT_FOUND", "octo-org/lantern#9");
    let mut unknown = junk();
    unknown["repository"] = json!("octo-org/harbor");
    let refused = report(&person, &unknown).await;
    refused.refuses(404, "NOT_FOUND", "octo-org/harbor");
    app.finish().await;
}

#[tokio::test]
async fn a_person_reports_twenty_times_a_day() {
    let app = server().await;
    let lantern = repo(1, "lantern");
    let series = series(&lantern, "hexacat", 101..=121);
    app.deliver_all(&series.iter().collect::<Vec<_>>()).await;
    let person = app.browser_of("wren-oak").await;
    for number in 101..=120 {
        assert_eq!(report(&person, &spam(number)).await.status, 201);
    }
    let refused = report(&person, &spam(121)).await;
    refused.refuses(429, "TOO_MANY_REPORTS", "20 times within 24 hours");
    assert_eq!(refused.header("retry-after"), "86401");
    app.clock.advance(TimeDelta::hours(25));
    assert_eq!(report(&person, &spam(121)).await.status, 201);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn reporters_are_notified_of_the_outcome() {
    let app = server().await;
    let reporter = app.browser_of("wren-oak").await;
    report(&reporter, &spam(1)).await;
    report(&reporter, &junk()).await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    assert_eq!(decide(&moderator, 1, Some("spam")).await.status, 204);
    assert_eq!(decide(&moderator, 2, None).await.status, 204);
    app.work().await;
    let mut inbox = app.inbox(&reporter).await;
    inbox.sort();
    let expected = [
        "*Your report of octo-org/lantern was not confirmed",
        "*Your report of octo-org/lantern#1 was confirmed",
    ];
    assert_eq!(inbox, expected);
    let points = app.json("/api/v1/people/hexacat").await["points"].clone();
    assert_eq!(points, 60 - 20);
    app.finish().await;
}

#[tokio::test]
async fn a_report_is_decided_by_someone_else() {
    let app = server().await;
    let reporter = app.browser_with("wren-oak", Role::Moderator).await;
    report(&reporter, &spam(1)).await;
    report(&reporter, &junk()).await;
    let refused = decide(&reporter, 1, None).await;
    refused.refuses(403, "OWN_FLAG", "raised by your report");
    let author = app.browser_with("hexacat", Role::Moderator).await;
    let refused = decide(&author, 1, None).await;
    refused.refuses(403, "OWN_FLAG", "F-1 concerns you");
    let maintainer = app.browser_with("finch-ash", Role::Moderator).await;
    app.add_maintainer("season", "finch-ash").await;
    let refused = decide(&maintainer, 2, None).await;
    refused.refuses(403, "OWN_FLAG", "a project that you maintain");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let refused = decide(&moderator, 2, Some("no_points")).await;
    refused.refuses(422, "FLAG_EFFECT", "Exclude the repository");
    assert_eq!(decide(&moderator, 2, Some("")).await.status, 204);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn the_words_of_a_report_are_erased_with_either_person() {
    for erased in ["wren-oak", "hexacat"] {
        let app = server().await;
        let reporter = app.browser_of("wren-oak").await;
        app.browser_of("hexacat").await;
        let mut spam = spam(1);
        spam["words"] = json!("It is by hexacat.");
        report(&reporter, &spam).await;
        let words = "SELECT count(*) FROM report_words";
        assert_eq!(app.count(words).await, 1);
        let person = app.person_id(erased).await.into();
        let tx = app.context().begin().await.expect("a transaction");
        contributions::actions::erase(&tx, person).await.expect("erased");
        tx.commit().await.expect("committed");
        assert_eq!(app.count(words).await, 0, "{erased}");
        assert_eq!(app.count("SELECT count(*) FROM reports").await, 1);
        app.finish().await;
    }
}

#[tokio::test]
async fn reports_need_a_person() {
    let app = TestApp::of_lantern().await;
    let visitor = crate::app::browser::Browser::new(&app);
    let refused = visitor.call("POST", REPORTS, Some(&spam(1))).await;
    assert_eq!(refused.status, 401, "{}", refused.text);
    app.finish().await;
}
