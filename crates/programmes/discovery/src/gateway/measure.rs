use std::time::Duration;

use platform::telemetry::{Metric, MetricLabel};

use crate::model::Purpose;

const PURPOSE: MetricLabel = MetricLabel::of("purpose", Purpose::CODES);

/// The outcomes of calls: an answer, or the names of [`super::ModelError`].
const OUTCOMES: &[&str] = &[
    "answered",
    "rejected",
    "refused",
    "limited",
    "failed",
    "timed_out",
    "unreachable",
    "too_long",
    "malformed",
    "wrong_reply",
    "resting",
];

pub(crate) const MODEL_CALLS: Metric = Metric::counter(
    "guildhall_model_calls_total",
    "Calls to language models, by purpose and outcome.",
)
.by(&[PURPOSE, MetricLabel::of("outcome", OUTCOMES)]);

pub(crate) const MODEL_SECONDS: Metric = Metric::histogram(
    "guildhall_model_call_seconds",
    "Duration of calls to language models, by purpose.",
)
.by(&[PURPOSE]);

pub(crate) const MODEL_COST: Metric = Metric::counter(
    "guildhall_model_cost_microdollars_total",
    "Cost of calls to language models in millionths of a dollar.",
);

/// Counts and logs a call. The log has nothing of the request and the answer.
pub(crate) fn measured(purpose: Purpose, outcome: &'static str, took: Duration, cost: i64) {
    let purpose = purpose.as_str();
    MODEL_CALLS.add(&[purpose, outcome], 1);
    MODEL_SECONDS.record(&[purpose], took);
    MODEL_COST.add(&[], u64::try_from(cost).unwrap_or_default());
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    match outcome {
        "answered" => tracing::debug!(purpose, outcome, milliseconds, "called a language model"),
        _ => tracing::warn!(purpose, outcome, milliseconds, "a call to a language model failed"),
    }
}
