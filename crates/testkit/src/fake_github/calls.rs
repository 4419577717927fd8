//! The number of calls of the API, by their kind and their outcome.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::{MatchedPath, Request, State},
    http::StatusCode,
    response::Response,
};
use serde::Serialize;

use super::Shared;

/// The calls so far, by their kind: the method and the path of a REST call, or `POST /graphql` with what the query reads of a
/// repository.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(super) struct Calls(BTreeMap<String, Outcomes>);

#[derive(Debug, Default, Serialize)]
struct Outcomes {
    answered: u64,
    /// Nothing had changed, so that they did not count toward the limit.
    unchanged: u64,
    /// They were refused because of a limit.
    limited: u64,
    /// They failed with a simulated error.
    failed: u64,
    /// They were refused for another reason.
    refused: u64,
}

/// The part of a repository that a query reads, which its response states for the count.
#[derive(Clone)]
pub(super) struct QueriedPart(pub(super) String);

/// Returns the kind of a request before it is handled.
pub(super) fn kind(request: &Request) -> String {
    let path = request.extensions().get::<MatchedPath>();
    let path = path.map_or("?", MatchedPath::as_str);
    let path = path.strip_prefix("/api/v3").unwrap_or(path);
    format!("{} {path}", request.method())
}

impl Calls {
    /// Counts a response to a request of a kind. A request that did not reach the API's own code states nothing else.
    pub(super) fn count(&mut self, kind: String, response: &Response) {
        let queried = response.extensions().get::<QueriedPart>();
        let kind = match queried {
            Some(QueriedPart(what)) => format!("{kind} {what}"),
            None => kind,
        };
        let own = self.0.entry(kind).or_default();
        let outcome = match response.status() {
            StatusCode::NOT_MODIFIED => &mut own.unchanged,
            StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS if is_limit(response) => {
                &mut own.limited
            }
            status if status.is_server_error() => &mut own.failed,
            status if status.is_client_error() => &mut own.refused,
            _ => &mut own.answered,
        };
        *outcome += 1;
    }
}

/// Marks a refusal because of a limit.
#[derive(Clone, Copy)]
pub(super) struct AtLimit;

fn is_limit(response: &Response) -> bool {
    response.extensions().get::<AtLimit>().is_some()
}

/// `GET /_calls`
pub(super) async fn show(State(shared): State<Arc<Shared>>) -> Json<serde_json::Value> {
    Json(serde_json::json!(shared.world().calls))
}
