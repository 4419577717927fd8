//! The rollout of the game platform: its steps, how long each lasts, and when the next one may begin.

mod advice;
#[cfg(test)]
mod tests;
mod words;

use kernel::Timestamp;

pub use advice::{
    COLLAPSED, FEWEST, HoldReason, READY, RolloutAdvice, RolloutFacts, RolloutFault, SuccessRate,
    advise,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RolloutStep {
    None,
    /// On for the coaches who are listed.
    Pilot,
    /// On for 10 % of the coaches.
    Tenth,
    /// On for 50 % of the coaches.
    Half,
    Everyone,
}

impl RolloutStep {
    pub const ON: [Self; 4] = [Self::Pilot, Self::Tenth, Self::Half, Self::Everyone];

    /// Returns the step of a flag with a percentage and a number of listed people. A percentage between two steps belongs to the
    /// lower one.
    #[must_use]
    pub const fn of(is_enabled: bool, percent: i64, listed: usize) -> Self {
        match (is_enabled, percent) {
            (false, _) => Self::None,
            (true, 100..) => Self::Everyone,
            (true, 50..100) => Self::Half,
            (true, 10..50) => Self::Tenth,
            (true, 1..10) => Self::Pilot,
            (true, ..=0) if listed > 0 => Self::Pilot,
            (true, ..=0) => Self::None,
        }
    }

    /// Returns the percentage of the flag.
    #[must_use]
    pub const fn percent(self) -> i64 {
        match self {
            Self::None | Self::Pilot => 0,
            Self::Tenth => 10,
            Self::Half => 50,
            Self::Everyone => 100,
        }
    }

    /// Returns the hours that the step lasts at least.
    #[must_use]
    pub const fn hours(self) -> i64 {
        match self {
            Self::Pilot => 7 * 24,
            Self::Tenth => 48,
            Self::Half => 24,
            Self::None | Self::Everyone => 0,
        }
    }

    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::None => Some(Self::Pilot),
            Self::Pilot => Some(Self::Tenth),
            Self::Tenth => Some(Self::Half),
            Self::Half => Some(Self::Everyone),
            Self::Everyone => None,
        }
    }

    #[must_use]
    pub const fn previous(self) -> Self {
        match self {
            Self::None | Self::Pilot => Self::None,
            Self::Tenth => Self::Pilot,
            Self::Half => Self::Tenth,
            Self::Everyone => Self::Half,
        }
    }

    /// Returns the name on pages.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::None => "Not begun",
            Self::Pilot => "Pilot",
            Self::Tenth => "10 %",
            Self::Half => "50 %",
            Self::Everyone => "100 %",
        }
    }
}

/// A recorded change of the flag: when, and the steps before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepChange {
    /// When it was changed.
    pub at: Timestamp,
    pub before: RolloutStep,
    pub after: RolloutStep,
}

/// Returns when the present step began, by the recorded changes, newest first. It is `None` if they do not lead to the present
/// step, because the row was changed with SQL.
#[must_use]
pub fn began(present: RolloutStep, moves: &[StepChange]) -> Option<Timestamp> {
    let mut began = None;
    for change in moves {
        if change.after != present {
            break;
        }
        began = Some(change.at);
        if change.before != present {
            break;
        }
    }
    began
}
