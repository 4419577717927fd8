//! The rate limit algorithm (GCRA), without a clock or a store. Each request adds its share of the minute to a
//! debt, which decreases as time passes; a request is rejected if the debt would exceed a minute. `shared.lua`
//! implements the same algorithm, and a test checks that they agree.

use std::num::NonZeroU32;

/// The time in which a whole quota is replenished, in microseconds.
pub(super) const PERIOD: u64 = 60_000_000;
const SECOND: u64 = 1_000_000;

/// The number of requests allowed per minute, at once or spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    /// Its name in headers.
    pub(crate) name: &'static str,
    /// Requests per minute.
    pub(crate) per_minute: NonZeroU32,
}

/// The remaining requests of a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// The number of requests that would be admitted right now.
    pub(crate) left: u32,
    /// Seconds until the whole quota is available again.
    pub(crate) full_in: u64,
    /// Seconds until the next request is allowed, for a rejected request.
    pub(crate) wait: Option<u64>,
}

impl Quota {
    /// Returns the debt of one request, in microseconds.
    pub(super) fn cost(self) -> u64 {
        (PERIOD / u64::from(self.per_minute.get())).max(1)
    }

    /// Returns true if one more request is allowed at a debt.
    fn lets_in(self, debt: u64) -> bool {
        debt + self.cost() <= PERIOD
    }

    /// Returns the remaining requests at a debt. `is_asking` is true for a request that was rejected.
    pub(super) fn allowance(self, debt: u64, is_asking: bool) -> Allowance {
        let left = PERIOD.saturating_sub(debt) / self.cost();
        let wait = (debt + self.cost()).saturating_sub(PERIOD);
        Allowance {
            left: u32::try_from(left)
                .map_or(self.per_minute.get(), |left| left.min(self.per_minute.get())),
            full_in: debt.div_ceil(SECOND),
            wait: (is_asking && !self.lets_in(debt)).then(|| wait.div_ceil(SECOND).max(1)),
        }
    }
}

/// Returns the debt at `now` of a subject whose debt is paid at `paid_at`. If the clock was set back, `paid_at`
/// may be further ahead than any debt reaches, and is ignored.
fn debt(paid_at: u64, now: u64) -> u64 {
    match paid_at.saturating_sub(now) {
        debt if debt <= PERIOD => debt,
        _ => 0,
    }
}

/// Counts a request against several quotas: against all, or against none if one rejects it. `standings` are the
/// quotas, each with the instant at which its debt is paid. Returns the new debts, and whether the request is
/// admitted.
pub(super) fn count(standings: &[(Quota, u64)], now: u64) -> (Vec<u64>, bool) {
    let debts = standings.iter().map(|(_, paid_at)| debt(*paid_at, now));
    let debts: Vec<u64> = debts.collect();
    let mut both = standings.iter().zip(&debts);
    let is_let_in = both.all(|((quota, _), debt)| quota.lets_in(*debt));
    if !is_let_in {
        return (debts, false);
    }
    let both = standings.iter().zip(&debts);
    let debts = both.map(|((quota, _), debt)| debt + quota.cost());
    (debts.collect(), true)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn quota(per_minute: u32) -> Quota {
        Quota { name: "test", per_minute: NonZeroU32::new(per_minute).expect("not zero") }
    }

    /// A test case: quotas, each with the instant at which its debt is paid in microseconds from now; the debts
    /// after a request; and whether it is admitted.
    pub(in super::super) type Case = (&'static [(u32, i64)], &'static [u64], bool);

    /// The cases of both implementations.
    pub(in super::super) const CASES: &[Case] = &[
        // A new subject, and one that paid long ago.
        (&[(2, 0)], &[30_000_000], true),
        (&[(2, -86_400_000_000)], &[30_000_000], true),
        // A debt that decreases, up to the last microsecond.
        (&[(2, 30_000_000)], &[60_000_000], true),
        (&[(2, 30_000_001)], &[30_000_001], false),
        (&[(2, 60_000_000)], &[60_000_000], false),
        // A cost that is not a whole number.
        (&[(7, 51_428_568)], &[59_999_996], true),
        (&[(7, 51_428_573)], &[51_428_573], false),
        // A cost of less than a microsecond.
        (&[(100_000_000, 0)], &[1], true),
        // A clock set back by an hour.
        (&[(2, 3_600_000_000)], &[30_000_000], true),
        (&[(2, 60_000_001)], &[30_000_000], true),
        // Several quotas: counted against all, or against none.
        (&[(2, 0), (60, 0)], &[30_000_000, 1_000_000], true),
        (&[(2, 60_000_000), (60, 0)], &[60_000_000, 0], false),
        (&[(60, 5_000_000), (1, 1)], &[5_000_000, 1], false),
    ];

    #[test]
    fn requests_are_counted_as_in_the_cases() {
        const NOW: u64 = 1_800_000_000_000_000;
        for (quotas, debts, is_let_in) in CASES {
            let at = |ahead: i64| NOW.checked_add_signed(ahead).expect("an instant");
            let standings = quotas.iter().map(|(q, ahead)| (quota(*q), at(*ahead)));
            let standings: Vec<_> = standings.collect();
            let found = count(&standings, NOW);
            assert_eq!(found, (debts.to_vec(), *is_let_in), "{quotas:?}");
        }
    }

    #[test]
    fn allowances_are_requests_and_seconds() {
        for (per_minute, debt, left, full_in, wait) in [
            (2, 0, 2, 0, None),
            (2, 30_000_000, 1, 30, None),
            (2, 30_000_001, 0, 31, Some(1)),
            (2, 60_000_000, 0, 60, Some(30)),
            (1200, 50_000, 1199, 1, None),
            (1200, 60_000_000, 0, 60, Some(1)),
            (100_000_000, 1, 59_999_999, 1, None),
        ] {
            let expected = Allowance { left, full_in, wait };
            assert_eq!(quota(per_minute).allowance(debt, true), expected);
        }
        let uncounted = quota(2).allowance(60_000_000, false);
        assert_eq!(uncounted.wait, None, "no request waits");
    }
}
