use std::time::Duration;

use reqwest::header;

use super::server;
use crate::app::scenarios::{Scenario, person, repo};

#[tokio::test]
async fn an_open_page_is_notified_of_new_points() {
    let app = server().await;
    let mut stream = app.get("/live").send().await.expect("an answer");
    assert_eq!(stream.status(), 200);
    assert_eq!(stream.headers()[header::CONTENT_TYPE], "text/event-stream");
    assert_eq!(stream.headers()["x-accel-buffering"], "no");
    let scenario =
        Scenario::opened(&repo(7, "lantern"), 9, &person("jay-yew"), "2026-10-05T08:00:00Z");
    app.deliver(&scenario.deliveries).await;
    app.work().await;
    let event = tokio::time::timeout(Duration::from_secs(10), stream.chunk()).await;
    let event = event.expect("in time").expect("read").expect("an event");
    // Browsers ignore events without data.
    assert_eq!(&*event, b"event: posted\ndata: changed\n\n");
    drop(stream);
    app.finish().await;
}
