use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use axum::http::Extensions;

use crate::{
    Context,
    alerts::Operators,
    config::Config,
    crypto::KeyRing,
    outbox::Post,
    outside::OutsideServices,
    traffic::Traffic,
    web::{Cookies, Observation},
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
    /// Values of [`Services::once`].
    pub made: MadeOnce,
}

/// Values that a process makes once, by type. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct MadeOnce(Arc<Mutex<Extensions>>);

impl Services {
    /// Returns the operators, to send alerts to.
    #[must_use]
    pub fn operators(&self) -> Operators {
        Operators::new(&self.config, &self.post)
    }

    /// Returns the value of a type, which the process makes once: it stays when the application is composed again with other
    /// settings.
    pub fn once<T: Clone + Send + Sync + 'static>(&self, make: impl FnOnce() -> T) -> T {
        let mut made = self.made.0.lock().unwrap_or_else(PoisonError::into_inner);
        made.get_or_insert_with(make).clone()
    }

    /// Returns what this process counts of its answers.
    #[must_use]
    pub fn traffic(&self) -> Arc<Traffic> {
        self.once(Arc::<Traffic>::default)
    }

    /// Returns what the answers of this process are observed with.
    #[must_use]
    pub fn observation(&self) -> Observation {
        let contact = self.config.contact_operations.as_ref();
        let contact = contact.or(self.config.community_contact.as_ref());
        Observation { traffic: self.traffic(), contact: contact.map(|to| to.text().into()) }
    }

    /// Returns true if the server is reached over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.config.is_secure()
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
