//! Vertical scales with lines at round values.

use crate::format::compact;

/// The heights of the highest and of the lowest value, in pixels from the top of a chart of 200 pixels.
pub(super) const TOP: f64 = 22.0;
pub(super) const BOTTOM: f64 = 160.0;
/// The maximum number of grid lines.
const LINES: f64 = 4.0;

/// A scale that maps values to heights. It begins at 0, or below negative values, and ends above the highest value.
pub(super) struct Scale {
    least: f64,
    most: f64,
    /// The distance of two lines.
    line: f64,
}

impl Scale {
    /// Returns the scale of values between two numbers.
    pub(super) fn over(least: f64, most: f64) -> Self {
        let above = |value: f64, line: f64| ((value / line).floor() + 1.0) * line;
        let scale = |line: f64| Self {
            least: if least < 0.0 { -above(-least, line) } else { 0.0 },
            most: if most > 0.0 || least >= 0.0 { above(most.max(0.0), line) } else { 0.0 },
            line,
        };
        let fits = |scale: &Self| (scale.most - scale.least) / scale.line <= LINES;
        rounds().map(scale).find(fits).unwrap_or_else(|| scale(1e19))
    }

    /// Returns the scale from 0 to a number that values do not exceed, such as 100%.
    pub(super) fn up_to(most: f64) -> Self {
        let most = most.max(1.0);
        let line = rounds().find(|line| most / line <= LINES).unwrap_or(most);
        Self { least: 0.0, most, line }
    }

    /// Returns the height of a value, in pixels from the top.
    pub(super) fn at(&self, value: f64) -> f64 {
        BOTTOM - (value - self.least) / (self.most - self.least) * (BOTTOM - TOP)
    }

    /// Returns the height and the label of each line but that of 0.
    pub(super) fn lines(&self) -> Vec<(String, String)> {
        let first = (self.least / self.line).ceil() as i64;
        let last = (self.most / self.line).floor() as i64;
        (first..=last)
            .filter(|number| *number != 0)
            .map(|number| number as f64 * self.line)
            .map(|value| (figure(self.at(value)), compact(value as i64)))
            .collect()
    }
}

/// Returns the round distances of lines: 1, 2, 5, 10, 20, 25, 50 and so on.
fn rounds() -> impl Iterator<Item = f64> {
    let of_power = |power: i32| {
        let unit = 10_f64.powi(power);
        let quarter = (power > 0).then_some(2.5 * unit);
        [Some(unit), Some(2.0 * unit), quarter, Some(5.0 * unit)].into_iter().flatten()
    };
    (0..19).flat_map(of_power)
}

/// Formats a length with at most one decimal.
pub(super) fn figure(value: f64) -> String {
    trimmed(&format!("{value:.1}"))
}

/// Formats a share of the width: "9.3%".
pub(super) fn percent(value: f64) -> String {
    trimmed(&format!("{value:.2}")) + "%"
}

fn trimmed(text: &str) -> String {
    let digits = if text.contains('.') { text.trim_end_matches('0') } else { text };
    digits.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: &Scale) -> Vec<String> {
        scale.lines().into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn lines_are_round_and_the_last_is_above_the_values() {
        for (least, most, wanted) in [
            (0.0, 0.0, &["1"][..]),
            (0.0, 1.0, &["1", "2"]),
            (0.0, 3.0, &["1", "2", "3", "4"]),
            (0.0, 4.0, &["2", "4", "6"]),
            (0.0, 9.0, &["5", "10"]),
            (0.0, 60.0, &["20", "40", "60", "80"]),
            (0.0, 99.0, &["25", "50", "75", "100"]),
            (0.0, 100.0, &["50", "100", "150"]),
            (0.0, 612.0, &["200", "400", "600", "800"]),
            (-20.0, 100.0, &["−50", "50", "100", "150"]),
            (-3.0, 0.0, &["−4", "−3", "−2", "−1"]),
        ] {
            let scale = Scale::over(least, most);
            assert_eq!(labels(&scale), wanted, "{least} to {most}");
            assert!(most <= 0.0 || scale.at(most) > TOP, "{most} is below the top");
            assert!(least >= 0.0 || scale.at(least) < BOTTOM, "{least} is above the bottom");
            assert!(scale.at(0.0) <= BOTTOM && scale.at(0.0) >= TOP);
        }
        assert_eq!(Scale::over(0.0, 5.0).at(0.0).to_string(), BOTTOM.to_string());
    }

    #[test]
    fn a_given_end_is_the_top() {
        let scale = Scale::up_to(100.0);
        assert_eq!(labels(&scale), ["25", "50", "75", "100"]);
        assert_eq!(figure(scale.at(100.0)), figure(TOP));
        assert_eq!(labels(&Scale::up_to(0.0)), ["1"]);
    }

    #[test]
    fn huge_values_have_few_lines() {
        for most in [1e6, 9.3e18, 1e19] {
            let scale = Scale::over(0.0, most);
            assert!(scale.lines().len() <= 4, "{most}");
            assert!(scale.at(most) >= TOP - 0.1, "{most}");
        }
    }

    #[test]
    fn lengths_have_few_digits() {
        assert_eq!([0.0, 9.96, 12.34, 18.0].map(figure), ["0", "10", "12.3", "18"]);
        assert_eq!([0.0, 9.304, 100.0, 11.07].map(percent), ["0%", "9.3%", "100%", "11.07%"]);
    }
}
