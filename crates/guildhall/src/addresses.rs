//! What the gate and the keeper of pages must know of this house's addresses.

use std::num::NonZeroU32;

use platform::{config::Config, web::Limits};

/// What is the same for everybody who is not signed in.
const PUBLIC: &[&str] = &[
    "/api/v1/leaderboards",
    "/api/v1/openapi.json",
    "/api/v1/people/",
    "/api/v1/projects",
    "/api/v1/pull-requests/",
    "/guides",
    "/leaderboards",
    "/people/",
    "/projects",
    "/pull-requests/",
];

/// Where somebody is let in: guessing must be slow there. Pages on the way count as any other.
const SIGN_IN: &[&str] = &["/sign-in/demo", "/sign-in/github/callback"];

/// What has bounds of its own, asks nothing of the database, or is asked by those who run the house.
const UNLIMITED: &[&str] = &[
    "/api/health",
    "/api/v1/webhooks/",
    "/api/webhooks/",
    "/assets/",
    "/livez",
    "/metrics",
    "/readyz",
];

/// Whether what stands at a path is the same for everybody who is not signed in.
pub(crate) fn is_public(path: &str) -> bool {
    path == "/" || PUBLIC.iter().any(|prefix| path.starts_with(prefix))
}

/// What the gate lets in.
pub(crate) fn limits(config: &Config) -> Limits {
    let requests = u32::try_from(config.requests_per_minute).unwrap_or(u32::MAX);
    Limits {
        requests_per_minute: NonZeroU32::new(requests).unwrap_or(NonZeroU32::MIN),
        sign_in: SIGN_IN,
        unlimited: UNLIMITED,
        trusted_proxies: config.trusted_proxies.clone(),
        exempt: config.exempt_networks.clone(),
    }
}
