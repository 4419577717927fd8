use std::{fmt, time::Duration};

use bytes::Bytes;
use platform::{config::Config, flags::Permit, media, outside::Http};

use super::GithubSignIn;

/// How long an avatar may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A client for the avatars of accounts on GitHub.
pub struct Avatars {
    /// The base URL of GitHub's pages.
    url: String,
    http: Http,
}

impl Avatars {
    /// Creates a client for the configured GitHub.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self { url: config.github_url.clone(), http: Http::new(TIMEOUT) }
    }

    /// Fetches an avatar. Returns none if GitHub has none, or the address is not one of GitHub's.
    pub async fn fetch(&self, _: Permit<GithubSignIn>, address: &str) -> Option<Bytes> {
        match media::fetch(&self.http, &self.url, address).await {
            Ok(file) => Some(file),
            Err(cause) => {
                tracing::info!(cause, "an avatar was not fetched");
                None
            }
        }
    }
}

impl fmt::Debug for Avatars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Avatars").field("url", &self.url).finish_non_exhaustive()
    }
}
