use std::num::ParseIntError;

use chrono::Duration;
use kernel::{Checks, Problem, ProblemKind, Timestamp, typed::misread};

use super::ReviewState;

/// The number of days after which an idle review is remembered to its reviewer.
pub const REMINDER_DAYS: u32 = 7;

/// The number of days after which an idle review is released.
pub const RELEASE_DAYS: u32 = 14;

/// The numbers of days after which a project's pull requests are idle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdleDays {
    /// After this many, a pull request is stale.
    pub stale: u32,
    /// After this many, it is abandoned, which is later.
    pub abandoned: u32,
}

impl Default for IdleDays {
    fn default() -> Self {
        Self { stale: 30, abandoned: 60 }
    }
}

/// The maximum number of days.
const MOST_DAYS: i64 = 730;

impl IdleDays {
    /// Checks numbers of days.
    ///
    /// # Errors
    /// When one is not from 1 to 730, or a pull request would be abandoned before it is stale.
    pub fn checked(stale: i64, abandoned: i64) -> Result<Self, Problem> {
        let mut checks = Checks::default();
        for (field, days) in [("stale_days", stale), ("abandoned_days", abandoned)] {
            if !(1..=MOST_DAYS).contains(&days) {
                let detail = format!("{days} is not a number of days from 1 to {MOST_DAYS}.");
                checks.refuse(bad_days(detail).at(field));
            }
        }
        if abandoned <= stale && checks.is_clean() {
            let detail = format!(
                "A pull request is stale after {stale} days, so it must be abandoned later than that, not after {abandoned}."
            );
            checks.refuse(bad_days(detail).at("abandoned_days"));
        }
        let days = |days: i64| u32::try_from(days).unwrap_or(u32::MAX);
        checks.finish(Self { stale: days(stale), abandoned: days(abandoned) })
    }
}

/// Reads a number of days as typed into a field.
///
/// # Errors
/// When it is no number. The problem names the field.
pub fn typed_days(field: &'static str, text: &str) -> Result<i64, Problem> {
    let wrong = |_: ParseIntError| {
        let form = format!(" from 1 to {MOST_DAYS}");
        bad_days(misread(text, "a number of days", &form)).at(field)
    };
    text.trim().parse().map_err(wrong)
}

fn bad_days(detail: String) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_IDLE_DAYS", detail)
}

/// The times at which an open pull request becomes idle unless something happens before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// When something last happened, on GitHub or here.
    pub active_at: Timestamp,
    /// When it becomes stale.
    pub stale_at: Timestamp,
    /// When it becomes abandoned.
    pub abandoned_at: Timestamp,
    /// The next time at which someone loses something: when a review is released, or it becomes abandoned.
    pub due_at: Timestamp,
}

impl Deadlines {
    /// Computes the deadlines of a pull request that was last active at a time.
    #[must_use]
    pub fn of(active_at: Timestamp, review_state: &ReviewState, days: IdleDays) -> Self {
        let abandoned_at = days_after(active_at, days.abandoned);
        let reviews = review_state.under_review.values();
        let released = reviews.map(|review| days_after(review.active_at, RELEASE_DAYS));
        Self {
            active_at,
            stale_at: days_after(active_at, days.stale),
            abandoned_at,
            due_at: released.min().map_or(abandoned_at, |at| at.min(abandoned_at)),
        }
    }
}

fn days_after(at: Timestamp, days: u32) -> Timestamp {
    at.checked_add_signed(Duration::days(i64::from(days))).unwrap_or(Timestamp::MAX_UTC)
}
