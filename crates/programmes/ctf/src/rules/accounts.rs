//! Accounts on the game platform that are read again.

use kernel::Timestamp;

use super::plan::is_old;
use crate::model::AccountStatus;

/// Stored facts that decide whether an account is read again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountFacts {
    pub status: Option<AccountStatus>,
    /// When the person last signed in at the platform.
    pub last_login_at: Option<Timestamp>,
    /// When the account was last read.
    pub read_at: Option<Timestamp>,
}

/// Returns whether an account is read again: daily while it is not approved or was never used.
#[must_use]
pub fn is_due(facts: &AccountFacts, now: Timestamp) -> bool {
    let is_settled = facts.status == Some(AccountStatus::Approved) && facts.last_login_at.is_some();
    !is_settled && is_old(facts.read_at, now)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn accounts_are_read_daily_until_they_are_approved_and_used() {
        let now: Timestamp = "2026-11-20T10:00:00Z".parse().expect("an instant");
        let ago = |hours| Some(now - TimeDelta::hours(hours));
        let (approved, pending) = (AccountStatus::Approved, AccountStatus::PendingApproval);
        for (status, last_login_at, read_at, expected) in [
            (Some(pending), ago(1), ago(22), true),
            (Some(approved), None, ago(22), true),
            (None, None, None, true),
            (Some(pending), None, ago(21), false),
            (Some(approved), ago(1), ago(900), false),
            (Some(approved), ago(1), None, false),
        ] {
            let facts = AccountFacts { status, last_login_at, read_at };
            assert_eq!(is_due(&facts, now), expected, "{facts:?}");
        }
    }
}
