//! The counts of requests by minute, of all processes: small installations have no Prometheus, so alerts read the shares of failures and
//! slow answers here. Each process counts in memory and adds its counts once a minute, so that a request costs no statement. Owns
//! `request_minutes`.

mod store;
mod tables;

use std::{
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::http::StatusCode;
use kernel::Timestamp;

use crate::Context;

pub use store::{Sums, since};
pub(crate) use tables::migration;

/// From when on an answer is slow.
pub(crate) const SLOW: Duration = Duration::from_secs(1);

/// Routes that say how the server is. They may answer 503 because another service fails, and no one waits for them.
const OWN_ROUTES: [&str; 5] = ["/api/health", "/healthz", "/livez", "/metrics", "/readyz"];

/// The counts of this process that are not stored yet.
#[derive(Debug, Default)]
pub struct Traffic(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    sums: Sums,
    /// The failed connections of this process that are in `sums` or stored.
    failed_connections: u64,
    /// The minute, since 1970, in which counts were last stored.
    stored_in: Option<i64>,
}

impl Traffic {
    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an answer by the template of its route. `is_kept` says whether a page that may be cached was.
    pub(crate) fn count(
        &self,
        route: &str,
        status: StatusCode,
        took: Duration,
        is_kept: Option<bool>,
    ) {
        if OWN_ROUTES.contains(&route) {
            return;
        }
        let mut counted = self.counted();
        let sums = &mut counted.sums;
        let (refused, failed) = (status.is_client_error(), status.is_server_error());
        sums.requests += 1;
        sums.client_errors += i64::from(refused);
        sums.server_errors += i64::from(failed);
        sums.slow_requests += i64::from(took >= SLOW);
        if route.starts_with("/api/") {
            sums.api_requests += 1;
            sums.api_client_errors += i64::from(refused);
            sums.api_server_errors += i64::from(failed);
        }
        match is_kept {
            Some(true) => sums.pages_kept += 1,
            Some(false) => sums.pages_rendered += 1,
            None => {}
        }
    }

    /// Stores what was counted if the minute is another one than at the last call.
    pub async fn keep(&self, context: &Context) {
        let minute = Some(context.now().timestamp().div_euclid(60));
        if mem::replace(&mut self.counted().stored_in, minute) != minute {
            self.store(context).await;
        }
    }

    /// Stores what was counted, if anything was. What cannot be stored stays counted.
    pub async fn store(&self, context: &Context) {
        let now = context.now();
        let sums = self.take(context.db.failed_connections());
        if sums == Sums::default() {
            return;
        }
        if let Err(error) = store::add(context, now, &sums).await {
            self.counted().sums += sums;
            tracing::debug!(%error, "cannot store the counted requests; trying again in a minute");
        }
    }

    fn take(&self, failed_connections: u64) -> Sums {
        let mut counted = self.counted();
        let known = mem::replace(&mut counted.failed_connections, failed_connections);
        let new = failed_connections.saturating_sub(known);
        counted.sums.failed_connections += i64::try_from(new).unwrap_or(i64::MAX);
        mem::take(&mut counted.sums)
    }
}

/// Returns the beginning of the minute of an instant.
fn minute(at: Timestamp) -> Timestamp {
    let seconds = at.timestamp().div_euclid(60) * 60;
    Timestamp::from_timestamp(seconds, 0).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_status_duration_and_route() {
        let traffic = Traffic::default();
        let fast = Duration::from_millis(5);
        for (route, status, took, is_kept) in [
            ("/", 200, fast, Some(false)),
            ("/", 200, fast, Some(true)),
            ("/projects/{slug}", 404, fast, None),
            ("/projects/{slug}", 500, SLOW, None),
            ("/api/v1/projects", 503, fast, None),
            ("/api/v1/projects", 422, fast, None),
            ("/api/health", 503, SLOW, None),
            ("/readyz", 503, fast, None),
        ] {
            let status = StatusCode::from_u16(status).expect("a status");
            traffic.count(route, status, took, is_kept);
        }
        let expected = Sums {
            requests: 6,
            client_errors: 2,
            server_errors: 2,
            slow_requests: 1,
            api_requests: 2,
            api_client_errors: 1,
            api_server_errors: 1,
            pages_kept: 1,
            pages_rendered: 1,
            failed_connections: 3,
        };
        assert_eq!(traffic.take(3), expected);
        assert_eq!(traffic.take(3), Sums::default(), "taken once");
        let lost = Sums { failed_connections: 2, ..Sums::default() };
        assert_eq!(traffic.take(5), lost, "only new ones");
    }

    #[test]
    fn a_minute_begins_at_its_first_second() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        assert_eq!(minute(at("2026-11-01T08:15:59.9Z")), at("2026-11-01T08:15:00Z"));
        assert_eq!(minute(at("2026-11-01T08:15:00Z")), at("2026-11-01T08:15:00Z"));
    }
}
