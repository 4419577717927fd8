use chrono::TimeDelta;
use kernel::Timestamp;
use uuid::Uuid;

/// How long an account that its person closed waits for them before it is erased.
pub const CLOSED_LASTS: TimeDelta = TimeDelta::days(30);

/// Whether somebody who closed their account may still take it back.
#[must_use]
pub fn may_reopen(closed_at: Timestamp, now: Timestamp) -> bool {
    now < closed_at + CLOSED_LASTS
}

/// What somebody is called whose account is closed: boards go on, and do not name them.
#[must_use]
pub fn closed_login(person: Uuid) -> String {
    format!("closed-{}", tail(person))
}

/// What somebody is called once they are erased.
#[must_use]
pub fn erased_login(person: Uuid) -> String {
    format!("erased-{}", tail(person))
}

/// The random end of an id: its beginning says when it was made.
fn tail(person: Uuid) -> String {
    let text = person.simple().to_string();
    text[20..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_given_to_come_back() {
        let closed: Timestamp = "2026-11-01T00:00:00Z".parse().expect("an instant");
        assert!(may_reopen(closed, closed + TimeDelta::days(29)));
        assert!(!may_reopen(closed, closed + TimeDelta::days(30)));
    }

    #[test]
    fn pseudonyms_are_each_their_own() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(erased_login(one), "erased-000000000001");
        assert_ne!(erased_login(one), erased_login(other));
        assert_ne!(erased_login(one), closed_login(one));
    }
}
