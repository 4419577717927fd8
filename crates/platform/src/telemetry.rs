//! Logging and metrics.

pub mod activity;
#[cfg(feature = "otlp")]
mod collector;
pub(crate) mod errors;
mod failures;
mod json;
mod lines;
mod metric;
mod process;
pub mod request;
pub(crate) mod traces;

use std::io::IsTerminal as _;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{Config, LogFormat};

pub use failures::{news, works};
pub(crate) use lines::LOST;
pub use metric::{Metric, MetricKind, MetricLabel};
pub use process::process;

/// The library that applies migrations, which writes several lines about each of the hundreds at level `info`.
const MIGRATIONS: &str = "sea_orm_migration";

/// Returns the filter of log lines. Single migrations are shown at level `debug`, or if the filter names their library.
fn filter(text: &str) -> EnvFilter {
    let filter = EnvFilter::try_new(text).unwrap_or_else(|_| EnvFilter::new("info"));
    match format!("{MIGRATIONS}=warn").parse() {
        Ok(quiet) if !shows_migrations(text) => filter.add_directive(quiet),
        _ => filter,
    }
}

fn shows_migrations(text: &str) -> bool {
    let is_detailed = |part: &str| ["debug", "trace"].contains(&part.trim());
    text.contains(MIGRATIONS) || text.to_ascii_lowercase().split(',').any(is_detailed)
}

/// Starts the log of a server or worker, and the reports and traces that the configuration asks for. `version` is that of the program.
pub fn start(config: &Config, version: &str) {
    start_logging(config.log_format, &config.log);
    errors::start(config, version);
    #[cfg(feature = "otlp")]
    collector::start(config, version);
}

/// Waits a moment for reports and traces that are being sent.
pub async fn finish() {
    errors::finish().await;
    #[cfg(feature = "otlp")]
    collector::finish().await;
}

/// Starts writing log lines to standard error, in color if that is a terminal. A second call changes nothing.
pub fn start_logging(format: LogFormat, text: &str) {
    let lines = fmt()
        .with_env_filter(filter(text))
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(lines::Lines::new);
    // Fails only on a second call, in tests; the first logger stays.
    match format {
        LogFormat::Json => lines.event_format(json::JsonLines).try_init().ok(),
        LogFormat::Pretty => lines.compact().try_init().ok(),
    };
}

/// Upper bounds of duration histograms, in seconds: requests take milliseconds, and jobs up to half an hour.
const SECONDS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
    300.0, 900.0, 1_800.0,
];

/// Installs the recorder of metrics. Returns the handle that `/metrics` renders, or `None` if another part of the
/// process, such as a test, has installed one before.
#[must_use]
pub fn start_metrics() -> Option<PrometheusHandle> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)
        .ok()?
        .install_recorder()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_migrations_are_details() {
        for (text, is_shown) in [
            ("info", false),
            ("info,github=debug", false),
            ("DEBUG", true),
            ("github=warn, trace", true),
            ("info,sea_orm_migration=info", true),
        ] {
            assert_eq!(shows_migrations(text), is_shown, "{text}");
            let quiet = filter(text).to_string().contains("sea_orm_migration=warn");
            assert_eq!(quiet, !is_shown, "{text}");
        }
    }
}
