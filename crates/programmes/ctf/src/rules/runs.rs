//! Runs of the sync: what they cover, and whether they succeeded.

use std::fmt;

use uuid::Uuid;

use crate::model::{CoachId, CompetitorId, RosterId};

/// The competitors that a run is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunScope {
    /// Everyone on a roster that is not archived.
    All,
    /// The competitors on the rosters of a coach.
    Coach(CoachId),
    Roster(RosterId),
    Competitor(CompetitorId),
    /// Competitors who are ready for the platform, but not on it.
    New,
    /// Competitors whose totals are out of date.
    Totals,
    /// Competitors whose last sync left an error.
    Failed,
    /// Competitors on a roster whose last sync left an error.
    RosterFailed(RosterId),
}

platform::stored!(RunScope);

impl fmt::Display for RunScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Coach(id) => write!(f, "coach:{id}"),
            Self::Roster(id) => write!(f, "roster:{id}"),
            Self::Competitor(id) => write!(f, "competitor:{id}"),
            Self::New => f.write_str("new"),
            Self::Totals => f.write_str("totals"),
            Self::Failed => f.write_str("failed"),
            Self::RosterFailed(id) => write!(f, "roster_failed:{id}"),
        }
    }
}

impl RunScope {
    /// Returns the scope with a stored text.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once(':').unwrap_or((text, ""));
        let id = Uuid::try_parse(id).ok();
        match (kind, id) {
            ("all", None) => Some(Self::All),
            ("new", None) => Some(Self::New),
            ("totals", None) => Some(Self::Totals),
            ("failed", None) => Some(Self::Failed),
            ("coach", Some(id)) => Some(Self::Coach(id.into())),
            ("roster", Some(id)) => Some(Self::Roster(id.into())),
            ("roster_failed", Some(id)) => Some(Self::RosterFailed(id.into())),
            ("competitor", Some(id)) => Some(Self::Competitor(id.into())),
            _ => None,
        }
    }

    /// Returns the name on pages.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::All => "Everyone",
            Self::Coach(_) => "One coach",
            Self::Roster(_) => "One roster",
            Self::Competitor(_) => "One competitor",
            Self::New => "New competitors",
            Self::Totals => "Totals",
            Self::Failed => "Failed competitors",
            Self::RosterFailed(_) => "Failed competitors of one roster",
        }
    }

    /// Returns whether a run of this scope does what a call with the other one asks for. `roster` is that of the competitor
    /// whom the other one names.
    #[must_use]
    pub fn covers(self, other: Self, roster: Option<RosterId>) -> bool {
        match (self, other) {
            _ if self == other => true,
            (Self::All, _) | (Self::Failed, Self::RosterFailed(_)) => true,
            (Self::Roster(own), Self::RosterFailed(asked)) => own == asked,
            (Self::Roster(own), Self::Competitor(_)) => roster == Some(own),
            _ => false,
        }
    }
}

platform::codes! {
    Trigger {
        Schedule = "schedule", "Schedule";
        /// A call of `POST /api/internal/sync`.
        Api = "api", "API";
        Admin = "admin", "Admin";
        /// A coach who refreshes a roster.
        Coach = "coach", "Coach";
        /// A coach or an assistant who repeats what failed.
        Retry = "retry", "Retry";
    }
}

platform::codes! {
    RunOutcome {
        /// At least 90 % of the competitors did not fail.
        Success = "success", "Success";
        /// More than 10 % failed.
        Failure = "failure", "Failure";
        /// It ended early, because the platform did not answer.
        EndedEarly = "ended_early", "Ended early";
        /// It ended early, because the platform does not accept the token.
        Rejected = "rejected", "Token rejected";
        /// It ended early, because the integration was switched off.
        SwitchedOff = "switched_off", "Switched off";
    }
}

impl RunOutcome {
    /// Returns the outcome of a run that was not stopped.
    #[must_use]
    pub const fn of(counts: &SyncCounts) -> Self {
        if is_successful(counts) { Self::Success } else { Self::Failure }
    }
}

/// Returns whether the last three of runs with these outcomes, the latest first, failed.
#[must_use]
pub fn have_three_failed(outcomes: &[RunOutcome]) -> bool {
    let has_failed = |outcome: &RunOutcome| *outcome != RunOutcome::Success;
    outcomes.get(..3).is_some_and(|last| last.iter().all(has_failed))
}

/// The numbers of a run, of competitors or of teams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncCounts {
    pub total: i64,
    /// The number of those with something new.
    pub synced: i64,
    /// The number of those without news, and those who were not asked for, for a reason.
    pub skipped: i64,
    /// The number of those that failed.
    pub failed: i64,
}

impl SyncCounts {
    /// Returns the number that have a result.
    #[must_use]
    pub const fn done(&self) -> i64 {
        self.synced + self.skipped + self.failed
    }

    /// Returns the numbers with which a run goes on that was interrupted with these. `found` competitors are in its scope now,
    /// and `left` of them have no result yet; those who left the scope since have one. `failed` have failed.
    #[must_use]
    pub fn resumed(&self, found: i64, left: i64, failed: i64) -> Self {
        let total = self.total.max(found);
        let done = total - left;
        let failed = failed.min(done);
        let synced = self.synced.min(done - failed);
        Self { total, synced, skipped: done - failed - synced, failed }
    }
}

/// Returns whether at least 90 % of those with a result did not fail.
#[must_use]
pub const fn is_successful(counts: &SyncCounts) -> bool {
    counts.failed * 10 <= counts.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    #[test]
    fn scopes_are_read_as_they_are_written() {
        let scopes = [
            RunScope::All,
            RunScope::Coach(id(1).into()),
            RunScope::Roster(id(2).into()),
            RunScope::Competitor(id(3).into()),
            RunScope::New,
            RunScope::Totals,
            RunScope::Failed,
            RunScope::RosterFailed(id(4).into()),
        ];
        for scope in scopes {
            assert_eq!(RunScope::named(&scope.to_string()), Some(scope));
        }
        for unknown in ["", "coach", "coach:7", "everyone"] {
            assert_eq!(RunScope::named(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_run_covers_itself_and_what_it_contains() {
        let (one, other) = (RunScope::Roster(id(1).into()), RunScope::Roster(id(2).into()));
        let ada = RunScope::Competitor(id(3).into());
        let (failed, roster) = (RunScope::RosterFailed(id(1).into()), Some(id(1).into()));
        for (run, asked, is_covered) in [
            (RunScope::All, one, true),
            (RunScope::All, RunScope::Totals, true),
            (RunScope::All, ada, true),
            (RunScope::All, failed, true),
            (one, one, true),
            (one, other, false),
            (one, RunScope::All, false),
            (one, failed, true),
            (other, failed, false),
            (failed, one, false),
            (RunScope::Failed, failed, true),
            (failed, RunScope::Failed, false),
            (ada, ada, true),
            (one, ada, true),
            (other, ada, false),
            (failed, ada, false),
            (RunScope::New, ada, false),
        ] {
            assert_eq!(run.covers(asked, roster), is_covered, "{run} {asked}");
        }
        assert!(!one.covers(ada, None));
    }

    #[test]
    fn an_interrupted_run_counts_no_one_twice() {
        let counts = |total, synced, skipped, failed| SyncCounts { total, synced, skipped, failed };
        for (before, (found, left), failed, expected) in [
            // A run that begins.
            (SyncCounts::default(), (5, 5), 0, counts(5, 0, 0, 0)),
            // Three of five have a result, one of them failed.
            (counts(5, 1, 1, 1), (5, 2), 1, counts(5, 1, 1, 1)),
            // Results that were stored after the last count are without news, as far as is known.
            (counts(5, 1, 0, 0), (5, 2), 1, counts(5, 1, 1, 1)),
            // Before the first count.
            (SyncCounts::default(), (5, 2), 1, counts(5, 0, 2, 1)),
            // Those with a result are no longer in the scope, such as new competitors who were added.
            (counts(5, 3, 0, 0), (2, 2), 0, counts(5, 3, 0, 0)),
            (counts(5, 2, 0, 1), (2, 2), 1, counts(5, 2, 0, 1)),
            // Others joined.
            (counts(2, 1, 0, 0), (4, 3), 0, counts(4, 1, 0, 0)),
        ] {
            assert_eq!(before.resumed(found, left, failed), expected, "{before:?} {found} {left}");
        }
    }

    #[test]
    fn ninety_percent_is_a_success() {
        let counts = |failed| SyncCounts { total: 100, synced: 10, skipped: 90 - failed, failed };
        assert_eq!(RunOutcome::of(&counts(10)), RunOutcome::Success);
        assert_eq!(RunOutcome::of(&counts(11)), RunOutcome::Failure);
        assert_eq!(RunOutcome::of(&SyncCounts::default()), RunOutcome::Success);
    }
}
