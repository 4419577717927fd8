//! The data of disputes in exports, and after an erasure.

use identity::model::Role;

use super::*;

#[tokio::test]
async fn an_export_has_the_threads_of_own_disputes() {
    let app = scene().await;
    let number = app
        .disputes(AUTHOR, DisputeKind::Score, "octo-org/lantern#1")
        .await;
    app.browser_with("birch", Role::Admin).await;
    app.decides("birch", number, (Stage::Dispute, false))
        .await
        .expect("decided");
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
async fn an_erasure_leaves_the_thread_without_words() {
    let app = scene().await;
    app.disputes(AUTHOR, DisputeKind::Score, "octo-org/lantern#1")
        .await;
    let moderator = app.browser_with("birch", Role::Moderator).await;
    assert_eq!(decides(&moderator, 1, &granted(40)).await.status, 204);
    app.work().await;
    let person = app.user(AUTHOR).await;
    let tx = app.context().begin().await.expect("a transaction");
    contributions::actions::erase(&tx, person)
        .await
        .expect("erased");
    tx.commit().await.expect("committed");
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
async fn threads_are_append_only() {
    let app = scene().await;
    app.disputes(AUTHOR, DisputeKind::Score, "octo-org/lantern#1")
        .await;
    for sql in [
        "UPDATE dispute_messages SET kind = 'message'",
        "DELETE FROM dispute_messages",
    ] {
        let refused = app.change(sql).await.expect_err("refused").to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
    app.finish().await;
}
