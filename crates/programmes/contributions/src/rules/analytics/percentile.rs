/// Returns a percentile, from 1 to 100, of values in ascending order by the nearest-rank method: the value at position
/// ⌈percent ÷ 100 × number⌉, which is always one of the values. `None` without values.
///
/// It is definition 1 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996).
/// The median of an even number of values is the lower one, as in the scoring of ratings.
#[must_use]
pub fn percentile(sorted: &[i64], percent: usize) -> Option<i64> {
    let position = (percent * sorted.len()).div_ceil(100).max(1);
    sorted.get(position - 1).copied()
}
