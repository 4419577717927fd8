use std::time::Duration;

use crate::model::Purpose;

const CALLS: &str = "guildhall_model_calls_total";
const SECONDS: &str = "guildhall_model_call_seconds";
const COST: &str = "guildhall_model_cost_microdollars_total";

pub(super) fn describe() {
    metrics::describe_counter!(CALLS, "Calls to language models, by purpose and outcome.");
    metrics::describe_histogram!(SECONDS, "Duration of calls to language models, by purpose.");
    metrics::describe_counter!(COST, "Cost of calls to language models in millionths of a dollar.");
}

/// Counts and logs a call. The log has nothing of the request and the answer.
pub(crate) fn measured(purpose: Purpose, outcome: &'static str, took: Duration, cost: i64) {
    let purpose = purpose.as_str();
    metrics::counter!(CALLS, "purpose" => purpose, "outcome" => outcome).increment(1);
    metrics::histogram!(SECONDS, "purpose" => purpose).record(took);
    metrics::counter!(COST).increment(u64::try_from(cost).unwrap_or_default());
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    match outcome {
        "answered" => tracing::debug!(purpose, outcome, milliseconds, "called a language model"),
        _ => tracing::warn!(purpose, outcome, milliseconds, "a call to a language model failed"),
    }
}
