//! Deliveries that arrive while too many bytes are being received.

use std::{net::IpAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
};

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

/// Opens a sender that announces `length` bytes, sends all but the last, and stops.
async fn slow_sender(app: &TestApp, length: usize) -> TcpStream {
    slow_sender_at(app, "127.0.0.1", length).await
}

/// Like [`slow_sender`], from another address of this machine.
async fn slow_sender_at(app: &TestApp, from: &str, length: usize) -> TcpStream {
    sender(app, from, length, length - 1).await
}

/// Opens an unsigned sender that announces a body of `announced` bytes and sends `sent` of them.
async fn sender(app: &TestApp, from: &str, announced: usize, sent: usize) -> TcpStream {
    let address = app.url.trim_start_matches("http://");
    let socket = TcpSocket::new_v4().expect("a socket");
    let from: IpAddr = from.parse().expect("an address");
    socket.bind((from, 0).into()).expect("bound");
    let to = address.parse().expect("an address");
    let mut stream = socket.connect(to).await.expect("connected");
    let head = format!(
        "POST /api/v1/webhooks/github HTTP/1.1\r\nHost: {address}\r\n\
         Content-Type: application/json\r\nX-Hub-Signature-256: sha256={}\r\n\
         Content-Length: {announced}\r\n\r\n{}",
        "0".repeat(64),
        " ".repeat(sent)
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

/// Sends small unsigned bodies from an address until the response begins with `status`; returns it in lower case.
async fn until_at(app: &TestApp, from: &str, status: &str) -> String {
    for _ in 0..500 {
        let mut stream = sender(app, from, 9, 9).await;
        let mut bytes = vec![0; 16 * 1024];
        let read = stream.read(&mut bytes).await.expect("a response");
        let response = String::from_utf8_lossy(&bytes[..read]).to_lowercase();
        if response.starts_with(&format!("http/1.1 {status}")) {
            return response;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never answered {status}");
}

#[tokio::test]
async fn one_address_cannot_keep_others_from_delivering() {
    const MIB: usize = 1024 * 1024;
    let app = TestApp::with(|config| config.inbox_bytes_in_flight = 32 * MIB).await;
    // One address uses its share of 25 MiB with slow bodies.
    let mut slow = vec![slow_sender_at(&app, "127.0.0.2", MIB).await];
    for _ in 0..6 {
        slow.push(slow_sender_at(&app, "127.0.0.2", 4 * MIB).await);
    }
    let refused = until_at(&app, "127.0.0.2", "503").await;
    assert!(refused.contains("retry-after: "), "{refused}");
    assert!(refused.contains("your network is sending"), "{refused}");
    // Another address delivers immediately, a large body too.
    let large = format!("{{\"zen\":\"{}\"}}", "x".repeat(MIB));
    assert_eq!(Call::new("ping", large.clone()).answer(&app).await.0, 202);
    // A second slow address uses the rest. Large bodies are refused, and small ones are still accepted.
    slow.push(slow_sender_at(&app, "127.0.0.3", 7 * MIB).await);
    until_at(&app, "127.0.0.3", "503").await;
    let (status, problem) = Call::new("ping", large).answer(&app).await;
    assert_eq!((status, problem["code"].as_str()), (503, Some("TOO_BUSY")));
    for _ in 0..20 {
        assert_eq!(Call::new("ping", PING).answer(&app).await.0, 202);
    }
    drop(slow);
    app.work().await;
    app.finish().await;
}
