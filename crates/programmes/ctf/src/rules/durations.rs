//! How long calls take: numbers of calls by duration, from which percentiles follow.

/// The bits of a duration that distinguish buckets: a percentile is at most a sixteenth too long.
const BITS: u32 = 4;

/// The longest duration that is distinguished, in milliseconds. A call is given up long before.
const LONGEST: u64 = (1 << 18) - 1;

pub const BUCKETS: usize = 240;

/// Returns the bucket of a duration in milliseconds.
#[must_use]
pub fn bucket(milliseconds: u64) -> usize {
    let value = milliseconds.min(LONGEST);
    let shift = value.max(1).ilog2().saturating_sub(BITS);
    let place = (u64::from(shift) << BITS) + (value >> shift);
    usize::try_from(place).map_or(BUCKETS - 1, |place| place.min(BUCKETS - 1))
}

/// Returns the longest duration of a bucket in milliseconds.
fn longest(bucket: usize) -> i64 {
    let width = 1_usize << BITS;
    let shift = (bucket / width).saturating_sub(1);
    let first = bucket - shift * width;
    let longest = ((first + 1) << shift) - 1;
    i64::try_from(longest).unwrap_or(i64::MAX)
}

/// The numbers of calls by duration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Durations(Vec<u64>);

impl Durations {
    /// Uses the numbers of calls by bucket.
    #[must_use]
    pub fn of(calls: impl IntoIterator<Item = u64>) -> Self {
        Self(calls.into_iter().take(BUCKETS).collect())
    }

    /// Returns the milliseconds within which a percentage of the calls ended; `None` without a call.
    #[must_use]
    pub fn percentile(&self, percent: u64) -> Option<i64> {
        let all = self.0.iter().fold(0_u64, |all, calls| all.saturating_add(*calls));
        let rank = all.saturating_mul(percent).div_ceil(100).max(1);
        let mut seen = 0_u64;
        let place = self.0.iter().position(|calls| {
            seen = seen.saturating_add(*calls);
            seen >= rank
        });
        place.map(longest)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn durations(values: &[u64]) -> Durations {
        let mut calls = vec![0; BUCKETS];
        for value in values {
            calls[bucket(*value)] += 1;
        }
        Durations::of(calls)
    }

    #[test]
    fn percentiles_are_those_of_the_calls() {
        assert_eq!(Durations::default().percentile(50), None);
        assert_eq!(durations(&[]).percentile(95), None);
        let few = durations(&[3, 7, 9]);
        assert_eq!((few.percentile(50), few.percentile(95)), (Some(7), Some(9)));
        let mut many: Vec<u64> = vec![20; 95];
        many.extend([4_000; 5]);
        let many = durations(&many);
        assert_eq!(many.percentile(50), Some(20));
        assert_eq!(many.percentile(95), Some(20));
        assert_eq!(many.percentile(96), Some(4_095));
    }

    #[test]
    fn every_bucket_is_used() {
        assert_eq!(bucket(0), 0);
        assert_eq!(bucket(LONGEST), BUCKETS - 1);
        assert_eq!(bucket(u64::MAX), BUCKETS - 1);
        for place in 0..BUCKETS {
            let value = u64::try_from(longest(place)).expect("positive");
            assert_eq!(bucket(value), place);
        }
    }

    proptest! {
        #[test]
        fn a_bucket_is_at_most_a_sixteenth_wide(value in 0..=LONGEST) {
            let shown = longest(bucket(value));
            let value = i64::try_from(value).expect("small");
            prop_assert!(shown >= value && shown - value <= value / 16);
        }
    }
}
