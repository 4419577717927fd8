use std::time::Duration;

use metrics::{Counter, Histogram, Label};

/// How the values of a metric change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// It only grows; its name ends in `_total`.
    Counter,
    /// It rises and falls.
    Gauge,
    /// It counts durations in seconds, by upper bounds.
    Histogram,
}

/// A label of a metric.
#[derive(Clone, Copy, Debug)]
pub struct MetricLabel {
    pub name: &'static str,
    /// The values that a scrape shows before the first event; others may follow. None: they are not known before.
    pub known: &'static [&'static str],
}

impl MetricLabel {
    /// Creates a label whose values are not known before.
    #[must_use]
    pub const fn open(name: &'static str) -> Self {
        Self { name, known: &[] }
    }

    /// Creates a label with known values.
    #[must_use]
    pub const fn of(name: &'static str, known: &'static [&'static str]) -> Self {
        Self { name, known }
    }
}

/// A metric, declared once, where it is recorded, and listed in `metrics` of the module.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    pub name: &'static str,
    pub kind: MetricKind,
    /// Its meaning, in a sentence without quotation marks.
    pub help: &'static str,
    pub labels: &'static [MetricLabel],
}

impl Metric {
    /// Declares a counter, without labels.
    #[must_use]
    pub const fn counter(name: &'static str, help: &'static str) -> Self {
        Self { name, kind: MetricKind::Counter, help, labels: &[] }
    }

    /// Declares a gauge, without labels.
    #[must_use]
    pub const fn gauge(name: &'static str, help: &'static str) -> Self {
        Self { name, kind: MetricKind::Gauge, help, labels: &[] }
    }

    /// Declares a histogram of durations, without labels.
    #[must_use]
    pub const fn histogram(name: &'static str, help: &'static str) -> Self {
        Self { name, kind: MetricKind::Histogram, help, labels: &[] }
    }

    /// Returns the metric with labels.
    #[must_use]
    pub const fn by(self, labels: &'static [MetricLabel]) -> Self {
        Self { labels, ..self }
    }

    /// Adds to the counter with these values of the labels, in their order.
    pub fn add(&self, values: &[&str], count: u64) {
        self.counter_of(values).increment(count);
    }

    /// Returns the counter with these values of the labels, to add to it many times.
    pub fn counter_of(&self, values: &[&str]) -> Counter {
        metrics::counter!(self.name, self.labels(values))
    }

    /// Sets the gauge with these values of the labels, in their order.
    pub fn set(&self, values: &[&str], value: f64) {
        metrics::gauge!(self.name, self.labels(values)).set(value);
    }

    /// Counts a duration in the histogram with these values of the labels, in their order.
    pub fn record(&self, values: &[&str], took: Duration) {
        self.series(values).record(took);
    }

    /// Returns the histogram with these values of the labels, to record many durations in.
    pub fn series(&self, values: &[&str]) -> Histogram {
        metrics::histogram!(self.name, self.labels(values))
    }

    fn labels(&self, values: &[&str]) -> Vec<Label> {
        debug_assert_eq!(self.labels.len(), values.len(), "{}", self.name);
        let labels = self.labels.iter().zip(values);
        labels.map(|(label, value)| Label::new(label.name, (*value).to_owned())).collect()
    }

    /// Tells the recorder what the metric means, and begins its known series.
    pub(crate) fn declare(&self) {
        match self.kind {
            MetricKind::Counter => {
                metrics::describe_counter!(self.name, self.help);
            }
            MetricKind::Gauge => {
                metrics::describe_gauge!(self.name, self.help);
            }
            MetricKind::Histogram => {
                metrics::describe_histogram!(self.name, self.help);
            }
        }
        let mut known: Vec<Vec<&str>> = vec![Vec::new()];
        for label in self.labels {
            let with = |begun: &Vec<&'static str>| {
                let own = label.known.iter();
                own.map(|value| [begun.as_slice(), &[*value]].concat()).collect::<Vec<_>>()
            };
            known = known.iter().flat_map(with).collect();
        }
        known.iter().for_each(|values| self.begin(values));
    }

    /// Begins a series at zero, so that its first event is an increase. A gauge has no value until it is set.
    pub(crate) fn begin(&self, values: &[&str]) {
        match self.kind {
            MetricKind::Counter => self.add(values, 0),
            MetricKind::Gauge => {}
            MetricKind::Histogram => drop(self.series(values)),
        }
    }
}

#[cfg(test)]
mod tests {
    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::*;

    const LAMPS: Metric = Metric::counter("lamps_total", "Lamps lit, by color and pier.")
        .by(&[MetricLabel::of("color", &["red", "green"]), MetricLabel::of("pier", &["north"])]);
    const SHIPS: Metric =
        Metric::counter("ships_total", "Ships, by name.").by(&[MetricLabel::open("name")]);
    const TIDE: Metric = Metric::gauge("tide", "The tide.");
    const TURN: Metric = Metric::histogram("turn_seconds", "Turns of the light.");

    #[test]
    fn known_series_begin_at_zero() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        let _recording = metrics::set_default_local_recorder(&recorder);
        for metric in [LAMPS, SHIPS, TIDE, TURN] {
            metric.declare();
        }
        let text = handle.render();
        for line in [
            "# HELP lamps_total Lamps lit, by color and pier.",
            "lamps_total{color=\"red\",pier=\"north\"} 0",
            "lamps_total{color=\"green\",pier=\"north\"} 0",
            "turn_seconds_count 0",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
        assert!(!text.contains("ships") && !text.contains("tide"), "{text}");
        LAMPS.add(&["red", "north"], 2);
        SHIPS.add(&["Tern"], 1);
        TIDE.set(&[], 1.5);
        TURN.record(&[], Duration::from_secs(2));
        let text = handle.render();
        for line in [
            "lamps_total{color=\"red\",pier=\"north\"} 2",
            "ships_total{name=\"Tern\"} 1",
            "tide 1.5",
            "turn_seconds_sum 2",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
    }
}
