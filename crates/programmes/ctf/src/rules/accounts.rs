//! Accounts on the game platform that are read again.

use chrono::TimeDelta;
use kernel::Timestamp;

use super::plan::is_old;
use crate::model::AccountStatus;

/// Stored facts that decide whether an account is read again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountFacts {
    pub status: Option<AccountStatus>,
    /// When the person last signed in on the platform.
    pub last_login_at: Option<Timestamp>,
    /// When the account was last read.
    pub read_at: Option<Timestamp>,
}

/// How long the state of an account that is not approved is believed. Each scheduled run reads it again, and so does a coach who
/// refreshes the roster after asking the platform to approve it.
const UNAPPROVED: TimeDelta = TimeDelta::minutes(5);

/// Returns whether an account is read again: with each sync until it is approved, then daily until it is used.
#[must_use]
pub fn is_due(facts: &AccountFacts, now: Timestamp) -> bool {
    match (facts.status, facts.last_login_at) {
        (Some(AccountStatus::Approved), Some(_)) => false,
        (Some(AccountStatus::Approved), None) => is_old(facts.read_at, now),
        _ => facts.read_at.is_none_or(|at| now - at >= UNAPPROVED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_read_until_they_are_approved_and_daily_until_they_are_used() {
        let now: Timestamp = "2026-11-20T10:00:00Z".parse().expect("an instant");
        let ago = |hours| Some(now - TimeDelta::hours(hours));
        let lately = Some(now - TimeDelta::minutes(4));
        let (approved, pending) = (AccountStatus::Approved, AccountStatus::PendingApproval);
        for (status, last_login_at, read_at, expected) in [
            (Some(pending), ago(1), ago(1), true),
            (Some(AccountStatus::Denied), None, ago(1), true),
            (Some(pending), None, lately, false),
            (None, None, lately, false),
            (Some(approved), None, ago(22), true),
            (None, None, None, true),
            (Some(approved), None, ago(21), false),
            (Some(approved), ago(1), ago(900), false),
            (Some(approved), ago(1), None, false),
        ] {
            let facts = AccountFacts { status, last_login_at, read_at };
            assert_eq!(is_due(&facts, now), expected, "{facts:?}");
        }
    }
}
