use super::{SCORED, notify_person};
use crate::app::TestApp;

#[tokio::test]
async fn the_inbox_shows_notifications_and_marks_them_read() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let empty = browser.get("/inbox").await;
    assert!(empty.text.contains("No notifications yet"), "{}", empty.text);
    for news in 0..31 {
        notify_person(&app, "wren-oak", &SCORED, &news.to_string()).await;
        app.clock.advance(chrono::TimeDelta::seconds(1));
    }
    let page = browser.get("/inbox").await;
    assert!(page.text.contains("31 unread"), "{}", page.text);
    assert_eq!(page.text.matches(r#"<th scope="row">"#).count(), 30);
    let next = page.text.split(r#"<a class="btn small" href=""#).nth(1);
    let next = next.and_then(|rest| rest.split('"').next()).expect("more");
    let last = browser.get(&next.replace("&#38;", "&").replace("&amp;", "&")).await;
    assert_eq!(last.text.matches(r#"<th scope="row">"#).count(), 1, "{}", last.text);
    let id = page.text.split(r#"action="/inbox/"#).nth(2).expect("a form");
    let id = id.split('/').next().expect("an id");
    let read = browser.post(&format!("/inbox/{id}/read"), &[]).await;
    assert_eq!(read.location(), "/inbox");
    assert!(browser.get("/inbox").await.text.contains("30 unread"));
    let stranger = app.browser_of("finch-ash").await;
    let refused = stranger.post(&format!("/inbox/{id}/read"), &[]).await;
    refused.refuses(404, "NOT_FOUND", "your notices");
    assert_eq!(browser.post("/inbox/read", &[]).await.location(), "/inbox");
    let unread = browser.get("/inbox?show=unread").await;
    assert!(unread.text.contains("No unread notifications"), "{}", unread.text);
    app.finish().await;
}

#[tokio::test]
async fn settings_are_shown_and_saved() {
    let (app, _) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    let path = "/settings/notifications";
    let page = browser.get(path).await;
    assert!(page.text.contains("You have not added an email address"), "{}", page.text);
    assert!(page.text.contains("at any time: "), "{}", page.text);
    assert!(!page.text.contains("name=\"new_device\""));
    let form = [
        ("timezone", "Europe/Berlin"),
        ("quiet_from", "22:00"),
        ("quiet_until", "07:00"),
        ("daily_cap", "5"),
        ("pull_request_scored", "off"),
        ("digest", "off"),
    ];
    assert_eq!(browser.post(path, &form).await.location(), "/settings/notifications");
    let page = browser.get(path).await;
    for says in [
        "Notification settings saved",
        r#"value="Europe/Berlin""#,
        r#"value="22:00""#,
        r#"value="5""#,
        r#"<option value="off" selected>Never"#,
    ] {
        assert!(page.text.contains(says), "{says}: {}", page.text);
    }
    app.finish().await;
}

#[tokio::test]
async fn an_invalid_setting_is_shown_at_its_field() {
    let (app, _) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    let path = "/settings/notifications";
    let form = |changed: (&'static str, &'static str)| {
        let usual = [
            ("timezone", "Europe/Berlin"),
            ("quiet_from", "22:00"),
            ("quiet_until", "07:00"),
            ("daily_cap", "5"),
        ];
        usual.map(|field| if field.0 == changed.0 { changed } else { field })
    };
    for (field, wrong, says) in [
        ("daily_cap", "many", "1 to 100"),
        ("quiet_until", "", "a start and an end"),
        ("quiet_from", "noon", "not a time of day"),
        ("timezone", "Moon/Crater", "time zone"),
    ] {
        let page = browser.post(path, &form((field, wrong))).await;
        assert_eq!(page.status, 422, "{field}");
        let error = format!(r#"<p class="err" id="{field}-e">"#);
        let error = page.text.split(&error).nth(1).expect(field);
        let error = error.split("</p>").next().expect("its end");
        assert!(error.contains(says), "{error}");
        let kept = format!(r#"name="{field}" value="{wrong}""#);
        assert!(page.text.contains(&kept), "{field}: {}", page.text);
    }
    let page = browser.get(path).await;
    assert!(page.text.contains(r#"value="UTC""#), "nothing was saved");
    app.finish().await;
}
