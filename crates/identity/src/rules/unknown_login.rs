use kernel::{Problem, ProblemKind};

/// The refusal of an unknown login.
#[must_use]
pub fn unknown_login(login: &str) -> Problem {
    let detail = format!(
        "No one here has the login '{login}'. An account exists once a delivery names the person or they sign in."
    );
    Problem::new(ProblemKind::NotFound, "PERSON_NOT_FOUND", detail).at("login")
}
