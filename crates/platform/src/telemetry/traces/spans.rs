//! The recorder of spans.

use std::{
    borrow::Cow,
    sync::OnceLock,
    time::{Duration, SystemTime},
};

use axum::response::Response;
use kernel::Clock as _;
use opentelemetry::{
    Context, KeyValue,
    trace::{FutureExt as _, SpanKind, Status, TraceContextExt as _, Tracer as _},
};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, Span};

use super::TARGET;
use crate::{SystemClock, telemetry::request::ThisRequest};

/// The number of characters of a statement in its span.
const LONGEST_STATEMENT: usize = 400;

/// The recorder, once there is somewhere to send spans to.
pub(in crate::telemetry) static RECORDER: OnceLock<Recorder> = OnceLock::new();

pub(in crate::telemetry) struct Recorder {
    pub(in crate::telemetry) tracer: SdkTracer,
    pub(in crate::telemetry) provider: SdkTracerProvider,
}

/// Begins a span below the present one; `None` if nothing is traced.
fn begin(
    kind: SpanKind,
    name: impl Into<Cow<'static, str>>,
    attributes: Vec<KeyValue>,
) -> Option<Span> {
    let tracer = &RECORDER.get()?.tracer;
    Some(tracer.build(tracer.span_builder(name).with_kind(kind).with_attributes(attributes)))
}

fn is_traced() -> bool {
    RECORDER.get().is_some() && Context::map_current(|present| present.span().is_recording())
}

pub(super) async fn of_request(
    this: &ThisRequest,
    answer: impl Future<Output = Response>,
) -> Response {
    if RECORDER.get().is_none() {
        return answer.await;
    }
    let (method, route) = (this.method.as_str(), this.route());
    let attributes = vec![
        KeyValue::new("http.request.method", method.to_owned()),
        KeyValue::new("http.route", route.to_owned()),
        KeyValue::new("guildhall.request_id", this.id().to_owned()),
    ];
    let Some(span) = begin(SpanKind::Server, format!("{method} {route}"), attributes) else {
        return answer.await;
    };
    let within = Context::current_with_span(span);
    let response = answer.with_context(within.clone()).await;
    let (span, status) = (within.span(), response.status());
    span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
    if status.is_server_error() {
        span.set_status(Status::error(this.failure().unwrap_or_default()));
    }
    span.end();
    response
}

pub(super) async fn of_job<T>(job: &'static str, work: impl Future<Output = T>) -> T {
    match begin(SpanKind::Internal, job, vec![KeyValue::new("guildhall.job", job)]) {
        Some(span) => work.with_context(Context::current_with_span(span)).await,
        None => work.await,
    }
}

pub(super) fn of_batch(job: &'static str, took: Duration) {
    let Some(Recorder { tracer, .. }) = RECORDER.get() else {
        return;
    };
    let began = SystemTime::from(SystemClock.now() - took);
    let attributes = [KeyValue::new("guildhall.job", job)];
    let span = tracer.span_builder(job).with_kind(SpanKind::Internal).with_start_time(began);
    // It ends when it is dropped.
    drop(tracer.build(span.with_attributes(attributes)));
}

/// A span without others below it, which ends when it is dropped.
pub(crate) struct Leaf {
    _span: Option<Span>,
}

pub(super) fn of_statement(sql: &str) -> Leaf {
    if !is_traced() {
        return Leaf { _span: None };
    }
    let verb = sql.split_whitespace().next().unwrap_or("statement").to_owned();
    let text = sql.chars().take(LONGEST_STATEMENT).collect::<String>();
    Leaf { _span: begin(SpanKind::Client, verb, vec![KeyValue::new("db.query.text", text)]) }
}

pub(super) fn of_call(target: &'static str) -> Leaf {
    // The spans that the call sends would otherwise be followed by one about it, forever.
    if target == TARGET {
        return Leaf { _span: None };
    }
    Leaf { _span: begin(SpanKind::Client, target, vec![KeyValue::new("peer.service", target)]) }
}
