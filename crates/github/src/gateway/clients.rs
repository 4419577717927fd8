use std::{sync::Arc, time::Duration};

use kernel::Timestamp;
use moka::sync::Cache;
use platform::{config::Config, crypto::digest, outside::Http};
use secrecy::{ExposeSecret, SecretString};

use super::{
    Api, ApiError,
    api::{Credential, TIMEOUT},
    app::App,
    code::Downloads,
    limits::Limits,
};

/// The time limit of a request that a person waits for. Three of them fit into the time limit of a response.
const PATIENCE: Duration = Duration::from_millis(2_500);

/// The number of times that a job sends a request while GitHub fails.
const TRIES: u32 = 3;

/// The number of tokens whose limits are remembered.
const TOKENS: u64 = 10_000;

/// Clients of GitHub's API, one for each token, because GitHub limits the requests of each token. Clones share the
/// limits.
#[derive(Clone, Debug)]
pub struct Clients {
    base: String,
    http: Arc<Http>,
    quick: Arc<Http>,
    downloads: Arc<Downloads>,
    server: Option<SecretString>,
    app: Option<Arc<App>>,
    /// Limits by the digest of their token.
    limits: Cache<Vec<u8>, Arc<Limits>>,
}

impl Clients {
    /// Creates clients for the configured server.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let http = Arc::new(Http::new(TIMEOUT));
        Self {
            base: config.github_api_url.clone(),
            app: App::of(config, &http).map(Arc::new),
            http,
            quick: Arc::new(Http::new(PATIENCE)),
            downloads: Arc::default(),
            server: config.github_api_token.clone(),
            limits: Cache::new(TOKENS),
        }
    }

    /// Returns the client with the server's own token, if it has one.
    #[must_use]
    pub fn server(&self) -> Option<Api> {
        self.server.as_ref().map(|token| self.with(token))
    }

    /// Returns a client with the server's own token for a person who waits for the result, if it has one.
    #[must_use]
    pub fn quick_server(&self) -> Option<Api> {
        self.server.as_ref().map(|token| self.quick(token))
    }

    /// Returns a client with the server's own token for searches alone, if it has one: GitHub limits these apart from all other
    /// requests, and a pause for them must not stop the others.
    #[must_use]
    pub fn searching(&self) -> Option<Api> {
        let token = self.server.as_ref()?;
        let name = format!("search {}", token.expose_secret());
        let limits = self.limits_named(name.as_bytes());
        let credential = Credential::Token(token.clone());
        Some(self.sharing(credential, &self.http, TRIES, limits))
    }

    /// Returns a client for a job.
    #[must_use]
    pub fn with(&self, token: &SecretString) -> Api {
        let credential = Credential::Token(token.clone());
        self.sharing(credential, &self.http, TRIES, self.limits_of(token))
    }

    /// Returns a client for a job without any token. It sees what is public, and GitHub allows it few requests.
    #[must_use]
    pub fn anonymous(&self) -> Api {
        let limits = self.limits_named(b"anonymous");
        self.sharing(Credential::Nothing, &self.http, TRIES, limits)
    }

    /// Returns a client without any token for a person who waits for the result of a request that must not be sent twice.
    pub(crate) fn once(&self) -> Api {
        let limits = self.limits_named(b"anonymous");
        self.sharing(Credential::Nothing, &self.http, 1, limits)
    }

    fn sharing(
        &self,
        credential: Credential,
        http: &Arc<Http>,
        tries: u32,
        limits: Arc<Limits>,
    ) -> Api {
        let clients = (Arc::clone(http), Arc::clone(&self.downloads));
        Api::sharing(self.base.clone(), credential, clients, tries, limits)
    }

    /// Returns true if the server has a GitHub App.
    #[must_use]
    pub fn has_app(&self) -> bool {
        self.app.is_some()
    }

    /// Returns a client for a job with the token of an installation of the App, by GitHub's ID, if the server has one.
    pub(crate) fn installation(&self, id: i64) -> Option<Api> {
        self.of_installation(id, &self.http, TRIES)
    }

    /// Returns a client with the token of an installation for a person who waits for the result.
    pub(crate) fn quick_installation(&self, id: i64) -> Option<Api> {
        self.of_installation(id, &self.quick, 1)
    }

    fn of_installation(&self, id: i64, http: &Arc<Http>, tries: u32) -> Option<Api> {
        let app = Arc::clone(self.app.as_ref()?);
        let limits = self.limits_named(format!("installation {id}").as_bytes());
        let credential = Credential::Installation(app, id);
        Some(self.sharing(credential, http, tries, limits))
    }

    /// Returns a client for a job with the token of the App itself, if the server has one. It ends after some minutes.
    ///
    /// # Errors
    /// When the operating system provides no random bytes.
    pub(crate) fn app(&self, now: Timestamp) -> Result<Option<Api>, ApiError> {
        self.of_app(now, &self.http, TRIES)
    }

    /// Returns a client with the token of the App itself for a person who waits for the result.
    ///
    /// # Errors
    /// As [`Clients::app`].
    pub(crate) fn quick_app(&self, now: Timestamp) -> Result<Option<Api>, ApiError> {
        self.of_app(now, &self.quick, 1)
    }

    fn of_app(
        &self,
        now: Timestamp,
        http: &Arc<Http>,
        tries: u32,
    ) -> Result<Option<Api>, ApiError> {
        let Some(app) = &self.app else {
            return Ok(None);
        };
        let credential = Credential::Token(app.own_token(now)?);
        let limits = self.limits_named(b"app");
        Ok(Some(self.sharing(credential, http, tries, limits)))
    }

    /// Returns a client for a person who waits for the result.
    #[must_use]
    pub fn quick(&self, token: &SecretString) -> Api {
        let credential = Credential::Token(token.clone());
        self.sharing(credential, &self.quick, 1, self.limits_of(token))
    }

    fn limits_of(&self, token: &SecretString) -> Arc<Limits> {
        self.limits_named(token.expose_secret().as_bytes())
    }

    fn limits_named(&self, name: &[u8]) -> Arc<Limits> {
        self.limits.get_with(digest(name), Arc::default)
    }
}
