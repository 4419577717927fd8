//! Health of outside services: asked in the background, so that showing it waits for no service.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use futures_util::future::{BoxFuture, join_all};
use kernel::Timestamp;

use crate::Context;

/// How often each is asked.
const ASKED_EVERY: Duration = Duration::from_secs(60);
/// How long each may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How a service is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It is not set up here.
    NotConfigured,
    /// A flag keeps us from calling it.
    SwitchedOff,
    /// It was not asked yet.
    Unknown,
    /// It answers; what it said.
    Healthy(String),
    /// It does not, or refuses us; what to do.
    Failing(String),
}

type Ask = Box<dyn Fn(Context) -> BoxFuture<'static, Condition> + Send + Sync>;

/// A service outside.
pub struct Service {
    name: &'static str,
    ask: Option<Ask>,
}

impl Service {
    /// One that is not set up here.
    #[must_use]
    pub fn absent(name: &'static str) -> Self {
        Self { name, ask: None }
    }

    /// One that is asked how it is.
    #[must_use]
    pub fn new<F>(name: &'static str, ask: impl Fn(Context) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Condition> + Send + 'static,
    {
        Self {
            name,
            ask: Some(Box::new(move |context| Box::pin(ask(context)))),
        }
    }

    /// Returns its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    async fn look(&self, context: &Context) -> Condition {
        let Some(ask) = &self.ask else {
            return Condition::NotConfigured;
        };
        let late = |_| Condition::Failing(format!("no response within {PATIENCE:?}"));
        let answer = tokio::time::timeout(PATIENCE, ask(context.clone())).await;
        answer.unwrap_or_else(late)
    }
}

/// A service as it was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its name.
    pub name: &'static str,
    /// How it is.
    pub condition: Condition,
    /// When it was asked.
    pub asked_at: Option<Timestamp>,
}

/// All services that the server may call.
#[derive(Clone)]
pub struct OutsideServices(Arc<Inner>);

struct Inner {
    services: Vec<Service>,
    found: RwLock<Vec<Found>>,
}

impl OutsideServices {
    /// These services, none asked yet.
    #[must_use]
    pub fn new(services: Vec<Service>) -> Self {
        let unasked = |service: &Service| Found {
            name: service.name,
            condition: match service.ask {
                Some(_) => Condition::Unknown,
                None => Condition::NotConfigured,
            },
            asked_at: None,
        };
        let found = RwLock::new(services.iter().map(unasked).collect());
        Self(Arc::new(Inner { services, found }))
    }

    /// How they were when they were last asked.
    #[must_use]
    pub fn found(&self) -> Vec<Found> {
        let found = self.0.found.read().unwrap_or_else(PoisonError::into_inner);
        found.clone()
    }

    /// Asks them all, at once.
    pub async fn look(&self, context: &Context) -> Vec<Found> {
        let look = async |service: &Service| Found {
            name: service.name,
            condition: service.look(context).await,
            asked_at: service.ask.is_some().then(|| context.now()),
        };
        let found = join_all(self.0.services.iter().map(look)).await;
        let mut seen = self.0.found.write().unwrap_or_else(PoisonError::into_inner);
        seen.clone_from(&found);
        found
    }

    /// Asks them each minute for as long as another holder of these exists.
    pub fn follow(&self, context: &Context) {
        let (inner, context) = (Arc::downgrade(&self.0), context.clone());
        tokio::spawn(async move {
            loop {
                let Some(services) = inner.upgrade().map(OutsideServices) else {
                    return;
                };
                for found in services.look(&context).await {
                    if let Condition::Failing(why) = found.condition {
                        tracing::warn!(service = found.name, why, "an external service is failing");
                    }
                }
                drop(services);
                tokio::time::sleep(ASKED_EVERY).await;
            }
        });
    }
}

impl fmt::Debug for OutsideServices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.found()).finish()
    }
}
