use std::sync::Arc;

use platform::{Context, config::Config};
use secrecy::SecretString;

use super::{Github, GithubSignIn};

/// The OAuth app on GitHub, if one is set up, as a request extension.
#[derive(Clone, Debug, Default)]
pub struct OauthApp(Option<Arc<Github>>);

impl OauthApp {
    /// Creates a client for the configured app, if any.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self(Github::of(config).map(Arc::new))
    }

    /// Returns true if people can connect GitHub.
    #[must_use]
    pub fn is_set_up(&self) -> bool {
        self.0.is_some()
    }

    /// Revokes a token on GitHub. Returns true if GitHub no longer accepts it.
    pub async fn revoke(&self, context: &Context, token: &SecretString) -> bool {
        let Some(github) = &self.0 else {
            return false;
        };
        match context.flags.permit::<GithubSignIn>() {
            Ok(permit) => github.revoke(permit, token).await,
            Err(_) => false,
        }
    }
}
