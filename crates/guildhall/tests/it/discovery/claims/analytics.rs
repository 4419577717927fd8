//! `GET /api/v1/analytics/contributions`, and the same figures on the page of the own claims.

use serde_json::json;

use super::*;

const PATH: &str = "/api/v1/analytics/contributions";

#[tokio::test]
async fn the_figures_follow_the_own_claims() {
    let (reef, app) = with_issues(2).await;
    let octavia = finder(&reef, &app, "octavia").await;
    let none = octavia.json(PATH).await;
    assert_eq!(none["completed"], 0);
    assert_eq!((&none["difficulty"], &none["months"]), (&json!(null), &json!([])));
    octavia.claim(&app, 1).await;
    octavia.claim(&app, 2).await;
    octavia.release(&app, 2).await;
    reef.pass(&app, TimeDelta::hours(1));
    let number = draft(&reef, "octavia", "Fixes #1");
    change(&reef, number, Act::ReadyForReview);
    reef.github.merge(LANTERN, number, "rook-elm").expect("merged");
    reef.pass(&app, TimeDelta::minutes(20));
    read_again(&app).await;
    let list = octavia.json("/api/v1/me/claims").await;
    let rate = async |index: usize, input| {
        let id = list["items"][index]["id"].as_str().expect("an ID");
        let path = format!("/api/v1/claims/{id}/outcome");
        let answer = octavia.call("PUT", &path, Some(&input)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["status"].clone()
    };
    let completed = (0..2).find(|index| list["items"][*index]["status"] == "completed");
    let completed = completed.expect("a completed claim");
    rate(completed, json!({ "hours": 2.5, "difficulty": 2, "learning": 5 })).await;
    rate(1 - completed, json!({ "hours": 0.5, "difficulty": 5 })).await;
    let sum = octavia.json(PATH).await;
    let count = |name: &str| sum[name].as_u64();
    let states = ["active", "queued", "completed", "released", "expired"];
    assert_eq!(states.map(count), [0, 0, 1, 1, 0].map(Some), "{sum}");
    assert_eq!((count("merged"), count("closed")), (Some(1), Some(0)), "{sum}");
    assert_eq!(
        (&sum["hours"], &sum["difficulty"], &sum["learning"]),
        (&json!(3.0), &json!(3.5), &json!(5.0))
    );
    let month = app.context().now().format("%Y-%m").to_string();
    assert_eq!(sum["months"], json!([{ "month": month, "completed": 1, "hours": 2.5 }]));
    let page = octavia.get("/discover/claims").await;
    assert!(page.text.contains("<dt>Completed</dt><dd>1</dd>"), "{}", page.text);
    // Each person has their own.
    let ada = app.browser_of("ada").await;
    assert_eq!(ada.json(PATH).await, none);
    let answer = Browser::new(&app).get(PATH).await;
    assert_eq!(answer.status, 401);
    app.finish().await;
}
