//! Measures calls to the game platform.

use std::time::Duration;

use platform::telemetry::{Metric, MetricLabel};

pub(crate) const REQUESTS: Metric = Metric::histogram(
    "game_platform_request_seconds",
    "Duration of requests to the game platform, by call and status.",
)
.by(&[MetricLabel::open("call"), MetricLabel::open("status")]);

/// Calls without a result, by the kinds of [`super::PlatformError`].
pub(crate) const ERRORS: Metric = Metric::counter(
    "game_platform_errors_total",
    "Calls to the game platform without a result, by kind.",
)
.by(&[MetricLabel::of(
    "kind",
    &[
        "switched_off",
        "rejected",
        "unknown",
        "refused",
        "rate_limited",
        "failed",
        "unreachable",
        "malformed",
        "too_large",
        "resting",
    ],
)]);

pub(crate) const REMAINING: Metric = Metric::gauge(
    "game_platform_rate_limit_remaining",
    "Requests that this process may send to the game platform at once.",
);

/// Counts and logs a request. The log has neither the token nor anything about a person.
pub(super) fn request(call: &'static str, status: &str, took: Duration) {
    REQUESTS.record(&[call, status], took);
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(target: "game_platform", call, status, milliseconds, "called the game platform");
}

/// Counts a call without a result.
pub(super) fn error(call: &'static str, kind: &'static str) {
    ERRORS.add(&[kind], 1);
    tracing::warn!(target: "game_platform", call, kind, "a call to the game platform has no result");
}

/// States how many requests may be sent at once.
pub(super) fn remaining(left: u64) {
    let left = u32::try_from(left).unwrap_or(u32::MAX);
    REMAINING.set(&[], f64::from(left));
}
