//! The answers to monitoring: metrics in both formats, and those of a worker.

use reqwest::header::{ACCEPT, CONTENT_TYPE};

use super::{
    Sandbox,
    program::Program,
    sandbox::{METRICS_TOKEN, metrics},
};
use crate::app::client;

const OPEN: &str = "application/openmetrics-text; version=1.0.0";

/// Returns the content type and the metrics for a client that sends `accept`.
async fn scraped(url: &str, accept: &str) -> (String, String) {
    let request = client().get(format!("{url}/metrics")).bearer_auth(METRICS_TOKEN);
    let answer = request.header(ACCEPT, accept).send().await.expect("an answer");
    let kind = answer.headers()[CONTENT_TYPE].to_str().expect("a content type").to_owned();
    (kind, answer.text().await.expect("text"))
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_served_in_both_formats_and_begin_at_zero() {
    let sandbox = Sandbox::new().await;
    let server = sandbox.serve(&["--no-jobs"]).await;
    let (kind, text) = scraped(&sandbox.url(), "text/plain").await;
    assert_eq!(kind, "text/plain; version=0.0.4; charset=utf-8");
    for line in [
        "# TYPE hackathon_applications_total counter\nhackathon_applications_total 0\n",
        "\nnotification_send_failures_total{channel=\"email\"} 0\n",
        "\nsubmission_validation_seconds_bucket{verdict=\"valid\",le=\"1800\"} 0\n",
        "\n# TYPE game_platform_request_seconds histogram\n",
        "\n# TYPE guildhall_redis_up gauge\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    for metric in guildhall::MODULES.metrics() {
        let head = format!("# HELP {} {}\n# TYPE {} ", metric.name, metric.help, metric.name);
        assert_eq!(text.matches(&head).count(), 1, "{head}: {text}");
    }
    let (kind, text) = scraped(&sandbox.url(), OPEN).await;
    assert_eq!(kind, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    for line in [
        "# TYPE hackathon_applications counter\nhackathon_applications_total 0\n",
        "\nsubmission_validation_seconds_bucket{verdict=\"valid\",le=\"1800.0\"} 0\n",
        "\n# TYPE process_cpu_seconds counter\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(text.ends_with("\n# EOF\n") && !text.contains("\n\n"), "{text}");
    drop(server);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_maintenance_refuses_is_not_measured_as_a_failure() {
    let sandbox = Sandbox::new().await;
    let mut command = sandbox.command(&["serve", "--no-jobs"]);
    command.env("GUILDHALL_MAINTENANCE", "We move to another machine.");
    let server = Program::start(&mut command, sandbox.directory()).ready(&sandbox.url()).await;
    let refused = client().post(sandbox.url() + "/api/v1/projects").body("{}").send().await;
    assert_eq!(refused.expect("an answer").status(), 503);
    let read = client().get(sandbox.url() + "/api/v1/projects").send().await;
    assert_eq!(read.expect("an answer").status(), 200);
    let text = metrics(&sandbox.url()).await;
    let requests = "guildhall_http_request_duration_seconds_count{";
    let counts: Vec<&str> = text.lines().filter(|line| line.starts_with(requests)).collect();
    assert!(counts.iter().any(|line| line.contains("/api/v1/projects")), "{counts:?}");
    assert!(!counts.iter().any(|line| line.contains("POST")), "{counts:?}");
    drop(server);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_serves_its_own_metrics_and_health() {
    let sandbox = Sandbox::new().await;
    let url = format!("http://127.0.0.1:{}", sandbox.worker_port);
    let worker = sandbox.worker().await;
    let worker = worker.says("serving the metrics and the health").await;
    let health = client().get(format!("{url}/healthz")).send().await.expect("an answer");
    assert_eq!((health.status().as_u16(), health.text().await.expect("text")), (200, "ok".into()));
    let text = metrics(&url).await;
    for line in [
        "\nguildhall_job_runs_total{job=\"LedgerVerification\",outcome=\"failed\"} 0\n",
        "\nguildhall_job_failures_total{job=\"outbox\"} 0\n",
        "\nguildhall_queue_depth{queue=\"outbox\"} 0\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let refused = client().get(format!("{url}/metrics")).send().await.expect("an answer");
    assert_eq!(refused.status(), 401);
    // A second worker at the same address runs its jobs without.
    let second = sandbox.worker().await.says("GUILDHALL_WORKER_BIND").await;
    drop((worker, second));
    sandbox.remove().await;
}
