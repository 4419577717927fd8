//! The order in which the competitors of a roster need support, with reasons.

use chrono::TimeDelta;
use kernel::{Timestamp, counted};

use super::freshness::span;
use crate::model::AccountStatus;

/// The time without activity after which a competitor counts as inactive.
pub const INACTIVE_AFTER: TimeDelta = TimeDelta::days(14);

/// The rule as pages state it.
pub const RULE: &str = "First those who never signed in to the game platform, then those with a sync error, \
     then those without activity for 14 days or more, the longest first, then those whose account the platform has not \
     approved, then those with less than half of the roster’s median of solves in these days, the fewest first.";

/// Facts that the place of a competitor depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupportFacts {
    /// True if the competitor is on the game platform.
    pub is_on_platform: bool,
    /// When they last signed in on the platform.
    pub last_login_at: Option<Timestamp>,
    /// The latest solve or access that is known.
    pub last_activity: Option<Timestamp>,
    /// The message of the last failed sync, if it failed.
    pub sync_error: Option<String>,
    pub account: Option<AccountStatus>,
    /// The number of solves in the range.
    pub solves: i64,
}

/// The reason for which a competitor needs support, in the order of the rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SupportNeed {
    /// They have an account on the platform and never signed in.
    NeverLoggedIn,
    /// Their sync failed, with its message.
    SyncError(String),
    /// No activity since an instant, the earliest first.
    Inactive(Timestamp),
    /// The platform has not approved their account.
    Unapproved(AccountStatus),
    /// Few solves in the range, the fewest first.
    FewSolves(i64),
}

impl SupportNeed {
    /// Returns the reason of a competitor; `None` if they need no support. `median` is the roster's median of solves in the
    /// range.
    #[must_use]
    pub fn of(facts: &SupportFacts, median: i64, now: Timestamp) -> Option<Self> {
        if has_never_logged_in(facts) {
            return Some(Self::NeverLoggedIn);
        }
        if let Some(message) = &facts.sync_error {
            return Some(Self::SyncError(message.clone()));
        }
        if !facts.is_on_platform {
            return None;
        }
        if let Some(at) = inactive_since(facts, now) {
            return Some(Self::Inactive(at));
        }
        if let Some(account) = unapproved(facts) {
            return Some(Self::Unapproved(account));
        }
        (facts.solves * 2 < median).then_some(Self::FewSolves(facts.solves))
    }

    /// Returns the reason in a few words.
    #[must_use]
    pub fn heading(&self, now: Timestamp) -> String {
        match self {
            Self::NeverLoggedIn => "Never signed in".to_owned(),
            Self::SyncError(_) => "Sync error".to_owned(),
            Self::Inactive(at) => format!("Inactive for {}", span(now - *at)),
            Self::Unapproved(_) => "Not approved".to_owned(),
            Self::FewSolves(_) => "Few solves".to_owned(),
        }
    }

    #[must_use]
    pub const fn class(&self) -> &'static str {
        match self {
            Self::NeverLoggedIn | Self::SyncError(_) => "t-gules",
            Self::Inactive(_) => "t-or",
            Self::Unapproved(_) | Self::FewSolves(_) => "t-azure",
        }
    }

    /// Says why, in a sentence about a competitor with a name.
    #[must_use]
    pub fn sentence(&self, name: &str, median: i64, now: Timestamp) -> String {
        match self {
            Self::NeverLoggedIn => {
                format!("{name} has an account on the game platform and has never signed in.")
            }
            Self::SyncError(message) => {
                format!("Could not sync {name}: {}", ended(&continued(message)))
            }
            Self::Inactive(at) => {
                format!("{name} has had no activity for {}.", span(now - *at))
            }
            Self::Unapproved(AccountStatus::Denied) => {
                format!(
                    "The game platform denied the account of {name}. Ask MetaCTF for the reason."
                )
            }
            Self::Unapproved(_) => {
                format!(
                    "The account of {name} waits for approval by the game platform, which is asked with every sync."
                )
            }
            Self::FewSolves(solves) => format!(
                "{name} has {} in these days; the roster’s median is {median}.",
                counted(*solves, "solve", "solves")
            ),
        }
    }
}

/// Returns whether a competitor with an account never signed in. Activity proves that they did.
#[must_use]
pub fn has_never_logged_in(facts: &SupportFacts) -> bool {
    facts.is_on_platform
        && facts.last_login_at.is_none()
        && facts.last_activity.is_none()
        && facts.solves == 0
}

/// Returns since when a competitor is inactive, if it is for 14 days or more.
#[must_use]
pub fn inactive_since(facts: &SupportFacts, now: Timestamp) -> Option<Timestamp> {
    let last = facts.last_activity.max(facts.last_login_at)?;
    (now - last >= INACTIVE_AFTER).then_some(last)
}

/// Returns the state of an account that the platform has not approved.
#[must_use]
pub fn unapproved(facts: &SupportFacts) -> Option<AccountStatus> {
    facts.account.filter(|account| facts.is_on_platform && *account != AccountStatus::Approved)
}

/// Orders competitors by their need, then by name, and drops those without a need. Returns each with the roster's median
/// known to it.
#[must_use]
pub fn in_order<K: Ord>(
    competitors: impl IntoIterator<Item = (K, SupportFacts)>,
    median: i64,
    now: Timestamp,
) -> Vec<(SupportNeed, K)> {
    let need = |(key, facts): (K, SupportFacts)| Some((SupportNeed::of(&facts, median, now)?, key));
    let mut needs: Vec<_> = competitors.into_iter().filter_map(need).collect();
    // Errors are ordered by name, not by message.
    needs.sort_by(|(a, name), (b, other)| match (a, b) {
        (SupportNeed::SyncError(_), SupportNeed::SyncError(_)) => name.cmp(other),
        _ => a.cmp(b).then_with(|| name.cmp(other)),
    });
    needs
}

/// Returns the median of whole numbers, rounded down; 0 if there are none.
#[must_use]
pub fn median(values: impl IntoIterator<Item = i64>) -> i64 {
    let mut values: Vec<i64> = values.into_iter().collect();
    values.sort_unstable();
    let middle = values.len() / 2;
    let upper = values.get(middle).copied().unwrap_or(0);
    match values.len() % 2 {
        0 => {
            let lower = middle.checked_sub(1).and_then(|place| values.get(place));
            lower.map_or(0, |lower| lower.midpoint(upper))
        }
        _ => upper,
    }
}

/// Begins a message with a small letter, to go on after a colon. Words with other capital letters, such as `MetaCTF`, stay.
fn continued(message: &str) -> String {
    let word = message.split(' ').next().unwrap_or_default();
    let mut characters = word.chars();
    match characters.next() {
        Some(first) if !characters.any(char::is_uppercase) => {
            let rest = message.get(first.len_utf8()..).unwrap_or_default();
            format!("{}{rest}", first.to_lowercase())
        }
        _ => message.to_owned(),
    }
}

/// Ends a message with a period.
fn ended(message: &str) -> String {
    if message.ends_with(['.', '!', '?']) { message.to_owned() } else { format!("{message}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-20T10:00:00Z".parse().expect("an instant")
    }

    fn days_ago(days: i64) -> Option<Timestamp> {
        Some(now() - TimeDelta::days(days))
    }

    fn active() -> SupportFacts {
        SupportFacts {
            is_on_platform: true,
            last_login_at: days_ago(1),
            last_activity: days_ago(1),
            sync_error: None,
            account: Some(AccountStatus::Approved),
            solves: 10,
        }
    }

    fn inactive(days: i64) -> SupportFacts {
        SupportFacts {
            last_login_at: days_ago(days + 3),
            last_activity: days_ago(days),
            ..active()
        }
    }

    #[test]
    fn the_order_is_that_of_the_rule() {
        let never =
            SupportFacts { last_login_at: None, last_activity: None, solves: 0, ..active() };
        let error = SupportFacts { sync_error: Some("no email address".to_owned()), ..active() };
        let unapproved = SupportFacts { account: Some(AccountStatus::PendingApproval), ..active() };
        let few = |solves| SupportFacts { solves, ..active() };
        let all = [
            ("few", few(4)),
            ("fewest", few(2)),
            ("half", few(5)),
            ("unapproved", unapproved),
            ("inactive", inactive(14)),
            ("longest", inactive(40)),
            ("recent", inactive(13)),
            ("error b", error.clone()),
            ("error a", error),
            ("never", never),
        ];
        let order: Vec<_> = in_order(all, 10, now()).into_iter().map(|(_, name)| name).collect();
        let wanted =
            ["never", "error a", "error b", "longest", "inactive", "unapproved", "fewest", "few"];
        assert_eq!(order, wanted);
    }

    #[test]
    fn activity_proves_a_sign_in() {
        let facts = SupportFacts { last_login_at: None, ..active() };
        assert!(!has_never_logged_in(&facts));
        assert!(!has_never_logged_in(&SupportFacts::default()), "not on the platform");
    }

    #[test]
    fn those_who_are_not_on_the_platform_need_support_only_after_an_error() {
        assert_eq!(SupportNeed::of(&SupportFacts::default(), 10, now()), None);
        let refused = SupportFacts {
            sync_error: Some("no email address".to_owned()),
            ..SupportFacts::default()
        };
        assert!(matches!(SupportNeed::of(&refused, 10, now()), Some(SupportNeed::SyncError(_))));
    }

    #[test]
    fn each_reason_is_a_sentence() {
        for (message, said) in [
            (
                "No email address. Add one and retry.",
                "Could not sync Ada: no email address. Add one and retry.",
            ),
            ("MetaCTF refused it", "Could not sync Ada: MetaCTF refused it."),
        ] {
            let error = SupportNeed::SyncError(message.to_owned());
            assert_eq!(error.sentence("Ada", 4, now()), said);
        }
        let few = SupportNeed::FewSolves(1).sentence("Ada", 4, now());
        assert_eq!(few, "Ada has 1 solve in these days; the roster’s median is 4.");
        let inactive = SupportNeed::Inactive(now() - TimeDelta::days(19));
        assert_eq!(inactive.heading(now()), "Inactive for 19 days");
    }

    #[test]
    fn the_median_of_an_even_number_is_between_the_middle_two() {
        assert_eq!(median([]), 0);
        assert_eq!(median([3]), 3);
        assert_eq!(median([1, 9, 4]), 4);
        assert_eq!(median([1, 2, 4, 9]), 3);
    }
}
