use chrono::TimeDelta;
use kernel::{Problem, ProblemKind, Timestamp};
use uuid::Uuid;

/// How long a closed account can be restored before it is erased.
pub const CLOSED_LASTS: TimeDelta = TimeDelta::days(30);

/// How long an export can be downloaded.
pub const EXPORT_LASTS: TimeDelta = TimeDelta::days(7);

/// Checks the login that a person typed to confirm that they want to close their account.
///
/// # Errors
/// When it is not theirs.
pub(crate) fn closing_confirmed(login: &str, typed: &str) -> Result<(), Problem> {
    if typed.trim().eq_ignore_ascii_case(login) {
        return Ok(());
    }
    let detail = format!("To close your account, type your login: {login}.");
    Err(Problem::new(ProblemKind::Invalid, "NOT_CONFIRMED", detail).at("login"))
}

/// Returns whether a closed account can still be restored.
#[must_use]
pub fn may_reopen(closed_at: Timestamp, now: Timestamp) -> bool {
    now < closed_at + CLOSED_LASTS
}

/// The login shown for a closed account, which stays on leaderboards without naming the person.
#[must_use]
pub fn closed_login(person: Uuid) -> String {
    format!("closed-{}", tail(person))
}

/// Returns the login of an erased person. It is random, because pages showed the person's ID before.
#[must_use]
pub(crate) fn erased_login(random: [u8; 6]) -> String {
    format!("erased-{}", platform::crypto::to_text(&random))
}

/// Returns whether the person with a login has a profile. A login that stands for a closed or erased account has none.
#[must_use]
pub fn has_profile(login: &str) -> bool {
    let is_placeholder = ["closed-", "erased-"].iter().any(|prefix| {
        let random = login.strip_prefix(prefix).unwrap_or_default();
        random.len() == PLACEHOLDER && random.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    !login.is_empty() && !is_placeholder
}

/// The number of hexadecimal digits at the end of a placeholder login.
const PLACEHOLDER: usize = 12;

/// Returns the random end of an ID; its beginning is a timestamp.
fn tail(person: Uuid) -> String {
    let text = person.simple().to_string();
    text[20..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_can_be_reopened_for_thirty_days() {
        let closed: Timestamp = "2026-11-01T00:00:00Z".parse().expect("an instant");
        assert!(may_reopen(closed, closed + TimeDelta::days(29)));
        assert!(!may_reopen(closed, closed + TimeDelta::days(30)));
    }

    #[test]
    fn pseudonyms_are_distinct() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(closed_login(one), "closed-000000000001");
        assert_ne!(closed_login(one), closed_login(other));
        assert_eq!(erased_login([0, 1, 2, 253, 254, 255]), "erased-000102fdfeff");
    }

    #[test]
    fn placeholders_have_no_profile() {
        let closed = closed_login(Uuid::from_u128(7));
        let erased = erased_login([7; 6]);
        for (login, expected) in [
            (closed.as_str(), false),
            (erased.as_str(), false),
            ("", false),
            ("wren-oak", true),
            ("closed-doors", true),
            ("erased-by-accident", true),
        ] {
            assert_eq!(has_profile(login), expected, "{login}");
        }
    }
}
