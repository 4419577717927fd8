//! The page of decisions that are held against a person.

use serde_json::json;

use super::*;
use crate::app::scenarios::{Scenario, person};

#[tokio::test]
async fn nothing_is_held_against_most_people() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    let held = author.json("/api/v1/me/standing").await;
    assert_eq!(
        held,
        json!({
            "ban": null, "flags": [], "sanctions": [], "pull_requests": [], "next_cursor": null
        })
    );
    let page = author.get("/me/standing").await.text;
    assert!(page.contains("No decisions against you"), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn own_disputes_are_listed() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    opens(&author, &about_points()).await;
    let page = author.get("/me/standing").await.text;
    assert!(page.contains("href=\"/disputes/D-1\""), "{page}");
    assert!(page.contains("to be decided by"), "{page}");
    let other = app.browser_of("wren-oak").await;
    let page = other.get("/me/standing").await.text;
    assert!(page.contains("No decisions against you"), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn everything_is_listed_with_its_reason_and_the_way_to_contest_it() {
    let app = scene().await;
    app.season(super::super::seasons::october()).await;
    let warning = app.warns(AUTHOR, Operator).await;
    app.confirmed_flag(AUTHOR, Operator).await;
    let (lantern, by) = (repo(1, "lantern"), person(AUTHOR));
    let spam = Scenario::opened(&lantern, 2, &by, "2026-10-29T08:00:00Z")
        .labeled("spam", "2026-10-29T09:00:00Z");
    app.deliver_all(&[&spam]).await;
    let author = app.browser_of(AUTHOR).await;
    let held = author.json("/api/v1/me/standing?limit=5").await;
    assert_eq!(held["flags"][0]["number"], 1);
    assert_eq!(held["flags"][0]["reason"], "One change");
    assert_eq!(held["flags"][0]["signs"][0], "9 opened within 9 hours");
    let contest = json!({
        "until": "2026-11-15T00:00:00Z", "dispute": null, "dispute_state": null
    });
    assert_eq!(held["flags"][0]["contest"], contest);
    assert_eq!(held["sanctions"][0]["id"], warning.as_str());
    assert_eq!(held["sanctions"][0]["reason"], "Whitespace only");
    let first = &held["pull_requests"][0];
    assert_eq!(first["pull_request"], "octo-org/lantern#2");
    assert_eq!(first["points"], -20);
    let spam = "This pull request counts as spam (label spam).";
    assert_eq!(first["reasons"], json!([spam]));
    let next = held["next_cursor"].as_str().expect("a cursor");
    let path = format!("/api/v1/me/standing?limit=100&cursor={next}");
    let rest = author.json(&path).await;
    assert_eq!(rest["flags"], json!([]));
    let count = |page: &Value| page["pull_requests"].as_array().map_or(0, Vec::len);
    assert_eq!(count(&held) + count(&rest), 10);
    let page = author.get("/me/standing").await.text;
    for words in ["One change", "Whitespace only", spam, "Contest", "9 opened within 9 hours"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    // The flag, the warning and the pull request with the label: those of the flag are contested with it.
    let of_flag = "contest <a href=\"/me/standing#flags\">flag F-1</a>";
    assert_eq!(page.matches(">Contest<span").count(), 3, "{page}");
    assert_eq!(page.matches(of_flag).count(), 9, "{page}");
    opens(&author, &about("flag", "F-1")).await;
    let page = author.get("/me/standing").await.text;
    assert!(page.contains("Dispute D-1"), "{page}");
    assert_eq!(page.matches(of_flag).count(), 9, "{page}");
    app.finish().await;
}

#[tokio::test]
async fn a_lifted_sanction_and_a_draft_are_not_held_against_anyone() {
    let app = scene().await;
    app.season(super::super::seasons::october()).await;
    app.disqualifies(AUTHOR, true).await;
    let (lantern, by) = (repo(1, "lantern"), person(AUTHOR));
    let mut draft = Scenario::new(&lantern, 2, &by, "2026-10-29T08:00:00Z");
    draft.story.pull.draft = true;
    let draft = draft.then(testkit::story::Act::Opened, &by, "2026-10-29T08:00:00Z");
    app.deliver_all(&[&draft]).await;
    let held = app.browser_of(AUTHOR).await.json("/api/v1/me/standing").await;
    assert_eq!(held["sanctions"], json!([]));
    assert_eq!(held["pull_requests"], json!([]));
    app.work().await;
    app.finish().await;
}
