use super::{SCORED, tell};
use crate::app::TestApp;

#[tokio::test]
async fn the_inbox_shows_news_and_marks_it_read() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let empty = browser.get("/inbox").await;
    assert!(
        empty.text.contains("Nothing happened yet"),
        "{}",
        empty.text
    );
    for news in 0..31 {
        tell(&app, "wren-oak", &SCORED, &news.to_string()).await;
        app.clock.advance(chrono::TimeDelta::seconds(1));
    }
    let page = browser.get("/inbox").await;
    assert!(page.text.contains("31 unread"), "{}", page.text);
    assert_eq!(page.text.matches(r#"<th scope="row">"#).count(), 30);
    let next = page.text.split(r#"<a class="btn small" href=""#).nth(1);
    let next = next.and_then(|rest| rest.split('"').next()).expect("more");
    let last = browser
        .get(&next.replace("&#38;", "&").replace("&amp;", "&"))
        .await;
    assert_eq!(
        last.text.matches(r#"<th scope="row">"#).count(),
        1,
        "{}",
        last.text
    );
    let id = page
        .text
        .split(r#"action="/inbox/"#)
        .nth(2)
        .expect("a form");
    let id = id.split('/').next().expect("an id");
    let read = browser.post(&format!("/inbox/{id}/read"), &[]).await;
    assert_eq!(read.location(), "/inbox");
    assert!(browser.get("/inbox").await.text.contains("30 unread"));
    let stranger = app.browser_of("finch-ash").await;
    let refused = stranger.post(&format!("/inbox/{id}/read"), &[]).await;
    refused.refuses(404, "NOT_FOUND", "your inbox");
    assert_eq!(browser.post("/inbox/read", &[]).await.location(), "/inbox");
    let unread = browser.get("/inbox?show=unread").await;
    assert!(unread.text.contains("Nothing is unread"), "{}", unread.text);
    app.finish().await;
}

#[tokio::test]
async fn choices_are_shown_and_kept() {
    let (app, _) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    let path = "/settings/notifications";
    let page = browser.get(path).await;
    assert!(
        page.text.contains("No letter reaches you yet"),
        "{}",
        page.text
    );
    assert_eq!(
        page.text.matches("At once, always").count(),
        10,
        "{}",
        page.text
    );
    let form = [
        ("timezone", "Europe/Berlin"),
        ("quiet_from", "22:00"),
        ("quiet_until", "07:00"),
        ("daily_cap", "5"),
        ("pull_request_scored", "off"),
        ("digest", "off"),
    ];
    assert_eq!(
        browser.post(path, &form).await.location(),
        "/settings/notifications?done=kept"
    );
    let page = browser.get("/settings/notifications?done=kept").await;
    for says in [
        "Your choices are kept",
        r#"value="Europe/Berlin""#,
        r#"value="22:00""#,
        r#"value="5""#,
        r#"<option value="off" selected>Never"#,
    ] {
        assert!(page.text.contains(says), "{says}: {}", page.text);
    }
    let wrong = [("timezone", "UTC"), ("daily_cap", "many")];
    browser
        .post(path, &wrong)
        .await
        .refuses(422, "BAD_CAP", "1 to 100");
    app.finish().await;
}
