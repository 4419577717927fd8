//! Submissions that break the rules, one file a kind.

pub(super) mod after;
pub(super) mod before;
pub(super) mod borrowed;
pub(super) mod copy;
pub(super) mod rewritten;

use testkit::rng::Rng;

/// Returns how many of `all` a share between two percentages is, at least one.
fn share(rng: &mut Rng, all: usize, (low, high): (i64, i64)) -> usize {
    let percent = usize::try_from(rng.between(low, high)).unwrap_or_default();
    (all * percent).div_ceil(100).clamp(1, all.max(1))
}
