//! PostgreSQL stops and starts again under a running server.

use std::time::{Duration, Instant};

use platform::db::DatabaseUrl;
use reqwest::Url;
use serde_json::Value;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use super::{Sandbox, program::Program};
use crate::app::client;

/// Passes connections on to PostgreSQL until it is dropped.
struct Proxy(JoinSet<()>);

impl Proxy {
    async fn start(port: u16, to: String) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("a port");
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut from, _)) = listener.accept().await {
                let to = to.clone();
                connections.spawn(async move {
                    let mut to = TcpStream::connect(to).await.expect("PostgreSQL");
                    tokio::io::copy_bidirectional(&mut from, &mut to).await.ok();
                });
            }
        });
        Self(tasks)
    }

    async fn stop(mut self) {
        self.0.shutdown().await;
    }
}

/// Requests a URL; returns the status, the code of the problem, and whether the response says when to try again.
async fn ask(client: &reqwest::Client, url: String) -> (u16, String, bool) {
    let answer = client.get(url).send().await.expect("an answer");
    let (status, again) = (answer.status(), answer.headers().contains_key("retry-after"));
    let text = answer.text().await.expect("text");
    let problem: Value = serde_json::from_str(&text).unwrap_or_default();
    let code = match &problem["code"] {
        Value::String(code) => code.clone(),
        _ => text,
    };
    (status.as_u16(), code, again)
}

/// Waits until a server logs a message.
async fn logs(server: &Program, message: &str) {
    let began = Instant::now();
    while !server.log().contains(message) {
        assert!(began.elapsed() < Duration::from_secs(30), "{}", server.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn a_server_says_that_postgresql_is_gone_and_recovers() {
    let sandbox = Sandbox::new().await;
    let DatabaseUrl::Postgres(url) = sandbox.database_url() else {
        panic!("needs PostgreSQL");
    };
    let mut url: Url = url.parse().expect("a URL");
    let to = format!("{}:{}", url.host_str().expect("a host"), url.port().unwrap_or(5432));
    let port = Sandbox::fresh_port();
    url.set_host(Some("127.0.0.1")).expect("a host");
    url.set_port(Some(port)).expect("a port");
    let proxy = Proxy::start(port, to.clone()).await;
    let mut serve = sandbox.command(&["serve"]);
    let server = Program::start(serve.env("DATABASE_URL", url.as_str()), sandbox.directory());
    let server = server.ready(&sandbox.url()).await;
    let client = client();
    let ask = |path: &str| ask(&client, sandbox.url() + path);
    assert_eq!(ask("/api/v1/projects").await.0, 200);
    proxy.stop().await;
    for (path, within) in
        [("/readyz", 5), ("/api/health", 5), ("/api/v1/projects", 8), ("/projects", 8)]
    {
        let began = Instant::now();
        let (status, code, again) = ask(path).await;
        let took = began.elapsed();
        assert_eq!(status, 503, "{path}: {code}");
        assert!(took < Duration::from_secs(within), "{path}: {took:?}");
        match path {
            "/readyz" => {}
            "/api/health" => assert!(code.contains(r#""status":"unhealthy""#), "{code}"),
            _ => assert!(code.contains("DATABASE_UNAVAILABLE") && again, "{path}: {code}"),
        }
    }
    logs(&server, "lost the connection to PostgreSQL").await;
    let proxy = Proxy::start(port, to).await;
    let began = Instant::now();
    while ask("/api/v1/projects").await.0 != 200 {
        assert!(began.elapsed() < Duration::from_secs(30), "the server does not recover");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    logs(&server, "connected to PostgreSQL again").await;
    let log = server.log();
    let mut lines = log.lines();
    let lost = lines.find(|line| line.contains("lost the connection to PostgreSQL"));
    assert!(lost.is_some_and(|line| line.contains("refused")), "{log}");
    drop(server);
    proxy.stop().await;
    sandbox.remove().await;
}
