//! Names of repositories in payloads and as people type them, checked against GitHub's naming rules. A payload with any other name
//! becomes a dead letter, because names end up in URLs.

use identity::model::is_github_login;
use kernel::{Problem, ProblemKind};
use serde::{Deserialize, Deserializer, de::Error};

/// Beginnings of addresses, which can be left out.
const SCHEMES: [&str; 3] = ["https://", "http://", "ssh://"];

/// The host of GitHub's own site.
const SITE: &str = "github.com";

/// The length of a repository's name on GitHub, in bytes.
const LONGEST_NAME: usize = 100;

/// Returns true if a text has the form `owner/name` with an owner and a name that GitHub allows.
#[must_use]
pub fn is_full_name(text: &str) -> bool {
    text.split_once('/').is_some_and(|(owner, name)| {
        is_github_login(owner)
            && !owner.ends_with("[bot]")
            && (1..=LONGEST_NAME).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
            && !matches!(name, "." | "..")
    })
}

/// Returns the `owner/name` of the repository that a person names: by that, or by the address at github.com of the repository or of a
/// page of it. `None` if GitHub allows no such name.
#[must_use]
pub fn full_name_of(text: &str) -> Option<String> {
    full_name_at(text, SITE)
}

/// Returns the `owner/name` of a repository like [`full_name_of`], also from an address at another `github`, the URL of a GitHub
/// Enterprise server.
#[must_use]
pub fn full_name_at(text: &str, github: &str) -> Option<String> {
    let text = text.trim();
    let address = without_scheme(text);
    let hosts = [without_scheme(github).trim_end_matches('/'), SITE];
    let name = match hosts.iter().find_map(|host| path_at(address, host)) {
        Some(path) => {
            let mut parts = path.split(['/', '?', '#']);
            format!("{}/{}", parts.next()?, parts.next()?)
        }
        None => text.trim_end_matches('/').to_owned(),
    };
    let name = name.trim_end_matches(".git");
    is_full_name(name).then(|| name.to_owned())
}

fn without_scheme(url: &str) -> &str {
    SCHEMES.iter().find_map(|scheme| after(url, scheme)).unwrap_or(url)
}

/// Returns the path of an address at a host: that of a page, or that of a clone by SSH.
fn path_at<'a>(address: &'a str, host: &str) -> Option<&'a str> {
    match after(address, "git@") {
        Some(address) => after(address, host)?.strip_prefix([':', '/']),
        None => {
            let path = after(address, host).or_else(|| after(after(address, "www.")?, host));
            path?.strip_prefix('/')
        }
    }
}

/// Returns what follows a beginning, in any case.
fn after<'a>(text: &'a str, begin: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(begin.len())?;
    start.eq_ignore_ascii_case(begin).then_some(rest)
}

/// Returns true if a text is a login that goes into a URL. Logins of apps, such as `ci[bot]`, do not.
#[must_use]
pub fn is_login(text: &str) -> bool {
    is_github_login(text) && !text.ends_with("[bot]")
}

/// Returns the only repository in `named`; `github_id` reads its GitHub ID.
///
/// # Errors
/// `missing` if there is none, and `AMBIGUOUS_NAME` if there are several: on GitHub, a freed name can be taken by another
/// repository.
pub fn only_named<T>(
    mut named: Vec<T>,
    full_name: &str,
    github_id: impl Fn(&T) -> i64,
    missing: String,
) -> Result<T, Problem> {
    let ids = named.iter().map(|one| github_id(one).to_string());
    let ids: Vec<String> = ids.collect();
    match (named.pop(), ids.len()) {
        (Some(only), 1) => Ok(only),
        (None, _) => Err(Problem::not_found(missing)),
        (Some(_), _) => {
            let detail = format!(
                "Several repositories are named {full_name}. Choose one with `--github-id`: {}.",
                ids.join(", ")
            );
            Err(Problem::new(ProblemKind::Conflict, "AMBIGUOUS_NAME", detail))
        }
    }
}

pub(super) fn full_name_given<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    full_name(from)?.ok_or_else(|| D::Error::custom("is missing"))
}

pub(super) fn full_name<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text: Option<String> = Option::deserialize(from)?;
    match text {
        Some(text) if !is_full_name(&text) => {
            let shown: String = text.chars().take(60).collect();
            let why = "is not the full name of a GitHub repository";
            Err(D::Error::custom(format!("{shown:?} {why}")))
        }
        text => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names_have_an_owner_and_a_name() {
        for name in ["octo-org/lantern", "o/.github", "Octo/a_b.c-d", "dev_acme/x"] {
            assert!(is_full_name(name), "{name}");
        }
        let long = format!("octo/{}", "a".repeat(101));
        for name in [
            "",
            "/",
            "octo",
            "octo/",
            "/lantern",
            "octo/..",
            "octo/.",
            "octo/a/b",
            "octo/a b",
            "octo/a\n",
            "../x",
            "octo/%2e",
            "bot[bot]/x",
            &long,
        ] {
            assert!(!is_full_name(name), "{name}");
        }
    }

    #[test]
    fn addresses_are_those_of_the_configured_github_too() {
        let at = |text| full_name_at(text, "https://git.fen.example:8443/");
        for text in [
            "https://git.fen.example:8443/octo-org/lantern/pulls",
            "GIT.fen.example:8443/octo-org/lantern",
            "git@git.fen.example:8443/octo-org/lantern.git",
            "https://github.com/octo-org/lantern",
            "octo-org/lantern",
        ] {
            assert_eq!(at(text).as_deref(), Some("octo-org/lantern"), "{text}");
            assert_eq!(full_name_of(text).is_none(), text.contains("fen"), "{text}");
        }
        for text in ["https://git.fen.example/octo-org/lantern", "https://fen.example/a/b"] {
            assert_eq!(at(text), None, "{text}");
        }
    }

    #[test]
    fn repositories_are_named_by_name_or_address() {
        for text in [
            "octo-org/lantern",
            "  octo-org/lantern/ ",
            "octo-org/lantern.git",
            "https://github.com/octo-org/lantern",
            "HTTPS://GitHub.com/octo-org/lantern.git",
            "http://www.github.com/octo-org/lantern/",
            "https://github.com/octo-org/lantern/issues/7",
            "https://github.com/octo-org/lantern?tab=readme#top",
            "github.com/octo-org/lantern#readme",
            "git@github.com:octo-org/lantern.git",
            "ssh://git@github.com/octo-org/lantern.git",
        ] {
            assert_eq!(full_name_of(text).as_deref(), Some("octo-org/lantern"), "{text}");
        }
        for text in [
            "",
            "lantern",
            "1296269",
            "octo-org/lantern/issues",
            "https://github.com/",
            "https://github.com/octo-org",
            "https://github.com/octo-org/",
            "https://github.com/octo-org/..",
            "https://gitlab.com/octo-org/lantern",
            "https://github.com.example/octo-org/lantern",
            "https://github.com@example/octo-org/lantern",
            "https://github.com:443/octo-org/lantern",
            "octo org/lantern",
            "ö://github.com/octo-org/lantern",
        ] {
            assert_eq!(full_name_of(text), None, "{text}");
        }
    }
}
