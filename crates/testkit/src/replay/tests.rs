//! Tests of the sender against a small inbox with planned answers.

use std::{
    collections::VecDeque,
    fs,
    io::Write as _,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Instant,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use futures_util::{StreamExt, stream};
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::*;

type ReceivedDelivery = (Uri, HeaderMap, Bytes);

/// An inbox that gives the planned answers and then always 202, and records the requests.
#[derive(Clone, Default)]
struct Inbox {
    plan: Arc<Mutex<VecDeque<(u16, &'static str)>>>,
    received: Arc<Mutex<Vec<ReceivedDelivery>>>,
}

impl Inbox {
    async fn start(plan: &[(u16, &'static str)]) -> (Self, String) {
        let inbox = Self::default();
        inbox.plan.lock().expect("lock").extend(plan);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let app = Router::new().fallback(receive).with_state(inbox.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (inbox, url)
    }

    fn received(&self) -> Vec<ReceivedDelivery> {
        self.received.lock().expect("lock").clone()
    }
}

async fn receive(
    State(inbox): State<Inbox>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    inbox.received.lock().expect("lock").push((uri, headers, body));
    let (status, body) =
        inbox.plan.lock().expect("lock").pop_front().unwrap_or((202, r#"{"duplicate": false}"#));
    let status = StatusCode::from_u16(status).expect("a status");
    ([("retry-after", "0")], (status, body)).into_response()
}

fn sender(url: &str, secret: &str) -> Sender {
    // Installing a provider twice in a process fails, which is just as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Sender::new(url, &secret.to_owned().into()).expect("a sender")
}

fn line(delivery: &str) -> DeliveryLine {
    DeliveryLine::new("push", delivery, r#"{"ref": "refs/heads/main"}"#).expect("a line")
}

fn pace(concurrency: usize, rate: Option<f64>) -> Pace {
    Pace { concurrency: NonZeroUsize::new(concurrency).expect("not 0"), rate }
}

async fn send_lines(url: &str, count: usize, pace: Pace) -> ReplaySummary {
    let lines = stream::iter((0..count).map(|n| Ok(line(&format!("d{n}")))));
    let sender = sender(url, "s").retry_for(Duration::from_millis(300));
    send_all(&sender, lines, pace, |_| {}).await.summary()
}

fn file(content: &[u8]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("deliveries");
    fs::write(&path, content).expect("written");
    (folder, path)
}

async fn read(content: &[u8]) -> Vec<Result<DeliveryLine, BadLine>> {
    let (_folder, path) = file(content);
    lines::open(&Source::File(path)).expect("opened").collect().await
}

#[tokio::test]
async fn a_delivery_has_githubs_headers() {
    let (inbox, url) = Inbox::start(&[]).await;
    let mut line = DeliveryLine::new("ping", "d1", "Hello, World!").expect("a line");
    line.hook_id = Some(77.into());
    sender(&url, "It's a Secret to Everybody").send(&line).await;
    let (uri, headers, body) = inbox.received().remove(0);
    assert_eq!(uri.path(), "/api/v1/webhooks/github");
    assert_eq!(body, "Hello, World!");
    let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    for (name, value) in [
        ("x-github-event", "ping"),
        ("x-github-delivery", "d1"),
        ("x-github-hook-id", "77"),
        ("x-hub-signature-256", signature),
        ("content-type", "application/json"),
    ] {
        assert_eq!(headers[name], value);
    }
    assert!(headers["user-agent"].to_str().expect("text").starts_with("GitHub-Hookshot/"));
}

#[tokio::test]
async fn a_path_in_the_url_replaces_the_default_path() {
    let (inbox, url) = Inbox::start(&[]).await;
    sender(&format!("{url}/hooks"), "s").send(&line("d1")).await;
    assert_eq!(inbox.received()[0].0.path(), "/hooks");
    for bad in ["", "localhost:8080", "ftp://localhost"] {
        assert!(Sender::new(bad, &"s".to_owned().into()).is_err(), "{bad}");
    }
}

#[tokio::test]
async fn answers_are_counted() {
    let unsigned = (401, r#"{"code": "UNSIGNED", "detail": "Sign the delivery."}"#);
    let (_inbox, url) =
        Inbox::start(&[(202, r#"{"duplicate": true}"#), unsigned, unsigned, (413, "")]).await;
    let summary = send_lines(&url, 10, pace(1, None)).await;
    assert_eq!(
        (summary.accepted, summary.duplicates, summary.refused, summary.retried),
        (7, 1, 3, 0)
    );
    let unsigned = &summary.refusals["401"];
    assert_eq!((unsigned.count, unsigned.first.as_str()), (2, "d1"));
    assert_eq!(unsigned.reason, "Sign the delivery.");
    assert_eq!(summary.refusals["413"].reason, "Payload Too Large");
    assert!(summary.ack_p50_ms > 0.0 && summary.ack_p50_ms <= summary.ack_p99_ms);
    assert!(summary.to_string().contains("401: 2, first d1: Sign the delivery."), "{summary}");
}

#[tokio::test]
async fn deliveries_to_an_overloaded_server_are_retried() {
    let (inbox, url) = Inbox::start(&[(503, ""), (502, ""), (504, "")]).await;
    let summary = send_lines(&url, 5, pace(2, None)).await;
    assert_eq!((summary.accepted, summary.refused, summary.retried), (5, 0, 3));
    assert_eq!(inbox.received().len(), 8);
}

#[tokio::test]
async fn retries_end() {
    let (_inbox, url) = Inbox::start(&[(503, r#"{"detail": "Too busy."}"#); 100_000]).await;
    let summary = send_lines(&url, 1, pace(1, None)).await;
    assert_eq!(summary.refusals["503"].reason, "Too busy.");
    assert!(summary.seconds >= 0.3 && summary.retried > 0);
}

/// Only the first delivery waits for the full time; the others fail sooner.
#[tokio::test]
async fn an_unreachable_server_costs_the_retry_time_only_once() {
    let gone = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("bound");
    let summary = send_lines(&format!("http://{gone}"), 20, pace(1, None)).await;
    assert_eq!((summary.accepted, summary.refused), (0, 20));
    assert_eq!(summary.refusals["unreachable"].first, "d0");
    assert!(summary.refusals["unreachable"].reason.contains("refused"), "{summary}");
    assert!((0.3..3.0).contains(&summary.seconds), "{summary}");
}

#[tokio::test]
async fn no_delivery_is_lost_when_a_server_comes_back() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    drop(listener);
    let inbox = Inbox::default();
    let later = inbox.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let listener = TcpListener::bind(address).await.expect("the same port");
        axum::serve(listener, Router::new().fallback(receive).with_state(later)).await
    });
    let sender = sender(&format!("http://{address}"), "s");
    let lines = stream::iter((0..4).map(|n| Ok(line(&format!("d{n}")))));
    let summary = send_all(&sender, lines, pace(4, None), |_| {}).await.summary();
    assert_eq!((summary.accepted, summary.refused), (4, 0));
    assert!(summary.retried >= 4);
}

#[tokio::test]
async fn the_rate_is_limited() {
    let (_inbox, url) = Inbox::start(&[]).await;
    let began = Instant::now();
    let summary = send_lines(&url, 31, pace(8, Some(100.0))).await;
    assert_eq!(summary.accepted, 31);
    // 30 gaps of 10 ms, minus the allowed catch-up.
    assert!(began.elapsed() >= Duration::from_millis(240), "{:?}", began.elapsed());
}

#[tokio::test]
async fn bodies_have_the_bytes_of_the_file() {
    let text = concat!(
        "{\"at\": null, \"event\": \"push\", \"delivery\": \"d1\", \"body\": { \"b\" : 1.10,\"a\":\"\\u00e9\" }}\r\n",
        "\r\n\n",
        "{\"body\": {}, \"hook_id\": \"9\", \"delivery\": \"d2\", \"event\": \"ping\"}",
    );
    let lines = read(text.as_bytes()).await;
    let lines: Vec<DeliveryLine> =
        lines.into_iter().map(|line| line.expect("a delivery")).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0].body, "{ \"b\" : 1.10,\"a\":\"\\u00e9\" }");
    assert_eq!(
        lines[1].hook_id.as_ref().map(reqwest::header::HeaderValue::as_bytes),
        Some(&b"9"[..])
    );
}

#[tokio::test]
async fn gzip_of_several_members_is_read() {
    let mut packed = Vec::new();
    for delivery in ["d1", "d2"] {
        let mut member = GzEncoder::new(&mut packed, Compression::fast());
        writeln!(member, r#"{{"event": "push", "delivery": "{delivery}", "body": {{}}}}"#)
            .expect("packed");
        member.finish().expect("packed");
    }
    assert_eq!(
        read(&packed).await,
        [
            Ok(DeliveryLine::new("push", "d1", "{}").expect("a line")),
            Ok(DeliveryLine::new("push", "d2", "{}").expect("a line"))
        ]
    );
    let cut = read(&packed[..packed.len() - 4]).await;
    let end = cut.last().expect("an end").as_ref().expect_err("cut off");
    assert!(end.reason.contains("cannot read the rest of the file"), "{end}");
}

#[tokio::test]
async fn invalid_lines_are_reported_and_the_others_sent() {
    let text = concat!(
        "{\"event\": \"push\", \"delivery\": \"d1\", \"body\": {}}\n\nnonsense\n",
        "{\"event\": \"push\", \"body\": {}}\n{\"event\": \"a\\nb\", \"delivery\": \"d\", \"body\": {}}\n[]\n",
    );
    let mut bytes = text.as_bytes().to_vec();
    bytes.extend_from_slice(b"{\"event\": \"push\", \"delivery\": \"d\xff\", \"body\": {}}\n");
    let (_inbox, url) = Inbox::start(&[]).await;
    let (_folder, path) = file(&bytes);
    let lines = lines::open(&Source::File(path)).expect("opened");
    let summary = send_all(&sender(&url, "s"), lines, pace(1, None), |_| {}).await.summary();
    assert_eq!((summary.accepted, summary.refused), (1, 5));
    assert_eq!(summary.refusals["malformed"].first, "line 3");
    assert!(summary.refusals["malformed"].reason.contains("one JSON object per line"), "{summary}");
}

#[test]
fn repositories_are_listed_once() {
    let text = concat!(
        "{\"event\": \"push\", \"delivery\": \"1\", \"body\": {\"repository\": {\"id\": 2, \"full_name\": \"octo-org/b\"}}}\n",
        "{\"event\": \"ping\", \"delivery\": \"2\", \"body\": {\"zen\": \"…\"}}\nnonsense\n",
        "{\"event\": \"push\", \"delivery\": \"3\", \"body\": {\"repository\": {\"id\": 1, \"full_name\": \"octo-org/a\"}}}\n",
        "{\"event\": \"push\", \"delivery\": \"4\", \"body\": {\"repository\": {\"id\": 2, \"full_name\": \"octo-org/c\"}}}\n",
    );
    let (_folder, path) = file(text.as_bytes());
    let found = distinct_repositories(&path).expect("read");
    assert_eq!(found, [(1, "octo-org/a".to_owned()), (2, "octo-org/c".to_owned())]);
    assert!(distinct_repositories(&path.join("missing")).is_err());
}

#[tokio::test]
async fn the_command_registers_then_sends_then_waits() {
    let (inbox, url) =
        Inbox::start(&[(202, r#"{"duplicate": false}"#), (400, r#"{"detail": "No."}"#)]).await;
    let text = "{\"event\": \"push\", \"delivery\": \"1\", \"body\": {\"repository\": {\"id\": 2, \"full_name\": \"octo-org/b\"}}}\n";
    let (_folder, path) = file(text.as_bytes());
    let arguments = [
        "replay",
        path.to_str().expect("a path"),
        "--to",
        &url,
        "--register",
        "spring",
        "--wait",
        "--json",
    ];
    let args = parse(&arguments).expect("arguments");
    let before = async |project: &str, repositories: Vec<(i64, String)>| {
        assert_eq!((project, repositories), ("spring", vec![(2, "octo-org/b".to_owned())]));
        assert!(inbox.received().is_empty());
        Ok(())
    };
    let after = async || {
        assert_eq!(inbox.received().len(), 1);
        Ok(())
    };
    let _ = rustls::crypto::ring::default_provider().install_default();
    let secret = "s".to_owned().into();
    assert_eq!(run(args.clone(), &secret, before, after).await.expect("ran"), ExitCode::SUCCESS);
    let again = run(args, &secret, async |_: &str, _| Ok(()), async || Ok(())).await.expect("ran");
    assert_eq!(again, ExitCode::FAILURE, "one was refused");
}

#[test]
fn invalid_arguments_are_rejected() {
    for bad in [["--rate", "0"], ["--rate", "NaN"], ["--rate", "fast"], ["--concurrency", "0"]] {
        assert!(
            parse(&[&["replay", "f", "--to", "http://x"], &bad[..]].concat()).is_err(),
            "{bad:?}"
        );
    }
}

fn parse(arguments: &[&str]) -> clap::error::Result<Args> {
    #[derive(clap::Parser)]
    struct Program {
        #[command(flatten)]
        args: Args,
    }
    clap::Parser::try_parse_from(arguments).map(|Program { args }| args)
}

#[test]
fn the_json_summary_has_the_documented_fields() {
    let json = serde_json::to_value(ReplayTally::default().summary()).expect("JSON");
    for name in [
        "accepted",
        "duplicates",
        "refused",
        "rate",
        "ack_p50_ms",
        "ack_p99_ms",
        "seconds",
        "retried",
    ] {
        assert!(json[name].is_number(), "{name}");
    }
}
