use chrono::TimeDelta;
use kernel::{Problem, ProblemKind, Timestamp};

/// How long an invitation to the community is open.
pub const INVITATION_LASTS: TimeDelta = TimeDelta::days(30);

/// How long the link in an emailed invitation signs in the owner of the address. Later they sign in first, so that an email that is
/// found in a mailbox or forwarded then is worth no account.
const SIGNS_IN: TimeDelta = TimeDelta::days(7);

/// Returns whether the link in an invitation that was emailed at an instant still signs in.
#[must_use]
pub fn invitation_signs_in(sent_at: Timestamp, now: Timestamp) -> bool {
    now - sent_at < SIGNS_IN
}

/// Refuses an invitation to a person who has not proven that they receive email at the address that it was sent to: whoever
/// forwarded it may not choose who accepts it. `invited` is that address, and `verified` the one of the person's account.
///
/// # Errors
/// When the person has verified no address, or another one.
pub fn check_addressee(invited: &str, verified: Option<&str>) -> Result<(), Problem> {
    if verified.is_some_and(|own| own.eq_ignore_ascii_case(invited)) {
        return Ok(());
    }
    let detail = "This invitation is for the person at the email address that it was sent to, which your account has not \
                  verified. If it is yours, sign out and sign in with an emailed link to that address, or verify it at \
                  /settings/email, and open the invitation again. Otherwise, ask for an invitation of your own.";
    Err(Problem::new(ProblemKind::NotFound, "INVITED_ADDRESS_NOT_VERIFIED", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_signs_in_for_a_week() {
        let sent = Timestamp::UNIX_EPOCH;
        for (seconds, expected) in [(0, true), (604_799, true), (604_800, false)] {
            let now = sent + TimeDelta::seconds(seconds);
            assert_eq!(invitation_signs_in(sent, now), expected, "{seconds}");
        }
    }

    #[test]
    fn only_who_verified_the_invited_address_accepts() {
        for (verified, may) in [
            (Some("marit@harbor.example"), true),
            (Some("Marit@Harbor.example"), true),
            (Some("marit@harbor.example.net"), false),
            (Some("bo@harbor.example"), false),
            (Some(""), false),
            (None, false),
        ] {
            let checked = check_addressee("Marit@harbor.example", verified);
            assert_eq!(checked.is_ok(), may, "{verified:?}");
        }
        let refused = check_addressee("marit@harbor.example", None).expect_err("refused");
        assert!(!refused.detail.contains("marit"), "{}", refused.detail);
    }
}
