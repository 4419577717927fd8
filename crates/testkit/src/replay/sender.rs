//! Sends one delivery over HTTP as GitHub does, until the result is final.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, ensure};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{
    Client, Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT},
    redirect::Policy,
};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use tokio::time::{Instant, sleep};

use super::{
    answer::{DeliveryAttempt, DeliveryOutcome, judge, read, unreachable},
    lines::DeliveryLine,
};

const INBOX: &str = "/api/v1/webhooks/github";
const EVENT: HeaderName = HeaderName::from_static("x-github-event");
const DELIVERY: HeaderName = HeaderName::from_static("x-github-delivery");
const HOOK_ID: HeaderName = HeaderName::from_static("x-github-hook-id");
const SIGNATURE: HeaderName = HeaderName::from_static("x-hub-signature-256");

/// GitHub's timeout is 10 s. A machine under load gets more time before a delivery counts as lost.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
const FIRST_BACKOFF: Duration = Duration::from_millis(50);
const LONGEST_BACKOFF: Duration = Duration::from_secs(2);

/// Signs deliveries and sends them to one inbox. One sender can have any number in flight.
pub struct Sender {
    client: Client,
    url: Url,
    key: Hmac<Sha256>,
    retry_for: Duration,
    /// The start of the current outage, during which no delivery had a final result.
    outage: Mutex<Option<Instant>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryResult {
    /// The last answer.
    pub outcome: DeliveryOutcome,
    pub retries: u64,
}

impl Sender {
    /// Creates a sender to `url`: a server's address, or an inbox's address if it has a path. The process must have
    /// installed a TLS provider.
    pub fn new(url: &str, secret: &SecretString) -> anyhow::Result<Self> {
        let url = inbox(url)?;
        let mut client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .http1_only()
            .timeout(ANSWER_WITHIN)
            .default_headers(fixed_headers());
        if url.scheme() == "http" {
            // Skip reading the system's certificates, which may not be installed.
            client = client.tls_certs_only([]);
        }
        Ok(Self {
            client: client.build().context("cannot start the HTTP client")?,
            url,
            key: Hmac::new_from_slice(secret.expose_secret().as_bytes())
                .context("cannot sign with the webhook secret")?,
            retry_for: Duration::from_secs(60),
            outage: Mutex::new(None),
        })
    }

    /// Sets how long to retry when the server is overloaded or cannot be reached; 60 s by default.
    #[must_use]
    pub fn retry_for(mut self, retry_for: Duration) -> Self {
        self.retry_for = retry_for;
        self
    }

    /// Sends a delivery until the result is final or the retry time is over.
    pub async fn send(&self, line: &DeliveryLine) -> DeliveryResult {
        let headers = self.headers(line);
        let began = Instant::now();
        let mut backoff = FIRST_BACKOFF;
        let mut retries = 0;
        loop {
            let (refused, after) = match self.attempt(headers.clone(), line).await {
                DeliveryAttempt::Final(outcome) => {
                    self.end_outage();
                    return DeliveryResult { outcome, retries };
                }
                DeliveryAttempt::Again { refused, after } => (refused, after.unwrap_or(backoff)),
            };
            let patience = self.patience_ends(began).saturating_duration_since(Instant::now());
            if patience.is_zero() {
                return DeliveryResult { outcome: DeliveryOutcome::Refused(refused), retries };
            }
            sleep(after.min(patience)).await;
            backoff = (backoff * 2).min(LONGEST_BACKOFF);
            retries += 1;
        }
    }

    async fn attempt(&self, headers: HeaderMap, line: &DeliveryLine) -> DeliveryAttempt {
        let began = Instant::now();
        let request = self.client.post(self.url.clone()).headers(headers).body(line.body.clone());
        let answer = match request.send().await {
            Ok(response) => read(response).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(answer) => judge(&answer, began.elapsed()),
            Err(error) => DeliveryAttempt::Again { refused: unreachable(&error), after: None },
        }
    }

    fn headers(&self, line: &DeliveryLine) -> HeaderMap {
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(EVENT, line.event.clone());
        headers.insert(DELIVERY, line.delivery.clone());
        headers.insert(SIGNATURE, self.sign(&line.body));
        if let Some(hook_id) = &line.hook_id {
            headers.insert(HOOK_ID, hook_id.clone());
        }
        headers
    }

    fn sign(&self, body: &[u8]) -> HeaderValue {
        let mac = self.key.clone().chain_update(body).finalize();
        let text = format!("sha256={}", hex::encode(mac.into_bytes()));
        HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("sha256="))
    }

    /// Returns the end of retries, counted from the start of an outage. Otherwise a server that is gone would cost
    /// every delivery the full retry time.
    fn patience_ends(&self, began: Instant) -> Instant {
        let mut outage = self.outage.lock().unwrap_or_else(PoisonError::into_inner);
        let since = outage.get_or_insert_with(Instant::now);
        (*since).min(began) + self.retry_for
    }

    fn end_outage(&self) {
        *self.outage.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn fixed_headers() -> HeaderMap {
    HeaderMap::from_iter([
        (USER_AGENT, HeaderValue::from_static("GitHub-Hookshot/guildhall")),
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
    ])
}

fn inbox(text: &str) -> anyhow::Result<Url> {
    let says = || format!("'{text}' is not a server URL: use a URL such as http://127.0.0.1:8080");
    let mut url = Url::parse(text).with_context(says)?;
    ensure!(matches!(url.scheme(), "http" | "https"), says());
    if url.path() == "/" {
        url.set_path(INBOX);
    }
    Ok(url)
}
