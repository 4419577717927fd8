use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    Extension, Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::PrometheusHandle;
use platform::{Context, db::DbError, jobs, outside::Condition, web::Rates};
use serde_json::{Value, json};

use crate::{health::Watch, jobs::JobControl};

/// Counters of all modules, and what they mean.
const COUNTERS: &[(&str, &str)] = &[
    (
        "guildhall_webhook_deliveries_total",
        "Deliveries received, by what became of them.",
    ),
    (
        "guildhall_settled_windows_total",
        "Windows of a person, a repository and a month that were settled.",
    ),
    (
        "guildhall_ledger_entries_total",
        "Entries posted to the ledger by settlement.",
    ),
    (
        "guildhall_job_failures_total",
        "Batches of a job that failed and will run again.",
    ),
    (
        "guildhall_job_runs_total",
        "Runs of what is due at set times, by how they ended.",
    ),
    (
        "guildhall_rates_counted_alone_total",
        "Requests that this process counted by itself because Redis was of no use.",
    ),
];

/// What is told of each queue.
const QUEUES: &[(&str, &str)] = &[
    ("guildhall_queue_depth", "What waits for a worker."),
    (
        "guildhall_queue_age_seconds",
        "How long the oldest of it has waited.",
    ),
    (
        "guildhall_queue_dead_letters",
        "What was given up after its attempts.",
    ),
];

/// Renders the process's metrics.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Renders what `handle` holds, and says what each metric means.
    #[must_use]
    pub fn new(handle: PrometheusHandle) -> Self {
        for &(name, meaning) in COUNTERS {
            metrics::describe_counter!(name, meaning);
        }
        metrics::describe_histogram!(
            "guildhall_http_request_duration_seconds",
            "Time to answer a request, by route, method and class of status."
        );
        metrics::describe_histogram!(
            "guildhall_job_duration_seconds",
            "Time that a job's run or batch took in this process."
        );
        for &(name, meaning) in QUEUES {
            metrics::describe_gauge!(name, meaning);
        }
        metrics::describe_gauge!(
            "guildhall_ledger_mismatches",
            "What the last verification of the ledger found to differ."
        );
        metrics::describe_gauge!(
            "guildhall_redis_up",
            "Whether Redis can be used, where one is configured."
        );
        Self(handle)
    }
}

/// How long `/metrics` waits for the database to tell of the queues.
const PATIENCE_OF_METRICS: Duration = Duration::from_secs(2);

/// Queues are measured when somebody asks: they are the same whichever process does the work.
async fn measure(context: &Context, all_jobs: &JobControl) {
    let look = jobs::queues(&context.db, &all_jobs.0.workers);
    match tokio::time::timeout(PATIENCE_OF_METRICS, look).await {
        Ok(Ok(queues)) => jobs::measure(&queues, context.now()),
        Ok(Err(error)) => tracing::warn!(%error, "queues cannot be measured"),
        Err(_) => tracing::warn!("queues cannot be measured: the database is silent"),
    }
}

/// `GET /metrics`.
pub(crate) async fn metrics(
    metrics: Option<Metrics>,
    State(context): State<Context>,
    Extension(all_jobs): Extension<Arc<JobControl>>,
) -> Response {
    match metrics {
        Some(Metrics(handle)) => {
            measure(&context, &all_jobs).await;
            handle.run_upkeep();
            let content_type = [(
                header::CONTENT_TYPE,
                "text/plain; version=0.0.4; charset=utf-8",
            )];
            (content_type, handle.render()).into_response()
        }
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// `GET /livez`: the process answers.
pub(super) async fn live() -> &'static str {
    "ok"
}

/// How long `/readyz` waits for the database.
const PATIENCE: Duration = Duration::from_secs(5);

/// `GET /readyz`: the process can do its work, which is to write.
pub(super) async fn ready(State(context): State<Context>) -> (StatusCode, &'static str) {
    let reason = match tokio::time::timeout(PATIENCE, context.begin()).await {
        Ok(Ok(_)) => return (StatusCode::OK, "ok"),
        Ok(Err(error)) => {
            tracing::error!(%error, "not ready");
            "the database cannot be written to: the log says why"
        }
        Err(_) => {
            tracing::error!("not ready: no turn to write within {PATIENCE:?}");
            "the database gives no turn to write"
        }
    };
    (StatusCode::SERVICE_UNAVAILABLE, reason)
}

/// `GET /api/health`. Services that are not set up, or were not asked yet, degrade nothing.
pub(super) async fn health(
    State(context): State<Context>,
    Extension(watch): Extension<Watch>,
    Extension(rates): Extension<Rates>,
) -> (StatusCode, Json<Value>) {
    let (database, jobs) = match waiting(&context).await {
        Ok(jobs) => ("healthy", jobs),
        Err(error) => {
            tracing::error!(%error, "degraded");
            (DEGRADED, Value::Null)
        }
    };
    let found = watch.services.found();
    let found = found
        .iter()
        .map(|found| (found.name, word(&found.condition)));
    let mut services: BTreeMap<_, _> = found.collect();
    // Each request finds out how Redis is.
    services.insert(platform::outside::REDIS, rates.redis().as_str());
    let is_well = database != DEGRADED && services.values().all(|word| *word != DEGRADED);
    let mut checks = json!({
        "database": database,
        "openai": NOT_CONFIGURED,
        "game_platform": NOT_CONFIGURED,
        "jobs": jobs,
    });
    for (name, word) in services {
        checks[name] = word.into();
    }
    let (status, told) = match is_well {
        true => (StatusCode::OK, "healthy"),
        false => (StatusCode::SERVICE_UNAVAILABLE, DEGRADED),
    };
    let body = json!({
        "status": told,
        "timestamp": context.now(),
        "version": env!("CARGO_PKG_VERSION"),
        "checks": checks,
    });
    (status, Json(body))
}

const DEGRADED: &str = "degraded";
const NOT_CONFIGURED: &str = "not_configured";

/// A service in one word.
fn word(condition: &Condition) -> &'static str {
    match condition {
        Condition::NotConfigured => NOT_CONFIGURED,
        Condition::SwitchedOff => "switched_off",
        Condition::Unknown => "unknown",
        Condition::Healthy(_) => "healthy",
        Condition::Failing(_) => DEGRADED,
    }
}

/// What waits to be done.
async fn waiting(context: &Context) -> Result<Value, DbError> {
    let inbox = github::reads::inbox(&context.db).await?;
    let wake_ups = jobs::raised(&context.db).await?;
    Ok(
        json!({ "deliveries_waiting": inbox.undone, "deliveries_dead": inbox.dead, "wake_ups": wake_ups }),
    )
}
