/// The longest part of a login that comes of somebody's own wish.
const LONGEST: usize = 32;

/// What stands behind the logins of people whom GitHub does not name. GitHub's own have no dot, so that
/// nobody can take one of those before its owner comes, nor be taken for its owner.
const MARK: &str = ".id";

/// What somebody who came by an issuer is called here: their wish in small letters, digits and single
/// hyphens, with [`MARK`] behind.
#[must_use]
pub(crate) fn login_wished(wish: Option<&str>) -> String {
    // An address of e-mail is more than a name.
    let wish = wish
        .unwrap_or_default()
        .split('@')
        .next()
        .unwrap_or_default();
    let mut name = String::new();
    for c in wish.chars().map(|c| c.to_ascii_lowercase()) {
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

/// The first of a wished login's forms that nobody has; `taken` are those that begin with it, in small
/// letters.
#[must_use]
pub(crate) fn login_free(wished: &str, taken: &[String]) -> String {
    let form = |number: usize| match number {
        1 => wished.to_owned(),
        number => format!("{wished}{number}"),
    };
    let mut forms = (1..).map(form);
    let free = forms.find(|form| !taken.contains(form));
    free.unwrap_or_else(|| wished.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_becomes_a_login_that_github_cannot_have() {
        for (wish, login) in [
            ("wren-oak", "wren-oak.id"),
            ("Wren.Oak", "wren-oak.id"),
            ("wren@oak.example", "wren.id"),
            ("  --wren__oak-- ", "wren-oak.id"),
            ("../../admin", "admin.id"),
            ("<script>", "script.id"),
            ("Ünal", "nal.id"),
            ("鷦鷯", "member.id"),
            ("", "member.id"),
        ] {
            assert_eq!(login_wished(Some(wish)), login, "{wish}");
        }
        assert_eq!(login_wished(None), "member.id");
        let long = login_wished(Some(&"a".repeat(400)));
        assert_eq!(long, format!("{}.id", "a".repeat(32)));
    }

    #[test]
    fn a_taken_login_is_counted_on() {
        let taken =
            |taken: &[&str]| -> Vec<String> { taken.iter().map(|&t| t.to_owned()).collect() };
        assert_eq!(login_free("wren.id", &[]), "wren.id");
        assert_eq!(login_free("wren.id", &taken(&["wren.id"])), "wren.id2");
        let two = taken(&["wren.id2", "wren.id", "wren.id4"]);
        assert_eq!(login_free("wren.id", &two), "wren.id3");
    }
}
