use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};
use identity::access::Admin;
use kernel::{Problem, ProblemKind};
use platform::{audit::Actor, config::Config, crypto::is_secret, web::WebError};
use secrecy::SecretString;

/// The header of the secret that starts a sync.
pub(crate) const SECRET_HEADER: &str = "x-internal-sync-secret";

/// The secrets that start a sync: the present one, and the previous one while callers are switched over.
#[derive(Clone)]
pub struct SyncSecrets(Arc<[SecretString]>);

impl std::fmt::Debug for SyncSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SyncSecrets").field(&self.0.len()).finish()
    }
}

impl SyncSecrets {
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let secrets = [&config.internal_sync_secret, &config.internal_sync_secret_previous];
        Self(secrets.into_iter().flatten().cloned().collect())
    }

    /// Returns whether a text is one of the secrets. Each is compared in constant time; without one, nothing is accepted.
    fn accept(&self, given: &str) -> bool {
        let compared = self.0.iter().map(|secret| is_secret(secret, given));
        compared.fold(false, |accepted, is_this| accepted | is_this)
    }
}

/// A program with the secret, or an admin.
#[derive(Clone, Copy, Debug)]
pub struct SyncCaller(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for SyncCaller {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let Some(given) = parts.headers.get(SECRET_HEADER) else {
            let Admin(viewer) = Admin::from_request_parts(parts, state).await?;
            return Ok(Self(viewer.actor()));
        };
        let secrets = parts.extensions.get::<SyncSecrets>();
        let given = given.to_str().unwrap_or_default();
        if secrets.is_some_and(|secrets| secrets.accept(given)) {
            Ok(Self(Actor::Operator))
        } else {
            Err(wrong_secret().into())
        }
    }
}

fn wrong_secret() -> Problem {
    let detail = "The secret in the header x-internal-sync-secret is wrong, or this server has none. Send the value of \
                  INTERNAL_SYNC_SECRET.";
    Problem::new(ProblemKind::Unauthenticated, "BAD_SYNC_SECRET", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_present_and_the_previous_secret_are_accepted() {
        let secret = |text: &str| SecretString::from(text.to_owned());
        let both = SyncSecrets([secret("new"), secret("old")].into());
        assert!(both.accept("new") && both.accept("old"));
        assert!(!both.accept("") && !both.accept("newer"));
        let none = SyncSecrets([].into());
        assert!(!none.accept("") && !none.accept("new"));
    }
}
