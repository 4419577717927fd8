//! A week by hours.

use super::heat::{Column, Heat, Square, middle, weekdays};
use crate::format::Number;

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The share of the width that the weekdays need.
const LEFT: f64 = 9.0;

/// A chart of numbers by weekday and hour; larger squares mean more.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    /// The drawing, with a column for each hour.
    pub heat: Heat,
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
        let column = |hour: usize| Column {
            x: middle(hour, 24, LEFT),
            squares: (0..7).map(|day| Square::of(day, hours[day][hour], most)).collect(),
        };
        let label = |hour: usize| (middle(hour, 24, LEFT), format!("{hour:02}"));
        Self {
            heat: Heat {
                description: described(each().max_by_key(|place| at(*place)), most, noun),
                columns: (0..24).map(column).collect(),
                labels: (0..24).step_by(3).map(label).collect(),
                rows: weekdays(),
            },
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
    use super::*;

    #[test]
    fn the_busiest_hour_has_the_largest_square() {
        let mut hours = [[0; 24]; 7];
        hours[6][23] = 8;
        hours[0][0] = 1;
        let chart = Hours::of(&hours, "changes");
        assert_eq!(chart.heat.columns.len(), 24);
        let square = |hour: usize, day: usize| &chart.heat.columns[hour].squares[day];
        assert_eq!((square(23, 6).size, square(0, 0).size, square(0, 1).size), (11, 5, 3));
        let expected = "8 changes in the hour with the most, Sunday at 23:00 UTC.";
        assert!(chart.heat.description.starts_with(expected), "{}", chart.heat.description);
        assert_eq!(Hours::of(&[[0; 24]; 7], "changes").heat.description, "No changes.");
        assert_eq!(square(1, 1).class, "l0");
        let labels: Vec<&str> = chart.heat.labels.iter().map(|(_, hour)| &**hour).collect();
        assert_eq!(labels, ["00", "03", "06", "09", "12", "15", "18", "21"]);
    }
}
