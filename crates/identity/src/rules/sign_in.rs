use kernel::{Problem, ProblemKind, Timestamp};

use super::banned;
use crate::model::{AccountKind, Ban};

/// Checks that an account can sign in, or be linked. `ban` is the ban that prevents it, if any.
///
/// # Errors
/// When it is erased, banned, or not a person's.
pub fn may_sign_in(kind: AccountKind, ban: Option<&Ban>, is_deleted: bool) -> Result<(), Problem> {
    let refuse = |code, detail: &str| Err(Problem::new(ProblemKind::Forbidden, code, detail));
    match (kind, ban) {
        _ if is_deleted => refuse(
            "ACCOUNT_DELETED",
            "This account was deleted and cannot sign in. If that was a mistake, contact an admin.",
        ),
        (_, Some(ban)) => Err(banned(ban)),
        (AccountKind::User | AccountKind::Unknown, None) => Ok(()),
        (AccountKind::Bot | AccountKind::Organization, None) => refuse(
            "NOT_A_PERSON",
            "This account belongs to a bot or an organization. Sign in to GitHub with your own account and try again.",
        ),
    }
}

/// Checks that an identity is still a sign-in method.
///
/// # Errors
/// When its person unlinked it.
pub fn is_sign_in_method(unlinked_at: Option<Timestamp>) -> Result<(), Problem> {
    let detail = "This GitHub account is no longer linked. Sign in another way, then link it again at /settings/identities.";
    match unlinked_at {
        None => Ok(()),
        Some(_) => Err(Problem::new(ProblemKind::Forbidden, "IDENTITY_UNLINKED", detail)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_people_who_are_not_banned_or_erased_can_sign_in() {
        let ban = Ban { reason: "Spam".to_owned(), ends_at: None };
        let code = |kind, is_banned: bool, is_deleted| {
            may_sign_in(kind, is_banned.then_some(&ban), is_deleted).map_err(|p| p.code)
        };
        assert_eq!(code(AccountKind::User, false, false), Ok(()));
        assert_eq!(code(AccountKind::Unknown, false, false), Ok(()));
        assert_eq!(code(AccountKind::User, true, false), Err("BANNED"));
        assert_eq!(code(AccountKind::User, true, true), Err("ACCOUNT_DELETED"));
        for kind in [AccountKind::Bot, AccountKind::Organization] {
            assert_eq!(code(kind, false, false), Err("NOT_A_PERSON"));
        }
    }
}
