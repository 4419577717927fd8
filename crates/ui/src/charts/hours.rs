//! A week by hours.

use super::{Grid, Square, figure};
use crate::format::Number;

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const GRID: Grid = Grid { weeks: 24, cell: 15.4, sizes: [4, 6, 8, 10, 12], left: 44.0, top: 24.0 };

/// A chart of numbers by weekday and hour; larger squares mean more.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    /// Description of the chart, in sentences.
    pub description: String,
    /// The squares, by weekday and hour.
    pub squares: Vec<Square>,
    /// The position of each hour's label, and the hour.
    pub labels: Vec<(String, String)>,
    /// The highest number.
    pub most: Number,
}

impl Hours {
    /// Builds the chart of numbers by weekday, from Monday, and by hour in UTC. `noun` names what is counted, in the plural.
    #[must_use]
    pub fn of(hours: &[[i64; 24]; 7], noun: &str) -> Self {
        let each = || (0..7).flat_map(|day| (0..24).map(move |hour| (day, hour)));
        let at = |(day, hour): (usize, usize)| hours[day][hour];
        let most = each().map(at).max().unwrap_or(0);
        let square = |(day, hour): (usize, usize)| {
            // The grid goes down the days of a column before it goes on to the next.
            Square::of((hour * 7 + day) as i64, hours[day][hour], most, &GRID)
        };
        let label = |hour: usize| {
            let x = GRID.left + GRID.cell * hour as f64;
            (figure(x), format!("{hour:02}"))
        };
        Self {
            description: described(each().max_by_key(|place| at(*place)), most, noun),
            squares: each().map(square).collect(),
            labels: (0..24).step_by(3).map(label).collect(),
            most: Number(most),
        }
    }

    /// Returns the name of a weekday, from Monday.
    #[must_use]
    pub fn weekday(day: usize) -> &'static str {
        DAYS.get(day).copied().unwrap_or_default()
    }
}

fn described(highest: Option<(usize, usize)>, most: i64, noun: &str) -> String {
    match highest {
        Some((day, hour)) if most > 0 => format!(
            "{} {noun} in the hour with the most, {} at {hour:02}:00 UTC. Larger squares mean more {noun}.",
            Number(most),
            DAYS[day]
        ),
        _ => format!("No {noun}."),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::LEVELS, *};

    #[test]
    fn the_busiest_hour_has_the_largest_square() {
        let mut hours = [[0; 24]; 7];
        hours[6][23] = 8;
        hours[0][0] = 1;
        let chart = Hours::of(&hours, "changes");
        assert_eq!(chart.squares.len(), 7 * 24);
        let sizes = |place: usize| chart.squares[place].size;
        assert_eq!((sizes(167), sizes(0), sizes(1)), (12, 6, 4));
        let expected = "8 changes in the hour with the most, Sunday at 23:00 UTC.";
        assert!(chart.description.starts_with(expected), "{}", chart.description);
        let right = chart.squares[167].x.parse::<f64>().expect("a number") + 12.0;
        assert!(right <= 420.0, "{right}");
        assert_eq!(Hours::of(&[[0; 24]; 7], "changes").description, "No changes.");
        assert_eq!(LEVELS[0], chart.squares[1].class);
    }
}
