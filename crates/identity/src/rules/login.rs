use platform::ascii;

/// The longest part of a login that comes from a person's name.
const LONGEST: usize = 32;

/// The suffix of logins that do not come from GitHub. GitHub logins have no dots, so no one can take a
/// GitHub login before its owner, or impersonate its owner.
const MARK: &str = ".id";

/// Derives a login from a name that an issuer states: spelled in ASCII, in lower case with digits and single hyphens, then [`MARK`].
#[must_use]
pub(crate) fn preferred_login(name: Option<&str>) -> String {
    // Only the local part of an email address is used.
    let preferred = name.unwrap_or_default().split('@').next().unwrap_or_default();
    let mut name = String::new();
    for c in ascii::spelled(preferred).chars() {
        match c {
            'a'..='z' | '0'..='9' => name.push(c),
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
        if name.len() == LONGEST {
            break;
        }
    }
    let name = match name.trim_end_matches('-') {
        "" => "member",
        name => name,
    };
    format!("{name}{MARK}")
}

/// Returns whether a login says nothing about its person, because no name was known when the account was created.
#[must_use]
pub(crate) fn names_no_one(login: &str) -> bool {
    login.starts_with(&preferred_login(None))
}

/// Returns the first available variant of a preferred login; `taken` are the logins that begin with it, in
/// lower case.
#[must_use]
pub(crate) fn free_login(preferred: &str, taken: &[String]) -> String {
    let form = |number: usize| match number {
        1 => preferred.to_owned(),
        number => format!("{preferred}{number}"),
    };
    let mut forms = (1..).map(form);
    let free = forms.find(|form| !taken.contains(form));
    free.unwrap_or_else(|| preferred.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_login_that_github_cannot_have() {
        for (name, login) in [
            ("wren-oak", "wren-oak.id"),
            ("Wren.Oak", "wren-oak.id"),
            ("wren@oak.example", "wren.id"),
            ("  --wren__oak-- ", "wren-oak.id"),
            ("../../admin", "admin.id"),
            ("<script>", "script.id"),
            ("Ünal", "unal.id"),
            ("Zoë Łuczak", "zoe-luczak.id"),
            ("李伟", "li-wei.id"),
            ("?!", "member.id"),
            ("", "member.id"),
        ] {
            assert_eq!(preferred_login(Some(name)), login, "{name}");
        }
        assert_eq!(preferred_login(None), "member.id");
        for (login, expected) in
            [("member.id", true), ("member.id2", true), ("wren-oak.id", false), ("member", false)]
        {
            assert_eq!(names_no_one(login), expected, "{login}");
        }
        let long = preferred_login(Some(&"a".repeat(400)));
        assert_eq!(long, format!("{}.id", "a".repeat(32)));
    }

    #[test]
    fn a_taken_login_gets_the_next_free_number() {
        let taken =
            |taken: &[&str]| -> Vec<String> { taken.iter().map(|&t| t.to_owned()).collect() };
        assert_eq!(free_login("wren.id", &[]), "wren.id");
        assert_eq!(free_login("wren.id", &taken(&["wren.id"])), "wren.id2");
        let two = taken(&["wren.id2", "wren.id", "wren.id4"]);
        assert_eq!(free_login("wren.id", &two), "wren.id3");
    }
}
