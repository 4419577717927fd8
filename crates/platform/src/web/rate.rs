use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DefaultKeyedStateStore,
};

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// Requests between the times at which those who have not asked lately are forgotten.
const SWEEP: u32 = 4096;

type Limiter =
    RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, DefaultClock, StateInformationMiddleware>;

/// So many requests a minute for each household, at once or spread.
pub(super) struct Rate {
    name: &'static str,
    per_minute: NonZeroU32,
    limiter: Limiter,
    policy: HeaderValue,
    count: AtomicU32,
}

/// What a household may still ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allowance {
    pub(super) left: u32,
    /// Seconds until there is more, for a request that found nothing left.
    pub(super) wait: Option<u64>,
}

impl Rate {
    pub(super) fn new(name: &'static str, per_minute: NonZeroU32) -> Self {
        let policy = format!("\"{name}\";q={per_minute};w=60");
        Self {
            name,
            per_minute,
            limiter: RateLimiter::keyed(Quota::per_minute(per_minute)).with_middleware(),
            policy: HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("")),
            count: AtomicU32::new(0),
        }
    }

    /// Counts a request of a household.
    pub(super) fn take(&self, household: IpAddr) -> Allowance {
        if self.count.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.limiter.retain_recent();
        }
        match self.limiter.check_key(&household) {
            Ok(state) => Allowance {
                left: state.remaining_burst_capacity(),
                wait: None,
            },
            Err(refusal) => {
                let wait = refusal.wait_time_from(self.limiter.clock().now());
                Allowance {
                    left: 0,
                    wait: Some(wait.as_secs() + 1),
                }
            }
        }
    }

    /// Says in headers what may still be asked (draft-ietf-httpapi-ratelimit-headers).
    pub(super) fn tell(&self, allowance: Allowance, headers: &mut HeaderMap) {
        let used = u64::from(self.per_minute.get().saturating_sub(allowance.left));
        let full_again = (used * 60).div_ceil(u64::from(self.per_minute.get()));
        let limit = format!("\"{}\";r={};t={full_again}", self.name, allowance.left);
        if let Ok(limit) = HeaderValue::try_from(limit) {
            headers.insert(RATE_LIMIT, limit);
        }
        headers.insert(RATE_LIMIT_POLICY, self.policy.clone());
        if let Some(seconds) = allowance.wait {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_too_often_is_told_when_to_come_again() {
        let rate = Rate::new("test", NonZeroU32::new(2).expect("not zero"));
        let (one, other) = ([127, 0, 0, 1].into(), [127, 0, 0, 2].into());
        for left in [1, 0] {
            assert_eq!(rate.take(one), Allowance { left, wait: None });
        }
        let refused = rate.take(one);
        assert!(refused.wait.is_some_and(|wait| (25..=30).contains(&wait)));
        assert_eq!(rate.take(other).left, 1, "others are not counted with them");
        let mut headers = HeaderMap::new();
        rate.tell(refused, &mut headers);
        assert_eq!(headers["ratelimit"], "\"test\";r=0;t=60");
        assert_eq!(headers["ratelimit-policy"], "\"test\";q=2;w=60");
        assert!(headers.contains_key("retry-after"));
    }
}
