//! Disputes about bans that end, or are lifted, before a decision.

use chrono::TimeDelta;
use identity::model::Role;
use serde_json::json;

use super::*;

const SCHEDULE: &str = "DisputesOfEndedBans";

fn grants(is_appeal: bool) -> Value {
    json!({ "is_granted": true, "is_appeal": is_appeal, "reason": "They explained it." })
}

/// Bans the author for a week, and contests it.
async fn contested(app: &TestApp) -> Browser<'_> {
    let end = app.context().now() + TimeDelta::days(7);
    identity::actions::ban(app.context(), Operator, AUTHOR, "Spam", Some(end))
        .await
        .expect("banned");
    let author = app.browser_of(AUTHOR).await;
    let ban = app.current_ban(AUTHOR).await;
    assert_eq!(opens(&author, &about("ban", &ban)).await, 1);
    author
}

#[tokio::test]
async fn a_dispute_of_a_ban_that_ended_is_closed() {
    let app = scene().await;
    let author = contested(&app).await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    assert_eq!(app.run_schedule(SCHEDULE).await, "0 disputes closed");
    app.clock.advance(TimeDelta::days(7));
    for decision in [upheld(), grants(false)] {
        let refused = decides(&moderator, 1, &decision).await;
        refused.refuses(409, "BAN_OVER", "D-1");
    }
    let page = moderator.get("/disputes/D-1").await.text;
    assert!(page.contains("The ban is over"), "{page}");
    assert!(!page.contains("name=\"outcome\""), "{page}");
    assert_eq!(app.run_schedule(SCHEDULE).await, "1 dispute closed");
    assert_eq!(app.run_schedule(SCHEDULE).await, "0 disputes closed");
    let whole = author.json(&format!("{PATH}/1")).await;
    assert_eq!(whole["state"], "closed");
    assert_eq!(whole["decided_by"], Value::Null);
    assert_eq!(whole["decided_at"], "2026-11-08T00:00:00Z");
    assert_eq!(whole["appealable_until"], Value::Null);
    let page = author.get("/disputes/D-1").await.text;
    assert!(page.contains("The ban was over before a decision"), "{page}");
    let listed = "/api/v1/admin/disputes?state=decided&kind=ban";
    assert_eq!(moderator.json(listed).await["items"][0]["number"], 1);
    let text = json!({ "text": "Still wrong." });
    for (step, code) in [("messages", "DISPUTE_DECIDED"), ("appeal", "BAN_OVER")] {
        let path = format!("{PATH}/1/{step}");
        let refused = author.call("POST", &path, Some(&text)).await;
        refused.refuses(409, code, "D-1");
    }
    let refused = decides(&moderator, 1, &grants(false)).await;
    refused.refuses(409, "BAN_OVER", "D-1");
    let acts = "SELECT action AS value FROM audit_logs WHERE action LIKE 'dispute.%' ORDER BY id";
    assert_eq!(app.values(acts).await, ["dispute.open", "dispute.close"]);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_appeal_of_a_ban_that_was_lifted_is_closed() {
    let app = scene().await;
    let author = contested(&app).await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    assert_eq!(decides(&moderator, 1, &upheld()).await.status, 204);
    let whole = author.json(&format!("{PATH}/1")).await;
    assert_eq!(whole["appealable_until"], "2026-11-08T00:00:00Z");
    let text = json!({ "text": "Still wrong." });
    let path = format!("{PATH}/1/appeal");
    let made = author.call("POST", &path, Some(&text)).await;
    assert_eq!(made.status, 204, "{}", made.text);
    app.unban(AUTHOR).await;
    let admin = app.browser_with("birch", Role::Admin).await;
    let refused = decides(&admin, 1, &grants(true)).await;
    refused.refuses(409, "BAN_OVER", "lifted");
    assert_eq!(app.run_schedule(SCHEDULE).await, "1 dispute closed");
    let whole = author.json(&format!("{PATH}/1")).await;
    assert_eq!(whole["state"], "upheld");
    assert_eq!(whole["appeal"]["state"], "closed");
    let refused = decides(&admin, 1, &grants(true)).await;
    refused.refuses(409, "BAN_OVER", "D-1");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_ban_that_ended_leaves_nothing_to_appeal() {
    let app = scene().await;
    let author = contested(&app).await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    assert_eq!(decides(&moderator, 1, &upheld()).await.status, 204);
    app.clock.advance(TimeDelta::days(8));
    let page = author.get("/disputes/D-1").await.text;
    assert!(!page.contains("action=\"/disputes/D-1/appeal\""), "{page}");
    let text = json!({ "text": "Still wrong." });
    let path = format!("{PATH}/1/appeal");
    let refused = author.call("POST", &path, Some(&text)).await;
    refused.refuses(409, "BAN_OVER", "D-1");
    app.work().await;
    app.finish().await;
}
