//! Traces of requests, jobs, statements and calls to external services, sent by OTLP. They have the names that the program has for
//! things, and no data: a route is its template, a statement has placeholders for values, and a call names its service. Without an
//! address to send them to, none of this does anything.

#[cfg(not(feature = "otlp"))]
mod absent;
#[cfg(feature = "otlp")]
mod spans;

use std::time::Duration;

use axum::response::Response;

#[cfg(not(feature = "otlp"))]
use absent as recorder;
#[cfg(feature = "otlp")]
use spans as recorder;

use super::request::ThisRequest;

pub(crate) use recorder::Leaf;
#[cfg(feature = "otlp")]
pub(super) use spans::{RECORDER, Recorder};

/// The name of the service that receives traces, among outgoing calls.
#[cfg(feature = "otlp")]
pub(super) const TARGET: &str = "otlp";

/// Answers a request as the root of a trace.
pub(crate) async fn of_request(
    this: &ThisRequest,
    answer: impl Future<Output = Response>,
) -> Response {
    recorder::of_request(this, answer).await
}

/// Runs a scheduled job as the root of a trace.
pub(crate) async fn of_job<T>(job: &'static str, work: impl Future<Output = T>) -> T {
    recorder::of_job(job, work).await
}

/// Adds a trace of a batch that a worker finished, without its statements. Batches that find no work are left out, since workers
/// look for it several times a second.
pub(crate) fn of_batch(job: &'static str, took: Duration) {
    recorder::of_batch(job, took);
}

/// Begins a statement of a traced request or job, until the result is dropped.
pub(crate) fn of_statement(sql: &str) -> Leaf {
    recorder::of_statement(sql)
}

/// Begins a call to an external service, until the result is dropped.
pub(crate) fn of_call(target: &'static str) -> Leaf {
    recorder::of_call(target)
}
