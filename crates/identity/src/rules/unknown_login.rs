use kernel::{Problem, ProblemKind};

/// Returns a login as it was typed without the `@` of a mention, such as that of "@wren-oak".
#[must_use]
pub fn mentioned(typed: &str) -> &str {
    let typed = typed.trim();
    typed.strip_prefix('@').unwrap_or(typed)
}

/// The error for an unknown login, an e-mail address instead of one, or one that was left empty.
#[must_use]
pub fn unknown_login(login: &str) -> Problem {
    let detail = match login.trim() {
        "" => "Enter a login.".to_owned(),
        address if address.contains('@') => format!(
            "'{address}' is not a login, and people are not found by their e-mail address. Ask the person for their login: \
             after signing in to this server, they see it at the top right."
        ),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_is_a_login_and_an_address_is_not() {
        for (typed, login) in [
            ("@wren-oak", "wren-oak"),
            (" wren-oak ", "wren-oak"),
            ("a@b.example", "a@b.example"),
            ("@", ""),
        ] {
            assert_eq!(mentioned(typed), login, "{typed}");
        }
        for (typed, says) in [
            ("wren@oak.example", "Ask the person for their login"),
            ("rook-elm", "Check its spelling"),
            (" ", "Enter a login."),
        ] {
            assert!(unknown_login(typed).detail.contains(says), "{typed}");
        }
    }
}
