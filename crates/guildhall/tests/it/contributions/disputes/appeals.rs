//! Appeals.

use chrono::TimeDelta;
use identity::model::Role;
use serde_json::json;

use super::*;

fn reasons() -> Value {
    json!({ "text": "The decision is wrong." })
}

fn appealed(mut decision: Value) -> Value {
    decision["is_appeal"] = json!(true);
    decision
}

#[tokio::test]
async fn an_admin_decides_the_one_appeal() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    opens(&author, &about_points()).await;
    let path = format!("{PATH}/1/appeal");
    let early = author.call("POST", &path, Some(&reasons())).await;
    early.refuses(409, "DISPUTE_OPEN", "D-1 is not decided");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    assert_eq!(decides(&moderator, 1, &upheld()).await.status, 204);
    let made = author.call("POST", &path, Some(&reasons())).await;
    assert_eq!(made.status, 204, "{}", made.text);
    let again = author.call("POST", &path, Some(&reasons())).await;
    again.refuses(409, "ALREADY_APPEALED", "D-1");
    let open = moderator.json("/api/v1/admin/disputes?state=appealed").await;
    assert_eq!(open["items"][0]["appeal"]["state"], "open");
    // A decision on the dispute does not count for the appeal.
    let other = app.browser_with("finch-ash", Role::Moderator).await;
    let late = decides(&other, 1, &granted(55)).await;
    late.refuses(409, "DISPUTE_DECIDED", "rook-elm already decided");
    let refused = decides(&other, 1, &appealed(granted(55))).await;
    refused.refuses(403, "ROLE_REQUIRED", "Only admins decide appeals");
    let admin = app.browser_with("birch", Role::Admin).await;
    let decided = decides(&admin, 1, &appealed(granted(55))).await;
    assert_eq!(decided.status, 204, "{}", decided.text);
    app.work().await;
    assert_eq!(score(&app, 1).await, 55);
    let whole = author.json(&format!("{PATH}/1")).await;
    assert_eq!(whole["state"], "upheld");
    assert_eq!(whole["appeal"]["state"], "granted");
    assert_eq!(whole["appeal"]["decided_by"], "birch");
    let acts = "SELECT action AS value FROM audit_logs WHERE action LIKE 'dispute.%' ORDER BY id";
    let expected = ["dispute.open", "dispute.uphold", "dispute.appeal", "dispute.grant_appeal"];
    assert_eq!(app.values(acts).await, expected);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn an_appeal_is_possible_for_14_days() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    opens(&author, &about_points()).await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    assert_eq!(decides(&moderator, 1, &granted(40)).await.status, 204);
    app.work().await;
    let shown = author.json(&format!("{PATH}/1")).await;
    assert_eq!(shown["appealable_until"], "2026-11-15T00:00:00Z");
    app.clock.advance(TimeDelta::days(14) + TimeDelta::seconds(1));
    let author = app.browser_of(AUTHOR).await;
    let path = format!("{PATH}/1/appeal");
    let late = author.call("POST", &path, Some(&reasons())).await;
    late.refuses(409, "APPEAL_CLOSED", "15 November 2026, 00:00 UTC");
    app.finish().await;
}

#[tokio::test]
async fn a_granted_sanction_leaves_nothing_to_appeal() {
    let app = scene().await;
    app.season(super::super::seasons::october()).await;
    let warning = app.warns(AUTHOR, Operator).await;
    let author = app.browser_of(AUTHOR).await;
    opens(&author, &about("sanction", &warning)).await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let lifted = json!({ "is_granted": true, "reason": "Right." });
    assert_eq!(decides(&moderator, 1, &lifted).await.status, 204);
    let path = format!("{PATH}/1/appeal");
    let refused = author.call("POST", &path, Some(&reasons())).await;
    refused.refuses(409, "APPEAL_CLOSED", "was granted");
    app.work().await;
    app.finish().await;
}
