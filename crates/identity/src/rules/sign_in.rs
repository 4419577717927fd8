use kernel::{Problem, ProblemKind};

use crate::model::AccountKind;

/// Whether an account may come in.
///
/// # Errors
/// A sentence when it may not.
pub fn may_sign_in(kind: AccountKind, is_banned: bool, is_deleted: bool) -> Result<(), Problem> {
    let refuse = |code, detail: &str| Err(Problem::new(ProblemKind::Forbidden, code, detail));
    match kind {
        _ if is_deleted => refuse(
            "ACCOUNT_DELETED",
            "This account was deleted here and cannot be signed in to. Ask whoever runs this house if that was a mistake.",
        ),
        _ if is_banned => refuse("BANNED", BANNED),
        AccountKind::User => Ok(()),
        AccountKind::Bot | AccountKind::Organization => refuse(
            "NOT_A_PERSON",
            "This is the account of a program or an organization. Sign in at GitHub as yourself and try again.",
        ),
    }
}

/// What a banned person is told.
pub(crate) const BANNED: &str = "This account is banned here, so that it can neither sign in nor act. Your points stay in the \
     ledger. Ask whoever runs this house why, and whether it may be lifted.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_people_in_good_standing_come_in() {
        let code = |kind, banned, deleted| may_sign_in(kind, banned, deleted).map_err(|p| p.code);
        assert_eq!(code(AccountKind::User, false, false), Ok(()));
        assert_eq!(code(AccountKind::User, true, false), Err("BANNED"));
        assert_eq!(code(AccountKind::User, true, true), Err("ACCOUNT_DELETED"));
        for kind in [AccountKind::Bot, AccountKind::Organization] {
            assert_eq!(code(kind, false, false), Err("NOT_A_PERSON"));
        }
    }
}
