use kernel::{Problem, ProblemKind};

use crate::model::Role;

/// Parses a role's name.
///
/// # Errors
/// When the name is unknown.
pub fn role_named(name: &str) -> Result<Role, Problem> {
    name.parse()
        .map_err(|error| Problem::new(ProblemKind::Invalid, "NO_SUCH_ROLE", format!("{error}.")))
}

/// The error for changing one's own role, which keeps a server from losing its last admin by mistake.
pub(crate) fn own_role() -> Problem {
    let detail = "You cannot change your own role. Ask another admin, or someone with shell access to the server.";
    Problem::new(ProblemKind::Conflict, "CANNOT_CHANGE_OWN_ROLE", detail)
}
