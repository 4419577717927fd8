//! Export and erasure of a person's claims.

use serde_json::json;

use super::*;

#[tokio::test]
async fn an_erased_person_leaves_nothing_in_their_claims() {
    let (reef, app) = with_issues(3).await;
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    bo.claim(&app, 3).await;
    ada.claim(&app, 3).await;
    ada.claim(&app, 2).await;
    ada.release(&app, 2).await;
    let list = ada.json("/api/v1/me/claims").await;
    let ended = list["items"][1]["id"].as_str().expect("an ID");
    let input = json!({ "hours": 2, "difficulty": 4, "learning": 3 });
    let path = format!("/api/v1/claims/{ended}/outcome");
    assert_eq!(ada.call("PUT", &path, Some(&input)).await.status, 200);
    ada.claim(&app, 1).await;
    bo.claim(&app, 1).await;
    let person = app.person_id("ada").await;
    let context = app.context();
    let tx = context.begin().await.expect("a transaction");
    let exported = discovery::MODULE.export.expect("an export")(&tx, context, person).await;
    let exported = exported.expect("exported").to_string();
    assert!(exported.contains("\"difficulty\":4"), "{exported}");
    discovery::actions::erase(&tx, context, person.into()).await.expect("erased");
    tx.commit().await.expect("committed");
    let rows = "SELECT count(*) FROM opportunity_claims c JOIN users u ON u.id = c.user_id WHERE u.login = 'ada' \
                AND (c.status IN ('active', 'queued') OR c.hours IS NOT NULL OR c.difficulty IS NOT NULL \
                OR c.learning IS NOT NULL OR c.pull_request IS NOT NULL OR c.outcome IS NOT NULL)";
    assert_eq!(app.count(rows).await, 0);
    assert_eq!(claimed(&app).await, ["1 active", "2 active", "3 claimed by bo"]);
    // The next in the queue gets the issue.
    pass(&reef, &app, TimeDelta::minutes(1)).await;
    assert_eq!(claimed(&app).await[0], "1 claimed by bo");
    app.finish().await;
}
