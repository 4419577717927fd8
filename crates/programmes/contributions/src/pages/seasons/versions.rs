//! The results of a season at its sign-off and after each correction, of which a page shows one.

use ui::format::Instant;
use uuid::Uuid;

use crate::rules::seasons::SeasonCorrection;

/// A correction that a page offers.
pub(super) struct Version {
    pub(super) number: i64,
    pub(super) at: Instant,
    pub(super) is_shown: bool,
}

/// The corrections since a sign-off.
pub(super) struct Versions {
    /// The number of the one that is shown; 0 for the sign-off.
    pub(super) shown: i64,
    pub(super) all: Vec<Version>,
}

impl Versions {
    pub(super) fn of(corrections: &[SeasonCorrection<Uuid>], shown: i64) -> Self {
        let version = |it: &SeasonCorrection<Uuid>| Version {
            number: it.number,
            at: Instant(it.at),
            is_shown: it.number == shown,
        };
        Self { shown, all: corrections.iter().map(version).collect() }
    }

    /// Returns the parameter of URLs that keeps what is shown, with an ampersand before it.
    pub(super) fn kept(&self) -> String {
        match self.shown {
            0 => String::new(),
            number => format!("&correction={number}"),
        }
    }
}
