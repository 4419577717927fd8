use kernel::{Problem, ProblemKind};

use crate::model::Role;

/// The role that somebody would grant.
///
/// # Errors
/// A sentence when there is none of this name.
pub fn role_named(name: &str) -> Result<Role, Problem> {
    name.parse()
        .map_err(|error| Problem::new(ProblemKind::Invalid, "NO_SUCH_ROLE", format!("{error}.")))
}
