use kernel::{Problem, ProblemKind, Timestamp};

use super::banned;
use crate::model::{AccountKind, Ban};

/// Whether an account may come in.
///
/// # Errors
/// A sentence when it may not.
pub fn may_sign_in(kind: AccountKind, ban: Option<&Ban>, is_deleted: bool) -> Result<(), Problem> {
    let refuse = |code, detail: &str| Err(Problem::new(ProblemKind::Forbidden, code, detail));
    match (kind, ban) {
        _ if is_deleted => refuse(
            "ACCOUNT_DELETED",
            "This account was deleted here and cannot be signed in to. Ask the administrator if that was a mistake.",
        ),
        (_, Some(ban)) => Err(banned(ban)),
        (AccountKind::User, None) => Ok(()),
        (AccountKind::Bot | AccountKind::Organization, None) => refuse(
            "NOT_A_PERSON",
            "This is the account of a program or an organization. Sign in at GitHub as yourself and try again.",
        ),
    }
}

/// Whether an identity still lets its person in.
///
/// # Errors
/// A sentence when they said that it should not.
pub fn is_sign_in_method(unlinked_at: Option<Timestamp>) -> Result<(), Problem> {
    let detail = "This GitHub account is no way in any more: its person unlinked it here. Sign in another way, and link it again at /settings/identities.";
    match unlinked_at {
        None => Ok(()),
        Some(_) => Err(Problem::new(
            ProblemKind::Forbidden,
            "IDENTITY_UNLINKED",
            detail,
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_people_in_good_standing_come_in() {
        let ban = Ban {
            reason: "Spam".to_owned(),
            ends_at: None,
        };
        let code = |kind, is_banned: bool, is_deleted| {
            may_sign_in(kind, is_banned.then_some(&ban), is_deleted).map_err(|p| p.code)
        };
        assert_eq!(code(AccountKind::User, false, false), Ok(()));
        assert_eq!(code(AccountKind::User, true, false), Err("BANNED"));
        assert_eq!(code(AccountKind::User, true, true), Err("ACCOUNT_DELETED"));
        for kind in [AccountKind::Bot, AccountKind::Organization] {
            assert_eq!(code(kind, false, false), Err("NOT_A_PERSON"));
        }
    }
}
