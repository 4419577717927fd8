//! Decides who can claim an issue, how long a claim lasts, and how it ends.

use kernel::{Problem, ProblemKind, Timestamp};
use uuid::Uuid;

use super::{
    doable::Undoable,
    forms::{self, NoNumber},
    labels::StopReason,
};
use crate::model::{
    ClosingPull, LONGEST, MOST_ACTIVE, MOST_NEW, MOST_QUEUED, PERIOD, PullOutcome, PullState,
    REMINDED_BEFORE, Ratings,
};

/// The facts that decide whether a person can claim an issue.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClaimRequest<'a> {
    /// Why the issue cannot be done, in words.
    pub obstacle: Option<&'a str>,
    /// True if another person works on it.
    pub is_claimed: bool,
    /// True if the person works on it.
    pub is_own: bool,
    /// True if the person is in its queue.
    pub is_queued: bool,
    /// The number of active claims of the person.
    pub active: i64,
    /// The number of queues that the person is in.
    pub queued: i64,
    /// The number of claims that the person made in the last 24 hours.
    pub made: i64,
}

/// The place that a claim gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimPlace {
    /// The person works on the issue.
    Active,
    /// The person is at the end of the queue.
    Queued,
}

/// Decides about a claim.
///
/// # Errors
/// When the person claimed the issue already, it cannot be done, or a limit is reached.
pub fn admit(asked: &ClaimRequest<'_>) -> Result<ClaimPlace, Problem> {
    let claimed = |detail: &str| Problem::new(ProblemKind::Conflict, "ALREADY_CLAIMED", detail);
    if asked.is_own {
        return Err(claimed("You work on this issue already."));
    }
    if asked.is_queued {
        return Err(claimed("You are in the queue for this issue already."));
    }
    if let Some(why) = asked.obstacle {
        let detail = format!("This issue cannot be claimed: {why}. Choose another one.");
        return Err(Problem::new(ProblemKind::Conflict, "NOT_OPEN", detail));
    }
    if asked.made >= MOST_NEW {
        let detail = format!("You claimed {MOST_NEW} issues in 24 hours. Claim this one tomorrow.");
        return Err(Problem::new(ProblemKind::Conflict, "CLAIM_LIMIT", detail));
    }
    if asked.is_claimed && asked.queued >= MOST_QUEUED {
        let detail = format!("You are in {MOST_QUEUED} queues. Leave one of them first.");
        return Err(Problem::new(ProblemKind::Conflict, "QUEUE_LIMIT", detail));
    }
    if asked.is_claimed {
        return Ok(ClaimPlace::Queued);
    }
    if asked.active >= MOST_ACTIVE {
        let detail =
            format!("You work on {MOST_ACTIVE} issues. Complete or release one of them first.");
        return Err(Problem::new(ProblemKind::Conflict, "CLAIM_LIMIT", detail));
    }
    Ok(ClaimPlace::Active)
}

/// Returns when a claim expires whose pull request is open: 7 days after the last activity of the pull request, at most 60
/// days after the beginning, and never earlier than before.
#[must_use]
pub fn extended(claimed_at: Timestamp, expires_at: Timestamp, active_at: Timestamp) -> Timestamp {
    expires_at.max((active_at + PERIOD).min(claimed_at + LONGEST))
}

/// Returns whether a person is to be reminded of the end of their claim.
#[must_use]
pub fn is_ending(expires_at: Timestamp, now: Timestamp) -> bool {
    now < expires_at && expires_at - now <= REMINDED_BEFORE
}

/// Returns whether an obstacle ends a claim. A pull request, a label that says that someone works on the issue, and an
/// assignment of the claimant follow from the work on it. Silence does not end it either: the claimant may break it.
#[must_use]
pub fn ends_claim(obstacle: Undoable, is_assigned_to_claimant: bool) -> bool {
    match obstacle {
        Undoable::Linked | Undoable::Label(StopReason::Taken | StopReason::Stale) => false,
        Undoable::Stale | Undoable::Dead => false,
        Undoable::Assigned => !is_assigned_to_claimant,
        _ => true,
    }
}

/// The period in which a person worked on an issue.
#[derive(Clone, Copy, Debug)]
pub struct WorkPeriod {
    /// The beginning.
    pub claimed_at: Timestamp,
    /// The end of the claim, unless the pull request extends it.
    pub expires_at: Timestamp,
    /// The end; absent while the claim is active.
    pub ended_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimVerdict {
    Stays,
    /// It is active until a later instant.
    Extended(Timestamp),
    /// The claimant's pull request, by name, closed the issue.
    Completed(String),
    /// The issue can no longer be done, in words.
    Ends(String),
    /// Its time passed.
    Expires,
}

/// Decides what becomes of a claim, from the pull requests that would close its issue and what prevents the work. A pull
/// request that was merged while the claim was active completes it, even if this is learned after the end.
#[must_use]
pub fn judge(
    worked: WorkPeriod,
    pulls: &[ClosingPull],
    obstacle: Option<&str>,
    now: Timestamp,
) -> ClaimVerdict {
    let until = worked.ended_at.unwrap_or(now);
    let merged = |is_own: bool| {
        let was_merged = move |pull: &&ClosingPull| match pull.state {
            PullState::Merged(at) => {
                pull.is_own == is_own && at >= worked.claimed_at && at <= until
            }
            PullState::Open | PullState::Closed => false,
        };
        pulls.iter().find(was_merged)
    };
    if let Some(pull) = merged(true) {
        return ClaimVerdict::Completed(pull.name.clone());
    }
    if worked.ended_at.is_some() {
        return ClaimVerdict::Stays;
    }
    if let Some(why) = obstacle {
        return ClaimVerdict::Ends(match merged(false) {
            Some(pull) => format!("{}, by another person, was merged", pull.name),
            None => why.to_owned(),
        });
    }
    let open = pulls.iter().filter(|pull| pull.is_own && pull.state == PullState::Open);
    let active_at = open.map(|pull| pull.active_at).max();
    let until = active_at.map(|at| extended(worked.claimed_at, worked.expires_at, at));
    match until.unwrap_or(worked.expires_at) {
        until if until <= now => ClaimVerdict::Expires,
        until if until > worked.expires_at => ClaimVerdict::Extended(until),
        _ => ClaimVerdict::Stays,
    }
}

/// Returns the outcome of a claim that ended without being completed.
#[must_use]
pub fn outcome(claimed_at: Option<Timestamp>, pulls: &[ClosingPull]) -> Option<PullOutcome> {
    let since = claimed_at?;
    let mut own = pulls.iter().filter(|pull| pull.is_own && pull.active_at >= since);
    let is_closed = |pull: &ClosingPull| pull.state == PullState::Closed;
    let newest = own.by_ref().max_by_key(|pull| pull.active_at)?;
    is_closed(newest).then_some(PullOutcome::Closed)
}

/// The most hours that a person can state.
const MOST_HOURS: f64 = 1_000.0;

/// Reads what a person states about a claim.
///
/// # Errors
/// When a value is out of range.
pub fn ratings(
    hours: Option<f64>,
    difficulty: Option<i64>,
    learning: Option<i64>,
) -> Result<Ratings, Problem> {
    let invalid =
        |field, detail: &str| Problem::new(ProblemKind::Invalid, "BAD_OUTCOME", detail).at(field);
    let is_hours = |hours: &f64| (0.0..=MOST_HOURS).contains(hours);
    if hours.is_some_and(|hours| !is_hours(&hours)) {
        return Err(invalid("hours", "Hours must be between 0 and 1,000."));
    }
    let is_rating = |rating: Option<i64>| rating.is_none_or(|rating| (1..=5).contains(&rating));
    if !is_rating(difficulty) {
        let detail = "The difficulty must be a number from 1 to 5.";
        return Err(invalid("difficulty", detail));
    }
    if !is_rating(learning) {
        return Err(invalid("learning", "Learning must be a number from 1 to 5."));
    }
    Ok(Ratings { hours: hours.map(|hours| (hours * 1_000.0).round() as i64), difficulty, learning })
}

/// Reads a cursor of a person's list of claims: the rank of the state, and the ID.
#[must_use]
pub fn place(cursor: &str) -> Option<(i64, Uuid)> {
    let (rank, id) = cursor.split_once('.')?;
    let rank = rank.parse().ok().filter(|rank| (0..=2).contains(rank))?;
    Some((rank, Uuid::try_parse(id).ok()?))
}

/// Reads a number of a form; an empty field has none.
///
/// # Errors
/// When the text is no number.
pub fn number<T: std::str::FromStr>(text: &str, field: &'static str) -> Result<Option<T>, Problem> {
    forms::number(text).map_err(|NoNumber| {
        let detail = "Enter a number such as 2.5, or leave the field empty.";
        Problem::new(ProblemKind::Invalid, "BAD_OUTCOME", detail).at(field)
    })
}

#[cfg(test)]
mod tests;
