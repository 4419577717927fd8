use kernel::{Problem, ProblemKind};

/// Returns a login as it was typed without the `@` of a mention, such as that of "@wren-oak".
#[must_use]
pub fn mentioned(typed: &str) -> &str {
    let typed = typed.trim();
    typed.strip_prefix('@').unwrap_or(typed)
}

/// The error for an unknown login, an email address instead of one, or one that was left empty.
#[must_use]
pub fn unknown_login(login: &str) -> Problem {
    let detail = match login.trim() {
        "" => "Enter a login.".to_owned(),
        address if address.contains('@') => format!(
            "'{address}' is not a login, and people are not found by their email address. Ask the person for their login: \
             after signing in to this server, they see it at the top right."
        ),
        login => format!(
            "Unknown login '{login}'. Check its spelling, or ask the person to sign in to this server first."
        ),
    };
    Problem::new(ProblemKind::NotFound, "PERSON_NOT_FOUND", detail).at("login")
}

/// The error for an unknown login that is similar to those in `near`.
#[must_use]
pub fn unknown_login_near(login: &str, near: &[String]) -> Problem {
    if near.is_empty() {
        return unknown_login(login);
    }
    let detail = format!(
        "Unknown login '{}'. Did you mean {}? Check its spelling, or ask the person to sign in to this server first.",
        login.trim(),
        kernel::listed(near, "or")
    );
    Problem::new(ProblemKind::NotFound, "PERSON_NOT_FOUND", detail).at("login")
}

/// The error for an email address that no one verified.
#[must_use]
pub fn unknown_address(address: &str) -> Problem {
    let detail = format!(
        "No one here has verified the email address '{}'. Check its spelling, or enter the person's login.",
        address.trim()
    );
    Problem::new(ProblemKind::NotFound, "PERSON_NOT_FOUND", detail).at("login")
}

/// The error for a display name that several people have.
#[must_use]
pub fn ambiguous_name(name: &str, logins: &[String]) -> Problem {
    let detail = format!(
        "Several people are called '{}', among them {}. Enter the login of the one you mean.",
        name.trim(),
        kernel::listed(logins, "and")
    );
    Problem::new(ProblemKind::Conflict, "AMBIGUOUS_LOGIN", detail).at("login")
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
        let near = ["rook-elm", "rook-oak"].map(str::to_owned);
        let one = unknown_login_near("rook-elm2", &near[..1]).detail;
        assert!(one.contains("Did you mean rook-elm? Check"), "{one}");
        let two = unknown_login_near("rook-ekm", &near).detail;
        assert!(two.contains("Did you mean rook-elm or rook-oak? Check"), "{two}");
        assert_eq!(unknown_login_near("rook", &[]), unknown_login("rook"));
        let several = ambiguous_name("Rook", &near);
        assert!(several.detail.contains("among them rook-elm and rook-oak."), "{several}");
        assert!(unknown_address("a@b.example").detail.contains("'a@b.example'"));
        for (typed, says) in [
            ("wren@oak.example", "Ask the person for their login"),
            ("rook-elm", "Check its spelling"),
            (" ", "Enter a login."),
        ] {
            assert!(unknown_login(typed).detail.contains(says), "{typed}");
        }
    }
}
