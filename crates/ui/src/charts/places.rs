//! The places of a chart along its width, and the labels below them.

use chrono::{Datelike as _, NaiveDate};

use super::scale::percent;

/// The maximum number of labels below the axis.
pub(super) const LABELS: usize = 8;
/// The share of the width on the left of the axis, for the figures of its lines.
pub(super) const LEFT: f64 = 8.0;

/// A place of a chart: a day, a week, a month or an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The label below the axis, such as the number of a day.
    pub label: String,
    /// The label of a second line, such as the month, which is shown where it changes. May be empty.
    pub below: String,
    /// The name in sentences, such as "the week of 2 November".
    pub name: String,
}

impl Place {
    /// Creates a place with a label and a name.
    #[must_use]
    pub fn new(label: String, name: String) -> Self {
        Self { label, below: String::new(), name }
    }

    /// Creates the place of the week that begins on a day: its number, and the month below.
    #[must_use]
    pub fn week(first: NaiveDate) -> Self {
        Self {
            label: first.day().to_string(),
            below: first.format("%b").to_string(),
            name: format!("the week of {}", first.format("%-d %B")),
        }
    }

    /// Creates the place of a month: its name, and the year below.
    #[must_use]
    pub fn month(first: NaiveDate) -> Self {
        Self {
            label: first.format("%b").to_string(),
            below: first.year().to_string(),
            name: first.format("%B %Y").to_string(),
        }
    }

    /// Adds the year to the name, for charts of more than one year.
    #[must_use]
    pub fn with_year(self, year: i32) -> Self {
        Self { name: format!("{} {year}", self.name), ..self }
    }
}

/// A label below the axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The middle of its place.
    pub x: String,
    pub text: String,
    /// The text of the second line; empty where it is the same as before.
    pub below: String,
}

/// The width of a chart, divided among its places.
pub(super) struct Width {
    step: f64,
    number: usize,
}

impl Width {
    pub(super) fn of(number: usize) -> Self {
        Self { step: (100.0 - LEFT) / number.max(1) as f64, number }
    }

    /// Returns the middle of a place, in percent of the width.
    pub(super) fn middle(&self, place: usize) -> f64 {
        LEFT + self.step * (place as f64 + 0.5)
    }

    /// Returns the left edge and the width of a bar.
    pub(super) fn bar(&self, place: usize) -> (String, String) {
        let width = self.step * 0.7;
        (percent(self.middle(place) - width / 2.0), percent(width))
    }

    /// Returns at most [`LABELS`] labels: every second or later one if there are more places. The last place has one.
    pub(super) fn labels(&self, places: &[Place]) -> Vec<Label> {
        let every = self.number.div_ceil(LABELS).max(1);
        let first = self.number.saturating_sub(1) % every;
        let mut before = "";
        let mut labels = Vec::new();
        for (at, place) in places.iter().enumerate().skip(first).step_by(every) {
            let is_new = place.below != before;
            before = &place.below;
            labels.push(Label {
                x: percent(self.middle(at)),
                text: place.label.clone(),
                below: if is_new { place.below.clone() } else { String::new() },
            });
        }
        labels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn months_are_named_where_they_change() {
        let weeks = day("2026-10-12").iter_days().step_by(7).take(6);
        let places: Vec<Place> = weeks.map(Place::week).collect();
        let labels = Width::of(6).labels(&places);
        let said: Vec<(&str, &str)> = labels.iter().map(|it| (&*it.text, &*it.below)).collect();
        let wanted = [("12", "Oct"), ("19", ""), ("26", ""), ("2", "Nov"), ("9", ""), ("16", "")];
        assert_eq!(said, wanted);
        assert_eq!(places[0].name, "the week of 12 October");
        assert_eq!(places[0].clone().with_year(2026).name, "the week of 12 October 2026");
    }

    #[test]
    fn at_most_eight_labels_end_with_the_last_place() {
        for number in [1, 7, 8, 9, 12, 13, 53, 106] {
            let places: Vec<Place> =
                (0..number).map(|place| Place::new(place.to_string(), place.to_string())).collect();
            let labels = Width::of(number).labels(&places);
            assert!(!labels.is_empty() && labels.len() <= LABELS, "{number}: {}", labels.len());
            let last = labels.last().expect("a label");
            assert_eq!(last.text, (number - 1).to_string(), "{number}");
        }
        assert!(Width::of(0).labels(&[]).is_empty());
    }

    #[test]
    fn bars_are_within_the_width() {
        for number in [1, 12, 106] {
            let (x, width) = Width::of(number).bar(number - 1);
            let share = |text: &str| {
                text.trim_end_matches('%').parse::<f64>().expect("a share of the width")
            };
            assert!(share(&x) + share(&width) <= 100.0, "{number}: {x} {width}");
            let (x, _) = Width::of(number).bar(0);
            assert!(share(&x) >= LEFT, "{number}: {x}");
        }
    }
}
