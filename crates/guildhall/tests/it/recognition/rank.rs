//! A person's rank.

use serde_json::json;

use super::grants::board_of;
use crate::app::TestApp;

#[tokio::test]
async fn a_rank_has_a_percentile_and_the_points_to_the_next() {
    let app = TestApp::start().await;
    board_of(&app, &["global", "month:2026-10"], &[90, 70, 70, -5]).await;
    for board in ["global", "months/2026-10"] {
        let path = |login: &str| format!("/api/v1/leaderboards/{board}/ranks/{login}");
        let shared = json!({
            "login": "p3", "rank": 2, "points": 70, "percentile": 25.0, "tied_people": 2,
            "people": 4, "points_to_next_rank": 20, "rank_change": null,
        });
        assert_eq!(app.json(&path("p3")).await, shared);
        let top = app.json(&path("p1")).await;
        assert_eq!((&top["rank"], &top["points_to_next_rank"]), (&json!(1), &json!(null)));
        let last = app.json(&path("p4")).await;
        assert_eq!((&last["rank"], &last["percentile"]), (&json!(4), &json!(0.0)));
        assert_eq!(last["points_to_next_rank"], 75);
    }
    app.finish().await;
}
