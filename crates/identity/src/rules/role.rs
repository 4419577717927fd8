use kernel::{Problem, ProblemKind};

use crate::model::{GroupGrant, Role};

/// Parses a role's name.
///
/// # Errors
/// When the name is unknown.
pub fn role_named(name: &str) -> Result<Role, Problem> {
    name.parse()
        .map_err(|error| Problem::new(ProblemKind::Invalid, "NO_SUCH_ROLE", format!("{error}.")))
}

/// Returns the role of a person who signs in, and what of it their groups grant. `stated` is the role of their groups now, `granted`
/// what the groups of each of their accounts granted last; a role that was changed by hand since counts as the person's own, and groups
/// never lower that.
pub(crate) fn role_by_groups(
    present: Role,
    granted: &[GroupGrant],
    stated: Option<Role>,
) -> (Role, Option<GroupGrant>) {
    let granted = granted.iter().filter(|grant| grant.role == present);
    let own = granted.map(|grant| grant.before).min().unwrap_or(present);
    match stated {
        Some(role) if role > own => (role, Some(GroupGrant { role, before: own })),
        _ => (own, None),
    }
}

/// The error for changing one's own role, which keeps a server from losing its last admin by mistake.
pub(crate) fn own_role() -> Problem {
    let detail = "You cannot change your own role. Ask another admin, or someone with shell access to the server.";
    Problem::new(ProblemKind::Conflict, "CANNOT_CHANGE_OWN_ROLE", detail)
}

#[cfg(test)]
mod tests {
    use Role::{Admin, Moderator, User};

    use super::*;

    #[test]
    fn groups_raise_a_role_and_take_back_only_what_they_gave() {
        let grant = |role, before| Some(GroupGrant { role, before });
        for (present, granted, stated, expected) in [
            (User, None, None, (User, None)),
            (User, None, Some(Admin), (Admin, grant(Admin, User))),
            (Admin, grant(Admin, User), Some(Admin), (Admin, grant(Admin, User))),
            (Admin, grant(Admin, User), Some(Moderator), (Moderator, grant(Moderator, User))),
            (Admin, grant(Admin, User), None, (User, None)),
            // A role that was given by hand stays.
            (Moderator, None, None, (Moderator, None)),
            (Moderator, None, Some(Moderator), (Moderator, None)),
            (Admin, None, Some(Moderator), (Admin, None)),
            (Moderator, None, Some(Admin), (Admin, grant(Admin, Moderator))),
            (Admin, grant(Admin, Moderator), None, (Moderator, None)),
            // Someone changed it by hand after the groups gave it.
            (Moderator, grant(Admin, User), None, (Moderator, None)),
            (User, grant(Moderator, User), Some(Moderator), (Moderator, grant(Moderator, User))),
        ] {
            let found = role_by_groups(present, granted.as_slice(), stated);
            assert_eq!(found, expected, "{present} {stated:?}");
        }
    }

    #[test]
    fn what_several_accounts_were_given_is_taken_back() {
        let grant = |role, before| GroupGrant { role, before };
        // The issuer moved to another URL, so that the same groups granted the role twice.
        let twice = [grant(Admin, Moderator), grant(Admin, User)];
        assert_eq!(role_by_groups(Admin, &twice, None), (User, None));
        let found = role_by_groups(Admin, &twice, Some(Moderator));
        assert_eq!(found, (Moderator, Some(grant(Moderator, User))));
        let one = [grant(Admin, User), grant(Moderator, User)];
        assert_eq!(role_by_groups(Moderator, &one, None), (User, None));
    }
}
