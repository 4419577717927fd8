//! The creation of a GitHub App in progress. It is stored encrypted in the browser that began it, so that no other browser can
//! give this server an App.

use axum::http::{HeaderMap, HeaderValue};
use chrono::TimeDelta;
use identity::rules::is_same;
use kernel::Timestamp;
use platform::{
    crypto::{self, CryptoError, KeyRing},
    module::Services,
    web::Cookies,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long a person can take on GitHub, whose code lasts as long.
const ATTEMPT_LASTS: TimeDelta = TimeDelta::hours(1);

/// The name of the cookie.
const COOKIE: &str = "github-app";

/// The attempts in cookies.
#[derive(Clone)]
pub(super) struct Attempts {
    ring: KeyRing,
    cookies: Cookies,
}

impl Attempts {
    pub(super) fn of(services: &Services) -> Self {
        Self { ring: services.ring.clone(), cookies: services.cookies() }
    }

    /// Returns the cookie with an attempt.
    ///
    /// # Errors
    /// When the operating system provides no random bytes.
    pub(super) fn cookie(&self, attempt: &AppAttempt) -> Result<HeaderValue, CryptoError> {
        let age = ATTEMPT_LASTS.to_std().unwrap_or_default();
        Ok(self.cookies.set(COOKIE, &attempt.seal(&self.ring)?, age))
    }

    /// Returns the attempt of a browser with the state and the admin of it.
    pub(super) fn open(
        &self,
        headers: &HeaderMap,
        own: (&str, Uuid),
        now: Timestamp,
    ) -> Option<AppAttempt> {
        AppAttempt::open(&self.ring, self.cookies.read(headers, COOKIE)?, own, now)
    }

    /// Returns the cookie that ends an attempt.
    pub(super) fn clear(&self) -> HeaderValue {
        self.cookies.clear(COOKIE)
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct AppAttempt {
    /// The text that GitHub sends back.
    pub(super) state: String,
    /// The admin.
    person: Uuid,
    /// The origin of the visit, as in `Opened`.
    pub(super) from: String,
    ends_at: Timestamp,
}

impl AppAttempt {
    /// Begins an attempt.
    ///
    /// # Errors
    /// When the operating system provides no random bytes.
    pub(super) fn new(person: Uuid, from: &str, now: Timestamp) -> Result<Self, CryptoError> {
        let (state, ends_at) = (crypto::token()?, now + ATTEMPT_LASTS);
        Ok(Self { state, person, from: from.to_owned(), ends_at })
    }

    /// Encrypts the attempt for the browser.
    ///
    /// # Errors
    /// When the operating system provides no random bytes.
    fn seal(&self, ring: &KeyRing) -> Result<String, CryptoError> {
        let plain = serde_json::to_vec(self).expect("texts and an instant are JSON");
        Ok(crypto::to_text(&ring.seal(&plain)?))
    }

    /// Decrypts the attempt of an admin; `None` when it is forged, has expired or has another state.
    fn open(
        ring: &KeyRing,
        sealed: &str,
        (state, person): (&str, Uuid),
        now: Timestamp,
    ) -> Option<Self> {
        let plain = ring.open(&crypto::from_text(sealed)?).ok()?;
        let attempt: Self = serde_json::from_slice(&plain).ok()?;
        let is_own = attempt.person == person && is_same(&attempt.state, state);
        (is_own && now < attempt.ends_at).then_some(attempt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_opens_only_for_its_admin_and_state_until_it_expires() {
        let ring = |digit: &str| KeyRing::given(digit.repeat(64).into(), None).expect("a ring");
        let (ring, other) = (ring("a"), ring("b"));
        let (admin, stranger) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let now: Timestamp = "2026-11-01T00:00:00Z".parse().expect("an instant");
        let attempt = AppAttempt::new(admin, "settings", now).expect("an attempt");
        let sealed = attempt.seal(&ring).expect("sealed");
        let open = |ring, state: &str, person, at| {
            AppAttempt::open(ring, &sealed, (state, person), at).map(|attempt| attempt.from)
        };
        let state = attempt.state.as_str();
        assert_eq!(open(&ring, state, admin, now).as_deref(), Some("settings"));
        assert_eq!(open(&ring, state, stranger, now), None);
        assert_eq!(open(&ring, "another", admin, now), None);
        assert_eq!(open(&other, state, admin, now), None);
        assert_eq!(open(&ring, state, admin, now + ATTEMPT_LASTS), None);
        assert!(AppAttempt::open(&ring, "zz", (state, admin), now).is_none());
    }
}
