//! Emails of this module.

mod competitor_link;
mod consents;
mod invitation;
mod milestones;
mod reminder;
mod weeks;

use platform::{module::NewsKind, outbox::Sample};

pub use competitor_link::CompetitorLink;
pub use consents::{CTF_CONSENTS, ConsentAnswered};
pub use invitation::Invitation;
pub use milestones::{CTF_MILESTONES, Milestones};
pub use reminder::{CTF_REMINDER, Reminder};
pub use weeks::{CTF_OWN_WEEK, CTF_ROSTER_WEEK, OwnWeek, RosterWeek};

/// Returns the reason of an email to the coaches of a roster.
fn coaches(roster: &str) -> String {
    format!("you coach {roster}")
}

/// Returns each email with sample data.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let mut samples = Vec::new();
    samples.extend(invitation::samples());
    samples.extend(competitor_link::samples());
    samples.extend(consents::samples());
    samples.extend(milestones::samples());
    samples.extend(reminder::samples());
    samples.extend(weeks::samples());
    samples
}

/// The kinds of notifications of this module.
pub(crate) const KINDS: &[NewsKind] =
    &[CTF_ROSTER_WEEK, CTF_OWN_WEEK, CTF_MILESTONES, CTF_REMINDER, CTF_CONSENTS];
