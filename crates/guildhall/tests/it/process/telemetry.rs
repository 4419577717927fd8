//! Reports of errors and traces, as a service that receives them reads them.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use platform::db::Sql as _;
use reqwest::StatusCode;
use sea_orm::ConnectionTrait as _;

use super::{Sandbox, program::Program};
use crate::app::client_builder;

/// The bodies that a service received.
type Received = Arc<Mutex<Vec<Vec<u8>>>>;

#[derive(Clone, Default)]
struct Receiver {
    reports: Received,
    spans: Received,
}

impl Receiver {
    /// Starts the service. Returns it with its port.
    async fn start() -> (Self, u16) {
        let receiver = Self::default();
        let router = Router::new()
            .route("/api/1/envelope/", post(report))
            .route("/v1/traces", post(trace))
            .with_state(receiver.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let stop = tokio_util::sync::CancellationToken::new();
        tokio::spawn(platform::web::serve(listener, router, stop));
        (receiver, port)
    }
}

async fn report(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let auth = headers.get("x-sentry-auth").and_then(|auth| auth.to_str().ok());
    if !auth.is_some_and(|auth| auth.contains("sentry_key=a-key")) {
        return StatusCode::FORBIDDEN;
    }
    receiver.reports.lock().expect("reports").push(body.to_vec());
    StatusCode::OK
}

async fn trace(State(receiver): State<Receiver>, body: Bytes) -> StatusCode {
    receiver.spans.lock().expect("spans").push(body.to_vec());
    StatusCode::OK
}

/// Returns all bodies as one text.
fn text(received: &Received) -> String {
    let received = received.lock().expect("received");
    received.iter().map(|body| String::from_utf8_lossy(body).into_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_and_traces_have_no_data_of_people() {
    let (receiver, port) = Receiver::start().await;
    let sandbox = Sandbox::empty().await;
    let mut command = sandbox.command(&["serve"]);
    command
        .env("SENTRY_DSN", format!("http://a-key@127.0.0.1:{port}/1"))
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://127.0.0.1:{port}"))
        .env("GUILDHALL_TRACE_PERCENT", "100")
        .env("GUILDHALL_TRUSTED_PROXIES", "127.0.0.1");
    let program = Program::start(&mut command, sandbox.directory());
    let mut server = program.ready(&sandbox.url()).await.says("no admin yet").await;
    let (client, _) = sandbox.found(&server).await;
    let get = async |path: &str| {
        let request = client.get(sandbox.url() + path).header("x-forwarded-for", "203.0.113.77");
        request.send().await.expect("an answer")
    };
    for path in ["/people/wren-oak.id", "/api/v1/projects?cursor=sam%40guild.example"] {
        get(path).await;
    }

    let tx = sandbox.db.begin().await.expect("a transaction");
    let rename = "ALTER TABLE projects RENAME TO projects_elsewhere";
    tx.connection().execute_unprepared(rename).await.expect("renamed");
    tx.commit().await.expect("committed");
    let failed = get("/api/v1/projects").await;
    assert_eq!(failed.status(), 500);
    let id = failed.headers()["x-request-id"].to_str().expect("text").to_owned();
    assert_eq!(get("/api/v1/projects").await.status(), 500);
    server.terminate();
    assert!(server.ended().await.success());

    let reports = text(&receiver.reports);
    for part in [
        "GET /api/v1/projects: INTERNAL DbError(Query(SqlxError(Database",
        &format!("\"request_id\":\"{id}\""),
        "\"environment\":\"development\"",
        &format!("\"release\":\"guildhall@{}\"", guildhall::VERSION),
    ] {
        assert!(reports.contains(part), "{part}: {reports}");
    }
    let of_route = |body: &&Vec<u8>| {
        String::from_utf8_lossy(body).contains("GET /api/v1/projects: INTERNAL DbError")
    };
    let count = receiver.reports.lock().expect("reports").iter().filter(of_route).count();
    assert_eq!(count, 1, "once a minute: {reports}");
    let spans = text(&receiver.spans);
    for part in ["GET /people/{login}", "http.route", "db.query.text", "SELECT", "service.version"]
    {
        assert!(spans.contains(part), "{part}: {spans}");
    }
    for (name, sent) in [("reports", reports), ("spans", spans)] {
        for secret in
            ["wren-oak", "Wren Oak", "guild.example", "203.0.113.77", "projects_elsewhere"]
        {
            assert!(!sent.contains(secret), "{secret} is in the {name}: {sent}");
        }
    }
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_does_not_receive_reports_is_logged_once() {
    let sandbox = Sandbox::new().await;
    let closed = Sandbox::fresh_port();
    let mut command = sandbox.command(&["serve"]);
    command.env("SENTRY_DSN", format!("http://a-key@127.0.0.1:{closed}/1"));
    let program = Program::start(&mut command, sandbox.directory());
    let server = program.ready(&sandbox.url()).await;
    let tx = sandbox.db.begin().await.expect("a transaction");
    let rename = "ALTER TABLE projects RENAME TO projects_elsewhere";
    tx.connection().execute_unprepared(rename).await.expect("renamed");
    tx.commit().await.expect("committed");
    for path in ["/api/v1/projects", "/projects"] {
        let request = client_builder().build().expect("a client").get(sandbox.url() + path);
        assert_eq!(request.send().await.expect("an answer").status(), 500, "{path}");
    }
    let server = server.says("cannot report errors to SENTRY_DSN").await;
    assert_eq!(server.log().matches("cannot report errors").count(), 1, "{}", server.log());
    assert!(!server.log().contains("a-key"), "{}", server.log());
    drop(server);
    sandbox.remove().await;
}
