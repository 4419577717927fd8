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
    /// The lowest rank of the chart.
    pub(super) lowest: Number,
}

/// The heights of the first and of the lowest rank, in pixels.
const TOP: i64 = 20;
const BOTTOM: i64 = 116;

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
        let place = |(index, (month, rank)): (i64, &(Month, i64))| {
            let x = LEFT + (RIGHT - LEFT) * index / last;
            let month = format::month(*month);
            RankPoint {
                label: month.chars().take(3).collect(),
                month,
                rank: Number(*rank),
                x: format!("{}.{}%", x / 10, x % 10),
                y: TOP + (BOTTOM - TOP) * (rank - 1) / (lowest - 1),
            }
        };
        let points: Vec<RankPoint> = (0..).zip(ranks).map(place).collect();
        let end = |point: &RankPoint| (point.x.clone(), point.y);
        let lines = points.windows(2);
        let lines = lines.map(|two| RankLine { from: end(&two[0]), to: end(&two[1]) }).collect();
        Some(Self { points, lines, lowest: Number(lowest) })
    }

    /// Describes the chart, such as "212 in June 2026, 41 in July 2026".
    pub(super) fn words(&self) -> String {
        let word = |point: &RankPoint| format!("{} in {}", point.rank, point.month);
        self.points.iter().map(word).collect::<Vec<_>>().join(", ")
    }
}
