//! Permissions of a credential.

use kernel::{Problem, ProblemKind};

use crate::model::{Credential, Scope, Viewer};

/// Checks that a credential has a scope.
///
/// # Errors
/// When a token lacks it.
pub fn may(by: &Credential, scope: Scope) -> Result<(), Problem> {
    if by.allows(scope) {
        return Ok(());
    }
    let detail =
        format!("This needs a token with the scope '{scope}'. Create one at /settings/tokens.");
    Err(Problem::new(ProblemKind::Forbidden, "SCOPE_REQUIRED", detail))
}

/// Checks that the viewer signed in with a browser, so that a stolen token cannot extend its own access.
///
/// # Errors
/// When the credential is a token.
pub fn in_person(viewer: &Viewer) -> Result<(), Problem> {
    match viewer.by {
        Credential::Session(_) => Ok(()),
        Credential::Access(_) | Credential::Token { .. } => {
            let detail = "Tokens cannot do this, so that a stolen token cannot lock you out. Sign in at /sign-in with a browser and try again.";
            Err(Problem::new(ProblemKind::Forbidden, "SESSION_REQUIRED", detail))
        }
    }
}

/// The error for an unknown or revoked token.
#[must_use]
pub fn invalid_token() -> Problem {
    let detail =
        "Unknown or revoked token. Create a new one at /settings/tokens, or sign in again.";
    Problem::new(ProblemKind::Unauthenticated, "TOKEN_INVALID", detail)
}

/// The error for an expired token.
#[must_use]
pub fn expired_token() -> Problem {
    let detail = "The token has expired. Create a new one at /settings/tokens, or refresh it.";
    Problem::new(ProblemKind::Unauthenticated, "TOKEN_EXPIRED", detail)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::model::Scopes;

    #[test]
    fn a_token_is_limited_to_its_scopes_and_a_session_is_not() {
        use Scope::{Admin, Read, Write};
        for (scopes, allowed) in [
            (&[Read][..], &[Read][..]),
            (&[Write], &[Write]),
            (&[Admin], &[Admin]),
            (&[Read, Write], &[Read, Write]),
        ] {
            let by = Credential::Token {
                id: Uuid::nil(),
                scopes: scopes.iter().copied().collect::<Scopes>(),
            };
            for scope in [Read, Write, Admin] {
                assert_eq!(may(&by, scope).is_ok(), allowed.contains(&scope));
                may(&Credential::Session(Uuid::nil()), scope).expect("everything");
            }
        }
    }
}
