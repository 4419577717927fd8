use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderValue, header},
    response::Response,
};

use super::{SlowRequest, SlowRequests, Trace};
use crate::{traffic::SLOW, web::Next};

/// Notes a request that takes a second or longer. The task that stores it does so later, never the request.
pub async fn watch(slow: Arc<SlowRequests>, mut request: Request, next: Next) -> Response {
    let (began, trace) = (Instant::now(), Trace::default());
    request.extensions_mut().insert(trace.clone());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let agent = request.headers().get(header::USER_AGENT).cloned();
    let method = request.method().clone();
    let response = next.run(request).await;
    let took = began.elapsed();
    if took >= SLOW {
        let agent = agent.as_ref().map(HeaderValue::as_bytes);
        slow.note(SlowRequest {
            at: slow.now(),
            method: method.to_string(),
            route: route.as_ref().map_or("unmatched", MatchedPath::as_str).to_owned(),
            status: response.status().as_u16(),
            milliseconds: i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
            person: trace.person(),
            address: trace.address(),
            agent: agent.map(|bytes| String::from_utf8_lossy(bytes).into_owned()),
        });
    }
    response
}
