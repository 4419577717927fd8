use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Shared, refused, world};

/// Deliberate faults of the fake. `POST /_switches` changes the named ones at run time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::Args)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// Milliseconds before each response
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    pub latency: u64,
    /// Requests that are refused with 429
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub limited: u64,
    /// Seconds in `Retry-After`
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub retry_after: u64,
    /// Requests that fail with 503
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub errors: u64,
    /// Answers that are not JSON
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub malformed: u64,
    /// Completions whose text does not have the form of the schema
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub wrong_schema: u64,
    /// Reject the key with 401
    #[arg(long)]
    pub rejected: bool,
    /// Obey and repeat what the text of an issue says
    #[arg(long)]
    pub injected: bool,
    /// Repeat the instructions and the key in the answer
    #[arg(long)]
    pub leaked: bool,
    /// Leave out the counts of tokens
    #[arg(long)]
    pub uncounted: bool,
}

impl Switches {
    /// Returns the next simulated fault of a request, if there is one.
    pub(super) fn fault(&mut self) -> Option<Response> {
        if take(&mut self.limited) {
            let says = "Rate limit reached for requests.";
            let mut response = refused(StatusCode::TOO_MANY_REQUESTS, "rate_limit_exceeded", says);
            let wait = HeaderValue::from(self.retry_after);
            response.headers_mut().insert(header::RETRY_AFTER, wait);
            return Some(response);
        }
        if take(&mut self.errors) {
            let says = "The engine is currently overloaded, please try again later.";
            return Some(refused(StatusCode::SERVICE_UNAVAILABLE, "overloaded", says));
        }
        take(&mut self.malformed)
            .then(|| "{\"choices\": [{\"message\": {\"content\"".into_response())
    }
}

/// Takes one of a number of faults.
pub(super) fn take(left: &mut u64) -> bool {
    let is_left = *left > 0;
    *left = left.saturating_sub(1);
    is_left
}

pub(super) async fn show(State(shared): State<Shared>) -> Json<Switches> {
    Json(world(&shared).switches.clone())
}

pub(super) async fn change(State(shared): State<Shared>, body: Bytes) -> Response {
    let mut world = world(&shared);
    let mut all = json!(world.switches);
    let changes: Option<Value> = serde_json::from_slice(&body).ok();
    if let (Some(all), Some(Value::Object(changes))) = (all.as_object_mut(), changes) {
        all.extend(changes);
    }
    match serde_json::from_value(all) {
        Ok(changed) => {
            world.switches = changed;
            Json(world.switches.clone()).into_response()
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()).into_response(),
    }
}
