//! Deliveries that arrive while too many bytes are being received.

use std::time::Duration;

use tokio::{io::AsyncWriteExt, net::TcpStream};

use super::call::{Call, stored};
use crate::app::TestApp;

const PING: &str = r#"{"zen":"Speak like a human."}"#;

#[tokio::test]
async fn senders_are_asked_to_retry_later() {
    let app = TestApp::with(|config| config.inbox_bytes_in_flight = 1_000).await;
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(1_000));
    let response = Call::new("star", large).send(&app).await;
    assert_eq!(response.status(), 503);
    let again = response.headers().get("retry-after").expect("Retry-After");
    assert!(again.to_str().expect("text").parse::<u32>().is_ok());
    assert_eq!(stored(&app).await, 0);
    assert_eq!(Call::new("ping", PING).answer(&app).await.0, 202);
    app.work().await;
    app.finish().await;
}

/// Opens a sender that announces twice `length` bytes, sends half of them, and stops.
async fn slow_sender(app: &TestApp, length: usize) -> TcpStream {
    let address = app.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let head = format!(
        "POST /api/v1/webhooks/github HTTP/1.1\r\nHost: {address}\r\n\
         Content-Type: application/json\r\nX-Hub-Signature-256: sha256={}\r\n\
         Content-Length: {}\r\n\r\n{}",
        "0".repeat(64),
        2 * length,
        " ".repeat(length)
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    stream
}

/// Sends pings until one is answered with `status`.
async fn until(app: &TestApp, status: u16) {
    for _ in 0..500 {
        if Call::new("ping", PING).answer(app).await.0 == status {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never answered {status}");
}

#[tokio::test]
async fn the_budget_is_freed_when_a_sender_disconnects() {
    let app = TestApp::with(|config| config.inbox_bytes_in_flight = 1_000).await;
    let slow = slow_sender(&app, 990).await;
    until(&app, 503).await;
    drop(slow);
    until(&app, 202).await;
    app.work().await;
    app.finish().await;
}
