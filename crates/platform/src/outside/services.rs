//! Health checks of external services. They run in the background, so that showing their results never waits.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use futures_util::future::{BoxFuture, join_all};
use kernel::Timestamp;

use crate::{
    Context,
    telemetry::{news, works},
};

/// How long the checks rest between two rounds. With [`PATIENCE`], a failure is known within a minute.
const ASKED_EVERY: Duration = Duration::from_secs(45);
/// How long each check may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The condition of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    NotConfigured,
    /// A flag forbids calling it.
    SwitchedOff,
    /// It was not checked yet.
    Unknown,
    /// It responds, with this message.
    Healthy(String),
    /// It does not respond or rejects us, with the next step.
    Failing(String),
}

type Ask = Box<dyn Fn(Context) -> BoxFuture<'static, Condition> + Send + Sync>;

/// An outside service.
pub struct Service {
    name: &'static str,
    ask: Option<Ask>,
    is_remark: bool,
}

impl Service {
    /// Creates a service that is not configured.
    #[must_use]
    pub fn absent(name: &'static str) -> Self {
        Self { name, ask: None, is_remark: false }
    }

    /// Creates a service with its health check.
    #[must_use]
    pub fn new<F>(name: &'static str, ask: impl Fn(Context) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Condition> + Send + 'static,
    {
        let ask: Ask = Box::new(move |context| Box::pin(ask(context)));
        Self { name, ask: Some(ask), is_remark: false }
    }

    /// Creates a check whose failure does not mean that this server works less well, such as of what happened before.
    #[must_use]
    pub fn remark<F>(name: &'static str, ask: impl Fn(Context) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Condition> + Send + 'static,
    {
        Self { is_remark: true, ..Self::new(name, ask) }
    }

    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    async fn look(&self, context: &Context) -> Condition {
        let Some(ask) = &self.ask else {
            return Condition::NotConfigured;
        };
        let late = |_| Condition::Failing(format!("No response within {PATIENCE:?}"));
        let answer = tokio::time::timeout(PATIENCE, ask(context.clone())).await;
        answer.unwrap_or_else(late)
    }
}

/// The result of a check.
#[derive(Clone, Debug)]
pub struct ServiceCheck {
    pub name: &'static str,
    pub condition: Condition,
    pub asked_at: Option<Timestamp>,
    /// True if a failure does not make the server degraded.
    pub is_remark: bool,
}

/// All external services that the server may call.
#[derive(Clone)]
pub struct OutsideServices(Arc<Inner>);

struct Inner {
    services: Vec<Service>,
    found: RwLock<Vec<ServiceCheck>>,
}

impl OutsideServices {
    /// Creates the set of services, which are not checked yet.
    #[must_use]
    pub fn new(services: Vec<Service>) -> Self {
        let unasked = |service: &Service| ServiceCheck {
            name: service.name,
            condition: match service.ask {
                Some(_) => Condition::Unknown,
                None => Condition::NotConfigured,
            },
            asked_at: None,
            is_remark: service.is_remark,
        };
        let found = RwLock::new(services.iter().map(unasked).collect());
        Self(Arc::new(Inner { services, found }))
    }

    /// Returns the results of the last checks.
    #[must_use]
    pub fn found(&self) -> Vec<ServiceCheck> {
        let found = self.0.found.read().unwrap_or_else(PoisonError::into_inner);
        found.clone()
    }

    /// Checks all services concurrently.
    pub async fn look(&self, context: &Context) -> Vec<ServiceCheck> {
        let look = async |service: &Service| ServiceCheck {
            name: service.name,
            condition: service.look(context).await,
            asked_at: service.ask.is_some().then(|| context.now()),
            is_remark: service.is_remark,
        };
        let found = join_all(self.0.services.iter().map(look)).await;
        let mut seen = self.0.found.write().unwrap_or_else(PoisonError::into_inner);
        seen.clone_from(&found);
        found
    }

    /// Checks all services again and again for as long as another handle exists.
    pub fn follow(&self, context: &Context) {
        let (inner, context) = (Arc::downgrade(&self.0), context.clone());
        tokio::spawn(async move {
            loop {
                let Some(services) = inner.upgrade().map(OutsideServices) else {
                    return;
                };
                for found in services.look(&context).await {
                    log(&found);
                }
                drop(services);
                tokio::time::sleep(ASKED_EVERY).await;
            }
        });
    }
}

/// Logs a failing service, if that is news, and one that works again.
fn log(found: &ServiceCheck) {
    match &found.condition {
        Condition::Failing(why) => {
            if let Some(times) = news(found.name, why) {
                tracing::warn!(place = found.name, why, times, "an external service is failing");
            }
        }
        Condition::Healthy(_) => works(found.name),
        _ => {}
    }
}

impl fmt::Debug for OutsideServices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.found()).finish()
    }
}
