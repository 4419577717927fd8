use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::PrometheusHandle;
use platform::{Context, db::DbError, jobs};
use serde_json::{Value, json};

/// Counters of all rooms, and what they mean.
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
        metrics::describe_gauge!(
            "guildhall_ledger_mismatches",
            "What the last verification of the ledger found to differ."
        );
        Self(handle)
    }
}

/// `GET /metrics`.
pub async fn metrics(metrics: Option<Metrics>) -> Response {
    match metrics {
        Some(Metrics(handle)) => {
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

/// `GET /api/health`.
pub(super) async fn health(State(context): State<Context>) -> (StatusCode, Json<Value>) {
    let checks = checks(&context).await;
    let (status, word, database, inbox) = match checks {
        Ok(inbox) => (StatusCode::OK, "healthy", "healthy", inbox),
        Err(error) => {
            tracing::error!(%error, "degraded");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "degraded",
                "degraded",
                Value::Null,
            )
        }
    };
    let body = json!({
        "status": word,
        "timestamp": context.now(),
        "version": env!("CARGO_PKG_VERSION"),
        "checks": {
            "database": database,
            "redis": "not_configured",
            "openai": "not_configured",
            "github": "not_configured",
            "game_platform": "not_configured",
            "jobs": inbox,
        },
    });
    (status, Json(body))
}

async fn checks(context: &Context) -> Result<Value, DbError> {
    let inbox = github::reads::inbox(&context.db).await?;
    let wake_ups = jobs::raised(&context.db).await?;
    Ok(
        json!({ "deliveries_waiting": inbox.undone, "deliveries_dead": inbox.dead, "wake_ups": wake_ups }),
    )
}
