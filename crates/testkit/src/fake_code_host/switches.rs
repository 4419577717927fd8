use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Deliberate faults of the fake. `POST /_switches` changes the named ones at run time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, clap::Args)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// Fraction of requests that fail with 500, 502 or 503: 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    pub errors: f64,
    /// Fraction of requests that are refused with 429: 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    pub limited: f64,
    /// Requests until all others are refused with 429.
    #[arg(long, value_name = "NUMBER")]
    pub requests_left: Option<u64>,
    /// Seconds in `Retry-After`, which Bitbucket does not send.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub retry_after: u64,
    /// Delay added to every response, in milliseconds.
    #[arg(long, default_value_t = 0)]
    pub latency_ms: u64,
    /// Largest page of a list, if it is smaller than that of the real host.
    #[arg(long, value_name = "NUMBER")]
    pub largest_page: Option<usize>,
    /// Address of another host that archives redirect to, instead of being sent.
    #[arg(long, value_name = "URL")]
    pub archives_at: Option<String>,
    /// Show no activities of repositories.
    #[arg(long)]
    pub without_activities: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            errors: 0.0,
            limited: 0.0,
            requests_left: None,
            retry_after: 30,
            latency_ms: 0,
            largest_page: None,
            archives_at: None,
            without_activities: false,
        }
    }
}

const SHARE: &str = "use a share from 0 to 1";

fn share(text: &str) -> Result<f64, &'static str> {
    let share = text.parse().ok();
    share.filter(|share| (0.0..=1.0).contains(share)).ok_or(SHARE)
}

impl Switches {
    pub(super) fn changed(&self, changes: Value) -> Result<Self, String> {
        let Value::Object(changes) = changes else {
            return Err("send a JSON object with the switches to change".to_owned());
        };
        let mut all = serde_json::to_value(self).map_err(|error| error.to_string())?;
        if let Some(fields) = all.as_object_mut() {
            fields.extend(changes);
        }
        let changed: Self = serde_json::from_value(all).map_err(|error| error.to_string())?;
        if [changed.errors, changed.limited].iter().all(|share| (0.0..=1.0).contains(share)) {
            Ok(changed)
        } else {
            Err(format!("errors or limited is no share: {SHARE}"))
        }
    }
}
