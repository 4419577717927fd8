//! Decisions on invitations to the staff of a hackathon that are sent by email.

use chrono::TimeDelta;
use kernel::{Problem, ProblemKind, Timestamp, typed::names_address};
use platform::crypto;

use crate::model::StaffRole;

/// How long an invitation can be accepted.
pub const INVITATION_LASTS: TimeDelta = TimeDelta::days(30);

/// The maximum number of open invitations of a hackathon.
pub const MOST_INVITATIONS: usize = 100;

/// Returns the SHA-256 digest of a token in hexadecimal, which is stored instead of it.
#[must_use]
pub fn digest(token: &str) -> String {
    crypto::to_text(&identity::rules::hash(token))
}

/// Returns the title of a hackathon as emails to people without an account quote it: not at all if it looks like an address
/// that a reader could follow, because the email is from this server, but the title is not.
#[must_use]
pub fn quoted_title(title: &str) -> Option<String> {
    (!names_address(title)).then(|| title.to_owned())
}

/// The stored instants of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvitationTimes {
    pub expires_at: Timestamp,
    pub accepted_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// The state of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationState {
    /// It can be accepted.
    Open,
    Accepted,
    /// An organizer withdrew it or sent another one, or its sender lost their role.
    Revoked,
    Expired,
    /// Its hackathon is over.
    Over,
    /// Its sender may no longer add people to the staff.
    Lapsed,
}

impl InvitationState {
    /// Returns the state at an instant, of a hackathon that is over or not, and a sender who may add people to its staff or not.
    #[must_use]
    pub fn at(times: InvitationTimes, is_over: bool, may_grant: bool, now: Timestamp) -> Self {
        match (times.accepted_at, times.revoked_at) {
            (Some(_), _) => Self::Accepted,
            (None, Some(_)) => Self::Revoked,
            (None, None) if times.expires_at <= now => Self::Expired,
            (None, None) if is_over => Self::Over,
            (None, None) if !may_grant => Self::Lapsed,
            (None, None) => Self::Open,
        }
    }

    /// Refuses an invitation that cannot be accepted.
    ///
    /// # Errors
    /// When it was accepted, has ended or counts no longer.
    pub fn check(self) -> Result<(), Problem> {
        let cause = match self {
            Self::Open => return Ok(()),
            Self::Accepted => "was already accepted, and works once",
            Self::Revoked => "was withdrawn, or replaced by a newer one",
            Self::Expired => "has expired: it works for 30 days",
            Self::Over => "is for a hackathon that is over",
            Self::Lapsed => {
                "no longer works, because its sender may no longer add people to the staff"
            }
        };
        let detail = format!(
            "This invitation to the staff of a hackathon {cause}. Ask an organizer for another one if you need it."
        );
        Err(Problem::new(ProblemKind::Conflict, "STAFF_INVITATION_ENDED", detail))
    }
}

/// Refuses an invitation to a person who is in the staff already, so that it neither demotes nor promotes them.
///
/// # Errors
/// When they have a role.
pub fn not_in_staff(title: &str, role: Option<StaffRole>) -> Result<(), Problem> {
    let Some(role) = role else {
        return Ok(());
    };
    let detail = format!(
        "You are in the staff of {title} already ({}). Ask an organizer to change your role.",
        role.heading().to_lowercase()
    );
    Err(Problem::new(ProblemKind::Conflict, "ALREADY_IN_STAFF", detail))
}

/// Refuses another invitation to a hackathon that has the most it can have open.
///
/// # Errors
/// When it does.
pub fn check_open(open: usize) -> Result<(), Problem> {
    if open < MOST_INVITATIONS {
        return Ok(());
    }
    let detail = format!(
        "{MOST_INVITATIONS} invitations to the staff of this hackathon are open, the most that there can be. Withdraw some first."
    );
    Err(Problem::new(ProblemKind::Conflict, "TOO_MANY_STAFF_INVITATIONS", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::days(day)
    }

    #[test]
    fn an_invitation_is_open_until_one_thing_ends_it() {
        let open = InvitationTimes { expires_at: at(30), accepted_at: None, revoked_at: None };
        let accepted = InvitationTimes { accepted_at: Some(at(1)), ..open };
        let revoked = InvitationTimes { revoked_at: Some(at(1)), ..open };
        for (times, is_over, may_grant, day, expected) in [
            (open, false, true, 29, InvitationState::Open),
            (open, false, true, 30, InvitationState::Expired),
            (open, true, true, 1, InvitationState::Over),
            (open, false, false, 1, InvitationState::Lapsed),
            (accepted, true, false, 40, InvitationState::Accepted),
            (revoked, true, false, 40, InvitationState::Revoked),
        ] {
            let state = InvitationState::at(times, is_over, may_grant, at(day));
            assert_eq!(state, expected, "{times:?} {is_over} {may_grant} {day}");
            assert_eq!(state.check().is_ok(), state == InvitationState::Open);
        }
        let refused = InvitationState::Lapsed.check().expect_err("refused").detail;
        assert!(refused.contains("may no longer add people"), "{refused}");
    }

    #[test]
    fn an_invitation_changes_no_role() {
        assert_eq!(not_in_staff("Low Tide", None), Ok(()));
        for role in StaffRole::ALL {
            let refused = not_in_staff("Low Tide", Some(role)).expect_err("refused");
            assert_eq!(refused.code, "ALREADY_IN_STAFF");
        }
    }

    #[test]
    fn a_hackathon_has_a_hundred_open_invitations() {
        assert_eq!(check_open(99), Ok(()));
        assert!(check_open(100).is_err());
    }

    #[test]
    fn titles_that_lead_elsewhere_are_not_quoted() {
        assert_eq!(quoted_title("Low Tide 2.0").as_deref(), Some("Low Tide 2.0"));
        for title in ["Win at prize.example", "https://prize.example", "Ask bo@prize.example"] {
            assert_eq!(quoted_title(title), None, "{title}");
        }
    }
}
