//! The Flash CTF momentum of a roster.

use ui::{
    charts::{Look, Place, Plot, Series, Sketch},
    format::{Instant, Number},
};

use super::plotted::plotted;
use crate::reads::FlashMomentum;

pub(super) struct EventRow {
    pub(super) name: String,
    pub(super) started: Instant,
    pub(super) competitors: Number,
    pub(super) solves: Number,
    pub(super) points: Number,
    pub(super) share: String,
}

/// The last Flash CTFs of a roster.
pub(super) struct Momentum {
    pub(super) plot: Plot,
    /// The events, latest first.
    pub(super) rows: Vec<EventRow>,
    /// The last event compared with the one before it.
    pub(super) sentence: Option<String>,
}

impl Momentum {
    /// Draws events, which are given latest first.
    pub(super) fn of(events: &[FlashMomentum]) -> Self {
        let oldest_first = || events.iter().rev();
        let place = |event: &FlashMomentum| {
            Place::new(event.started_at.format("%b").to_string(), event.name.clone())
        };
        let share = |event: &FlashMomentum| event.share().map(plotted);
        let sketch = Sketch {
            id: "flash",
            title: "Flash CTF momentum",
            unit: "percent",
            places: oldest_first().map(place).collect(),
            series: vec![Series {
                name: "Share of possible points",
                look: Look::Line,
                values: oldest_first().map(share).collect(),
            }],
            most: Some(100.0),
            shown: |value| format!("{value:.0}"),
        };
        Self {
            plot: Plot::drawn(&sketch),
            rows: events.iter().map(row).collect(),
            sentence: sentence(events),
        }
    }
}

fn row(event: &FlashMomentum) -> EventRow {
    EventRow {
        name: event.name.clone(),
        started: Instant(event.started_at),
        competitors: Number(event.competitors),
        solves: Number(event.solves),
        points: Number(event.points),
        share: event.share().map_or_else(|| "–".to_owned(), |share| format!("{share} %")),
    }
}

fn sentence(events: &[FlashMomentum]) -> Option<String> {
    let [last, before, ..] = events else {
        return None;
    };
    let (now, then) = (last.share()?, before.share()?);
    let word = match now.cmp(&then) {
        std::cmp::Ordering::Greater => "up from",
        std::cmp::Ordering::Equal => "as much as the",
        std::cmp::Ordering::Less => "down from",
    };
    Some(format!(
        "The competitors earned {now} % of the possible points in {}, {word} {then} % in {}.",
        last.name, before.name
    ))
}
