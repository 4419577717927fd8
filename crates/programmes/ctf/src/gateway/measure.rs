//! Measures calls to the game platform.

use std::time::Duration;

const REQUESTS: &str = "game_platform_request_seconds";
const ERRORS: &str = "game_platform_errors_total";
const REMAINING: &str = "game_platform_rate_limit_remaining";

pub(super) fn describe() {
    metrics::describe_histogram!(
        REQUESTS,
        "Duration of requests to the game platform, by call and status."
    );
    metrics::describe_counter!(ERRORS, "Calls to the game platform without a result, by kind.");
    metrics::describe_gauge!(
        REMAINING,
        "Requests that this process may send to the game platform at once."
    );
}

/// Counts and logs a request. The log has neither the token nor anything about a person.
pub(super) fn request(call: &'static str, status: &str, took: Duration) {
    let labels = [("call", call.to_owned()), ("status", status.to_owned())];
    metrics::histogram!(REQUESTS, &labels).record(took);
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(target: "game_platform", call, status, milliseconds, "called the game platform");
}

/// Counts a call without a result.
pub(super) fn error(call: &'static str, kind: &'static str) {
    metrics::counter!(ERRORS, "kind" => kind).increment(1);
    tracing::warn!(target: "game_platform", call, kind, "a call to the game platform has no result");
}

/// States how many requests may be sent at once.
pub(super) fn remaining(left: u64) {
    let left = u32::try_from(left).unwrap_or(u32::MAX);
    metrics::gauge!(REMAINING).set(f64::from(left));
}
