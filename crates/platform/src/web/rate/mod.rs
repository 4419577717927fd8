//! Rate limits: counted in this process, or across all processes if Redis is configured.

mod breaker;
mod local;
mod rule;
mod shared;

use std::{fmt, net::IpAddr, sync::Arc};

use uuid::Uuid;

pub(super) use rule::{Allowance, Quota};
pub(crate) use shared::UP;
pub use shared::redis_answers;

use crate::{config::Config, telemetry::Metric};
use local::Local;
use shared::Shared;

/// Requests that are counted without Redis.
pub(crate) const FALLBACKS: Metric = Metric::counter(
    "guildhall_rate_limit_fallbacks_total",
    "Requests that this process counted by itself because Redis was unavailable.",
);

/// The subject of a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum RateSubject {
    /// A client's network: an IPv4 address or an IPv6 /64.
    Network(IpAddr),
    /// A person, from any address and with any credential.
    Person(Uuid),
    /// One of a person's tokens.
    Token(Uuid),
}

/// A quota that a request is counted against, and its subject.
#[derive(Clone, Copy, Debug)]
pub(super) struct Charge {
    pub(super) quota: Quota,
    pub(super) who: RateSubject,
}

/// The request counts; clones share them.
#[derive(Clone)]
pub struct Rates(Arc<Inner>);

struct Inner {
    local: Local,
    shared: Option<Arc<Shared>>,
}

/// The health of an optional service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    NotConfigured,
    /// It responds.
    Healthy,
    /// It does not respond, and a fallback is in use.
    Degraded,
}

impl Health {
    /// Returns the name used by `/api/health`.
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
    /// Starts counting in this process, and in Redis if it is configured.
    #[must_use]
    pub fn start(config: &Config) -> Self {
        let shared = config.redis_url.as_ref().and_then(Shared::start);
        Self(Arc::new(Inner { local: Local::new(), shared }))
    }

    #[cfg(test)]
    pub(super) fn alone() -> Self {
        Self(Arc::new(Inner { local: Local::new(), shared: None }))
    }

    #[must_use]
    pub fn redis(&self) -> Health {
        match &self.0.shared {
            None => Health::NotConfigured,
            Some(shared) if shared.goes_well() => Health::Healthy,
            Some(_) => Health::Degraded,
        }
    }

    /// Counts a request against all these quotas, or against none if one rejects it.
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
                // Counts locally as well, so that the fallback starts with the requests this process has seen.
                if counted.1 {
                    local.count(charges);
                }
                counted
            }
            None => {
                FALLBACKS.add(&[], 1);
                local.count(charges)
            }
        }
    }
}

impl fmt::Debug for Rates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rates").field("redis", &self.redis()).finish_non_exhaustive()
    }
}
