use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use super::{Charge, RateSubject, rule};

/// The minimum number of entries before any are evicted.
const FEW: usize = 4096;

type Key = (&'static str, RateSubject);

/// Request counts of this process, with a monotonic clock.
pub(super) struct Local {
    began: Instant,
    known: Mutex<Debts>,
}

/// When the debt of each entry is paid, in microseconds since the start.
struct Debts {
    paid_at: HashMap<Key, u64>,
    /// The number of entries at which paid ones are evicted. It grows with the map, so that the amortized cost of
    /// eviction is constant.
    full_at: usize,
}

impl Debts {
    fn forget_paid(&mut self, now: u64) {
        if self.paid_at.len() >= self.full_at {
            self.paid_at.retain(|_, paid_at| *paid_at > now);
            self.full_at = FEW.max(2 * self.paid_at.len());
        }
    }
}

impl Local {
    pub(super) fn new() -> Self {
        let known = Debts { paid_at: HashMap::new(), full_at: FEW };
        Self { began: Instant::now(), known: Mutex::new(known) }
    }

    /// Counts a request. Returns the debts, and whether it is admitted.
    pub(super) fn count(&self, charges: &[Charge]) -> (Vec<u64>, bool) {
        let now = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.count_at(charges, now)
    }

    fn count_at(&self, charges: &[Charge], now: u64) -> (Vec<u64>, bool) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let key = |charge: &Charge| (charge.quota.name, charge.who);
        let standings = charges.iter().map(|charge| {
            let paid_at = known.paid_at.get(&key(charge)).copied();
            (charge.quota, paid_at.unwrap_or_default())
        });
        let standings: Vec<_> = standings.collect();
        let (debts, is_let_in) = rule::count(&standings, now);
        if is_let_in {
            for (charge, debt) in charges.iter().zip(&debts) {
                known.paid_at.insert(key(charge), now + debt);
            }
            known.forget_paid(now);
        }
        (debts, is_let_in)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::rate::rule::tests::quota;

    fn charge(who: u32) -> Charge {
        let who = RateSubject::Network(std::net::Ipv4Addr::from(who).into());
        let quota = quota(60);
        Charge { quota, who }
    }

    #[test]
    fn only_paid_entries_are_evicted() {
        let local = Local::new();
        let many = u32::try_from(FEW).expect("few");
        for who in 0..many - 1 {
            local.count_at(&[charge(who)], 0);
        }
        local.count_at(&[charge(0)], 500_000);
        let count = || local.known.lock().expect("known").paid_at.len();
        assert_eq!(count(), FEW - 1);
        local.count_at(&[charge(many)], 1_000_000);
        assert_eq!(count(), 2, "the first, who asked twice, and the last");
        let (debts, _) = local.count_at(&[charge(0)], 1_000_000);
        assert_eq!(debts, [2_000_000]);
    }
}
