/// Converts a number of a chart.
pub(in crate::pages) fn plotted(number: i64) -> f64 {
    let number = number.clamp(i32::MIN.into(), i32::MAX.into());
    i32::try_from(number).map_or(0.0, f64::from)
}
