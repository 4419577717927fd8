use chrono::TimeDelta;
use kernel::{Problem, ProblemKind, Timestamp};

/// How long after signing in a person can make changes that must not be possible with a stolen session.
pub const FRESH_LASTS: TimeDelta = TimeDelta::hours(1);

/// Returns whether a sign-in is recent.
#[must_use]
pub fn is_fresh(signed_in_at: Timestamp, now: Timestamp) -> bool {
    now - signed_in_at < FRESH_LASTS
}

/// Checks that a sign-in is recent.
///
/// # Errors
/// When it is not.
pub fn freshly(signed_in_at: Option<Timestamp>, now: Timestamp) -> Result<(), Problem> {
    if signed_in_at.is_some_and(|at| is_fresh(at, now)) {
        return Ok(());
    }
    let detail = "You signed in more than an hour ago, and this requires a recent sign-in. Sign in again at /sign-in, then try again.";
    Err(Problem::new(ProblemKind::Forbidden, "SIGN_IN_AGAIN", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_is_fresh_for_an_hour() {
        let now: Timestamp = "2026-11-01T08:00:00Z".parse().expect("an instant");
        let at = |minutes| freshly(Some(now - TimeDelta::minutes(minutes)), now).is_ok();
        assert!(at(0) && at(59) && !at(60));
        assert_eq!(freshly(None, now).expect_err("none").code, "SIGN_IN_AGAIN");
    }
}
