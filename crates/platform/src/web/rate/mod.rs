//! How often who may ask: counted in this process, or for all processes together where there is a Redis.

mod breaker;
mod local;
mod rule;
mod shared;

use std::{fmt, net::IpAddr, sync::Arc};

use uuid::Uuid;

pub(super) use rule::{Allowance, Quota};
pub use shared::redis_answers;

use crate::config::Config;
use local::Local;
use shared::Shared;

/// Subject of a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Who {
    /// The addresses that one person is likely to have.
    Household(IpAddr),
    /// A person, wherever they ask from and whatever by.
    Person(Uuid),
    /// One of a person's tokens.
    Token(Uuid),
}

/// A quota that a request is counted by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Charge {
    pub(super) quota: Quota,
    pub(super) who: Who,
}

/// Counts of requests; clones share them.
#[derive(Clone)]
pub struct Rates(Arc<Inner>);

struct Inner {
    local: Local,
    shared: Option<Arc<Shared>>,
}

/// Health of an outside service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It is not wanted.
    NotConfigured,
    /// It answers.
    Healthy,
    /// It does not, and a substitute does its work.
    Degraded,
}

impl Health {
    /// As `/api/health` says it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotConfigured => "not_configured",
            Self::Healthy => "healthy",
            Self::Degraded => "degraded",
        }
    }
}

impl Rates {
    /// Counts in this process, and through the Redis that the configuration names.
    #[must_use]
    pub fn start(config: &Config) -> Self {
        let shared = config.redis_url.as_ref().and_then(Shared::start);
        Self(Arc::new(Inner {
            local: Local::new(),
            shared,
        }))
    }

    #[cfg(test)]
    pub(super) fn alone() -> Self {
        Self(Arc::new(Inner {
            local: Local::new(),
            shared: None,
        }))
    }

    /// Health of the configured Redis.
    #[must_use]
    pub fn redis(&self) -> Health {
        match &self.0.shared {
            None => Health::NotConfigured,
            Some(shared) if shared.goes_well() => Health::Healthy,
            Some(_) => Health::Degraded,
        }
    }

    /// Counts a request by all these quotas, or by none where one refuses it.
    pub(super) async fn count(&self, charges: &[Charge]) -> Vec<Allowance> {
        let (debts, is_let_in) = self.debts(charges).await;
        let both = charges.iter().zip(debts);
        let allowances = both.map(|(charge, debt)| charge.quota.allowance(debt, !is_let_in));
        allowances.collect()
    }

    async fn debts(&self, charges: &[Charge]) -> (Vec<u64>, bool) {
        let Inner { local, shared } = &*self.0;
        let Some(shared) = shared else {
            return local.count(charges);
        };
        match shared.count(charges).await {
            Some(counted) => {
                // So that this process, should it have to stand in, begins with what it has seen.
                if counted.1 {
                    local.count(charges);
                }
                counted
            }
            None => {
                metrics::counter!("guildhall_rate_limit_fallback_total").increment(1);
                local.count(charges)
            }
        }
    }
}

impl fmt::Debug for Rates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rates")
            .field("redis", &self.redis())
            .finish_non_exhaustive()
    }
}
