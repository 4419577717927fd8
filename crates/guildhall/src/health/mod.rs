//! The server's health: its configuration, its database and the external services that it calls. `doctor`, the admin
//! page and the API show the same findings.

mod findings;

use std::sync::Arc;

use kernel::Timestamp;
use platform::{
    Context,
    checks::Checks,
    config::Config,
    db::Sizes,
    module::{Modules, Services},
    outside::OutsideServices,
    processes::{Asker, Process},
};

pub(crate) use findings::secrets;
pub use findings::{of_configuration, of_database, of_running, of_services};
pub use platform::finding::{Finding, FindingState};

/// The instant at which this process started.
#[derive(Clone, Copy)]
struct StartedAt(Timestamp);

/// The parts of the server that its health depends on.
#[derive(Clone)]
pub(crate) struct Watch {
    pub(crate) config: Arc<Config>,
    pub(crate) services: OutsideServices,
    pub(crate) checks: Checks,
    modules: Modules,
    started_at: Timestamp,
}

/// The server's health.
pub(crate) struct Health {
    pub(crate) findings: Vec<Finding>,
    /// Absent when the database could not be measured.
    pub(crate) sizes: Option<Sizes>,
    /// The servers and workers.
    pub(crate) processes: Vec<Process>,
    pub(crate) started_at: Timestamp,
}

impl Watch {
    /// Creates the watch of a server, which starts now if it is the first.
    pub(crate) fn new(services: &Services) -> Self {
        let StartedAt(started_at) = services.once(|| StartedAt(services.context.now()));
        Self {
            config: Arc::clone(&services.config),
            services: services.outside.clone(),
            checks: Checks::of(services),
            modules: services.modules(),
            started_at,
        }
    }

    /// Runs the quick checks. Services are reported by their last known state, and only `doctor` checks the stored
    /// secrets.
    pub(crate) async fn findings(&self, context: &Context) -> Vec<Finding> {
        self.found(context).await.0
    }

    async fn found(&self, context: &Context) -> (Vec<Finding>, Vec<Process>) {
        let mut findings = of_configuration(&self.config);
        findings.extend(of_database(self.modules, &context.db, None).await);
        let (running, processes) = of_running(&self.checks, context, Asker::Process).await;
        findings.extend(running);
        findings.extend(of_services(&self.services.found()));
        (findings, processes)
    }

    /// Runs the quick checks and measures the database.
    pub(crate) async fn look(&self, context: &Context) -> Health {
        let (findings, processes) = self.found(context).await;
        Health { findings, sizes: sizes(context).await, processes, started_at: self.started_at }
    }
}

/// Measures the database; a failure is logged and shown by the other findings.
async fn sizes(context: &Context) -> Option<Sizes> {
    let sizes = context.db.sizes().await;
    sizes.inspect_err(|error| tracing::warn!(%error, "cannot measure the database")).ok()
}
