//! The one way out: every call to an outside service goes by this client, so that what holds for one
//! holds for all. No proxy of the machine's, and every call has a time limit. Addresses that the
//! configuration names are the operator's word: [`Http`] calls them, wherever they lead, and follows no
//! redirect. Addresses that others give are called by [`Guarded`] alone.

mod addresses;
mod guard;
mod own;
mod services;

use std::{sync::OnceLock, time::Duration};

use chrono::DateTime;
use kernel::Timestamp;
use reqwest::{Client, ClientBuilder, Method, RequestBuilder, StatusCode, header};

pub use guard::{GuardError, Guarded, Refused, judge, refusal};
pub use own::REDIS;
pub(crate) use own::services;
pub use services::{Condition, Found, OutsideServices, Service};

/// The most that is read of an answer, in bytes: what services say of a call is short.
const LARGEST_ANSWER: usize = 64 * 1024;

/// Calls outside services at addresses that the operator names.
#[derive(Debug)]
pub struct Http {
    patience: Duration,
    /// Made when first needed: reading the machine's certificates takes a while.
    client: OnceLock<Client>,
}

/// Answer of a service.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// How long it asks us to wait.
    pub retry_after: Option<Duration>,
    /// The beginning of what it said.
    pub text: String,
}

impl Http {
    /// A client that waits so long for a whole answer.
    #[must_use]
    pub fn new(patience: Duration) -> Self {
        Self {
            patience,
            client: OnceLock::new(),
        }
    }

    /// A question to be put.
    ///
    /// # Errors
    /// When the machine's certificates cannot be read.
    pub fn request(&self, method: Method, url: &str) -> Result<RequestBuilder, reqwest::Error> {
        Ok(self.client()?.request(method, url))
    }

    fn client(&self) -> Result<&Client, reqwest::Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = builder(self.patience)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(self.client.get_or_init(|| client))
    }
}

/// Settings that all clients have in common.
fn builder(patience: Duration) -> ClientBuilder {
    Client::builder()
        .timeout(patience)
        .no_proxy()
        .user_agent("guildhall")
}

/// Puts a question and reads the beginning of the answer, whatever its status.
///
/// # Errors
/// When nothing, or not all of it, came back in time.
pub async fn ask(request: RequestBuilder, now: Timestamp) -> Result<Answer, reqwest::Error> {
    let mut response = request.send().await?;
    let status = response.status();
    let wait = response.headers().get(header::RETRY_AFTER);
    let wait = wait.and_then(|wait| retry_after(wait.to_str().ok()?, now));
    let mut text = Vec::new();
    while let Some(part) = response.chunk().await? {
        text.extend_from_slice(&part);
        if text.len() >= LARGEST_ANSWER {
            break;
        }
    }
    Ok(Answer {
        status,
        retry_after: wait,
        text: String::from_utf8_lossy(&text).into_owned(),
    })
}

/// Why a call failed, without its address: that may hold a secret.
#[must_use]
pub fn silence(error: &reqwest::Error) -> &'static str {
    match error {
        error if guard::refusal(error).is_some() => "the address is not allowed",
        error if error.is_timeout() => "timed out",
        error if error.is_connect() => "cannot connect",
        _ => "the connection was interrupted",
    }
}

/// `Retry-After`: seconds, or an instant as HTTP writes it.
fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = DateTime::parse_from_rfc2822(text.trim()).ok()?;
    (at.to_utc() - now).to_std().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_retry_after_are_read() {
        let now = "2026-11-01T08:00:00Z".parse().expect("an instant");
        let seconds = |text| retry_after(text, now).map(|wait| wait.as_secs());
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds("Sun, 01 Nov 2026 08:01:30 GMT"), Some(90));
        assert_eq!(seconds("Sun, 01 Nov 2026 07:00:00 GMT"), None);
        assert_eq!(seconds("soon"), None);
    }
}
