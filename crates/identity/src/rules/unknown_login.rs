use kernel::{Problem, ProblemKind};

/// The error for an unknown login, or one that was left empty.
#[must_use]
pub fn unknown_login(login: &str) -> Problem {
    let detail = match login.trim() {
        "" => "Enter a login.".to_owned(),
        login => format!(
            "Unknown login '{login}'. Check its spelling, or ask the person to sign in to this server first."
        ),
    };
    Problem::new(ProblemKind::NotFound, "PERSON_NOT_FOUND", detail).at("login")
}

/// The error for a login that several accounts have, where only one may be meant.
#[must_use]
pub fn ambiguous_login(login: &str) -> Problem {
    let detail = format!(
        "Several accounts have the login '{login}', for example because one was renamed on GitHub. Use the ID of the account \
         instead, which /admin/people?login={login} shows."
    );
    Problem::new(ProblemKind::Conflict, "AMBIGUOUS_LOGIN", detail).at("login")
}
