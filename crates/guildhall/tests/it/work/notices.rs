//! Notices are no work: opening one reads it.

use crate::app::TestApp;

#[tokio::test]
async fn opening_a_notice_reads_it() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    app.change(
        "INSERT INTO notifications (id, created_at, user_id, kind, object_id, occurrence, title, link) \
         SELECT id, created_at, id, 'role_changed', id, '', 'A notice', '/guides' FROM users WHERE login = 'wren-oak'",
    )
    .await
    .expect("a notice");
    let inbox = wren.json("/api/v1/me/notifications").await;
    let id = inbox["items"][0]["id"].as_str().expect("an ID").to_owned();
    let home = wren.get("/").await.text;
    assert!(home.contains(&format!("href=\"/inbox/{id}\"")), "{home}");
    assert!(app.work_of("wren-oak").await.is_empty());
    let stranger = app.browser_of("finch-ash").await;
    assert_eq!(stranger.get(&format!("/inbox/{id}")).await.status, 404);
    let opened = wren.get(&format!("/inbox/{id}")).await;
    assert_eq!(opened.location(), "/guides");
    let unread = "SELECT count(*) FROM notifications WHERE read_at IS NULL";
    assert_eq!(app.count(unread).await, 0);
    assert!(!wren.get("/").await.text.contains("A notice"));
    assert_eq!(wren.get(&format!("/inbox/{id}")).await.location(), "/guides", "again");
    app.change("UPDATE notifications SET link = 'https://elsewhere.example/'").await.expect("set");
    assert_eq!(wren.get(&format!("/inbox/{id}")).await.location(), "/inbox");
    app.finish().await;
}
