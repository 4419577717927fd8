//! Deliveries with malformed or oversized bodies.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::call::{Call, stored};
use crate::app::TestApp;

const LIMIT: usize = 25 * 1024 * 1024;

#[tokio::test]
async fn a_body_that_is_not_a_json_object_is_refused_with_the_reason() {
    let app = TestApp::start().await;
    let bodies: [(&[u8], &str); 9] = [
        (b"", "not JSON"),
        (b"nonsense", "not JSON"),
        (b"{\"a\":1", "not JSON"),
        (b"{}{}", "not JSON"),
        (b"[]", "not an object"),
        (b"null", "not an object"),
        (b"\"text\"", "not an object"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"{\"title\":\"\xc3\x28\"}", "not UTF-8"),
    ];
    for (body, words) in bodies {
        let call = Call::new("pull_request", body);
        call.refused(&app, 400, "BAD_BODY", words).await;
        let stranger = Call::new("pull_request", body).signed_with("x");
        stranger.refused(&app, 401, "BAD_SIGNATURE", "").await;
    }
    app.finish().await;
}

fn nested(depth: usize) -> String {
    let (open, close) = ("[".repeat(depth - 1), "]".repeat(depth - 1));
    format!("{{\"a\":{open}{close}}}")
}

#[tokio::test]
async fn deep_nesting_is_refused_at_any_depth() {
    let app = TestApp::start().await;
    for depth in [101, 1_000_000] {
        let call = Call::new("push", nested(depth));
        call.refused(&app, 400, "BAD_BODY", "nested deeper than 100").await;
    }
    assert_eq!(Call::new("star", nested(100)).answer(&app).await.0, 202);
    app.work().await;
    app.finish().await;
}

/// Sends the beginning of a request over a raw connection; returns the response.
async fn send_by_hand(app: &TestApp, length: &str, body: &[u8]) -> String {
    let address = app.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let head = format!(
        "POST /api/v1/webhooks/github HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nX-GitHub-Event: push\r\nX-GitHub-Delivery: large\r\n\
         X-Hub-Signature-256: sha256={}\r\n{length}\r\n\r\n",
        "0".repeat(64)
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    // The server may answer and close the connection before it has read everything.
    stream.write_all(body).await.ok();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_body_with_too_large_a_content_length_is_refused_unread() {
    let app = TestApp::start().await;
    let length = format!("Content-Length: {}", LIMIT + 1);
    assert_eq!(send_by_hand(&app, &length, b"").await, "HTTP/1.1 413");
    assert_eq!(stored(&app).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_body_that_exceeds_the_limit_while_streaming_is_refused() {
    let app = TestApp::start().await;
    let size = LIMIT + 1;
    let mut body = format!("{size:x}\r\n").into_bytes();
    body.resize(body.len() + size, b' ');
    let answer = send_by_hand(&app, "Transfer-Encoding: chunked", &body).await;
    assert_eq!(answer, "HTTP/1.1 413");
    assert_eq!(stored(&app).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_body_of_the_maximum_size_is_accepted() {
    let app = TestApp::start().await;
    let mut body = b"{\"a\":\"".to_vec();
    body.resize(LIMIT - 2, b'x');
    body.extend_from_slice(b"\"}");
    assert_eq!(Call::new("star", body).answer(&app).await.0, 202);
    app.work().await;
    app.finish().await;
}
