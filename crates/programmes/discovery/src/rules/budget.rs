//! The cost of calls to models, in millionths of a dollar.

use chrono::{Days, NaiveTime};
use kernel::Timestamp;

use crate::model::Tokens;

/// The most tokens of one call that are believed. No model reads more.
const MOST_TOKENS: u64 = 10_000_000;

/// Prices of a million tokens, in millionths of a dollar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    /// The price of what a model reads.
    pub read: u64,
    /// The price of what it writes.
    pub written: u64,
}

impl Price {
    /// Returns the cost of tokens, rounded up.
    #[must_use]
    pub(crate) fn of(self, tokens: Tokens) -> i64 {
        let part = |count: u64, price: u64| u128::from(count.min(MOST_TOKENS)) * u128::from(price);
        let sum = part(tokens.read, self.read) + part(tokens.written, self.written);
        i64::try_from(sum.div_ceil(1_000_000)).unwrap_or(i64::MAX)
    }
}

/// Returns true if a call that may cost `most` fits into what is left of a day's budget.
#[must_use]
pub fn fits(spent: i64, most: i64, budget: i64) -> bool {
    spent.saturating_add(most) <= budget
}

/// Returns the beginning of the day (UTC) of an instant, and of the next one.
#[must_use]
pub fn day_of(now: Timestamp) -> (Timestamp, Timestamp) {
    let start = now.date_naive().and_time(NaiveTime::MIN).and_utc();
    let next = start.checked_add_days(Days::new(1)).unwrap_or(start);
    (start, next)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PRICE: Price = Price { read: 150_000, written: 600_000 };

    fn tokens(read: u64, written: u64) -> Tokens {
        Tokens { read, written }
    }

    #[test]
    fn a_million_tokens_cost_their_price_and_less_is_rounded_up() {
        assert_eq!(PRICE.of(tokens(1_000_000, 0)), 150_000);
        assert_eq!(PRICE.of(tokens(0, 1_000_000)), 600_000);
        assert_eq!(PRICE.of(tokens(1, 0)), 1);
        assert_eq!(PRICE.of(tokens(0, 0)), 0);
        assert_eq!(Price::default().of(tokens(9_999, 9_999)), 0);
        let most = Price { read: u64::MAX, written: u64::MAX };
        assert_eq!(most.of(tokens(u64::MAX, u64::MAX)), i64::MAX);
    }

    #[test]
    fn the_last_cent_can_be_spent_and_no_more() {
        assert!(fits(90, 10, 100));
        assert!(!fits(91, 10, 100));
        assert!(fits(0, 0, 0));
        assert!(!fits(0, 1, 0));
        assert!(!fits(i64::MAX, 1, 100));
    }

    #[test]
    fn days_begin_at_midnight() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let (start, next) = day_of(at("2026-12-31T23:59:59.999Z"));
        assert_eq!((start, next), (at("2026-12-31T00:00:00Z"), at("2027-01-01T00:00:00Z")));
        assert_eq!(day_of(next).0, next);
    }

    proptest! {
        #[test]
        fn more_tokens_never_cost_less(read in 0..u64::MAX, written in 0..u64::MAX, more in 0..1_000_u64) {
            let cost = PRICE.of(tokens(read, written));
            prop_assert!(cost >= 0);
            prop_assert!(PRICE.of(tokens(read.saturating_add(more), written)) >= cost);
        }
    }
}
