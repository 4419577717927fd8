//! What somebody may do by what they came by.

use kernel::{Problem, ProblemKind};

use crate::model::{Credential, Scope, Viewer};

/// Whether what somebody came by lets them do this.
///
/// # Errors
/// A sentence that names the scope that a token lacks.
pub fn may(by: &Credential, scope: Scope) -> Result<(), Problem> {
    if by.allows(scope) {
        return Ok(());
    }
    let detail = format!(
        "This takes a token with the scope '{scope}', which yours lacks. Make one at /settings/tokens."
    );
    Err(Problem::new(
        ProblemKind::Forbidden,
        "SCOPE_REQUIRED",
        detail,
    ))
}

/// Whether somebody sits before a browser in which they signed in: what would let a stolen token keep
/// its place takes more than a token.
///
/// # Errors
/// A sentence when they came by something else.
pub fn in_person(viewer: &Viewer) -> Result<(), Problem> {
    match viewer.by {
        Credential::Session(_) => Ok(()),
        Credential::Access(_) | Credential::Token { .. } => {
            let detail = "No token may do this: it could make itself another or shut its owner out. Sign in at /sign-in and do it there.";
            Err(Problem::new(
                ProblemKind::Forbidden,
                "SESSION_REQUIRED",
                detail,
            ))
        }
    }
}

/// The refusal of a token that is none, or is one no more.
#[must_use]
pub fn invalid_token() -> Problem {
    let detail = "The token is none of this server, or was revoked. Make one at /settings/tokens, or sign in again.";
    Problem::new(ProblemKind::Unauthenticated, "TOKEN_INVALID", detail)
}

/// The refusal of a token that is past its end.
#[must_use]
pub fn expired_token() -> Problem {
    let detail = "The token is past its end. Make another at /settings/tokens, or refresh it.";
    Problem::new(ProblemKind::Unauthenticated, "TOKEN_EXPIRED", detail)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::model::Scopes;

    #[test]
    fn a_token_may_what_its_scopes_say_and_a_session_everything() {
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
