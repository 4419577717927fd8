//! Reviews and pull requests that no one works on.

use contributions::model::ReviewAction;
use serde_json::json;
use testkit::story::Act;

use super::{REVIEWS, server};
use crate::app::{TestApp, at, scenarios::person};

const QUEUE: &str = "/api/v1/projects/season/reviews";

async fn run(app: &TestApp, now: &str) -> String {
    app.clock.set(at(now));
    let did = app.run_schedule("ReviewDeadlines").await;
    app.work().await;
    did
}

#[tokio::test]
async fn an_idle_review_is_reminded_of_and_then_released() {
    let (app, _) = server().await;
    app.review("lantern", 1, "wren-oak", ReviewAction::Started).await.expect("started");
    app.work().await;
    let nothing = "0 reviews given back, 0 reviewers reminded, 0 pull requests are idle";
    assert_eq!(run(&app, "2026-11-07T23:59:59Z").await, nothing);
    let reminded = "0 reviews given back, 1 reviewer reminded, 0 pull requests are idle";
    assert_eq!(run(&app, "2026-11-08T00:00:00Z").await, reminded);
    assert_eq!(run(&app, "2026-11-09T00:00:00Z").await, nothing, "once");
    // A comment keeps the review, and it can be reminded of again.
    app.review("lantern", 1, "wren-oak", ReviewAction::Commented).await.expect("commented");
    assert_eq!(run(&app, "2026-11-15T00:00:00Z").await, nothing);
    assert_eq!(run(&app, "2026-11-16T00:00:00Z").await, reminded);
    let released = "1 review given back, 0 reviewers reminded, 0 pull requests are idle";
    assert_eq!(run(&app, "2026-11-23T00:00:00Z").await, released);
    assert_eq!(run(&app, "2026-11-24T00:00:00Z").await, nothing, "once");
    let wren = app.browser_of("wren-oak").await;
    let last = &wren.json(REVIEWS).await["items"][2];
    assert_eq!((&last["action"], &last["is_automatic"]), (&json!("RELEASED"), &json!(true)));
    assert_eq!(wren.json(QUEUE).await["items"][0]["state"], "OPEN");
    let inbox = app.inbox(&wren).await;
    let idle = inbox.iter().filter(|title| title.contains("is idle")).count();
    let released = inbox.iter().filter(|title| title.contains("was given back")).count();
    assert_eq!((idle, released), (2, 1), "{inbox:?}");
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn an_idle_pull_request_is_stale_then_abandoned_and_comes_back() {
    let (app, scenario) = server().await;
    app.browser_of("hexacat").await;
    let nothing = "0 reviews given back, 0 reviewers reminded, 0 pull requests are idle";
    let idle = "0 reviews given back, 0 reviewers reminded, 1 pull request is idle";
    assert_eq!(run(&app, "2026-11-29T07:59:59Z").await, nothing);
    assert_eq!(run(&app, "2026-11-29T08:00:00Z").await, idle, "stale");
    assert_eq!(run(&app, "2026-11-29T08:15:00Z").await, nothing, "once");
    assert_eq!(run(&app, "2026-12-29T08:00:00Z").await, idle, "abandoned");
    assert_eq!(run(&app, "2026-12-29T08:15:00Z").await, nothing, "once");
    let wren = app.browser_of("wren-oak").await;
    for browser in [&app.browser_of("hexacat").await, &wren] {
        let inbox = app.inbox(browser).await;
        let titles = ["*octo-org/lantern#1 is abandoned", "*octo-org/lantern#1 is stale"];
        assert_eq!(inbox[..2], titles);
    }
    assert_eq!(wren.json(QUEUE).await["items"], json!([]));
    let abandoned = wren.json(&format!("{QUEUE}?state=ABANDONED")).await;
    assert_eq!(abandoned["items"][0]["number"], 1);
    let scenario =
        scenario.then(Act::Edited("Again".to_owned()), &person("hexacat"), "2026-12-29T09:00:00Z");
    app.clock.set(at("2026-12-29T10:00:00Z"));
    app.deliver_all(&[&scenario]).await;
    assert_eq!(wren.json(QUEUE).await["items"][0]["number"], 1, "activity restores it");
    assert_eq!(run(&app, "2027-01-28T09:00:00Z").await, idle, "stale again");
    // A deadline that is long past, as after an import, notifies no one.
    let old = "2027-03-29T09:00:00Z";
    assert_eq!(run(&app, old).await, nothing);
    let author = app.browser_of("hexacat").await;
    assert_eq!(app.inbox(&author).await.len(), 3);
    app.finish().await;
}

#[tokio::test]
async fn a_project_sets_its_own_numbers_of_days() {
    let (app, _) = server().await;
    let wren = app.browser_of("wren-oak").await;
    let path = "/api/v1/projects/season";
    let patch = json!({ "stale_days": 5, "abandoned_days": 9 });
    let changed = wren.call("PATCH", path, Some(&patch)).await.json();
    assert_eq!((&changed["stale_days"], &changed["abandoned_days"]), (&json!(5), &json!(9)));
    app.work().await;
    let row = wren.json(QUEUE).await["items"][0].clone();
    assert_eq!(row["stale_at"], "2026-11-04T08:00:00Z");
    assert_eq!(row["abandoned_at"], "2026-11-08T08:00:00Z");
    for patch in
        [json!({ "stale_days": 0 }), json!({ "abandoned_days": 731 }), json!({ "stale_days": 9 })]
    {
        let refused = wren.call("PATCH", path, Some(&patch)).await;
        assert_eq!(refused.json()["code"], "BAD_IDLE_DAYS", "{patch}");
    }
    let form = [("name", "season"), ("stale_days", "soon"), ("abandoned_days", "60")];
    let refused = wren.post("/projects/season/edit", &form).await;
    refused.refuses_form(422, Some("stale_days"), "not a number of days");
    assert!(refused.text.contains("value=\"soon\""), "what was typed stays");
    let form = [("name", "season"), ("stale_days", "30"), ("abandoned_days", "60")];
    wren.post("/projects/season/edit", &form).await.location();
    assert_eq!(app.json(path).await["stale_days"], 30);
    app.work().await;
    app.finish().await;
}
