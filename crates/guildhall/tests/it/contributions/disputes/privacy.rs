//! The data of disputes in exports, and after an erasure.

use identity::model::Role;

use super::*;

/// Counts the reasons in the audit log about things of some kinds, a list in SQL.
async fn reasons(app: &TestApp, kinds: &str) -> i64 {
    let sql = format!(
        "SELECT count(*) FROM audit_words w JOIN audit_logs l ON l.id = w.id \
         WHERE w.reason IS NOT NULL AND l.target_kind IN ({kinds})"
    );
    app.count(&sql).await
}

/// Erases what this module stores about the author.
async fn erase(app: &TestApp) {
    let person = app.user(AUTHOR).await;
    let tx = app.context().begin().await.expect("a transaction");
    contributions::actions::erase(&tx, person).await.expect("erased");
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn an_export_has_the_threads_of_own_disputes() {
    let app = scene().await;
    let number = app.disputes(AUTHOR, DisputeKind::Score, "octo-org/lantern#1").await;
    app.browser_with("birch", Role::Admin).await;
    app.decides("birch", number, DisputeStage::Dispute, false).await.expect("decided");
    let person = app.user(AUTHOR).await;
    let exported = contributions::reads::export(&app.context().db, person).await;
    let exported = exported.expect("exported");
    assert_eq!(exported["disputes"][0]["state"], "upheld");
    let messages = &exported["dispute_messages"];
    assert_eq!(messages[0]["by"], "you");
    assert_eq!(messages[1]["text"], "The step is right.");
    assert_eq!(messages[1]["by"], "someone else");
    app.finish().await;
}

#[tokio::test]
async fn an_export_has_the_flags_and_the_overrides_of_points() {
    let app = scene().await;
    app.disputes(AUTHOR, DisputeKind::Score, "octo-org/lantern#1").await;
    let moderator = app.browser_with("birch", Role::Moderator).await;
    assert_eq!(decides(&moderator, 1, &granted(40)).await.status, 204);
    app.work().await;
    let flag = app.confirmed_flag(AUTHOR, Operator).await;
    let person = app.user(AUTHOR).await;
    let exported = contributions::reads::export(&app.context().db, person).await;
    let exported = exported.expect("exported");
    let own = &exported["flags"][0];
    assert_eq!((&own["number"], &own["reason"]), (&json!(flag), &json!("One change")));
    assert!(own["decided_at"].is_string(), "{own}");
    let own = &exported["overrides"][0];
    assert_eq!((&own["points"], &own["dispute"]), (&json!(40), &json!(1)));
    assert_eq!(own["reason"], "The step was wrong.");
    assert_eq!(own["project"], "season");
    let others = app.user("birch").await;
    let exported = contributions::reads::export(&app.context().db, others).await;
    let exported = exported.expect("exported");
    assert_eq!(exported["flags"], json!([]));
    assert_eq!(exported["overrides"], json!([]));
    app.finish().await;
}

#[tokio::test]
async fn an_erasure_leaves_the_thread_without_words() {
    let app = scene().await;
    app.disputes(AUTHOR, DisputeKind::Score, "octo-org/lantern#1").await;
    let moderator = app.browser_with("birch", Role::Moderator).await;
    assert_eq!(decides(&moderator, 1, &granted(40)).await.status, 204);
    app.work().await;
    let kinds = "'dispute', 'pull_request'";
    assert_eq!(reasons(&app, kinds).await, 2);
    erase(&app).await;
    assert_eq!(reasons(&app, kinds).await, 0);
    for (sql, expected) in [
        ("SELECT count(*) FROM dispute_messages", 2),
        ("SELECT count(*) FROM dispute_words", 0),
        ("SELECT count(*) FROM score_overrides WHERE reason = ''", 1),
    ] {
        assert_eq!(app.count(sql).await, expected, "{sql}");
    }
    let thread = moderator.get("/disputes/D-1").await.text;
    assert!(thread.contains("The text was erased."), "{thread}");
    assert_eq!(score(&app, 1).await, 40);
    app.finish().await;
}

#[tokio::test]
async fn an_erasure_removes_the_reason_of_a_flag() {
    let app = scene().await;
    app.confirmed_flag(AUTHOR, Operator).await;
    assert_eq!(reasons(&app, "'fair_play_flag'").await, 1);
    erase(&app).await;
    assert_eq!(reasons(&app, "'fair_play_flag'").await, 0);
    let erased = "SELECT count(*) FROM fair_play_flags WHERE state = 'confirmed' AND reason = ''";
    assert_eq!(app.count(erased).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn threads_are_append_only() {
    let app = scene().await;
    app.disputes(AUTHOR, DisputeKind::Score, "octo-org/lantern#1").await;
    for sql in ["UPDATE dispute_messages SET kind = 'message'", "DELETE FROM dispute_messages"] {
        let refused = app.change(sql).await.expect_err("refused").to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
    app.finish().await;
}
