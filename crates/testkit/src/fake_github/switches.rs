use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State};
use chrono::{DateTime, TimeDelta};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Shared, answer::Refusal};

/// Deliberate faults of the fake, and its clock. `POST /_switches` changes the named ones at run time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, clap::Args)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// Rate limit: requests per hour.
    #[arg(long, default_value_t = 5000)]
    pub rate_limit: u64,
    /// Requests remaining until the rate limit resets.
    #[arg(long, default_value_t = 5000)]
    pub rate_remaining: u64,
    /// Seconds until the rate limit resets.
    #[arg(long, default_value_t = 3600)]
    pub rate_reset: u64,
    /// Seconds of each later period of the rate limit.
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    pub rate_window: u64,
    /// Refuse all requests with a secondary rate limit and this `Retry-After`, in seconds.
    #[arg(long)]
    pub secondary_limit: Option<u64>,
    /// Fraction of requests at which a secondary rate limit begins: 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    pub secondary: f64,
    /// Seconds for which such a limit lasts.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub secondary_seconds: u64,
    /// Fraction of requests that fail with 500, 502 or 503: 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    pub errors: f64,
    /// Largest page, and most repositories of a query, that the GraphQL API answers in time: 1 to 100.
    #[arg(long, default_value_t = 100)]
    pub largest_page: u64,
    /// Most files and folders of a tree that the API lists.
    #[arg(long, value_name = "COUNT", default_value_t = 100_000)]
    pub largest_tree: usize,
    /// Address that downloads of archives redirect to, instead of the fake's own.
    #[arg(long, value_name = "URL")]
    pub archives_at: Option<String>,
    /// Delay added to every response, in milliseconds.
    #[arg(long, default_value_t = 0)]
    pub latency_ms: u64,
    /// Searches a minute.
    #[arg(long, value_name = "NUMBER", default_value_t = 30)]
    pub search_limit: u64,
    /// Searches left until the minute ends.
    #[arg(long, value_name = "NUMBER", default_value_t = 30)]
    pub search_remaining: u64,
    /// Fraction of deliveries that are dropped: 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    pub dropped: f64,
    /// Fraction of deliveries that are sent twice: 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    pub doubled: f64,
    /// Fraction of deliveries that are sent out of order: 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    pub shuffled: f64,
    /// Login of the person who is signed in without a prompt.
    #[arg(long)]
    pub sign_in_as: Option<String>,
    /// Login of an organization that requires single sign-on, for which no token is authorized.
    #[arg(long, value_name = "LOGIN")]
    pub single_sign_on: Option<String>,
    /// Issue tokens that are already revoked.
    #[arg(long)]
    pub dead_tokens: bool,
    /// Days by which its clock is behind, so that people act in the past.
    #[arg(long, value_name = "DAYS", default_value_t = 0)]
    pub days_behind: u16,
    /// Seconds until the tokens of the App's installations expire.
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    pub app_token_seconds: u64,
    /// Refuse to state the roles of people in repositories.
    #[arg(long)]
    pub hidden_roles: bool,
    /// Let the App only read, as an App without the permission to write.
    #[arg(long)]
    pub read_only_app: bool,
    /// Fail requests to change something (by `PATCH`) with 500, without doing it.
    #[arg(long)]
    pub failing_changes: bool,
    /// Do what such requests ask, but answer with 502, as when the response is lost on its way.
    #[arg(long)]
    pub lost_answers: bool,
    /// Leave installations of the App out of their list, as when others are deleted while its pages are read.
    #[arg(long)]
    pub unlisted_installations: bool,
    /// Login of an organization whose list of permitted IP addresses lacks this server's, so that the App's installation
    /// there is refused.
    #[arg(long, value_name = "LOGIN")]
    pub ip_allow_list: Option<String>,
}

const SHARE: &str = "use a share from 0 to 1";

fn is_share(number: f64) -> bool {
    (0.0..=1.0).contains(&number)
}

fn share(text: &str) -> Result<f64, &'static str> {
    let share = text.parse().ok();
    share.filter(|share| is_share(*share)).ok_or(SHARE)
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            rate_limit: 5000,
            rate_remaining: 5000,
            rate_reset: 3600,
            rate_window: 3600,
            secondary_limit: None,
            secondary: 0.0,
            secondary_seconds: 60,
            errors: 0.0,
            largest_page: 100,
            largest_tree: 100_000,
            archives_at: None,
            latency_ms: 0,
            search_limit: 30,
            search_remaining: 30,
            dropped: 0.0,
            doubled: 0.0,
            shuffled: 0.0,
            sign_in_as: None,
            single_sign_on: None,
            dead_tokens: false,
            days_behind: 0,
            app_token_seconds: 3600,
            hidden_roles: false,
            read_only_app: false,
            failing_changes: false,
            lost_answers: false,
            unlisted_installations: false,
            ip_allow_list: None,
        }
    }
}

impl Switches {
    fn check(self) -> Result<Self, String> {
        let shares = [
            ("errors", self.errors),
            ("secondary", self.secondary),
            ("dropped", self.dropped),
            ("doubled", self.doubled),
            ("shuffled", self.shuffled),
        ];
        match shares.iter().find(|(_, share)| !is_share(*share)) {
            Some((name, share)) => Err(format!("{name} is {share}: {SHARE}")),
            None => Ok(self),
        }
    }

    fn changed(&self, changes: serde_json::Value) -> Result<Self, String> {
        let serde_json::Value::Object(changes) = changes else {
            return Err(String::from("send a JSON object with the switches to change"));
        };
        let mut all = serde_json::to_value(self).map_err(|error| error.to_string())?;
        if let Some(fields) = all.as_object_mut() {
            fields.extend(changes);
        }
        serde_json::from_value::<Self>(all).map_err(|error| error.to_string())?.check()
    }
}

/// The primary rate limits: that of an hour, and that of a minute for searches.
pub(super) struct RateLimits {
    pub(super) resets_at: Timestamp,
    pub(super) search_resets_at: Timestamp,
    /// The end of the last secondary rate limit that began by chance.
    pub(super) limited_until: Option<Timestamp>,
}

impl RateLimits {
    pub(super) fn new(switches: &Switches, now: Timestamp) -> Self {
        Self {
            resets_at: after(now, switches.rate_reset),
            search_resets_at: now + TimeDelta::minutes(1),
            limited_until: None,
        }
    }

    /// Starts a new hour and a new minute when the last one is over.
    pub(super) fn roll(&mut self, switches: &mut Switches, now: Timestamp) {
        if now >= self.resets_at {
            switches.rate_remaining = switches.rate_limit;
            self.resets_at = after(now, switches.rate_window);
        }
        if now >= self.search_resets_at {
            switches.search_remaining = switches.search_limit;
            self.search_resets_at = now + TimeDelta::minutes(1);
        }
    }
}

/// Returns the instant some seconds after another.
pub(super) fn after(now: Timestamp, seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or(3600);
    let at = now.timestamp().saturating_add(seconds);
    DateTime::from_timestamp(at, 0).unwrap_or(now)
}

/// `GET /_switches`
pub(super) async fn show(State(shared): State<Arc<Shared>>) -> Json<Switches> {
    Json(shared.world().switches.clone())
}

/// `POST /_switches`
pub(super) async fn change(
    State(shared): State<Arc<Shared>>,
    body: Bytes,
) -> Result<Json<Switches>, Refusal> {
    let changes = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let mut world = shared.world();
    let switches = world.switches.changed(changes).map_err(Refusal::invalid)?;
    world.set_switches(switches.clone());
    Ok(Json(switches))
}
