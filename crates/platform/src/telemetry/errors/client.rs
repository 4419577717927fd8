//! The client of Sentry. It sends by the client of this server for all services, so that no other one is compiled or started.

use std::{
    borrow::Cow,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use kernel::Clock as _;
use moka::sync::Cache;
use reqwest::{Method, header};
use secrecy::ExposeSecret as _;
use sentry_core::{Client, ClientOptions, Envelope, Transport, protocol::Event, types::Dsn};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::Trouble;
use crate::{
    SystemClock,
    config::Config,
    outside::{Http, ask, silence},
    telemetry::{news, works},
};

/// The name of the service among outgoing calls.
const TARGET: &str = "sentry";
/// How long sending a report may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The number of reports that wait to be sent. More are dropped: something else is wrong then.
const WAITING: usize = 32;
/// How long a failure is not reported again. A failure of everyone's requests is one report a minute.
const AGAIN_AFTER: Duration = Duration::from_secs(60);
/// The number of different failures that are remembered.
const REMEMBERED: u64 = 1_000;
/// The longest pause that the service can ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);
/// How long the end of the process waits for reports.
const GRACE: Duration = Duration::from_secs(2);

static REPORTER: OnceLock<Reporter> = OnceLock::new();
/// Reports that are waiting or being sent.
static UNSENT: AtomicUsize = AtomicUsize::new(0);

struct Reporter {
    client: Client,
    recent: Cache<String, ()>,
}

/// Starts the client if the configuration has the address of a project. Returns true if it did.
pub(super) fn start(config: &Config, version: &str) -> bool {
    let Some(dsn) = &config.sentry_dsn else {
        return false;
    };
    // The configuration has checked it.
    let Ok(dsn) = dsn.expose_secret().parse::<Dsn>() else {
        return false;
    };
    let (envelopes, received) = channel(WAITING);
    let auth = dsn.to_auth(Some("guildhall")).to_string();
    tokio::spawn(deliver(received, dsn.envelope_api_url().to_string(), auth));
    let environment = config.environment.as_str();
    let mut options = ClientOptions::new()
        .release(format!("guildhall@{version}"))
        .environment(environment)
        .transport(Arc::new(Queue(envelopes)));
    options.dsn = Some(dsn);
    let recent = Cache::builder().max_capacity(REMEMBERED).time_to_live(AGAIN_AFTER).build();
    REPORTER.set(Reporter { client: Client::with_options(options), recent }).is_ok()
}

/// Hands a report over, unless the same was reported a moment ago.
pub(super) fn report(trouble: impl FnOnce() -> Trouble) {
    let Some(reporter) = REPORTER.get() else {
        return;
    };
    let trouble = trouble();
    let key = trouble.same.join("\n");
    if reporter.recent.contains_key(&key) {
        return;
    }
    reporter.recent.insert(key, ());
    reporter.client.capture_event(event(trouble), None);
}

fn event(trouble: Trouble) -> Event<'static> {
    let Trouble { message, same, place, tags } = trouble;
    Event {
        message: Some(message),
        fingerprint: Cow::Owned(same.into_iter().map(Cow::Owned).collect()),
        transaction: Some(place),
        tags: tags.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        ..Event::default()
    }
}

/// The way of the client's reports to [`deliver`].
struct Queue(Sender<Vec<u8>>);

impl Transport for Queue {
    fn send_envelope(&self, envelope: Envelope) {
        let mut bytes = Vec::new();
        if envelope.to_writer(&mut bytes).is_err() {
            return;
        }
        UNSENT.fetch_add(1, Ordering::SeqCst);
        if self.0.try_send(bytes).is_err() {
            UNSENT.fetch_sub(1, Ordering::SeqCst);
            tracing::debug!("dropped a report of an error: too many wait to be sent");
        }
    }
}

/// Sends reports, one after another. Those that fail are not sent again.
async fn deliver(mut envelopes: Receiver<Vec<u8>>, url: String, auth: String) {
    let http = Http::new(PATIENCE);
    while let Some(envelope) = envelopes.recv().await {
        let (why, pause) = match send(&http, &url, &auth, envelope).await {
            Ok(pause) if pause.is_zero() => (None, pause),
            Ok(pause) => (Some("the service refuses reports for a while"), pause),
            Err(why) => (Some(why), Duration::ZERO),
        };
        match why {
            Some(why) => {
                if let Some(times) = news(TARGET, &why) {
                    tracing::warn!(why, times, "cannot report errors to SENTRY_DSN");
                }
            }
            None => works(TARGET),
        }
        UNSENT.fetch_sub(1, Ordering::SeqCst);
        tokio::time::sleep(pause).await;
    }
}

/// Sends a report. Returns how long the service asks to wait before the next one.
async fn send(
    http: &Http,
    url: &str,
    auth: &str,
    envelope: Vec<u8>,
) -> Result<Duration, &'static str> {
    let request = http.request(Method::POST, url).map_err(|error| silence(&error))?;
    let request = request
        .header("x-sentry-auth", auth)
        .header(header::CONTENT_TYPE, "application/x-sentry-envelope")
        .body(envelope);
    let answer = ask(TARGET, request, SystemClock.now()).await;
    let answer = answer.map_err(|error| silence(&error))?;
    match answer.retry_after {
        _ if answer.status.is_success() => Ok(Duration::ZERO),
        Some(pause) => Ok(pause.min(LONGEST_PAUSE)),
        None => Err("the service refused a report; check the key and the project"),
    }
}

/// Waits a moment until all reports are sent.
pub(super) async fn finish() {
    let sent = async {
        while UNSENT.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(GRACE, sent).await.ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_no_name_of_this_machine_and_no_user() {
        let trouble = Trouble {
            message: "GET /people/{login}: INTERNAL".to_owned(),
            same: vec!["/people/{login}".to_owned()],
            place: "GET /people/{login}".to_owned(),
            tags: vec![("request_id", "0193".to_owned())],
        };
        let event = serde_json::to_value(event(trouble)).expect("JSON");
        assert_eq!(event["tags"]["request_id"], "0193");
        assert_eq!(event["fingerprint"][0], "/people/{login}");
        for absent in ["user", "request", "server_name", "contexts", "extra"] {
            assert!(event.get(absent).is_none(), "{absent}: {event}");
        }
    }
}
