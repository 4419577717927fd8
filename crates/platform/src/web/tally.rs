use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};
use kernel::{Problem, ProblemKind, counted};
use uuid::Uuid;

use super::rate::{Allowance, Charge, RateSubject, Rates};

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The authenticated sender of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    pub person: Uuid,
    /// The token that authenticated the request, if any.
    pub token: Option<Uuid>,
    /// The kind of credential, such as `session`.
    pub credential: &'static str,
    /// The session, family of tokens or token that authenticated the request.
    pub credential_id: Uuid,
    /// Their platform-wide role.
    pub role: &'static str,
}

/// The quotas that a request was counted against, and what remains of them.
#[derive(Clone, Debug, Default)]
pub struct QuotaUsage(Vec<(Charge, Allowance)>);

impl QuotaUsage {
    /// Counts a request.
    pub(super) async fn of(rates: &Rates, charges: &[Charge]) -> Self {
        let allowances = rates.count(charges).await;
        Self(charges.iter().copied().zip(allowances).collect())
    }

    /// Checks that the request is admitted.
    ///
    /// # Errors
    /// When a quota is exhausted. The error says when to try again.
    pub fn may_enter(&self) -> Result<(), Problem> {
        let refusals = self.0.iter().filter_map(|(charge, allowance)| {
            let seconds = allowance.wait?;
            Some((seconds, charge.who))
        });
        let Some((seconds, who)) = refusals.max_by_key(|(seconds, _)| *seconds) else {
            return Ok(());
        };
        let from = match who {
            RateSubject::Network(_) => "from your IP address",
            RateSubject::Person(_) => "from your account",
            RateSubject::Token(_) => "with this token",
        };
        let wait = counted(seconds, "second", "seconds");
        let detail = format!("Too many requests {from}. Try again in {wait}.");
        let problem = Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_REQUESTS", detail);
        Err(problem.after(u32::try_from(seconds).unwrap_or(u32::MAX)))
    }

    /// Adds the tally to a response as an extension, for the gate to write.
    pub fn tell(self, response: &mut Response) {
        response.extensions_mut().insert(self);
    }

    /// Writes the rate limit headers (draft-ietf-httpapi-ratelimit-headers), including those of a tally added
    /// with [`QuotaUsage::tell`].
    pub(super) fn write(mut self, response: &mut Response) {
        let others = response.extensions_mut().remove::<Self>();
        self.0.extend(others.unwrap_or_default().0);
        if !self.0.is_empty() {
            self.put(response.headers_mut());
        }
    }

    fn put(&self, headers: &mut HeaderMap) {
        let list = |item: fn(&(Charge, Allowance)) -> String| {
            let items: Vec<String> = self.0.iter().map(item).collect();
            HeaderValue::try_from(items.join(", ")).ok()
        };
        let limits = list(|(Charge { quota, .. }, allowance)| {
            let Allowance { left, full_in, .. } = allowance;
            format!("\"{}\";r={left};t={full_in}", quota.name)
        });
        let policies = list(|(Charge { quota, .. }, _)| {
            format!("\"{}\";q={};w=60", quota.name, quota.per_minute)
        });
        for (name, value) in [(RATE_LIMIT, limits), (RATE_LIMIT_POLICY, policies)] {
            headers.extend(value.map(|value| (name, value)));
        }
        if let Some(seconds) = self.0.iter().filter_map(|(_, allowance)| allowance.wait).max() {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{net::IpAddr, num::NonZeroU32};

    use super::*;
    use crate::web::rate::Quota;

    fn charge(name: &'static str, per_minute: u32, who: RateSubject) -> Charge {
        let per_minute = NonZeroU32::new(per_minute).expect("not zero");
        let quota = Quota { name, per_minute };
        Charge { quota, who }
    }

    #[tokio::test]
    async fn an_exhausted_quota_says_when_to_try_again() {
        let rates = Rates::alone();
        let address = |last| RateSubject::Network(IpAddr::from([127, 0, 0, last]));
        let (one, other) = (charge("test", 2, address(1)), charge("test", 2, address(2)));
        for _ in 0..2 {
            QuotaUsage::of(&rates, &[one]).await.may_enter().expect("let in");
        }
        let refused = QuotaUsage::of(&rates, &[one]).await;
        let problem = refused.may_enter().expect_err("too often").detail;
        let words = "Too many requests from your IP address. Try again in 30 seconds.";
        assert_eq!(problem, words);
        let others = QuotaUsage::of(&rates, &[other]).await;
        others.may_enter().expect("others are not counted with them");
        let mut response = Response::default();
        refused.write(&mut response);
        let headers = response.headers();
        assert_eq!(headers["ratelimit"], "\"test\";r=0;t=60");
        assert_eq!(headers["ratelimit-policy"], "\"test\";q=2;w=60");
        assert_eq!(headers["retry-after"], "30");
    }

    #[tokio::test]
    async fn quotas_are_reported_together() {
        let rates = Rates::alone();
        let token = RateSubject::Token(Uuid::max());
        let charges =
            [charge("person", 60, RateSubject::Person(Uuid::nil())), charge("token", 1, token)];
        QuotaUsage::of(&rates, &charges).await.may_enter().expect("let in");
        let refused = QuotaUsage::of(&rates, &charges).await;
        let problem = refused.may_enter().expect_err("too often").detail;
        assert!(problem.starts_with("Too many requests with this token."), "{problem}");
        let mut response = Response::default();
        refused.tell(&mut response);
        let address = RateSubject::Network(IpAddr::from([127, 0, 0, 1]));
        let gates = QuotaUsage::of(&rates, &[charge("requests", 60, address)]).await;
        gates.write(&mut response);
        let expected = "\"requests\";r=59;t=1, \"person\";r=59;t=1, \"token\";r=0;t=60";
        assert_eq!(response.headers()["ratelimit"], expected, "a refusal counts by none");
        assert_eq!(response.headers()["retry-after"], "60");
        let nothing = &mut Response::default();
        QuotaUsage::default().write(nothing);
        assert!(nothing.headers().is_empty());
    }
}
