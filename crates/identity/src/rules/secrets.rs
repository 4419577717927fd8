use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use platform::crypto;
use sha2::{Digest as _, Sha256};

/// A kind of secret that this server issues. Its prefix lets scanners recognize leaked secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// The token of a browser's session.
    Session,
    /// The token of a link that verifies an email address.
    Email,
    /// The token of an emailed sign-in link.
    SignInLink,
    /// The token of the link in an emailed invitation.
    Invitation,
    /// The refresh token of an app.
    Refresh,
}

impl SecretKind {
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Self::Session => "guildhall_session_",
            Self::Email => "guildhall_email_",
            Self::SignInLink => "guildhall_link_",
            Self::Invitation => "guildhall_invitation_",
            Self::Refresh => "glh_refresh_",
        }
    }

    /// Makes a secret of 32 random bytes.
    #[must_use]
    pub fn make(self, random: [u8; 32]) -> String {
        format!("{}{}", self.prefix(), crypto::to_text(&random))
    }
}

/// Hashes a secret for storage. SHA-256 is sufficient, because secrets are long and random.
#[must_use]
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

/// Returns the PKCE challenge (S256) of a verifier.
#[must_use]
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// Returns whether two secrets are equal, in a time that does not depend on where they differ.
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    hash(one) == hash(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_matches_the_example_of_the_standard() {
        // RFC 7636, appendix B.
        let challenge = challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn secrets_are_compared_in_full() {
        assert!(is_same("a", "a"));
        assert!(!is_same("a", "ab") && !is_same("", "a"));
    }

    #[test]
    fn a_secret_begins_with_its_prefix() {
        let made = SecretKind::Refresh.make([171; 32]);
        assert_eq!(made, format!("glh_refresh_{}", "ab".repeat(32)));
    }
}
