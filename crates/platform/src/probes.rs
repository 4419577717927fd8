//! The answers of a process to monitoring: that it works, and its metrics.

pub(crate) mod openmetrics;

use std::{fmt::Write as _, sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use kernel::{Problem, ProblemKind};
use metrics_exporter_prometheus::PrometheusHandle;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    Context, alerts,
    checks::Checks,
    config::Config,
    crypto,
    db::DbError,
    disk,
    jobs::{self, Worker},
    module::{Modules, Services},
    telemetry::{self, Metric, MetricKind, MetricLabel},
    web::{self, Closing, WebError},
};

/// The version of the program.
pub(crate) const BUILD: Metric =
    Metric::gauge("guildhall_build_info", "Always 1; its label is the version of Guildhall.")
        .by(&[MetricLabel::open("version")]);

/// How long probes wait for the database, so that they respond within a second.
pub const DATABASE_TIMEOUT: Duration = Duration::from_millis(800);

/// How long `/metrics` waits for the database.
const METRICS_TIMEOUT: Duration = Duration::from_secs(2);

/// `GET /livez`: the process responds.
pub async fn live() -> &'static str {
    "ok"
}

/// `GET /readyz`: the process can write to the database, and is not told to stop.
pub async fn ready(
    State(context): State<Context>,
    closing: Option<Extension<Closing>>,
) -> (StatusCode, &'static str) {
    match closing {
        Some(Extension(Closing(stop))) if stop.is_cancelled() => {
            (StatusCode::SERVICE_UNAVAILABLE, "the server is stopping")
        }
        _ => can_write(&context).await,
    }
}

async fn can_write(context: &Context) -> (StatusCode, &'static str) {
    match in_time("writes to the database", DATABASE_TIMEOUT, context.begin()).await {
        Ok(_) => (StatusCode::OK, "ok"),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, reason),
    }
}

/// Waits for what monitoring asks of the database. A failure is logged if it is news, and so is its end. The error is the reason in words.
pub async fn in_time<T>(
    place: &'static str,
    limit: Duration,
    answer: impl Future<Output = Result<T, DbError>>,
) -> Result<T, &'static str> {
    let (error, reason) = match tokio::time::timeout(limit, answer).await {
        Ok(Ok(value)) => {
            telemetry::works(place);
            return Ok(value);
        }
        Ok(Err(error)) => (error.to_string(), "the database failed; see the log"),
        Err(_) => (format!("no response in {limit:?}"), "the database did not respond in time"),
    };
    if let Some(times) = telemetry::news(place, &error) {
        tracing::error!(place, error, times, "the database failed");
    }
    Err(reason)
}

/// `GET /readyz` of a worker: the process can write to the database, and the background jobs are done in time.
async fn worker_ready(
    State((context, checks)): State<(Context, Checks)>,
) -> (StatusCode, &'static str) {
    let (status, reason) = can_write(&context).await;
    if status != StatusCode::OK {
        return (status, reason);
    }
    let done = checks.jobs_are_done(&context);
    match in_time("reads of the jobs", DATABASE_TIMEOUT, done).await {
        Ok(true) => (status, reason),
        Ok(false) => {
            let reason =
                "the background jobs are late, or no one runs all of them; see /admin/health";
            (StatusCode::SERVICE_UNAVAILABLE, reason)
        }
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, reason),
    }
}

/// Renders the process's metrics.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Starts to record the metrics of modules. `None` if another part of the process, such as a test, did so before.
    #[must_use]
    pub fn start(modules: Modules, version: &str) -> Option<Self> {
        let handle = telemetry::start_metrics()?;
        modules.metrics().iter().for_each(Metric::declare);
        BUILD.set(&[version], 1.0);
        Some(Self(handle))
    }
}

/// The metrics of a process for clients with the configured token. Metrics tell how many people sign in and receive email,
/// so they are not public.
struct Scrape {
    metrics: Metrics,
    token: SecretString,
    context: Context,
    config: Arc<Config>,
    modules: Modules,
    workers: Vec<Worker>,
}

/// Returns the handler of `GET /metrics`.
pub fn metrics<S: Clone + Send + Sync + 'static>(
    services: &Services,
    metrics: Option<Metrics>,
) -> MethodRouter<S> {
    let scrape = metrics.zip(services.config.metrics_token.clone()).map(|(metrics, token)| {
        Arc::new(Scrape {
            metrics,
            token,
            context: services.context.clone(),
            config: Arc::clone(&services.config),
            modules: services.modules(),
            workers: services.jobs().workers,
        })
    });
    get(move |headers: HeaderMap| {
        let scrape = scrape.clone();
        async move {
            match scrape {
                Some(scrape) => scrape.answer(&headers).await,
                None => Err(unserved()),
            }
        }
    })
}

fn unserved() -> WebError {
    let detail = "This server does not serve metrics. Set GUILDHALL_METRICS_TOKEN to a token that your \
                  monitoring sends.";
    Problem::not_found(detail).into()
}

impl Scrape {
    async fn answer(&self, headers: &HeaderMap) -> Result<Response, WebError> {
        if !has_token(headers, &self.token) {
            let detail = "Send the token from GUILDHALL_METRICS_TOKEN in the Authorization header: 'Bearer TOKEN'.";
            return Err(Problem::new(
                ProblemKind::Unauthenticated,
                "METRICS_TOKEN_REQUIRED",
                detail,
            )
            .into());
        }
        let text = self.text().await;
        let accept = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
        let accept = accept.collect::<Vec<_>>().join(",");
        let (content_type, text) = if openmetrics::is_preferred(&accept) {
            (openmetrics::CONTENT_TYPE, openmetrics::from_prometheus(&text))
        } else {
            ("text/plain; version=0.0.4; charset=utf-8", text)
        };
        let headers = [(header::CONTENT_TYPE, content_type), (header::VARY, "Accept")];
        Ok((headers, text).into_response())
    }

    /// Returns all metrics in Prometheus' text format.
    async fn text(&self) -> String {
        // Without it, the other metrics are there all the same.
        in_time("measurements of the queues and stocks", METRICS_TIMEOUT, self.measure())
            .await
            .ok();
        self.context.db.measure();
        disk::measure(&self.config);
        let Metrics(handle) = &self.metrics;
        handle.run_upkeep();
        let mut text = handle.render();
        for metric in self.modules.metrics() {
            describe_absent(&mut text, &metric);
        }
        text + &telemetry::process()
    }

    /// Measures for this request what is the same for every process.
    async fn measure(&self) -> Result<(), DbError> {
        let queues = jobs::queues(&self.context.db, &self.workers).await?;
        jobs::measure(&queues, &self.workers, self.context.now());
        alerts::measure::measure(&self.context.db, &self.modules.alerts()).await?;
        for measure in self.modules.iter().filter_map(|module| module.measure) {
            measure(&self.context).await?;
        }
        Ok(())
    }
}

/// Adds the meaning and the type of a metric that has no series yet.
fn describe_absent(text: &mut String, metric: &Metric) {
    let name = metric.name;
    if text.contains(&format!("# TYPE {name} ")) {
        return;
    }
    let kind = match metric.kind {
        MetricKind::Counter => "counter",
        MetricKind::Gauge => "gauge",
        MetricKind::Histogram => "histogram",
    };
    writeln!(text, "# HELP {name} {}\n# TYPE {name} {kind}\n", metric.help)
        .expect("a string takes any text");
}

/// Returns true if a request has the token, compared in constant time.
fn has_token(headers: &HeaderMap, token: &SecretString) -> bool {
    let given = headers.get(header::AUTHORIZATION);
    let given = given.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    given.is_some_and(|given| crypto::is_secret(token, given))
}

/// Serves `/metrics`, `/livez`, `/readyz` and `/healthz` of a process that runs only jobs, until the future is dropped. If the address is in use,
/// such as by another worker, the jobs run without.
pub async fn serve_worker(services: Services, metrics: Option<Metrics>) {
    let bind = services.config.worker_bind;
    let listener = match TcpListener::bind(bind).await {
        Ok(listener) => listener,
        Err(error) => {
            tracing::warn!(
                %bind, %error,
                "cannot serve the metrics and the health of this worker; set GUILDHALL_WORKER_BIND to a free address"
            );
            return;
        }
    };
    tracing::info!(%bind, "serving the metrics and the health of this worker");
    let (context, checks) = (services.context.clone(), Checks::of(&services));
    let router = Router::new()
        .route("/metrics", self::metrics(&services, metrics))
        .route("/livez", get(live))
        .route("/healthz", get(ready).with_state(context.clone()))
        .route("/readyz", get(worker_ready).with_state((context, checks)));
    let router = web::guard(router, web::TIMEOUT);
    web::serve(listener, router, CancellationToken::new()).await;
}
