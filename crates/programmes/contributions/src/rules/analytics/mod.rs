//! Figures of pull requests in a range of days, for maintainers and for the reports of seasons. Each figure belongs to the
//! UTC week, from Monday, in which it happened: an opening to the week of the opening, a merge to that of the merge.

mod contributor;
mod percentile;
mod range;
mod ratings;
mod tally;

#[cfg(test)]
mod tests;

pub use contributor::{Contributor, ContributorPlace};
pub use percentile::percentile;
pub use range::{DayRange, monday};
pub use ratings::RatingCounts;
pub use tally::{Analytics, EventKind, EventTally, PullEvent, PullVolume, TimeQuantiles, Week};

/// Returns the share of merges among the pull requests that ended, in percent; `None` if none ended.
#[must_use]
pub fn merge_rate(merged: i64, closed: i64) -> Option<f64> {
    let ended = merged + closed;
    (ended > 0).then(|| 100.0 * merged as f64 / ended as f64)
}
