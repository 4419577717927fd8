use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Deliberate faults of the fake. `POST /_switches` changes the named ones at run time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, clap::Args)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// Delay added to every answer, in milliseconds.
    #[arg(long, default_value_t = 0)]
    pub latency_ms: u64,
    /// Fraction of requests that fail with 500, 502 or 503: 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    pub errors: f64,
    /// Fraction of requests that are refused with 429 and a `Retry-After`: 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    pub limited: f64,
    /// Seconds of the `Retry-After`.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub retry_after: u64,
    /// Requests that are answered before all others are refused with 429 and a `Retry-After`.
    #[arg(long, value_name = "NUMBER")]
    pub requests_left: Option<u64>,
    /// Answer every request with 503.
    #[arg(long)]
    pub outage: bool,
    /// Refuse the token.
    #[arg(long)]
    pub rejected: bool,
    /// Fraction of answers that are cut in the middle: 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    pub malformed: f64,
    /// Fraction of POST requests that are done and then answered by 502 or a closed connection: 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    pub drops: f64,
    /// Send each answer one byte per second.
    #[arg(long)]
    pub slow_loris: bool,
    /// Answer GET /users with 201 instead of 200.
    #[arg(long)]
    pub created: bool,
    /// Leave the IDs of this server out of the answers with scores.
    #[arg(long)]
    pub without_ids: bool,
    /// Seconds by which solves without a time are booked too late.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub late_seconds: u32,
    /// Count only the solves after `after_time_unix` in the totals, instead of all.
    #[arg(long)]
    pub totals_of_rest: bool,
    /// Solves of each account that the totals count and that are never listed.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub unlisted: u16,
    /// Approve new accounts at once.
    #[arg(long)]
    pub approves: bool,
    /// Answer for every ID as for an approved account, with as many solves as `solves_each` says, for load runs.
    #[arg(long)]
    pub knows_everyone: bool,
    /// Solves of each account that `knows_everyone` makes up.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub solves_each: u16,
}

const SHARE: &str = "use a share from 0 to 1";

fn is_share(number: f64) -> bool {
    (0.0..=1.0).contains(&number)
}

fn share(text: &str) -> Result<f64, &'static str> {
    let share = text.parse().ok();
    share.filter(|share| is_share(*share)).ok_or(SHARE)
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
        let shares = [
            ("errors", changed.errors),
            ("limited", changed.limited),
            ("malformed", changed.malformed),
            ("drops", changed.drops),
        ];
        match shares.iter().find(|(_, share)| !is_share(*share)) {
            Some((name, share)) => Err(format!("{name} is {share}: {SHARE}")),
            None => Ok(changed),
        }
    }
}
