//! Invitations: their tokens, lifetimes and states.

use chrono::TimeDelta;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::crypto;

use crate::model::LinkKind;

/// The length of a token: 32 bytes in hexadecimal.
const TOKEN: usize = 64;

/// Returns whether a text can be a token.
#[must_use]
pub fn is_token(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == TOKEN && text.bytes().all(is_digit)
}

/// Returns the SHA-256 digest of a token in hexadecimal, which is stored instead of it.
#[must_use]
pub fn digest(token: &str) -> String {
    crypto::to_text(&identity::rules::hash(token))
}

/// Returns how long an invitation of a kind can be accepted.
#[must_use]
pub fn lifetime(kind: LinkKind) -> TimeDelta {
    match kind {
        LinkKind::Coach | LinkKind::Roster | LinkKind::Join => TimeDelta::days(30),
        LinkKind::Profile | LinkKind::Consent => TimeDelta::days(7),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It can be accepted.
    Usable,
    /// A parent can only withdraw the consent that they gave with it: its maker may no longer ask for one.
    Withdrawal,
    /// Its maker may no longer grant what it gives.
    Lapsed,
    /// Its time is over.
    Expired,
    Used,
    Revoked,
}

/// The stored instants of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkTimes {
    /// The end of its lifetime.
    pub expires_at: Timestamp,
    /// When it was accepted.
    pub used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

impl LinkState {
    /// Returns the state at an instant.
    #[must_use]
    pub fn at(times: LinkTimes, now: Timestamp) -> Self {
        match (times.used_at, times.revoked_at) {
            (Some(_), _) => Self::Used,
            (None, Some(_)) => Self::Revoked,
            (None, None) if times.expires_at <= now => Self::Expired,
            (None, None) => Self::Usable,
        }
    }

    /// Returns the state once the maker may no longer grant what the invitation gives.
    #[must_use]
    pub const fn without_maker(self, is_answered: bool) -> Self {
        match self {
            Self::Usable if is_answered => Self::Withdrawal,
            Self::Usable => Self::Lapsed,
            ended => ended,
        }
    }

    /// Returns whether its page has a form.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Usable | Self::Withdrawal)
    }

    /// Returns the heading of the page of an invitation that cannot be accepted.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Usable => "This link can be used",
            Self::Withdrawal => "This link can only withdraw your consent",
            Self::Lapsed => "This link no longer works",
            Self::Expired => "This link has expired",
            Self::Used => "This link was already used",
            Self::Revoked => "This link was revoked",
        }
    }

    /// Returns the cause and the next step.
    #[must_use]
    pub fn explanation(self, kind: LinkKind) -> String {
        let whom = match kind {
            LinkKind::Coach => "an admin of this server",
            LinkKind::Roster => "a coach of the roster",
            LinkKind::Join | LinkKind::Profile => "your coach",
            LinkKind::Consent => "the coach",
        };
        let cause = match self {
            Self::Usable => return String::new(),
            Self::Withdrawal | Self::Lapsed => {
                "The person who made it may no longer do so.".to_owned()
            }
            Self::Expired => format!("Links of this kind last {} days.", lifetime(kind).num_days()),
            Self::Used => "Links of this kind work once.".to_owned(),
            Self::Revoked => "The person who sent it, or another coach, ended it.".to_owned(),
        };
        format!("{cause} Ask {whom} for a new link.")
    }

    /// Refuses to accept an invitation that is not usable.
    ///
    /// # Errors
    /// When it has expired, was used or was revoked.
    pub fn check(self, kind: LinkKind) -> Result<(), Problem> {
        if self == Self::Usable {
            return Ok(());
        }
        let detail = format!("{}. {}", self.heading(), self.explanation(kind));
        Err(Problem::new(ProblemKind::Conflict, "CTF_LINK_ENDED", detail))
    }

    /// Refuses to withdraw a consent with a link that ended.
    ///
    /// # Errors
    /// When it has expired, was revoked, or its maker may no longer ask for a consent that was not given with it.
    pub fn check_withdrawal(self) -> Result<(), Problem> {
        if self.is_open() { Ok(()) } else { self.check(LinkKind::Consent) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::days(day)
    }

    #[test]
    fn the_digest_is_sha_256_in_hexadecimal() {
        let digest = digest("abc");
        assert_eq!(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(is_token(&digest));
        for wrong in ["", "abc", &digest[1..], &digest.to_uppercase(), &format!("{digest}0")] {
            assert!(!is_token(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_link_is_usable_until_it_expires_is_used_or_is_revoked() {
        let open = LinkTimes { expires_at: at(30), used_at: None, revoked_at: None };
        assert_eq!(LinkState::at(open, at(29)), LinkState::Usable);
        assert_eq!(LinkState::at(open, at(30)), LinkState::Expired);
        let used = LinkTimes { used_at: Some(at(1)), ..open };
        assert_eq!(LinkState::at(used, at(40)), LinkState::Used);
        let revoked = LinkTimes { revoked_at: Some(at(1)), ..open };
        assert_eq!(LinkState::at(revoked, at(2)), LinkState::Revoked);
    }

    #[test]
    fn without_its_maker_a_link_gives_nothing_but_the_withdrawal_of_a_consent() {
        for (state, is_answered, expected) in [
            (LinkState::Usable, false, LinkState::Lapsed),
            (LinkState::Usable, true, LinkState::Withdrawal),
            (LinkState::Expired, true, LinkState::Expired),
            (LinkState::Used, false, LinkState::Used),
            (LinkState::Revoked, true, LinkState::Revoked),
        ] {
            let left = state.without_maker(is_answered);
            assert_eq!(left, expected, "{state:?} {is_answered}");
            assert!(left.check(LinkKind::Consent).is_err());
            assert_eq!(left.check_withdrawal().is_ok(), left == LinkState::Withdrawal);
        }
        assert!(LinkState::Usable.check_withdrawal().is_ok());
    }

    #[test]
    fn each_refusal_names_the_next_step() {
        let of = |state: LinkState, kind| state.check(kind).expect_err("refused").detail;
        assert_eq!(
            of(LinkState::Expired, LinkKind::Profile),
            "This link has expired. Links of this kind last 7 days. Ask your coach for a new link."
        );
        assert_eq!(
            of(LinkState::Used, LinkKind::Coach),
            "This link was already used. Links of this kind work once. Ask an admin of this server for a new link."
        );
        assert!(LinkState::Usable.check(LinkKind::Join).is_ok());
        assert!(of(LinkState::Revoked, LinkKind::Roster).contains("a coach of the roster"));
        assert_eq!(
            of(LinkState::Lapsed, LinkKind::Join),
            "This link no longer works. The person who made it may no longer do so. Ask your coach for a new link."
        );
    }
}
