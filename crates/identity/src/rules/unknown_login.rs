use kernel::{Problem, ProblemKind};

/// The refusal of a login that nobody has.
#[must_use]
pub fn unknown_login(login: &str) -> Problem {
    Problem::new(
        ProblemKind::NotFound,
        "PERSON_NOT_FOUND",
        format!(
            "Nobody here has the login '{login}'. An account exists once a delivery names the person."
        ),
    )
}
