use std::{fmt, sync::Arc};

use axum::http::Extensions;

use crate::{
    Context, alerts::Operators, config::Config, crypto::KeyRing, outbox::Post,
    outside::OutsideServices, web::Cookies,
};

/// The services that the application provides to its modules.
#[derive(Clone)]
pub struct Services {
    /// The database, the clock and the source of ids.
    pub context: Context,
    /// The effective configuration.
    pub config: Arc<Config>,
    /// Encrypts secrets at rest.
    pub ring: KeyRing,
    /// Renders and sends messages to people.
    pub post: Post,
    /// The external services and their health.
    pub outside: OutsideServices,
    /// Values of modules above the platform, by type.
    pub extensions: Extensions,
}

impl Services {
    /// Returns the operators, to send alerts to.
    #[must_use]
    pub fn operators(&self) -> Operators {
        Operators::new(&self.config, &self.post)
    }

    /// Returns true if the server is reached over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        let url = self.config.public_url.as_deref();
        url.is_some_and(|url| url.starts_with("https:"))
    }

    /// Returns the cookies of this server.
    #[must_use]
    pub fn cookies(&self) -> Cookies {
        Cookies::new(self.is_secure())
    }
}

impl fmt::Debug for Services {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Services").field("context", &self.context).finish_non_exhaustive()
    }
}
