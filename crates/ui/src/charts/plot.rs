//! Charts of several series over weeks or other places: stacked bars, and lines.

use super::{
    places::{Label, Place, Width},
    scale::{Scale, figure, percent},
};

/// The maximum number of places whose values are printed.
const PRINTED: usize = 13;
/// The minimum distance of two printed values.
const APART: f64 = 12.0;

/// The form of a series. Series differ by hatching and dash, not only by color.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Bars with the hatching of what is good.
    Bars,
    /// Bars with the hatching of what is closed, stacked on those below.
    ClosedBars,
    /// A solid line.
    Line,
    /// A dashed line, for what is compared.
    Dashed,
}

impl Look {
    fn is_bars(self) -> bool {
        matches!(self, Self::Bars | Self::ClosedBars)
    }

    /// Returns the CSS class of its marks.
    fn class(self) -> &'static str {
        match self {
            Self::Bars => "vert",
            Self::ClosedBars => "sable",
            Self::Line => "s1",
            Self::Dashed => "s2",
        }
    }
}

/// A series of values, one for each place; `None` where there is none.
#[derive(Clone, Debug)]
pub struct Series {
    pub name: &'static str,
    /// The form.
    pub look: Look,
    /// The values, which are not negative.
    pub values: Vec<Option<f64>>,
}

/// A chart before it is drawn.
#[derive(Clone, Debug)]
pub struct Sketch {
    /// The chart's ID in its page.
    pub id: &'static str,
    /// The measure, which is the chart's title.
    pub title: &'static str,
    /// The unit of the values.
    pub unit: &'static str,
    pub places: Vec<Place>,
    pub series: Vec<Series>,
    /// The highest value of the axis; the highest of the series if absent.
    pub most: Option<f64>,
    /// Formats a value.
    pub shown: fn(f64) -> String,
}

/// A chart that is drawn: widths are shares of its card, and heights are pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// The chart's ID in its page.
    pub id: &'static str,
    pub title: &'static str,
    /// The lowest, highest and last values, in sentences.
    pub description: String,
    /// The unit of the values.
    pub unit: &'static str,
    /// The height and label of each grid line.
    pub grid: Vec<(String, String)>,
    /// Height of the zero line.
    pub axis: String,
    /// The labels below the axis.
    pub labels: Vec<Label>,
    pub bars: Vec<Piece>,
    pub lines: Vec<PlotLine>,
    /// The values that are printed.
    pub values: Vec<Value>,
    /// The class, whether it is a line, and the name of each series; empty for a single one.
    pub legend: Vec<(&'static str, bool, &'static str)>,
}

/// A bar, or a part of a stacked one.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    pub class: &'static str,
    /// Left edge.
    pub x: String,
    /// Top edge.
    pub y: String,
    pub width: String,
    pub height: String,
}

/// A series as lines from value to value.
#[derive(Clone, Debug, PartialEq)]
pub struct PlotLine {
    pub class: &'static str,
    /// The lines. There is none between places without values.
    pub lines: Vec<Line>,
    /// The positions of the values that are marked: all if there are few, otherwise those between two gaps.
    pub dots: Vec<(String, String)>,
}

/// A straight line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub from: (String, String),
    pub to: (String, String),
}

/// A value that is printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    pub x: String,
    pub y: String,
    /// The part of the text that is at `x`: `middle` or `end`.
    pub anchor: &'static str,
    pub text: String,
}

impl Plot {
    /// Draws a chart.
    #[must_use]
    pub fn drawn(sketch: &Sketch) -> Self {
        let scale = match sketch.most {
            Some(most) => Scale::up_to(most),
            None => Scale::over(0.0, sketch.highest()),
        };
        let canvas = Canvas { scale, width: Width::of(sketch.places.len()) };
        let lines = sketch.series.iter().filter(|it| !it.look.is_bars());
        let legend = sketch.series.iter();
        let legend = legend.map(|it| (it.look.class(), !it.look.is_bars(), it.name));
        Self {
            id: sketch.id,
            title: sketch.title,
            description: sketch.described(),
            unit: sketch.unit,
            grid: canvas.scale.lines(),
            axis: figure(canvas.scale.at(0.0)),
            labels: canvas.width.labels(&sketch.places),
            bars: canvas.bars(sketch),
            lines: lines.map(|series| canvas.line(series)).collect(),
            values: canvas.values(sketch),
            legend: match sketch.series.len() {
                1 => Vec::new(),
                _ => legend.collect(),
            },
        }
    }
}

impl Plot {
    /// Returns true if it has neither bars nor lines.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bars.is_empty()
            && self.lines.iter().all(|line| line.lines.is_empty() && line.dots.is_empty())
    }
}

impl Sketch {
    /// Returns the sum of the bars at a place.
    fn stacked(&self, place: usize) -> f64 {
        let bars = self.series.iter().filter(|series| series.look.is_bars());
        bars.filter_map(|series| *series.values.get(place)?).sum()
    }

    fn highest(&self) -> f64 {
        let stacks = (0..self.places.len()).map(|place| self.stacked(place));
        let lines = self.series.iter().filter(|series| !series.look.is_bars());
        let values = lines.flat_map(|series| series.values.iter().flatten().copied());
        stacks.chain(values).fold(0.0, f64::max)
    }

    fn described(&self) -> String {
        let described = self.series.iter().map(|series| self.said(series));
        described.collect::<Vec<_>>().join(" ")
    }

    /// Says the lowest, the highest and the last value of a series.
    fn said(&self, series: &Series) -> String {
        let known = || {
            let places = self.places.iter().zip(&series.values);
            places.filter_map(|(place, value)| Some((&place.name, (*value)?)))
        };
        let by_value = |a: &(&String, f64), b: &(&String, f64)| a.1.total_cmp(&b.1);
        let (least, most) = (known().min_by(by_value), known().max_by(by_value));
        match (least, most, known().next_back()) {
            (Some(least), Some(most), Some(last)) => format!(
                "{}: lowest {} in {}, highest {} in {}, last {} in {}.",
                series.name,
                (self.shown)(least.1),
                least.0,
                (self.shown)(most.1),
                most.0,
                (self.shown)(last.1),
                last.0
            ),
            _ => format!("{}: no values.", series.name),
        }
    }
}

/// The measures of a chart.
struct Canvas {
    scale: Scale,
    width: Width,
}

impl Canvas {
    /// Returns the position of a value.
    fn at(&self, place: usize, value: f64) -> (String, String) {
        (percent(self.width.middle(place)), figure(self.scale.at(value)))
    }

    fn bars(&self, sketch: &Sketch) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for place in 0..sketch.places.len() {
            let mut below = 0.0;
            for series in sketch.series.iter().filter(|it| it.look.is_bars()) {
                let value = series.values.get(place).copied().flatten().unwrap_or(0.0);
                if value > 0.0 {
                    pieces.push(self.piece(series.look, place, below, below + value));
                }
                below += value;
            }
        }
        pieces
    }

    fn piece(&self, look: Look, place: usize, from: f64, to: f64) -> Piece {
        let (bottom, top) = (self.scale.at(from), self.scale.at(to));
        let (x, width) = self.width.bar(place);
        Piece { class: look.class(), x, y: figure(top), width, height: figure(bottom - top) }
    }

    fn line(&self, series: &Series) -> PlotLine {
        let (mut lines, mut dots) = (Vec::new(), Vec::new());
        let value = |place: usize| series.values.get(place).copied().flatten();
        for place in 0..series.values.len() {
            let Some(here) = value(place) else { continue };
            let before = place.checked_sub(1).and_then(|before| Some((before, value(before)?)));
            let to = self.at(place, here);
            let is_alone = before.is_none() && value(place + 1).is_none();
            if let Some((before, value)) = before {
                lines.push(Line { from: self.at(before, value), to: to.clone() });
            }
            if is_alone || series.values.len() <= PRINTED {
                dots.push(to);
            }
        }
        PlotLine { class: series.look.class(), lines, dots }
    }

    /// Prints the sums of few bars, or else the values of a single line if they are few, or else the last values of the
    /// lines that are far enough from each other.
    fn values(&self, sketch: &Sketch) -> Vec<Value> {
        let printed = |place: usize, value: f64, anchor| {
            let (x, y) = (self.width.middle(place), self.scale.at(value) - 8.0);
            Value { x: percent(x), y: figure(y), anchor, text: (sketch.shown)(value) }
        };
        let is_few = sketch.places.len() <= PRINTED;
        let has_bars = sketch.series.iter().any(|series| series.look.is_bars());
        if has_bars {
            let places = (0..sketch.places.len()).filter(|_| is_few);
            let sums = places.map(|place| (place, sketch.stacked(place)));
            let sums = sums.filter(|(_, sum)| *sum > 0.0);
            return sums.map(|(place, sum)| printed(place, sum, "middle")).collect();
        }
        let known = |series: &Series| {
            let values = series.values.clone().into_iter().enumerate();
            values.filter_map(|(place, value)| Some((place, value?)))
        };
        if let [only] = sketch.series.as_slice()
            && is_few
        {
            return known(only).map(|(at, value)| printed(at, value, "middle")).collect();
        }
        let mut heights: Vec<f64> = Vec::new();
        let mut last = Vec::new();
        for (place, value) in sketch.series.iter().filter_map(|it| known(it).next_back()) {
            let height = self.scale.at(value);
            if heights.iter().all(|other| (other - height).abs() >= APART) {
                last.push(printed(place, value, "end"));
                heights.push(height);
            }
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(series: Vec<Series>) -> Sketch {
        let places = series.first().map_or(0, |series| series.values.len());
        let place = |place: usize| Place::new(format!("P{place}"), format!("place {place}"));
        Sketch {
            id: "chart",
            title: "Chart",
            unit: "things",
            places: (0..places).map(place).collect(),
            series,
            most: None,
            shown: |value| format!("{value:.0}"),
        }
    }

    fn series(look: Look, values: &[Option<f64>]) -> Series {
        Series { name: "Series", look, values: values.to_vec() }
    }

    fn number(text: &str) -> f64 {
        text.trim_end_matches('%').parse().expect("a number")
    }

    #[test]
    fn bars_are_stacked() {
        let plot = Plot::drawn(&sketch(vec![
            series(Look::Bars, &[Some(30.0), None]),
            series(Look::ClosedBars, &[Some(10.0), Some(20.0)]),
        ]));
        let [merged, closed, other] = plot.bars.as_slice() else {
            panic!("{plot:?}");
        };
        assert_eq!((merged.class, other.class), ("vert", "sable"));
        assert!(number(&closed.y) > 22.0, "the top is above the highest: {closed:?}");
        let sum = number(&closed.y) + number(&closed.height);
        assert!((sum - number(&merged.y)).abs() < 0.2, "the second is on the first");
        assert_eq!(plot.values[0].text, "40", "the sum is printed");
        assert_eq!(plot.legend.len(), 2);
    }

    #[test]
    fn lines_have_gaps_and_mark_what_is_alone() {
        let mut values = vec![Some(1.0); 20];
        values[5] = None;
        values[6] = Some(2.0);
        values[7] = None;
        let plot = Plot::drawn(&sketch(vec![series(Look::Line, &values)]));
        let line = &plot.lines[0];
        assert_eq!(line.lines.len(), 4 + 11, "{line:?}");
        assert!(line.lines.windows(2).filter(|two| two[0].to != two[1].from).count() == 1);
        assert_eq!(line.dots.len(), 1, "{line:?}");
        assert!(plot.legend.is_empty() && plot.labels.len() <= 8);
        assert_eq!(plot.values.len(), 1, "only the last is printed");
        assert!(plot.description.contains("lowest 1 in place 0, highest 2 in place 6"));
    }

    #[test]
    fn two_years_fit_and_nothing_can_be_drawn() {
        let weeks = vec![Some(1e6); 106];
        let plot = Plot::drawn(&sketch(vec![series(Look::Bars, &weeks)]));
        let last = plot.bars.last().expect("a bar");
        assert!(number(&last.x) + number(&last.width) <= 100.0, "{last:?}");
        assert!(plot.values.is_empty() && plot.grid.len() <= 4);
        let empty = Plot::drawn(&sketch(vec![series(Look::Dashed, &[])]));
        assert!(empty.is_empty() && empty.labels.is_empty() && !plot.is_empty());
        assert_eq!(empty.description, "Series: no values.");
    }

    #[test]
    fn values_that_would_overlap_are_not_printed() {
        let plot = Plot::drawn(&sketch(vec![
            series(Look::Line, &[Some(50.0), Some(50.0)]),
            series(Look::Dashed, &[Some(100.0), Some(51.0)]),
        ]));
        assert_eq!(plot.values.len(), 1, "{:?}", plot.values);
    }
}
