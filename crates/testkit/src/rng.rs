//! Reproducible random numbers.

/// A small random number generator (splitmix64). The same seed gives the same numbers on every machine and with every
/// version of the dependencies, as stored seasons and printed seeds require.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// Creates a generator for `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(mix(seed))
    }

    /// Creates a generator for one part of a seed, so that parts do not affect each other.
    #[must_use]
    pub fn part(seed: u64, part: u64) -> Self {
        Self::new(mix(seed) ^ mix(part.wrapping_add(0x5851_f42d_4c95_7f2d)))
    }

    /// Returns the next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// Returns a number in `0..limit`; 0 when the limit is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        let wide = u128::from(self.bits()) * u128::from(limit);
        u64::try_from(wide >> 64).unwrap_or_default()
    }

    /// Returns a number in `low..=high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low).saturating_add(1);
        low.saturating_add_unsigned(self.below(span))
    }

    /// Returns an index of a list of `len` entries.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or_default()
    }

    /// Returns a fraction in `0.0..1.0`.
    pub fn fraction(&mut self) -> f64 {
        // The upper 53 bits are exactly what a float can represent.
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns true with a probability of `percent`.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Returns a random entry of a non-empty list.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.index(list.len())]
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.index(last + 1));
        }
    }

    /// Returns a UUID of version 8 (free form) with random bits.
    pub fn uuid(&mut self) -> uuid::Uuid {
        let bits = (u128::from(self.bits()) << 64) | u128::from(self.bits());
        uuid::Builder::from_custom_bytes(bits.to_be_bytes()).into_uuid()
    }

    /// Returns forty hexadecimal digits, like a git commit's hash.
    pub fn sha(&mut self) -> String {
        format!("{:016x}{:016x}{:08x}", self.bits(), self.bits(), self.below(1 << 32))
    }
}

fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_deterministic_and_numbers_are_in_range() {
        let (mut one, mut two) = (Rng::new(7), Rng::new(7));
        for _ in 0..1000 {
            let value = one.between(-3, 3);
            assert_eq!(value, two.between(-3, 3));
            assert!((-3..=3).contains(&value));
        }
        assert_ne!(Rng::new(7).bits(), Rng::new(8).bits());
        assert_ne!(Rng::part(7, 0).bits(), Rng::part(7, 1).bits());
        assert_eq!(one.below(0), 0);
    }

    #[test]
    fn a_shuffle_keeps_every_entry() {
        let mut list: Vec<u32> = (0..100).collect();
        Rng::new(1).shuffle(&mut list);
        assert_ne!(list, (0..100).collect::<Vec<_>>());
        list.sort_unstable();
        assert_eq!(list, (0..100).collect::<Vec<_>>());
    }
}
