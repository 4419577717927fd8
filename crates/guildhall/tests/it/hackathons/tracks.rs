//! Tracks of a hackathon, and the submissions that choose them.

use hackathons::actions::{next_project, score, set_judging};
use platform::audit::Actor::Operator;
use serde_json::{Value, json};

use super::judging::{levels, rubric};
use crate::app::{TestApp, browser::Browser};

const SLUG: &str = "low-tide";
const TRACKS: &str = "/api/v1/hackathons/low-tide/tracks";
const OWN: &str = "/api/v1/me/hackathons/low-tide/submission";

async fn put(browser: &Browser<'_>, path: &str, body: &Value) -> (u16, Value) {
    let answer = browser.call("PUT", path, Some(body)).await;
    (answer.status.as_u16(), answer.body())
}

fn submission(tracks: &[&str]) -> Value {
    json!({
        "title": "Slack Water", "summary": "A tide clock.", "repository": "hacker/tide-clock",
        "technologies": "Rust, C++", "tracks": tracks
    })
}

/// Reopens the submissions of a hackathon.
async fn reopened(app: &TestApp) {
    let dates = "UPDATE hackathons SET submission_closes_at = '2026-12-22T18:00:00Z', \
                 judging_opens_at = '2026-12-23T18:00:00Z', judging_closes_at = '2026-12-24T18:00:00Z'";
    app.change(dates).await.expect("changed");
}

#[tokio::test]
async fn submissions_choose_tracks_and_results_are_read_by_track() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let judges = app.judged(3, 1).await;
    reopened(&app).await;
    let organizer = app.browser_of("organizer").await;
    let hackers = [app.browser_of("hacker-0").await, app.browser_of("hacker-1").await];
    let tracks = json!({ "tracks": [
        { "name": "Harbors", "description": "For ports." }, { "name": "Offline first" },
        { "name": "Birds" }, { "name": "Weather" },
    ] });
    assert_eq!(put(&hackers[0], TRACKS, &tracks).await.0, 403);
    let (status, set) = put(&organizer, TRACKS, &tracks).await;
    assert_eq!(status, 200, "{set}");
    assert_eq!(set["items"][1]["slug"], "offline-first");
    let twice = json!({ "tracks": [{ "name": "Birds" }, { "name": "birds" }] });
    let (status, body) = put(&organizer, TRACKS, &twice).await;
    assert_eq!((status, &body["code"]), (422, &json!("BAD_HACKATHON")));
    assert_eq!(hackers[0].json(TRACKS).await, set);
    let page = hackers[0].get("/hackathons/low-tide").await.text;
    assert!(page.contains("Offline first") && page.contains("For ports."));

    for refused in [&["boats"][..], &["harbors", "offline-first", "birds", "weather"]] {
        let (status, body) = put(&hackers[0], OWN, &submission(refused)).await;
        assert_eq!((status, &body["code"]), (422, &json!("BAD_HACKATHON")), "{body}");
    }
    let mut wrong = submission(&[]);
    wrong["technologies"] = json!("<b>");
    let (status, body) = put(&hackers[0], OWN, &wrong).await;
    assert_eq!((status, &body["code"]), (422, &json!("BAD_HACKATHON")));
    let (status, body) = put(&hackers[0], OWN, &submission(&["harbors", "birds"])).await;
    assert_eq!((status, &body["tracks"]), (200, &json!(["harbors", "birds"])));
    let (status, body) = put(&hackers[1], OWN, &submission(&["birds"])).await;
    assert_eq!(status, 200, "{body}");

    // The page of the form keeps the choice.
    let form = hackers[0].get("/hackathons/low-tide/submission/edit").await;
    assert_eq!(form.text.matches(" checked").count(), 2);
    let typed = [
        ("title", "Slack Water"),
        ("summary", "A tide clock."),
        ("repository", "hacker/tide-clock"),
        ("tracks", "harbors"),
        ("tracks", "weather"),
    ];
    let saved = hackers[0].post("/hackathons/low-tide/submission", &typed).await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    let own = hackers[0].json(OWN).await;
    assert_eq!(own["tracks"], json!(["harbors", "weather"]));

    // Projects of a track are ranked among themselves.
    let closed =
        "UPDATE hackathons SET submission_closes_at = created_at, judging_opens_at = created_at";
    app.change(closed).await.expect("changed");
    let context = app.context();
    set_judging(context, Operator, SLUG, &rubric(1)).await.expect("criteria");
    for level in [2, 1, 5] {
        let project = next_project(context, judges[0], SLUG, false).await;
        score(context, judges[0], SLUG, project.expect("a project"), &levels(level))
            .await
            .expect("scored");
    }
    let results = "/api/v1/hackathons/low-tide/judging/results";
    let of = async |track: &str| {
        let found = organizer.json(&format!("{results}?track={track}")).await;
        let items = found["items"].as_array().expect("items").clone();
        let rank = |it: &Value| (it["team"].clone(), it["rank"].clone());
        items.iter().map(rank).collect::<Vec<_>>()
    };
    assert_eq!(organizer.json(results).await["items"].as_array().map(Vec::len), Some(3));
    assert_eq!(of("harbors").await.len(), 1);
    assert_eq!(of("harbors").await[0].1, 1);
    assert_eq!(of("birds").await[0].1, 1);
    assert_eq!(of("boats").await.len(), 0);
    let page = organizer.get("/hackathons/low-tide/judging/results?track=birds").await;
    assert!(page.text.contains("1st") && !page.text.contains("2nd"));
    app.finish().await;
}

#[tokio::test]
async fn an_organizer_names_tracks_on_a_page() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    app.hackathon(super::scene::november()).await;
    let organizer = app.browser_of("organizer").await;
    let page = "/hackathons/low-tide/tracks";
    let saved = [("name_1", "Harbors"), ("name_3", "Birds"), ("description_3", "Gulls.")];
    assert_eq!(organizer.post(page, &saved).await.status, 303);
    let shown = organizer.get(page).await.text;
    assert!(shown.contains("value=\"Birds\"") && shown.contains("value=\"Gulls.\""));
    let unnamed = [("description_1", "Nameless.")];
    let refused = organizer.post(page, &unnamed).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Nameless."));
    assert_eq!(organizer.post(page, &[("name_1", "")]).await.status, 303);
    let left = organizer.json(TRACKS).await;
    assert_eq!(left["items"], json!([]));
    app.finish().await;
}
