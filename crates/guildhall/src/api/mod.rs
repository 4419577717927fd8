//! JSON that needs several rooms at once, and the addresses that operators look at.

mod health;
mod people;
mod pull_requests;

use axum::{Router, routing::get};
use platform::Context;

pub use health::{Metrics, metrics};
pub use people::PersonView;
pub(crate) use people::{cut, find as person, names};
pub(crate) use pull_requests::NOBODY;
pub use pull_requests::{EntryView, PullRequestView, explained};

/// Routes of this part.
pub fn routes() -> Router<Context> {
    Router::new()
        .route("/api/health", get(health::health))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/api/v1/people/{login}", get(people::person))
        .route(
            "/api/v1/people/{login}/transactions",
            get(people::transactions),
        )
        .route(
            "/api/v1/people/{login}/pull-requests",
            get(people::pull_requests),
        )
        .route(
            "/api/v1/pull-requests/{owner}/{repository}/{number}",
            get(pull_requests::pull_request),
        )
}
