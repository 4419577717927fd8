//! The server's health: its configuration, its database and the external services that it calls. `doctor`, the admin
//! page and the API show the same findings.

mod findings;

use std::sync::Arc;

use kernel::Timestamp;
use platform::{
    Context,
    config::Config,
    db::Sizes,
    module::{Modules, Services},
    outside::OutsideServices,
};

pub(crate) use findings::secrets;
pub use findings::{Finding, FindingState, of_configuration, of_database, of_services};

/// The instant at which this process started.
#[derive(Clone, Copy)]
struct StartedAt(Timestamp);

/// The parts of the server that its health depends on.
#[derive(Clone)]
pub(crate) struct Watch {
    pub(crate) config: Arc<Config>,
    pub(crate) services: OutsideServices,
    modules: Modules,
    started_at: Timestamp,
}

/// The server's health.
pub(crate) struct Health {
    pub(crate) findings: Vec<Finding>,
    /// Absent when the database could not be measured.
    pub(crate) sizes: Option<Sizes>,
    pub(crate) started_at: Timestamp,
}

impl Watch {
    /// Creates the watch of a server, which starts now if it is the first.
    pub(crate) fn new(services: &Services) -> Self {
        let StartedAt(started_at) = services.once(|| StartedAt(services.context.now()));
        Self {
            config: Arc::clone(&services.config),
            services: services.outside.clone(),
            modules: services.modules(),
            started_at,
        }
    }

    /// Runs the quick checks. Services are reported by their last known state, and only `doctor` checks the stored
    /// secrets.
    pub(crate) async fn findings(&self, context: &Context) -> Vec<Finding> {
        let mut findings = of_configuration(&self.config);
        findings.extend(of_database(self.modules, &context.db, None).await);
        findings.extend(of_services(&self.services.found()));
        findings
    }

    /// Runs the quick checks and measures the database.
    pub(crate) async fn look(&self, context: &Context) -> Health {
        Health {
            findings: self.findings(context).await,
            sizes: sizes(context).await,
            started_at: self.started_at,
        }
    }
}

/// Measures the database; a failure is logged and shown by the other findings.
async fn sizes(context: &Context) -> Option<Sizes> {
    let sizes = context.db.sizes().await;
    sizes.inspect_err(|error| tracing::warn!(%error, "cannot measure the database")).ok()
}
