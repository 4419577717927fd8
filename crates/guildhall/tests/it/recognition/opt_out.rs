//! People who opt out of leaderboards.

use serde_json::json;

use crate::{
    app::{TestApp, browser::Browser},
    contributions::seasons::{merged, row},
};

#[tokio::test]
async fn a_person_leaves_all_open_leaderboards_and_returns() {
    let app = TestApp::of_lantern().await;
    let own = app.browser_of("wren-oak").await;
    let scenarios = [
        merged(1, "wren-oak", "2026-10-02T08:00:00Z"),
        merged(2, "finch-ash", "2026-10-03T08:00:00Z"),
        merged(3, "finch-ash", "2026-10-04T08:00:00Z"),
    ];
    app.deliver_all(&scenarios.each_ref()).await;
    let both = [row("finch-ash", 120, 2), row("wren-oak", 60, 1)];
    let path = "/api/v1/me/listing";
    assert_eq!(own.json(path).await, json!({ "is_listed": true }));
    let body = json!({ "is_listed": false });
    for _ in 0..2 {
        let set = own.call("PUT", path, Some(&body)).await;
        assert_eq!(set.status, 200, "{}", set.text);
    }
    for key in ["global", "month:2026-10"] {
        assert_eq!(app.rows_of(key).await, both[..1]);
    }
    app.verify().await;
    keeps_the_numbers(&app, &own).await;
    let page = own.get("/leaderboards").await.text;
    assert!(page.contains("You opted out of leaderboards"), "{page}");
    let public = Browser::new(&app).get("/leaderboards").await.text;
    assert!(!public.contains("wren-oak"), "{public}");
    // A refresh of bans does not put the person back.
    app.run_schedule("BoardListings").await;
    assert_eq!(app.rows_of("global").await, both[..1]);
    let settings = own.get("/settings/listing").await.text;
    assert!(settings.contains("You have 60 points"), "{settings}");
    let back = own.post("/settings/listing", &[("listed", "yes")]).await;
    assert_eq!(back.location(), "/settings/listing");
    assert_eq!(app.rows_of("global").await, both);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn a_form_without_a_choice_changes_nothing() {
    let app = TestApp::start().await;
    let own = app.browser_of("wren-oak").await;
    let path = "/settings/listing";
    let wrong: [&[(&str, &str)]; 3] = [&[], &[("listed", "")], &[("listed", "maybe")]];
    for fields in wrong {
        let refused = own.post(path, fields).await;
        assert_eq!(refused.status, 422, "{fields:?}: {}", refused.text);
        assert!(refused.text.contains("id=\"listed-e\">Choose whether"), "{}", refused.text);
    }
    let listing = own.json("/api/v1/me/listing").await;
    assert_eq!(listing, json!({ "is_listed": true }));
    app.finish().await;
}

/// Checks that pages, files and the API agree about the points of wren-oak, who opted out.
async fn keeps_the_numbers(app: &TestApp, own: &Browser<'_>) {
    assert_eq!(app.json("/api/v1/people/wren-oak").await["points"], 60);
    let home = own.get("/").await.text;
    for part in [
        "<dt>All-time points</dt><dd><b>60</b></dd>",
        "Leaderboards do not list you. You keep your points. <a href=\"/settings/listing\">Change this</a>",
    ] {
        assert!(home.contains(part), "{part}: {home}");
    }
    assert!(!home.contains("Earn points to appear"), "{home}");
    let stranger = Browser::new(app);
    let profile = stranger.get("/people/wren-oak").await.text;
    for part in [
        "<dt>Points</dt><dd>60</dd>",
        "<dd class=\"meta\"> not listed ·",
        "<th scope=\"row\">October 2026</th><td class=\"n\">60</td>",
        "Days with points of wren-oak",
    ] {
        assert!(profile.contains(part), "{part}: {profile}");
    }
    assert!(!profile.contains("/settings/listing"), "{profile}");
    let days = stranger.get("/people/wren-oak/days.csv").await.text;
    let points = days.lines().skip(1).filter_map(|line| line.split_once(','));
    let points = points.map(|(_, points)| points.parse::<i64>().expect("points"));
    assert_eq!(points.sum::<i64>(), 60, "{days}");
    let sentence = "wren-oak is not listed on leaderboards.";
    let around = stranger.get("/leaderboards?around=wren-oak").await.text;
    assert!(around.contains(sentence), "{around}");
    let rank = "/api/v1/leaderboards/global/ranks/wren-oak";
    app.refuses(rank, 404, "NOT_FOUND", sentence).await;
}
