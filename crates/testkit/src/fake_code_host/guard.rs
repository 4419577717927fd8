use std::{sync::Arc, time::Duration};

use axum::{
    extract::{OriginalUri, Query, Request, State},
    http::{HeaderMap, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    CodeHostKind, CodeHostState as Faults, Shared, bitbucket, gitea, gitlab,
    reply::{HostRequest, Reply, add, parts},
};

/// The outermost layer of the API: counts, latency and faults.
pub(super) async fn guard(
    State(shared): State<Arc<Shared>>,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    let latency = {
        let mut state = shared.state();
        *state.calls.entry(uri.path().to_owned()).or_default() += 1;
        state.switches.latency_ms
    };
    if latency > 0 {
        tokio::time::sleep(Duration::from_millis(latency)).await;
    }
    // A separate statement, so that the lock is released before the answer is built.
    let trouble = shared.state().trouble(shared.kind);
    match trouble {
        Some(answer) => answer,
        None => next.run(request).await,
    }
}

impl Faults {
    /// Returns the fault that the switches cause for this request.
    fn trouble(&mut self, kind: CodeHostKind) -> Option<Response> {
        if self.rng.fraction() < self.switches.errors {
            let status = *self.rng.pick(&[
                StatusCode::INTERNAL_SERVER_ERROR,
                StatusCode::BAD_GATEWAY,
                StatusCode::SERVICE_UNAVAILABLE,
            ]);
            let page = "<html><body><h1>Service error</h1></body></html>";
            return Some((status, page).into_response());
        }
        let is_over = match &mut self.switches.requests_left {
            Some(0) => true,
            Some(left) => {
                *left -= 1;
                false
            }
            None => false,
        };
        if !is_over && self.rng.fraction() >= self.switches.limited {
            return None;
        }
        let message = match kind {
            CodeHostKind::Bitbucket => "Rate limit for this resource has been exceeded",
            CodeHostKind::Gitea | CodeHostKind::Gitlab => "Retry later",
        };
        let refused = Reply::Refused(StatusCode::TOO_MANY_REQUESTS, message.to_owned());
        let mut response = refused.response(kind);
        if kind != CodeHostKind::Bitbucket {
            let seconds = self.switches.retry_after.to_string();
            add(response.headers_mut(), "retry-after", Some(seconds));
        }
        Some(response)
    }
}

/// Answers a request to the API.
pub(super) async fn answer(
    State(shared): State<Arc<Shared>>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    let is_known = is_known(&headers, &shared.token);
    if headers.contains_key(header::AUTHORIZATION) && !is_known {
        let refused = Reply::Refused(StatusCode::UNAUTHORIZED, "401 Unauthorized".to_owned());
        return refused.response(shared.kind);
    }
    let below = match shared.kind {
        CodeHostKind::Gitea => "/api/v1",
        CodeHostKind::Gitlab => "/api/v4",
        CodeHostKind::Bitbucket => "",
    };
    let Some(ask) = ask(&shared, &uri, below, is_known) else {
        return Reply::missing("404 Not Found").response(shared.kind);
    };
    let reply = match shared.kind {
        CodeHostKind::Gitea => gitea::answer(&shared.library, &ask),
        CodeHostKind::Gitlab => gitlab::answer(&shared.library, &ask),
        CodeHostKind::Bitbucket => bitbucket::answer(&shared.library, &ask),
    };
    reply.response(shared.kind)
}

fn ask(shared: &Shared, uri: &Uri, below: &str, is_known: bool) -> Option<HostRequest> {
    let query = Query::<Vec<(String, String)>>::try_from_uri(uri);
    let state = shared.state();
    Some(HostRequest {
        parts: parts(uri, below)?,
        path: uri.path().to_owned(),
        query: query.map(|query| query.0).unwrap_or_default(),
        is_known,
        base: shared.base.clone(),
        largest_page: state.switches.largest_page,
        archives_at: state.switches.archives_at.clone(),
        without_activities: state.switches.without_activities,
    })
}

/// Returns true if a request has the token: as a token of Gitea, a bearer token, or the password of a name.
fn is_known(headers: &HeaderMap, token: &str) -> bool {
    let sent = headers.get(header::AUTHORIZATION);
    let Some((scheme, value)) =
        sent.and_then(|value| value.to_str().ok()).and_then(|text| text.split_once(' '))
    else {
        return false;
    };
    match scheme {
        "token" | "Bearer" => value == token,
        "Basic" => {
            let decoded = STANDARD.decode(value).unwrap_or_default();
            let text = String::from_utf8_lossy(&decoded);
            text.split_once(':').is_some_and(|(_, password)| password == token)
        }
        _ => false,
    }
}
