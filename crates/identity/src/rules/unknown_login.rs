use kernel::{Problem, ProblemKind};

/// The error for an unknown login.
#[must_use]
pub fn unknown_login(login: &str) -> Problem {
    let detail = format!(
        "No one has the login '{login}'. Accounts are created when a person signs in or first appears in a delivery."
    );
    Problem::new(ProblemKind::NotFound, "PERSON_NOT_FOUND", detail).at("login")
}
