//! The results of a season at its sign-off and after each correction, of which a page shows one.

use kernel::{Problem, ProblemKind};
use ui::format::Instant;
use uuid::Uuid;

use crate::rules::seasons::SeasonCorrection;

/// Reads the number of a correction from a URL; empty for the results of the sign-off.
///
/// # Errors
/// When it is no number.
pub(super) fn correction_of(typed: &str) -> Result<i64, Problem> {
    let typed = typed.trim();
    let number = if typed.is_empty() { Some(0) } else { typed.parse().ok() };
    let number = number.filter(|it| *it >= 0);
    number.ok_or_else(|| {
        let detail = format!("'{typed}' is not the number of a correction. Leave it out.");
        Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail).at("correction")
    })
}

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
