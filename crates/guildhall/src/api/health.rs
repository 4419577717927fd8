use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{Problem, ProblemKind};
use metrics_exporter_prometheus::PrometheusHandle;
use platform::{
    Context, crypto,
    db::DbError,
    jobs,
    outside::Condition,
    telemetry,
    web::{Rates, WebError},
};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::{health::Watch, jobs::JobControl};

/// Counters of all modules and their meanings.
const COUNTERS: &[(&str, &str)] = &[
    ("guildhall_webhook_deliveries_total", "Deliveries received, by result."),
    (
        "guildhall_settled_windows_total",
        "Scoring windows processed. A window is one person's pull requests in one repository and month.",
    ),
    ("guildhall_ledger_entries_total", "Entries posted to the ledger by settlement."),
    ("guildhall_job_failures_total", "Batches of a job that failed and will be retried."),
    ("guildhall_job_runs_total", "Runs of scheduled jobs, by result."),
    ("guildhall_badges_awarded_total", "Badges awarded."),
    ("guildhall_outbox_attempts_total", "Attempts to send a message, by channel and outcome."),
    (
        "guildhall_rate_limit_fallbacks_total",
        "Requests that this process counted by itself because Redis was unavailable.",
    ),
];

/// Gauges of each queue and their meanings.
const QUEUES: &[(&str, &str)] = &[
    ("guildhall_queue_depth", "Pending entries of a queue."),
    ("guildhall_queue_age_seconds", "Age of the oldest pending entry of a queue."),
    ("guildhall_queue_dead_letters", "Failed entries of a queue."),
];

/// Renders the process's metrics.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Describes each metric of `handle`.
    #[must_use]
    pub fn new(handle: PrometheusHandle) -> Self {
        for &(name, meaning) in COUNTERS {
            metrics::describe_counter!(name, meaning);
        }
        metrics::describe_histogram!(
            "guildhall_http_request_duration_seconds",
            "HTTP request duration, by route, method and status class."
        );
        metrics::describe_histogram!(
            "guildhall_job_duration_seconds",
            "Duration of job runs and batches in this process."
        );
        for &(name, meaning) in QUEUES {
            metrics::describe_gauge!(name, meaning);
        }
        telemetry::describe();
        metrics::describe_gauge!(
            "guildhall_build_info",
            "Always 1; its label is the version of Guildhall."
        );
        metrics::gauge!("guildhall_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        metrics::describe_gauge!(
            "guildhall_ledger_mismatches",
            "Mismatches that the last verification of the ledger found."
        );
        metrics::describe_gauge!(
            "guildhall_settlement_failing",
            "Pull requests that the last batch of settlement in this process could not settle."
        );
        metrics::describe_gauge!(
            "guildhall_redis_up",
            "1 while Redis is available, 0 otherwise; absent without Redis."
        );
        Self(handle)
    }
}

/// How long `/metrics` waits for the database.
const METRICS_TIMEOUT: Duration = Duration::from_secs(2);

/// Measures the queues for this request; they are the same for every process.
async fn measure(context: &Context, all_jobs: &JobControl) {
    let queues = jobs::queues(&context.db, &all_jobs.0.workers);
    match tokio::time::timeout(METRICS_TIMEOUT, queues).await {
        Ok(Ok(queues)) => jobs::measure(&queues, context.now()),
        Ok(Err(error)) => tracing::warn!(%error, "cannot measure the queues"),
        Err(_) => tracing::warn!("cannot measure the queues: the database did not respond in time"),
    }
}

/// `GET /metrics`, for a client with the configured token. Metrics tell how many people sign in and receive email, so
/// they are not public.
pub(crate) async fn metrics(
    metrics: Option<(Metrics, SecretString)>,
    headers: HeaderMap,
    State(context): State<Context>,
    Extension(all_jobs): Extension<Arc<JobControl>>,
) -> Result<Response, WebError> {
    let Some((Metrics(handle), token)) = metrics else {
        let detail = "This server does not serve metrics. Set GUILDHALL_METRICS_TOKEN to a token that your \
                      monitoring sends.";
        return Err(Problem::not_found(detail).into());
    };
    if !has_token(&headers, &token) {
        let detail = "Send the token from GUILDHALL_METRICS_TOKEN in the Authorization header: 'Bearer TOKEN'.";
        return Err(
            Problem::new(ProblemKind::Unauthenticated, "METRICS_TOKEN_REQUIRED", detail).into()
        );
    }
    measure(&context, &all_jobs).await;
    context.db.measure();
    handle.run_upkeep();
    let content_type = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    let text = handle.render() + &telemetry::process();
    Ok((content_type, text).into_response())
}

/// Returns true if a request has the token, compared in constant time.
fn has_token(headers: &HeaderMap, token: &SecretString) -> bool {
    let given = headers.get(header::AUTHORIZATION);
    let given = given.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    given.is_some_and(|given| crypto::is_secret(token, given))
}

/// `GET /livez`: the process responds.
pub(super) async fn live() -> &'static str {
    "ok"
}

/// How long `/readyz` and `/api/health` wait for the database, so that they respond within a second.
const DATABASE_TIMEOUT: Duration = Duration::from_millis(800);

/// `GET /readyz`: the process can write to the database.
pub(super) async fn ready(State(context): State<Context>) -> (StatusCode, &'static str) {
    let reason = match tokio::time::timeout(DATABASE_TIMEOUT, context.begin()).await {
        Ok(Ok(_)) => return (StatusCode::OK, "ok"),
        Ok(Err(error)) => {
            tracing::error!(%error, "cannot write to the database");
            "cannot write to the database; see the log"
        }
        Err(_) => {
            tracing::error!(
                "cannot write to the database: it did not respond in {DATABASE_TIMEOUT:?}"
            );
            "the database did not respond in time"
        }
    };
    (StatusCode::SERVICE_UNAVAILABLE, reason)
}

/// `GET /api/health`. Without its database, the server is unhealthy. With failing services, it is degraded; those that are
/// not configured or not checked yet do not count.
pub(super) async fn health(
    State(context): State<Context>,
    Extension(watch): Extension<Watch>,
    Extension(rates): Extension<Rates>,
) -> (StatusCode, Json<Value>) {
    let (database, jobs) = match tokio::time::timeout(DATABASE_TIMEOUT, pending(&context)).await {
        Ok(Ok(jobs)) => (HEALTHY, jobs),
        Ok(Err(error)) => {
            tracing::error!(%error, "cannot read the database");
            (UNHEALTHY, Value::Null)
        }
        Err(_) => {
            tracing::error!("cannot read the database: it did not respond in {DATABASE_TIMEOUT:?}");
            (UNHEALTHY, Value::Null)
        }
    };
    let found = watch.services.found();
    let found = found.iter().filter(|found| !found.is_remark);
    let mut services: BTreeMap<_, _> =
        found.map(|found| (found.name, word(&found.condition))).collect();
    // Redis is checked by every request.
    services.insert(platform::outside::REDIS, rates.redis().as_str());
    let is_degraded = services.values().any(|word| *word == DEGRADED);
    // The service with `OPENAI_API_KEY` under the key's own name, too.
    let openai = services.get("language_model").copied().unwrap_or(NOT_CONFIGURED);
    let mut checks = json!({
        "database": database,
        "openai": openai,
        "jobs": jobs,
    });
    for (name, word) in services {
        checks[name] = word.into();
    }
    let (status, summary) = if database == UNHEALTHY {
        (StatusCode::SERVICE_UNAVAILABLE, UNHEALTHY)
    } else if is_degraded {
        (StatusCode::SERVICE_UNAVAILABLE, DEGRADED)
    } else {
        (StatusCode::OK, HEALTHY)
    };
    let body = json!({
        "status": summary,
        "timestamp": context.now(),
        "version": env!("CARGO_PKG_VERSION"),
        "environment": watch.config.environment,
        "checks": checks,
    });
    (status, Json(body))
}

const HEALTHY: &str = "healthy";
const UNHEALTHY: &str = "unhealthy";
const DEGRADED: &str = "degraded";
const NOT_CONFIGURED: &str = "not_configured";

/// Returns a service's condition in one word.
fn word(condition: &Condition) -> &'static str {
    match condition {
        Condition::NotConfigured => NOT_CONFIGURED,
        Condition::SwitchedOff => "switched_off",
        Condition::Unknown => "unknown",
        Condition::Healthy(_) => HEALTHY,
        Condition::Failing(_) => DEGRADED,
    }
}

/// Counts pending deliveries, dead letters and wake-ups.
async fn pending(context: &Context) -> Result<Value, DbError> {
    let inbox = github::reads::inbox(&context.db).await?;
    let wake_ups = jobs::raised(&context.db).await?;
    Ok(
        json!({ "deliveries_waiting": inbox.undone, "deliveries_dead": inbox.dead, "wake_ups": wake_ups }),
    )
}
