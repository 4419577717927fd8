//! Providers that people sign in with: GitHub, and an OpenID Connect issuer.

mod attempt;
mod avatar;
mod claim;
#[cfg(test)]
mod fuzz;
mod github;
mod oauth_app;
mod openid;
mod provider;
mod services;

use kernel::Problem;

pub use attempt::{ATTEMPT_LASTS, SignInAttempt};
pub use avatar::Avatars;
pub use claim::Claim;
pub use github::{Github, GithubSignIn, Grant};
pub use oauth_app::OauthApp;
pub use openid::{OpenId, OpenIdSignIn};
pub use provider::Provider;
pub use services::services;

/// The error when a provider does not identify an account.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// The person can act on it.
    #[error(transparent)]
    Refused(#[from] Problem),
    /// An admin has to act on it.
    #[error("{0}")]
    App(String),
}
