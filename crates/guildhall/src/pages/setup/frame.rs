//! The frame of the pages of the setup: a picture that is finished step by step, and the list of steps.

use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse as _, Response},
};
use chrono::{DateTime, TimeDelta};
use kernel::Timestamp;
use platform::config::Config;
use serde::Deserialize;

use super::steps::{STEPS, Step, left_after};

/// The page of all settings, and the origin of visits that it begins.
const SETTINGS: (&str, &str) = ("/admin/settings", "settings");

/// The query of a visit.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Opened {
    /// `settings`, or empty in the setup.
    pub(super) from: String,
    /// When the page began to wait for something from elsewhere, in seconds since 1970.
    pub(super) asked: i64,
}

impl Opened {
    /// Returns when the page began to wait; long ago if it does not wait.
    pub(super) fn asked_at(&self) -> Option<Timestamp> {
        DateTime::from_timestamp(self.asked, 0)
    }
}

/// Returns the path after a step was saved: the settings if it was opened from there, or else the next step that is left.
pub(super) fn after(address: &str, from: &str, config: &Config) -> &'static str {
    if from == SETTINGS.1 { SETTINGS.0 } else { left_after(address, config) }
}

/// Returns the path that leads a visit on from elsewhere: the settings, or the setup, which leads to the first step that is left.
pub(super) fn onward(from: &str) -> &'static str {
    if from == SETTINGS.1 { SETTINGS.0 } else { STEPS[0].address }
}

/// Returns the path of a step that is opened in the same way again.
pub(super) fn again(address: &str, from: &str) -> String {
    if from == SETTINGS.1 { format!("{address}?from={from}") } else { address.to_owned() }
}

/// Returns the path of a step that is opened from the settings.
pub(super) fn changed_later(address: &str) -> String {
    again(address, SETTINGS.1)
}

/// Returns the path of a step that waits for something from elsewhere.
pub(super) fn waiting(address: &str, from: &str, now: Timestamp) -> String {
    let from = if from == SETTINGS.1 { from } else { "" };
    format!("{address}?from={from}&asked={}", now.timestamp())
}

/// Returns whether an instant is at most this long ago.
pub(super) fn is_recent(at: Option<Timestamp>, now: Timestamp, lasts: TimeDelta) -> bool {
    at.is_some_and(|at| (TimeDelta::zero()..lasts).contains(&(now - at)))
}

/// Returns a page, which browsers load again in some seconds while it waits for something from elsewhere.
pub(super) fn loaded_again(page: Html<String>, is_waiting: bool) -> Response {
    let mut response = page.into_response();
    if is_waiting {
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("5"));
    }
    response
}

/// A line of the list of steps.
pub(super) struct Row {
    pub(super) title: &'static str,
    pub(super) is_current: bool,
    pub(super) is_done: bool,
    /// The path of its page, unless that is the first one, which leads on, or the viewer is still there.
    pub(super) address: Option<&'static str>,
}

/// The parts of a page around its step.
pub(super) struct Frame {
    /// The place of the step, from 0.
    place: usize,
    pub(super) rows: Vec<Row>,
    /// True if it was opened from the settings, to change what was set up before.
    pub(super) is_change: bool,
}

impl Frame {
    /// Returns the frame of the step at a path.
    pub(super) fn of(address: &str, config: &Config) -> Self {
        let place = STEPS.iter().position(|step| step.address == address).unwrap_or_default();
        let row = |(number, step): (usize, &Step)| Row {
            title: step.title,
            is_current: number == place,
            is_done: (step.state)(config).is_some(),
            address: Some(step.address).filter(|_| place.min(number) > 0),
        };
        Self { place, rows: STEPS.iter().enumerate().map(row).collect(), is_change: false }
    }

    /// Returns the frame of a page that was opened from the settings or in the setup.
    pub(super) fn opened(self, from: &str) -> Self {
        Self { is_change: from == SETTINGS.1, ..self }
    }

    /// Returns the value that tells a form where its page was opened.
    pub(super) fn from(&self) -> &'static str {
        if self.is_change { SETTINGS.1 } else { "" }
    }

    /// Returns the path of the page before.
    pub(super) fn back(&self) -> &'static str {
        if self.is_change { SETTINGS.0 } else { STEPS[self.place.saturating_sub(1)].address }
    }

    /// Returns the path of the page after, for whoever leaves the step for later.
    pub(super) fn later(&self) -> &'static str {
        if self.is_change {
            SETTINGS.0
        } else {
            STEPS[(self.place + 1).min(STEPS.len() - 1)].address
        }
    }

    pub(super) fn title(&self) -> &'static str {
        STEPS[self.place].title
    }

    fn is_last(&self) -> bool {
        self.place + 1 == STEPS.len()
    }

    /// Returns the line above the heading.
    pub(super) fn kicker(&self) -> String {
        if self.is_change {
            return "Settings".to_owned();
        }
        if self.is_last() {
            return self.title().to_owned();
        }
        format!("Step {} of {}", self.place + 1, STEPS.len())
    }

    pub(super) fn picture(&self) -> &'static str {
        ui::assets::setup(self.place)
    }

    /// Describes the picture.
    pub(super) fn alt(&self) -> String {
        if self.is_last() {
            return "A finished front with a flag".to_owned();
        }
        format!("A front in scaffolding; window {} of {} is being set", self.place + 1, STEPS.len())
    }
}
