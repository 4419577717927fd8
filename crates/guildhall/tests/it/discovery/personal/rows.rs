//! Rows of the permission matrix for preferences, matches and feedback.

use crate::auth::rows::{Access::SignedIn, NONE, Row};

/// The rows. They share the issue of the rows of claims.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    ("GET", "/api/v1/preferences", "/api/v1/preferences", NONE, SignedIn(200)),
    ("PUT", "/api/v1/preferences", "/api/v1/preferences", NONE, SignedIn(200)),
    ("POST", "/api/v1/opportunities/match", "/api/v1/opportunities/match", NONE, SignedIn(200)),
    ("POST", "/api/v1/opportunities/{id}/save", "/api/v1/opportunities/01900000-0000-7000-8000-0000000000d1/save", NONE, SignedIn(204)),
    ("DELETE", "/api/v1/opportunities/{id}/save", "/api/v1/opportunities/01900000-0000-7000-8000-0000000000d1/save", NONE, SignedIn(204)),
    ("POST", "/api/v1/opportunities/{id}/dismiss", "/api/v1/opportunities/01900000-0000-7000-8000-0000000000d1/dismiss", NONE, SignedIn(204)),
    ("DELETE", "/api/v1/opportunities/{id}/dismiss", "/api/v1/opportunities/01900000-0000-7000-8000-0000000000d1/dismiss", NONE, SignedIn(204)),
    ("POST", "/api/v1/opportunities/{id}/started", "/api/v1/opportunities/01900000-0000-7000-8000-0000000000d1/started", NONE, SignedIn(204)),
    ("DELETE", "/api/v1/opportunities/{id}/started", "/api/v1/opportunities/01900000-0000-7000-8000-0000000000d1/started", NONE, SignedIn(204)),
    ("POST", "/api/v1/opportunities/{id}/helpful", "/api/v1/opportunities/01900000-0000-7000-8000-0000000000d1/helpful", NONE, SignedIn(204)),
    ("DELETE", "/api/v1/opportunities/{id}/helpful", "/api/v1/opportunities/01900000-0000-7000-8000-0000000000d1/helpful", NONE, SignedIn(204)),
    ("GET", "/api/v1/me/saved-opportunities", "/api/v1/me/saved-opportunities", NONE, SignedIn(200)),
    ("GET", "/discover/for-you", "/discover/for-you", NONE, SignedIn(200)),
    ("GET", "/discover/learning", "/discover/learning", NONE, SignedIn(200)),
    ("GET", "/discover/saved", "/discover/saved", NONE, SignedIn(200)),
    ("GET", "/discover/preferences", "/discover/preferences", NONE, SignedIn(200)),
    ("POST", "/discover/preferences", "/discover/preferences", NONE, SignedIn(303)),
    ("POST", "/discover/{id}/save", "/discover/01900000-0000-7000-8000-0000000000d1/save", NONE, SignedIn(303)),
    ("POST", "/discover/{id}/unsave", "/discover/01900000-0000-7000-8000-0000000000d1/unsave", NONE, SignedIn(303)),
    ("POST", "/discover/{id}/dismiss", "/discover/01900000-0000-7000-8000-0000000000d1/dismiss", NONE, SignedIn(303)),
    ("POST", "/discover/{id}/restore", "/discover/01900000-0000-7000-8000-0000000000d1/restore", NONE, SignedIn(303)),
    ("POST", "/discover/{id}/feedback", "/discover/01900000-0000-7000-8000-0000000000d1/feedback", &[("says", "helpful")], SignedIn(303)),
];
