//! Reports of panics, of answers with a status of 500 and above, and of jobs that failed for the last time, to Sentry or a service
//! that speaks its protocol. A report has the names that the program has for things and the ID of the request, never the data of a
//! person: no text of an error, which may quote data, and neither the path nor the sender of a request.

#[cfg(feature = "sentry")]
mod client;

use std::panic::PanicHookInfo;

use axum::http::StatusCode;

use super::request::{self, ThisRequest};
use crate::config::Config;

/// A failure that operators should learn of.
#[cfg_attr(not(feature = "sentry"), expect(dead_code, reason = "only reports read it"))]
struct Trouble {
    /// A summary in words of the program.
    message: String,
    /// Failures with the same texts are the same.
    same: Vec<String>,
    /// The route or the job.
    place: String,
    tags: Vec<(&'static str, String)>,
}

/// Starts to report, if the configuration says where to.
pub(super) fn start(config: &Config, version: &str) {
    #[cfg(feature = "sentry")]
    {
        if client::start(config, version) {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                of_panic(panic);
                before(panic);
            }));
        }
    }
    #[cfg(not(feature = "sentry"))]
    let _ = (config, version, of_panic);
}

/// Waits a moment for the reports that are being sent.
pub(super) async fn finish() {
    #[cfg(feature = "sentry")]
    client::finish().await;
}

/// Hands over a report, if there is somewhere to send it to.
fn report(trouble: impl FnOnce() -> Trouble) {
    #[cfg(feature = "sentry")]
    client::report(trouble);
    #[cfg(not(feature = "sentry"))]
    let _ = trouble;
}

/// Reports an answer that is an error of the server. Panics are reported where they happen, and an answer without a problem, such as
/// that of `/readyz`, is no failure of its own.
pub(crate) fn of_answer(this: &ThisRequest, status: StatusCode) {
    let Some(code) = this.failure().filter(|_| status.is_server_error()) else {
        return;
    };
    if this.has_panicked() {
        return;
    }
    report(|| {
        let (method, route) = (this.method.as_str(), this.route());
        let error = this.error().unwrap_or_default();
        Trouble {
            message: format!("{method} {route}: {code} {error}").trim_end().to_owned(),
            same: vec![route.to_owned(), code.to_owned(), error.to_owned()],
            place: format!("{method} {route}"),
            tags: vec![
                ("request_id", this.id().to_owned()),
                ("route", route.to_owned()),
                ("method", method.to_owned()),
                ("status", status.as_u16().to_string()),
                ("code", code.to_owned()),
            ],
        }
    });
}

/// Reports a job, or an entry of a queue, that failed `attempts` times and is not tried again by itself, or of which this is the
/// attempt that operators should learn of.
pub(crate) fn of_job(job: &str, attempts: i64) {
    report(|| Trouble {
        message: format!("{job} failed {attempts} times"),
        same: vec!["job".to_owned(), job.to_owned()],
        place: job.to_owned(),
        tags: vec![("job", job.to_owned()), ("attempts", attempts.to_string())],
    });
}

/// Reports a panic with its place in the source. Its text is left out unless it is a constant, because it may quote data.
fn of_panic(panic: &PanicHookInfo<'_>) {
    let place =
        panic.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
    let text = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or_default();
    let mut tags = Vec::new();
    request::of_this(|this| {
        tags.push(("request_id", this.id().to_owned()));
        tags.push(("route", this.route().to_owned()));
    });
    request::panicked();
    report(|| Trouble {
        message: format!("panic at {place} {text}").trim_end().to_owned(),
        same: vec!["panic".to_owned(), place.clone()],
        place,
        tags,
    });
}
