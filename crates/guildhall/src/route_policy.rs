//! What the gate and the keeper of pages must know of this house's addresses.

use std::num::NonZeroU32;

use axum::http::Extensions;
use identity::access;
use platform::{
    config::Config,
    web::{Limits, PagePolicy},
};

use crate::pages;

/// Another page for each who is signed in.
const HOME: &str = "/";

/// What is the same for everybody, but for the slots of its frame; in order. A new route is not among
/// them.
const SHARED: &[&str] = &[
    "/api/v1/leaderboards/global",
    "/api/v1/leaderboards/global/ranks/{login}",
    "/api/v1/leaderboards/months/{month}",
    "/api/v1/leaderboards/months/{month}/ranks/{login}",
    "/api/v1/leaderboards/projects/{slug}",
    "/api/v1/leaderboards/projects/{slug}/ranks/{login}",
    "/api/v1/openapi.json",
    "/api/v1/people/{login}",
    "/api/v1/people/{login}/pull-requests",
    "/api/v1/people/{login}/transactions",
    "/api/v1/projects",
    "/api/v1/projects/{slug}",
    "/api/v1/projects/{slug}/rules",
    "/api/v1/pull-requests/{owner}/{repository}/{number}",
    "/guides",
    "/guides/{name}",
    "/leaderboards",
    "/leaderboards/board.csv",
    "/leaderboards/months",
    "/leaderboards/months/{month}",
    "/leaderboards/months/{month}/board.csv",
    "/leaderboards/projects/{slug}",
    "/leaderboards/projects/{slug}/board.csv",
    "/people/{login}",
    "/people/{login}/days.csv",
    "/people/{login}/ledger.csv",
    "/people/{login}/pull-requests.csv",
    "/projects",
    "/projects/{slug}",
    "/projects/{slug}/pull-requests.csv",
    "/projects/{slug}/rules",
    "/pull-requests/{owner}/{repository}/{number}",
    "/pull-requests/{owner}/{repository}/{number}/ledger.csv",
];

/// What of it is for programs: pages of other sites may read it where an operator names them.
pub(crate) fn is_open(route: &str) -> bool {
    route.starts_with("/api/v1/") && Readers.is_shared(route)
}

/// Where somebody is let in: guessing must be slow there. Pages on the way count as any other, but for
/// those of a mailed link, and the way to an issuer that may have to be asked where it is.
const SIGN_IN: &[&str] = &[
    "/api/v1/auth/",
    "/sign-in/demo",
    "/sign-in/email",
    "/sign-in/github/callback",
    "/sign-in/openid",
];

/// What has bounds of its own, asks nothing of the database, or is asked by those who run the house.
const UNLIMITED: &[&str] = &[
    "/api/health",
    "/api/v1/webhooks/",
    "/api/webhooks/",
    "/assets/",
    "/livez",
    "/metrics",
    "/readyz",
    "/service-worker.js",
];

/// Who reads what in this house.
pub(crate) struct Readers;

impl PagePolicy for Readers {
    fn is_public(&self, route: &str) -> bool {
        route == HOME || self.is_shared(route)
    }

    fn is_shared(&self, route: &str) -> bool {
        SHARED.binary_search(&route).is_ok()
    }

    fn forget(&self, found: &mut Extensions) {
        access::forget(found);
    }

    fn slots(&self, found: &Extensions) -> Vec<String> {
        pages::slots(found)
    }
}

/// What the gate lets in.
pub(crate) fn limits(config: &Config) -> Limits {
    let number = |number: u64| {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN)
    };
    Limits {
        requests_per_minute: number(config.requests_per_minute),
        person_requests_per_minute: number(config.person_requests_per_minute),
        token_requests_per_minute: number(config.token_requests_per_minute),
        sign_in: SIGN_IN,
        unlimited: UNLIMITED,
        trusted_proxies: config.trusted_proxies.clone(),
        exempt: config.exempt_networks.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_routes_are_in_order_so_that_each_is_found() {
        assert!(SHARED.is_sorted());
        assert!(SHARED.iter().all(|route| Readers.is_shared(route)));
        assert!(!Readers.is_shared("/projects/{slug}/maintainers"));
        assert!(Readers.is_public(HOME) && !Readers.is_shared(HOME));
    }
}
