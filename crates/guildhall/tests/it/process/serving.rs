//! Operating a server: graceful shutdown, JSON log lines with request IDs, and metrics.

use std::{
    collections::BTreeSet,
    io::Write as _,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use serde_json::Value;
use testkit::{delivery::Delivery, histories::History};
use tokio::sync::Mutex;

use super::{Sandbox, history, program::Program, sandbox::metrics};
use crate::app::{SECRET, client};

type Answered = Arc<Mutex<BTreeSet<String>>>;

/// Sends deliveries until the server is gone; records the acknowledged ones.
async fn send_until_gone(url: String, deliveries: Vec<Delivery>, answered: Answered) {
    let client = client();
    for delivery in deliveries {
        let mut request = client.post(format!("{url}/api/v1/webhooks/github"));
        for (name, value) in delivery.headers(SECRET, None) {
            request = request.header(name, value);
        }
        let Ok(answer) = request.body(delivery.bytes().to_vec()).send().await else {
            return;
        };
        assert_eq!(answer.status(), 202);
        answered.lock().await.insert(delivery.delivery.to_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_keeps_acknowledged_deliveries() {
    let history = history(4_000);
    let sandbox = Sandbox::with_repositories(&history).await;
    let mut server = sandbox.serve(&[]).await;
    let answered = Answered::default();
    let senders = (0..8).map(|start| {
        let part = history.deliveries.iter().skip(start).step_by(8).cloned();
        tokio::spawn(send_until_gone(sandbox.url(), part.collect(), Arc::clone(&answered)))
    });
    let senders: Vec<_> = senders.collect();
    while answered.lock().await.len() < 20 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    server.terminate();
    let status = server.ended().await;
    assert_eq!(status.code(), Some(0), "{status}: {}", server.log());
    for sender in senders {
        sender.await.expect("sent");
    }
    let answered = answered.lock().await;
    assert!(answered.len() < history.deliveries.len(), "stopped too late");
    for id in answered.iter() {
        let found = format!("webhook_deliveries WHERE delivery_id = '{id}'");
        assert_eq!(sandbox.count(&found).await, 1, "{id}");
    }
    // Unfinished work continues after the next start.
    let next = sandbox.serve(&[]).await;
    sandbox.settled().await;
    sandbox.dump();
    drop(next);
    drop(answered);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_drains_still_answers_and_is_not_ready() {
    let sandbox = Sandbox::new().await;
    let mut command = sandbox.command(&["serve"]);
    command.env("GUILDHALL_DRAIN_SECONDS", "4");
    let server = sandbox.start(&mut command, None).ready(&sandbox.url()).await;
    server.terminate();
    let mut server = server.says("waiting for running requests").await;
    for (path, status) in [("/readyz", 503), ("/livez", 200), ("/api/v1/projects", 200)] {
        let answer = get(&sandbox, path).await;
        assert_eq!((path, answer.status().as_u16()), (path, status));
        assert_eq!(answer.headers().get("connection").expect("a header"), "close", "{path}");
    }
    let status = server.ended().await;
    assert_eq!(status.code(), Some(0), "{status}: {}", server.log());
    sandbox.remove().await;
}

async fn get(sandbox: &Sandbox, path: &str) -> reqwest::Response {
    let request = client().get(sandbox.url() + path);
    request.send().await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread")]
async fn log_lines_are_json_with_request_ids() {
    let sandbox = Sandbox::new().await;
    let mut command = sandbox.command(&["serve"]);
    command.env("GUILDHALL_LOG", "info,platform=debug");
    let program = Program::start(&mut command, sandbox.directory());
    let mut server = program.ready(&sandbox.url()).await;
    let answer = get(&sandbox, "/api/v1/leaderboards/global").await;
    let id = answer.headers()["x-request-id"].to_str().expect("text").to_owned();
    server.terminate();
    assert!(server.ended().await.success());
    let log = server.log();
    let lines = log.lines().map(|line| -> Value {
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
    });
    let lines: Vec<Value> = lines.collect();
    assert!(lines.iter().all(|line| line["timestamp"].is_string() && line["level"].is_string()));
    let of_request = lines.iter().find(|line| line["request_id"] == id);
    let of_request = of_request.unwrap_or_else(|| panic!("{id} is not in {log}"));
    assert_eq!(of_request["route"], "/api/v1/leaderboards/global", "{of_request}");
    assert_eq!(of_request["status"], 200);
    sandbox.remove().await;
}

/// Matches a line of the exposition format: a comment, or a name with labels and a number.
fn is_sample(line: &str) -> bool {
    let Some((series, value)) = line.rsplit_once(' ') else {
        return false;
    };
    let name = series.split('{').next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let labels = &series[name.len()..];
    !name.is_empty()
        && name.chars().all(plain)
        && (labels.is_empty() || labels.ends_with("\"}"))
        && value.parse::<f64>().is_ok()
}

/// Checks metrics with Prometheus's own tool.
fn judge(metrics: &str) {
    let mut promtool = Command::new("promtool");
    promtool.args(["check", "metrics"]);
    promtool.stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = promtool.spawn().expect("promtool: apt-get install prometheus");
    let mut input = child.stdin.take().expect("standard input");
    input.write_all(metrics.as_bytes()).expect("written");
    drop(input);
    let output = child.wait_with_output().expect("a verdict");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// Returns the metrics of a server after a history.
async fn metrics_after(history: &History) -> String {
    let sandbox = Sandbox::with_repositories(history).await;
    let server = sandbox.serve(&[]).await;
    super::send(&sandbox.url(), &history.deliveries).await;
    sandbox.settled().await;
    let metrics = metrics(&sandbox.url()).await;
    drop(server);
    sandbox.remove().await;
    metrics
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs promtool"]
async fn prometheus_can_read_the_metrics() {
    judge(&metrics_after(&history(4_001)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_can_be_read() {
    let history = history(4_001);
    let metrics = metrics_after(&history).await;
    for line in metrics.lines().filter(|line| !line.is_empty()) {
        assert!(line.starts_with("# ") || is_sample(line), "{line}");
    }
    for name in [
        "guildhall_webhook_deliveries_total",
        "guildhall_http_request_duration_seconds",
        "guildhall_settled_windows_total",
        "guildhall_ledger_entries_total",
        "guildhall_job_duration_seconds",
        "guildhall_queue_depth",
        "guildhall_queue_age_seconds",
        "guildhall_queue_dead_letters",
    ] {
        assert!(metrics.contains(&format!("# TYPE {name} ")), "{metrics}");
    }
    let accepted = format!(
        "guildhall_webhook_deliveries_total{{outcome=\"accepted\"}} {}",
        history.deliveries.len()
    );
    assert!(metrics.contains(&accepted), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_listens_on_a_named_host() {
    let sandbox = Sandbox::new().await;
    for named in [true, false] {
        let name = format!("localhost:{}", sandbox.port);
        let mut command = sandbox.command(&["serve", "--no-jobs"]);
        match named {
            true => command.args(["--bind", &name]),
            false => command.env("GUILDHALL_BIND", &name),
        };
        let server = Program::start(&mut command, sandbox.directory());
        drop(server.ready(&sandbox.url()).await);
    }
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_require_their_token_and_look_up_no_other() {
    let sandbox = Sandbox::new().await;
    let server = sandbox.serve(&[]).await;
    let client = client();
    let ask = |token: Option<&str>| {
        let request = client.get(sandbox.url() + "/metrics");
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    };
    for token in [None, Some("a guess"), Some("glh_pat_0123456789abcdef")] {
        let refused = ask(token).send().await.expect("an answer");
        assert_eq!(refused.status(), 401);
        let problem: serde_json::Value = refused.json().await.expect("JSON");
        assert_eq!(problem["code"], "METRICS_TOKEN_REQUIRED", "{token:?}");
    }
    let shown = metrics(&sandbox.url()).await;
    assert!(shown.contains("guildhall_queue_depth"), "{shown}");
    // A token is not looked up where requests are not counted.
    let live = client.get(sandbox.url() + "/livez").bearer_auth("glh_pat_0123456789abcdef");
    assert_eq!(live.send().await.expect("an answer").status(), 200);
    drop(server);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_says_in_one_line_that_it_created_the_database() {
    let sandbox = Sandbox::empty().await;
    let server = sandbox.serve(&[]).await;
    let log = server.log();
    let created = log.lines().filter(|line| line.contains("created the database"));
    let created: Vec<Value> =
        created.map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(created.len(), 1, "{log}");
    assert!(created[0]["migrations"].as_u64().is_some_and(|count| count > 100), "{log}");
    assert!(!log.contains("sea_orm_migration") && log.lines().count() < 40, "{log}");
    drop(server);
    sandbox.remove().await;
}
