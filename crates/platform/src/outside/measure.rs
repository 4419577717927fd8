//! Measures calls to external services.

use std::time::Instant;

use reqwest::{RequestBuilder, Response, StatusCode};

use crate::telemetry::{Metric, MetricLabel, traces};

const LABELS: &[MetricLabel] =
    &[MetricLabel::open("target"), MetricLabel::of("outcome", &["ok", "refused", "failed"])];

/// Calls to external services.
pub(crate) const CALLS: Metric = Metric::counter(
    "guildhall_outgoing_calls_total",
    "Calls to external services, by target and outcome.",
)
.by(LABELS);

/// The durations of these calls.
pub(crate) const DURATION: Metric = Metric::histogram(
    "guildhall_outgoing_call_duration_seconds",
    "Duration of calls to external services, by target and outcome.",
)
.by(LABELS);

/// Sends a request to the service `target` and waits for the head of its response. [`super::ask`] also reads the
/// beginning of the body.
///
/// # Errors
/// When the service does not respond in time.
pub async fn send(
    target: &'static str,
    request: RequestBuilder,
) -> Result<Response, reqwest::Error> {
    let outcome = |result: &Result<Response, reqwest::Error>| match result {
        Ok(response) => outcome(response.status()),
        Err(_) => "failed",
    };
    measured(target, request.send(), outcome).await
}

/// Waits for a call to the service `target`, and counts it by its outcome.
pub async fn measured<T>(
    target: &'static str,
    call: impl Future<Output = T>,
    outcome: impl FnOnce(&T) -> &'static str,
) -> T {
    let (began, _span) = (Instant::now(), traces::of_call(target));
    let result = call.await;
    let labels = [target, outcome(&result)];
    CALLS.add(&labels, 1);
    DURATION.record(&labels, began.elapsed());
    result
}

/// Returns the outcome of a call that was answered with a status.
fn outcome(status: StatusCode) -> &'static str {
    match status.as_u16() {
        500.. => "failed",
        400.. => "refused",
        _ => "ok",
    }
}

#[cfg(test)]
mod tests {
    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::*;

    #[tokio::test]
    async fn calls_are_counted_by_target_and_outcome() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        let _recording = metrics::set_default_local_recorder(&recorder);
        for is_sent in [true, true, false] {
            let outcome = |is_sent: &bool| if *is_sent { "ok" } else { "failed" };
            measured("slack", async move { is_sent }, outcome).await;
        }
        let text = handle.render();
        for (outcome, count) in [("ok", 2), ("failed", 1)] {
            let labels = format!("{{target=\"slack\",outcome=\"{outcome}\"}}");
            for name in [CALLS.name, "guildhall_outgoing_call_duration_seconds_count"] {
                let line = format!("{name}{labels} {count}");
                assert!(text.contains(&line), "{line}: {text}");
            }
        }
    }

    #[test]
    fn an_outcome_is_a_word() {
        for (status, word) in
            [(200, "ok"), (302, "ok"), (404, "refused"), (429, "refused"), (503, "failed")]
        {
            let status = StatusCode::from_u16(status).expect("a status");
            assert_eq!(outcome(status), word, "{status}");
        }
    }
}
