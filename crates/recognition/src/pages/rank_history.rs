//! The chart of a person's rank by month.

use kernel::Month;
use ui::format::{self, Number};

/// A person's rank at the end of a month, with its place in the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RankPoint {
    /// The month in words.
    pub(super) month: String,
    /// The month in short form.
    pub(super) label: String,
    pub(super) rank: Number,
    /// The horizontal place, in percent.
    pub(super) x: String,
    /// The vertical place, in pixels.
    pub(super) y: i64,
    /// The vertical place of its label, which no horizontal line strikes through.
    pub(super) beside: i64,
}

/// A horizontal line of the chart, with its rank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RankRule {
    pub(super) rank: Number,
    pub(super) y: i64,
}

/// A line between two points of the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RankLine {
    pub(super) from: (String, i64),
    pub(super) to: (String, i64),
}

/// A person's rank by month, the first rank at the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RankHistory {
    pub(super) points: Vec<RankPoint>,
    pub(super) lines: Vec<RankLine>,
    /// The lines of the first rank, of one halfway, and of the lowest.
    pub(super) rules: Vec<RankRule>,
}

/// The heights of the first and of the lowest rank, in pixels. The label of the first rank has space above.
const TOP: i64 = 26;
const BOTTOM: i64 = 116;

/// The distances of a label from its point, above and below, and its height.
const ABOVE: i64 = 10;
const BELOW: i64 = 17;
const HEIGHT: i64 = 11;

/// The places of the first and of the last month, in tenths of a percent.
const LEFT: i64 = 120;
const RIGHT: i64 = 960;

impl RankHistory {
    /// Draws ranks by month, earliest first; absent if there are fewer than two.
    pub(super) fn of(ranks: &[(Month, i64)]) -> Option<Self> {
        if ranks.len() < 2 {
            return None;
        }
        let lowest = ranks.iter().map(|(_, rank)| *rank).max()?.max(2);
        let last = i64::try_from(ranks.len() - 1).ok()?.max(1);
        let height = |rank: i64| TOP + (BOTTOM - TOP) * (rank - 1) / (lowest - 1);
        let mut ruled = vec![1, (lowest + 1) / 2, lowest];
        ruled.dedup();
        let rule = |rank: i64| RankRule { rank: Number(rank), y: height(rank) };
        let rules: Vec<RankRule> = ruled.into_iter().map(rule).collect();
        let place = |(index, (month, rank)): (i64, &(Month, i64))| {
            let x = LEFT + (RIGHT - LEFT) * index / last;
            let month = format::month(*month);
            RankPoint {
                label: month.chars().take(3).collect(),
                month,
                rank: Number(*rank),
                x: format!("{}.{}%", x / 10, x % 10),
                y: height(*rank),
                beside: beside(height(*rank), &rules),
            }
        };
        let points: Vec<RankPoint> = (0..).zip(ranks).map(place).collect();
        let end = |point: &RankPoint| (point.x.clone(), point.y);
        let lines = points.windows(2);
        let lines = lines.map(|two| RankLine { from: end(&two[0]), to: end(&two[1]) }).collect();
        Some(Self { points, lines, rules })
    }

    /// Describes the chart, such as "212 in June 2026, 41 in July 2026".
    pub(super) fn words(&self) -> String {
        let word = |point: &RankPoint| format!("{} in {}", point.rank, point.month);
        self.points.iter().map(word).collect::<Vec<_>>().join(", ")
    }
}

/// Returns the place of the label of a point: above it, or below it where a line would strike through the label.
fn beside(y: i64, rules: &[RankRule]) -> i64 {
    let above = y - ABOVE;
    let is_struck = rules.iter().any(|rule| (above - HEIGHT..=above + 1).contains(&rule.y));
    if is_struck { y + BELOW } else { above }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_strikes_through_a_label() {
        for lowest in 2..400 {
            let month: Month = "2026-10".parse().expect("a month");
            for rank in 1..=lowest {
                let history = RankHistory::of(&[(month, lowest), (month.next(), rank)]);
                let history = history.expect("a chart");
                let label = history.points[1].beside;
                let strikes = |rule: &RankRule| rule.y > label - 9 && rule.y < label;
                assert!(!history.rules.iter().any(strikes), "{rank} of {lowest}");
                assert!((9..=135).contains(&label), "{rank} of {lowest} at {label}");
            }
        }
    }

    #[test]
    fn lines_have_the_ranks_of_their_height() {
        let month: Month = "2026-10".parse().expect("a month");
        for (lowest, ruled) in [(2, &[1, 2][..]), (3, &[1, 2, 3]), (108, &[1, 54, 108])] {
            let history = RankHistory::of(&[(month, lowest), (month.next(), 1)]).expect("a chart");
            let ranks: Vec<i64> = history.rules.iter().map(|rule| rule.rank.0).collect();
            assert_eq!(ranks, ruled);
            let ends = (history.rules.first(), history.rules.last());
            assert_eq!(ends.0.map(|rule| rule.y), Some(TOP));
            assert_eq!(ends.1.map(|rule| rule.y), Some(BOTTOM));
        }
    }
}
