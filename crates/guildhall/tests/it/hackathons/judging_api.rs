//! Judging by API, in both ways, and the points that follow.

use identity::model::Role;
use serde_json::{Value, json};

use crate::app::{TestApp, browser::Browser};

const EVENT: &str = "/api/v1/hackathons/low-tide";
const OWN: &str = "/api/v1/me/hackathons/low-tide/judging";

/// Calls a path. Returns the status and the body.
async fn call(
    browser: &Browser<'_>,
    method: &str,
    path: &str,
    body: Option<Value>,
) -> (u16, Value) {
    let answer = browser.call(method, path, body.as_ref()).await;
    (answer.status.as_u16(), answer.body())
}

/// Gives the judge their next project. Returns its ID.
async fn next(judge: &Browser<'_>) -> String {
    let (status, body) = call(judge, "POST", OWN, Some(json!({}))).await;
    assert_eq!(status, 200, "{body}");
    body["submission"].as_str().expect("an ID").to_owned()
}

#[tokio::test]
async fn judges_score_by_api() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    app.judged(3, 1).await;
    let [organizer, judge] = [app.browser_of("organizer").await, app.browser_of("judge-0").await];
    let criteria = json!([{ "name": "Craft", "min": 1, "max": 5, "weight": 10 }]);
    let rubric = json!({
        "mode": "rubric", "looks": 1, "minutes_per_look": 5, "minutes": 120, "criteria": criteria
    });
    let path = format!("{EVENT}/judging");
    let (status, set) = call(&organizer, "PUT", &path, Some(rubric.clone())).await;
    assert_eq!((status, &set["criteria"][0]["name"]), (200, &json!("Craft")));
    assert_eq!(call(&judge, "PUT", &path, Some(rubric.clone())).await.0, 403);
    let first = next(&judge).await;
    let status = |word: &str| Some(json!({ "status": word }));
    let own = |id: &str, part: &str| format!("{OWN}/{id}/{part}");
    for word in ["skipped", "open", "busy", "open"] {
        let answer = call(&judge, "PUT", &own(&first, "status"), status(word)).await;
        assert_eq!(answer.0, 204, "{word}: {}", answer.1);
    }
    let wrong = call(&judge, "PUT", &own(&first, "status"), status("gone")).await;
    assert_eq!((wrong.0, &wrong.1["code"]), (422, &json!("BAD_HACKATHON")));
    let levels = |levels: Value| Some(json!({ "levels": levels }));
    let missing = call(&judge, "PUT", &own(&first, "score"), levels(json!([]))).await;
    assert_eq!(missing.0, 422, "{}", missing.1);
    let scored = call(&judge, "PUT", &own(&first, "score"), levels(json!([4]))).await;
    assert_eq!(scored.0, 204, "{}", scored.1);
    let second = next(&judge).await;
    let conflict = Some(json!({ "kind": "work" }));
    let declared = call(&judge, "PUT", &own(&second, "conflict"), conflict).await;
    assert_eq!(declared.0, 204, "{}", declared.1);
    let third = next(&judge).await;
    let scored = call(&judge, "PUT", &own(&third, "score"), levels(json!([5]))).await;
    assert_eq!(scored.0, 204, "{}", scored.1);
    let listed = judge.json(OWN).await;
    let statuses: Vec<_> = listed["items"].as_array().expect("items").iter().collect();
    let statuses: Vec<_> = statuses.iter().map(|it| &it["status"]).collect();
    assert_eq!(statuses, ["judged", "conflict", "judged"]);
    let coverage = organizer.json(&format!("{EVENT}/judging/coverage")).await;
    assert_eq!(coverage["judges"][0]["judged"], 2);
    assert_eq!(coverage["judges"][0]["conflicts"], 1);
    let results = organizer.json(&format!("{EVENT}/judging/results")).await;
    assert_eq!(results["is_published"], false);
    assert_eq!(results["items"][0]["id"], third.as_str());
    // The criteria are fixed since the first score.
    let mut other = rubric;
    other["criteria"][0]["weight"] = json!(20);
    let locked = call(&organizer, "PUT", &path, Some(other)).await;
    assert_eq!((locked.0, &locked.1["code"]), (409, &json!("RUBRIC_LOCKED")));
    app.finish().await;
}

#[tokio::test]
async fn judges_rank_by_api() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    app.judged(3, 1).await;
    let [organizer, judge] = [app.browser_of("organizer").await, app.browser_of("judge-0").await];
    let ranking = json!({ "mode": "ranking", "looks": 1, "minutes_per_look": 5, "minutes": 120 });
    let path = format!("{EVENT}/judging");
    let set = call(&organizer, "PUT", &path, Some(ranking)).await;
    assert_eq!(set.0, 200, "{}", set.1);
    let mut seen = Vec::new();
    for _ in 0..3 {
        let project = next(&judge).await;
        let path = format!("{OWN}/{project}/comparisons");
        // The later one is better than all before it.
        let mut asked = json!({});
        let place = loop {
            let (status, step) = call(&judge, "POST", &path, Some(asked)).await;
            assert_eq!(status, 200, "{step}");
            match step["place"].as_u64() {
                Some(place) => break place,
                None => asked = json!({ "other": step["other"], "answer": "better" }),
            }
        };
        assert_eq!(place, 1);
        let path = format!("{OWN}/{project}/score");
        let done = call(&judge, "PUT", &path, Some(json!({}))).await;
        assert_eq!(done.0, 204, "{}", done.1);
        seen.insert(0, json!(project));
    }
    assert_eq!(judge.json(OWN).await["order"], Value::Array(seen.clone()));
    let results = organizer.json(&format!("{EVENT}/judging/results")).await;
    let order: Vec<_> = results["items"].as_array().expect("items").iter().collect();
    let order: Vec<_> = order.iter().map(|it| it["id"].clone()).collect();
    assert_eq!(order, seen);
    app.finish().await;
}

#[tokio::test]
async fn an_admin_approves_points_by_api() {
    let app = TestApp::start().await;
    app.hackathon(super::scene::november()).await;
    let admin = app.browser_with("admin", Role::Admin).await;
    let organizer = app.browser_of("organizer").await;
    let path = "/api/v1/admin/hackathons/low-tide/points";
    let few = json!({ "submission_points": 10 });
    assert_eq!(call(&organizer, "PUT", path, Some(few.clone())).await.0, 403);
    let approved = call(&admin, "PUT", path, Some(few)).await;
    assert_eq!(approved.0, 200, "{}", approved.1);
    assert_eq!(approved.1["submission_points"], 10);
    assert_eq!(approved.1["winner_points"], 1_200);
    let many = Some(json!({ "winner_points": 10_001 }));
    assert_eq!(call(&admin, "PUT", path, many).await.0, 422);
    app.work().await;
    app.finish().await;
}
