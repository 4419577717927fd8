//! The radar chart of the nine domains.

use ui::format::Number;

/// The middle of the chart, in tenths.
const MIDDLE: (i64, i64) = (1_900, 1_500);
/// The length of an axis, in tenths.
const LENGTH: i64 = 1_040;
/// The distance of the labels from the middle, in tenths.
const LABELS: i64 = 1_180;
/// The direction of each axis, in thousandths: every 40 degrees, from the top.
const AXES: [(i64, i64); 9] = [
    (0, -1_000),
    (643, -766),
    (985, -174),
    (866, 500),
    (342, 940),
    (-342, 940),
    (-866, 500),
    (-985, -174),
    (-643, -766),
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AxisLabel {
    pub(crate) x: String,
    pub(crate) y: String,
    pub(crate) anchor: &'static str,
    pub(crate) text: String,
    pub(crate) value: Number,
}

/// A radar chart that is drawn: coordinates in its box of 380 × 285.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Radar {
    /// The rings, the innermost first.
    pub(crate) rings: Vec<String>,
    pub(crate) ends: Vec<String>,
    /// The outline of the values.
    pub(crate) shape: String,
    /// The positions of the values.
    pub(crate) dots: Vec<(String, String)>,
    pub(crate) compared: Option<String>,
    pub(crate) labels: Vec<AxisLabel>,
    /// The highest and the lowest value, in a sentence.
    pub(crate) description: String,
}

/// The values of one axis: its label, the value, and what it is compared with.
pub(crate) type Axis = (String, i64, Option<i64>);

impl Radar {
    /// Draws nine axes; `None` if there are others, or no value above 0.
    #[must_use]
    pub(crate) fn drawn(axes: &[Axis]) -> Option<Self> {
        let values = axes.iter().map(|(_, value, other)| other.unwrap_or(0).max(*value));
        let most = values.max().filter(|most| *most > 0)?;
        if axes.len() != AXES.len() {
            return None;
        }
        let length = |value: i64| LENGTH.saturating_mul(value.max(0)) / most;
        let around = |length: &dyn Fn(usize) -> i64| -> String {
            let points = AXES.iter().enumerate();
            let points = points.map(|(place, axis)| joined(at(*axis, length(place))));
            points.collect::<Vec<_>>().join(" ")
        };
        let own = |place: usize| axes.get(place).map_or(0, |axis| length(axis.1));
        let other = |place: usize| axes.get(place).map_or(0, |axis| length(axis.2.unwrap_or(0)));
        let is_compared = axes.iter().any(|axis| axis.2.is_some());
        let dots = AXES.iter().enumerate();
        Some(Self {
            rings: (1..=4).map(|ring| around(&|_| LENGTH * ring / 4)).collect(),
            ends: AXES.iter().map(|axis| joined(at(*axis, LENGTH))).collect(),
            shape: around(&own),
            dots: dots.map(|(place, axis)| at(*axis, own(place))).collect(),
            compared: is_compared.then(|| around(&other)),
            labels: AXES.iter().zip(axes).map(label).collect(),
            description: described(axes),
        })
    }
}

fn label((axis, (text, value, _)): (&(i64, i64), &Axis)) -> AxisLabel {
    let (x, y) = at(*axis, LABELS);
    AxisLabel {
        x,
        y,
        anchor: match axis.0 {
            0 => "middle",
            1.. => "start",
            _ => "end",
        },
        text: text.clone(),
        value: Number(*value),
    }
}

fn described(axes: &[Axis]) -> String {
    let said = |(name, value, other): &Axis| match other {
        Some(other) => format!("{name} {} against {}", Number(*value), Number(*other)),
        None => format!("{name} {}", Number(*value)),
    };
    let most = axes.iter().max_by_key(|axis| axis.1);
    let least = axes.iter().min_by_key(|axis| axis.1);
    match (most, least) {
        (Some(most), Some(least)) => format!("Highest: {}. Lowest: {}.", said(most), said(least)),
        _ => String::new(),
    }
}

/// Returns the position on an axis at a distance from the middle.
fn at((x, y): (i64, i64), distance: i64) -> (String, String) {
    (tenths(MIDDLE.0 + x * distance / 1_000), tenths(MIDDLE.1 + y * distance / 1_000))
}

fn joined((x, y): (String, String)) -> String {
    format!("{x},{y}")
}

fn tenths(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let number = number.abs();
    format!("{sign}{}.{}", number / 10, number % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axes(values: [i64; 9], other: Option<i64>) -> Vec<Axis> {
        let axis = |value: &i64| (format!("d{value}"), *value, other);
        values.iter().map(axis).collect()
    }

    #[test]
    fn the_highest_value_reaches_the_end_of_its_axis() {
        let radar = Radar::drawn(&axes([10, 0, 0, 0, 5, 0, 0, 0, 0], None)).expect("a chart");
        assert!(radar.shape.starts_with("190.0,46.0 190.0,150.0"), "{}", radar.shape);
        assert_eq!((radar.rings.len(), radar.compared), (4, None));
        assert!(radar.description.starts_with("Highest: d10 10."));
    }

    #[test]
    fn a_comparison_can_be_higher() {
        let radar = Radar::drawn(&axes([10; 9], Some(20))).expect("a chart");
        assert!(radar.shape.starts_with("190.0,98.0"), "{}", radar.shape);
        assert!(radar.compared.expect("compared").starts_with("190.0,46.0"));
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(Radar::drawn(&axes([0; 9], Some(0))), None);
        assert_eq!(Radar::drawn(&[]), None);
    }
}
