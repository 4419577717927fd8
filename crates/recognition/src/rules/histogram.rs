use kernel::Points;

/// The levels of the histogram: a bucket of level `i` covers `2^LEVELS[i]` points. A rank is a sum of the
/// buckets above, with at most 64 per level except the widest.
pub const LEVELS: [u32; 4] = [0, 6, 12, 18];

/// Returns the bucket of `points` on each level. Rounds down, even below zero.
#[must_use]
pub fn buckets(points: Points) -> [(i64, i64); LEVELS.len()] {
    std::array::from_fn(|level| (level as i64, points >> LEVELS[level]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_round_down_on_both_sides_of_zero() {
        assert_eq!(buckets(0), [(0, 0), (1, 0), (2, 0), (3, 0)]);
        assert_eq!(buckets(4_200), [(0, 4_200), (1, 65), (2, 1), (3, 0)]);
        assert_eq!(buckets(-1), [(0, -1), (1, -1), (2, -1), (3, -1)]);
        assert_eq!(buckets(-65), [(0, -65), (1, -2), (2, -1), (3, -1)]);
    }
}
