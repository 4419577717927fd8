//! The way of spans to the collector.

use std::time::Duration;

use bytes::Bytes;
use opentelemetry::{KeyValue, trace::TracerProvider as _};
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::{
    Resource,
    trace::{Sampler, SdkTracerProvider},
};
use reqwest::StatusCode;
use sea_orm_migration::async_trait::async_trait;
use tokio::runtime::Handle;

use super::{
    news,
    traces::{RECORDER, Recorder, TARGET},
    works,
};
use crate::{
    config::Config,
    outside::{Http, measured, silence},
};

/// How long the collector may take to receive spans.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the end of the process waits for it.
const GRACE: Duration = Duration::from_secs(2);

/// Starts to trace, if the configuration says where to send spans.
pub(super) fn start(config: &Config, version: &str) {
    let Some(collector) = &config.otlp_endpoint else {
        return;
    };
    let client = Collector { http: Http::new(PATIENCE), runtime: Handle::current() };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_endpoint(format!("{collector}/v1/traces"))
        .with_timeout(PATIENCE)
        .build();
    let exporter = match exporter {
        Ok(exporter) => exporter,
        Err(error) => {
            tracing::error!(%error, "cannot send traces to OTEL_EXPORTER_OTLP_ENDPOINT");
            return;
        }
    };
    let resource = Resource::builder().with_service_name("guildhall").with_attributes([
        KeyValue::new("service.version", version.to_owned()),
        KeyValue::new("deployment.environment.name", config.environment.as_str()),
    ]);
    let share = f64::from(config.trace_percent) / 100.0;
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource.build())
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(share))))
        .build();
    let tracer = provider.tracer("guildhall");
    RECORDER.set(Recorder { tracer, provider }).ok();
}

/// Sends what was not sent yet.
pub(super) async fn finish() {
    if let Some(recorder) = RECORDER.get() {
        let provider = recorder.provider.clone();
        // It waits for the collector, which this thread may have to call.
        let ended = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(GRACE));
        ended.await.ok();
    }
}

/// The client for the collector. Its thread has no runtime, so that this one makes the calls.
#[derive(Debug)]
struct Collector {
    http: Http,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let call = self.http.request(head.method, &head.uri.to_string())?;
        let call = call.headers(head.headers).body(body);
        let answer = async move {
            let answer = call.send().await?;
            let status = answer.status();
            Ok::<_, reqwest::Error>((status, answer.bytes().await?))
        };
        let outcome = |answer: &Result<(StatusCode, Bytes), _>| match answer {
            Ok((status, _)) if status.is_success() => "ok",
            Ok((status, _)) if status.is_client_error() => "refused",
            _ => "failed",
        };
        let answered = self.runtime.spawn(measured(TARGET, answer, outcome)).await?;
        match &answered {
            Ok((status, _)) if status.is_success() => works(TARGET),
            other => {
                let why = other.as_ref().map_or_else(silence, |_| "the collector refused them");
                if let Some(times) = news(TARGET, &why) {
                    tracing::warn!(why, times, "cannot send traces to OTEL_EXPORTER_OTLP_ENDPOINT");
                }
            }
        }
        let (status, body) = answered?;
        let mut response = Response::new(body);
        *response.status_mut() = status;
        Ok(response)
    }
}
