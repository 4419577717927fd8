use identity::model::Role;
use reqwest::StatusCode;

use crate::app::{
    TestApp,
    browser::Browser,
    scenarios::{Scenario, delivery, person, repo},
};

/// A server with one applied delivery and one dead letter.
pub(super) async fn server() -> TestApp {
    let mut app = TestApp::of_lantern().await;
    app.may_leave_work();
    let scenario =
        Scenario::opened(&repo(1, "lantern"), 1, &person("wren-oak"), "2026-10-02T08:00:00Z");
    app.deliver(&scenario.deliveries).await;
    let drifted = r#"{"action":"opened","number":"nine","repository":{"id":1,"full_name":"octo-org/lantern"},"pull_request":{"title":"<script>alert(1)</script>"}}"#;
    let response = app.send(&delivery("pull_request", drifted)).await;
    assert_eq!(response.status(), StatusCode::ACCEPTED);
    app.work().await;
    app
}

pub(super) async fn dead_id(app: &TestApp) -> String {
    let sql = "SELECT delivery_id AS value FROM webhook_deliveries WHERE dead_at IS NOT NULL";
    app.values(sql).await.pop().expect("a dead letter")
}

pub(super) async fn admin(app: &TestApp) -> Browser<'_> {
    app.browser_with("finch-ash", Role::Admin).await
}

#[tokio::test]
async fn deliveries_are_found_by_id_event_repository_outcome_and_state() {
    let app = server().await;
    let (browser, dead) = (admin(&app).await, dead_id(&app).await);
    for (query, rows) in [
        ("", 2),
        ("state=dead", 1),
        ("state=done", 1),
        ("state=waiting", 0),
        (&format!("id={dead}"), 1),
        ("event=pull_request", 2),
        ("event=pull_request.opened", 2),
        ("event=push", 0),
        ("repository=Octo-Org/Lantern", 2),
        ("repository=LANTERN", 2),
        ("repository=tern&state=dead", 1),
        ("repository=1", 2),
        ("repository=octo-org/harbor", 0),
        ("q=PULL_REQUEST&state=dead", 1),
        ("q=%25", 0),
        ("before=00000000-0000-0000-0000-000000000000", 0),
    ] {
        let page = browser.get(&format!("/admin/deliveries?{query}")).await;
        let found = page.text.matches(r#"<th scope="row">"#).count();
        assert_eq!((page.status.as_u16(), found), (200, rows), "{query}: {}", page.text);
    }
    app.abandon().await;
}

#[tokio::test]
async fn a_delivery_is_shown_with_its_error_and_escaped_payload() {
    let app = server().await;
    let (browser, dead) = (admin(&app).await, dead_id(&app).await);
    let page = browser.get(&format!("/admin/deliveries/{dead}")).await;
    assert!(page.text.contains("could not be processed after") && page.text.contains("Payload"));
    assert!(
        page.text.contains("&#60;script&#62;") && !page.text.contains("<script>"),
        "{}",
        page.text
    );
    let missing = browser.get("/admin/deliveries/nothing").await;
    missing.refuses(404, "NOT_FOUND", "Unknown delivery");
    app.abandon().await;
}

#[tokio::test]
async fn dead_letters_are_retried_one_by_one_or_all_at_once() {
    let app = server().await;
    let (browser, dead) = (admin(&app).await, dead_id(&app).await);
    let one = browser.post(&format!("/admin/deliveries/{dead}/retry"), &[]).await;
    assert_eq!(one.location(), format!("/admin/deliveries/{dead}"));
    let waiting = browser.get(&format!("/admin/deliveries/{dead}")).await.text;
    assert!(waiting.contains("Pending") && waiting.contains("<dt>Last error</dt>"), "{waiting}");
    let again = browser.post(&format!("/admin/deliveries/{dead}/retry"), &[]).await;
    again.refuses(409, "NOT_A_DEAD_LETTER", "not a failed delivery");
    app.work().await;
    let all = browser.post("/admin/deliveries/retry-dead", &[]).await;
    assert_eq!(all.location(), "/admin/deliveries");
    let page = browser.get("/admin/deliveries").await;
    assert!(page.text.contains("1 delivery queued again"), "{}", page.text);
    let by = "SELECT count(*) FROM audit_logs a JOIN users u ON u.id = a.actor_id \
              WHERE a.action = 'delivery.retry' AND u.login = 'finch-ash'";
    assert_eq!(app.count(by).await, 2);
    app.abandon().await;
}

#[tokio::test]
async fn the_admin_home_page_mentions_dead_letters() {
    let app = server().await;
    let home = admin(&app).await.get("/").await;
    assert!(
        home.text.contains("1 delivery from GitHub could not be processed")
            && home.text.contains("<a href=\"/admin\""),
        "{}",
        home.text
    );
    let home = app.browser_of("wren-oak").await.get("/").await;
    assert!(
        !home.text.contains("could not be processed") && !home.text.contains("<a href=\"/admin\""),
        "{}",
        home.text
    );
    assert!(home.text.contains("/pull-requests/octo-org/lantern/1"), "{}", home.text);
    app.abandon().await;
}

#[tokio::test]
async fn failed_deliveries_come_first() {
    let app = server().await;
    // Newer than the failed one.
    let newer =
        Scenario::opened(&repo(1, "lantern"), 2, &person("wren-oak"), "2026-10-03T08:00:00Z");
    app.deliver(&newer.deliveries).await;
    app.work().await;
    let page = admin(&app).await.get("/admin/deliveries").await.text;
    let table = page.split("<tbody>").nth(1).expect("rows");
    let first = table.split("</tr>").next().expect("a row");
    assert!(first.contains(">Failed<"), "{first}");
    assert_eq!(page.matches(r#"<th scope="row">"#).count(), 3, "{page}");
    assert_eq!(table.matches(">Failed<").count(), 2, "once, for each width");
    app.abandon().await;
}
