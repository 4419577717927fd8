//! The client for all calls to external services, so that the same rules apply to each. It uses no system proxy,
//! and every call has a time limit. [`Http`] calls addresses from the configuration, which the operator is
//! trusted with, and follows no redirects. [`Guarded`] calls addresses from anyone else.

mod addresses;
mod circuit;
#[cfg(test)]
mod fuzz;
mod guard;
mod limits;
mod measure;
mod own;
mod services;
mod tls;

use std::{error::Error, io, sync::OnceLock, time::Duration};

use bytes::{Bytes, BytesMut};
use chrono::DateTime;
use kernel::Timestamp;
use reqwest::{Client, ClientBuilder, Method, RequestBuilder, StatusCode, header};
use rustls::CertificateError;

pub(crate) use addresses::is_public;
pub use circuit::Circuit;
pub use guard::{GuardError, Guarded, Refused, judge, refusal};
pub use limits::{Closed, Limits, backoff};
pub(crate) use measure::{CALLS, DURATION};
pub use measure::{measured, send};
pub use own::REDIS;
pub(crate) use own::services;
pub use services::{Condition, OutsideServices, Service, ServiceCheck};

/// The maximum number of bytes read of a response.
const LARGEST_ANSWER: usize = 64 * 1024;

/// A client for external services at addresses from the configuration.
#[derive(Debug)]
pub struct Http {
    patience: Duration,
    /// Created on first use, because loading the system's certificates takes a while.
    client: OnceLock<Client>,
}

/// The response of a service.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    /// How long the service asks us to wait.
    pub retry_after: Option<Duration>,
    /// The beginning of the body.
    pub text: String,
}

impl Http {
    /// Creates a client with a time limit for the whole response.
    #[must_use]
    pub fn new(patience: Duration) -> Self {
        Self { patience, client: OnceLock::new() }
    }

    /// Creates a request.
    ///
    /// # Errors
    /// When the system's certificates cannot be read.
    pub fn request(&self, method: Method, url: &str) -> Result<RequestBuilder, reqwest::Error> {
        Ok(self.client()?.request(method, url))
    }

    fn client(&self) -> Result<&Client, reqwest::Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = builder(self.patience).redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(self.client.get_or_init(|| client))
    }
}

/// Returns a builder with the settings common to all clients.
fn builder(patience: Duration) -> ClientBuilder {
    tls::with_tls(Client::builder()).timeout(patience).no_proxy().user_agent("guildhall")
}

/// Sends a request to the service `target` and reads the beginning of the response, whatever its status.
///
/// # Errors
/// When the response is not complete in time.
pub async fn ask(
    target: &'static str,
    request: RequestBuilder,
    now: Timestamp,
) -> Result<Answer, reqwest::Error> {
    let (answer, _) = read(target, request, now, LARGEST_ANSWER).await?;
    Ok(answer)
}

/// The reason why a response with a limit was not read.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The response is not complete in time. [`silence`] describes why.
    #[error("the service did not respond")]
    Call(#[from] reqwest::Error),
    /// The body is longer than the limit. The status tells whether the service accepted the request.
    #[error("the response is longer than the limit")]
    TooLong(StatusCode),
}

/// Sends a request to the service `target` and reads the response, whatever its status, with a body of at most `limit` bytes.
///
/// # Errors
/// When the response is not complete in time, or its body is longer than the limit.
pub async fn ask_up_to(
    target: &'static str,
    request: RequestBuilder,
    now: Timestamp,
    limit: usize,
) -> Result<Answer, AskError> {
    match read(target, request, now, limit).await? {
        (answer, true) => Ok(answer),
        (answer, false) => Err(AskError::TooLong(answer.status)),
    }
}

/// Sends a request to the service `target` and reads the response, whatever its status, as bytes, at most `limit` of them.
///
/// # Errors
/// When the response is not complete in time, or its body is longer than the limit.
pub async fn ask_bytes(
    target: &'static str,
    request: RequestBuilder,
    limit: usize,
) -> Result<(StatusCode, Bytes), AskError> {
    let mut response = send(target, request).await?;
    let status = response.status();
    let mut content = BytesMut::new();
    while let Some(part) = response.chunk().await? {
        if content.len() + part.len() > limit {
            return Err(AskError::TooLong(status));
        }
        content.extend_from_slice(&part);
    }
    Ok((status, content.freeze()))
}

/// Sends a request and reads the first `limit` bytes of the body. Returns true if that is the whole body.
async fn read(
    target: &'static str,
    request: RequestBuilder,
    now: Timestamp,
    limit: usize,
) -> Result<(Answer, bool), reqwest::Error> {
    let mut response = send(target, request).await?;
    let status = response.status();
    let wait = response.headers().get(header::RETRY_AFTER);
    let wait = wait.and_then(|wait| retry_after(wait.to_str().ok()?, now));
    let mut text = Vec::new();
    while let Some(part) = response.chunk().await? {
        text.extend_from_slice(&part);
        if text.len() > limit {
            break;
        }
    }
    let is_complete = text.len() <= limit;
    text.truncate(limit);
    let answer =
        Answer { status, retry_after: wait, text: String::from_utf8_lossy(&text).into_owned() };
    Ok((answer, is_complete))
}

/// Describes why a call failed, without its URL, which may contain a secret.
#[must_use]
pub fn silence(error: &reqwest::Error) -> &'static str {
    if let Some(fault) = certificate_fault(error) {
        return fault;
    }
    match error {
        error if guard::refusal(error).is_some() => "the address is not allowed",
        error if error.is_timeout() => "timed out",
        error if error.is_connect() => "cannot connect",
        _ => "the connection was interrupted",
    }
}

/// Finds the fault of a certificate among the causes of a failed call.
fn certificate_fault(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let mut cause = Some(error);
    while let Some(found) = cause {
        // An error of the operating system hides the error that it wraps from its causes.
        let wrapped = found.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let tls = found.downcast_ref::<rustls::Error>();
        let tls = tls.or_else(|| wrapped?.downcast_ref::<rustls::Error>());
        if let Some(rustls::Error::InvalidCertificate(fault)) = tls {
            return Some(in_words(fault));
        }
        cause = found.source();
    }
    None
}

fn in_words(fault: &CertificateError) -> &'static str {
    use CertificateError as Fault;
    match fault {
        Fault::NotValidForName | Fault::NotValidForNameContext { .. } => {
            "its certificate is for another name: check the address, or the server behind it"
        }
        Fault::Expired | Fault::ExpiredContext { .. } => "its certificate has expired",
        Fault::NotValidYet | Fault::NotValidYetContext { .. } => {
            "its certificate is not valid yet: check the clock of this machine"
        }
        Fault::UnknownIssuer => {
            "its certificate is from an authority that this machine does not trust"
        }
        _ => "its certificate is not valid",
    }
}

/// The longest wait that another service can ask for.
const LONGEST_ASKED: Duration = Duration::from_hours(24);

/// Parses `Retry-After`: seconds, or an HTTP date. A longer wait than a day counts as a day.
#[must_use]
pub fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let asked = match text.trim().parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = DateTime::parse_from_rfc2822(text.trim()).ok()?;
            (at.to_utc() - now).to_std().ok()?
        }
    };
    Some(asked.min(LONGEST_ASKED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_certificates_are_named() {
        let failed = |fault| io::Error::other(rustls::Error::InvalidCertificate(fault));
        for (fault, words) in [
            (CertificateError::NotValidForName, "for another name"),
            (CertificateError::Expired, "has expired"),
            (CertificateError::UnknownIssuer, "does not trust"),
            (CertificateError::BadEncoding, "is not valid"),
        ] {
            let said = certificate_fault(&failed(fault)).unwrap_or_default();
            assert!(said.contains(words), "{said}");
        }
        assert_eq!(certificate_fault(&io::Error::other("closed")), None);
    }

    #[test]
    fn both_forms_of_retry_after_are_parsed() {
        let now = "2026-11-01T08:00:00Z".parse().expect("an instant");
        let seconds = |text| retry_after(text, now).map(|wait| wait.as_secs());
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds("Sun, 01 Nov 2026 08:01:30 GMT"), Some(90));
        assert_eq!(seconds("Sun, 01 Nov 2026 07:00:00 GMT"), None);
        assert_eq!(seconds("soon"), None);
        for years in ["99999999999", "Sat, 01 Nov 2036 08:00:00 GMT"] {
            assert_eq!(seconds(years), Some(86_400));
        }
    }
}
