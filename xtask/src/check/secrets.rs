//! Checks that no file has a secret of a service in it: a private key, or a token that its beginning gives away. The
//! workflow also lets gitleaks look, through all commits.

use anyhow::Result;

use super::{Tree, none_of, sources::Source};

/// The look of a secret: how it begins, the fewest characters that follow, and which ones.
struct Form {
    name: &'static str,
    start: &'static str,
    least: usize,
    follows: fn(char) -> bool,
}

const fn form(name: &'static str, start: &'static str, least: usize) -> Form {
    Form { name, start, least, follows: |c| c.is_ascii_alphanumeric() || "_-/".contains(c) }
}

const fn plain(name: &'static str, start: &'static str, least: usize) -> Form {
    Form { name, start, least, follows: |c| c.is_ascii_alphanumeric() }
}

const FORMS: &[Form] = &[
    plain("a token of GitHub", "ghp_", 36),
    plain("a token of GitHub", "gho_", 36),
    plain("a token of GitHub", "ghu_", 36),
    plain("a token of GitHub", "ghs_", 36),
    plain("a token of GitHub", "ghr_", 36),
    form("a token of GitHub", "github_pat_", 40),
    form("a token of GitLab", "glpat-", 20),
    plain("a key of AWS", "AKIA", 16),
    plain("a key of AWS", "ASIA", 16),
    form("a key of Google", "AIza", 35),
    form("a webhook of Slack", "hooks.slack.com/services/", 30),
    form("a token of Slack", "xoxb-", 20),
    form("a token of Slack", "xoxp-", 20),
    form("a key of a language model", "sk-", 20),
    plain("a key of Stripe", "sk_live_", 16),
    plain("a token of npm", "npm_", 36),
    plain("a token of crates.io", "cio", 32),
    plain("a key of age", "AGE-SECRET-KEY-1", 30),
];

/// Made-up values of tests, each with the file that it is in, or the empty text for all files.
const INVENTED: &[(&str, &str)] = &[
    ("crates/testkit/src/fake_github/app.pem", "-----BEGIN RSA PRIVATE KEY-----"),
    ("", "sk-fake-key-of-the-testkit"),
    // A pair of keys from the tests of age, and the example of AWS.
    ("", "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33"),
    ("", "AKIAFAKEOFTHETESTKIT"),
    ("", "AKIAIOSFODNN7EXAMPLE"),
];

/// Checks every text file.
pub(super) fn check(tree: &Tree) -> Result<()> {
    let mut complaints: Vec<String> = tree.files.iter().flat_map(complaints).collect();
    for (path, value) in INVENTED {
        let has = |file: &Source| file.path.starts_with(path) && file.text.contains(value);
        // This file has every value in its list.
        let mut others = tree.files.iter().filter(|file| !file.path.ends_with("check/secrets.rs"));
        if !others.any(has) {
            complaints.push(format!("xtask/src/check/secrets.rs: no file has '{value}' anymore"));
        }
    }
    none_of(&complaints)
}

/// Returns what looks like a secret, without its text.
fn complaints(file: &Source) -> Vec<String> {
    let is_invented = |line: &str| {
        let mut all = INVENTED.iter();
        all.any(|(path, value)| file.path.starts_with(path) && line.contains(value))
    };
    let mut found = Vec::new();
    for (at, line) in file.text.lines().enumerate() {
        if let Some(name) = secret(line).filter(|_| !is_invented(line)) {
            found.push(format!(
                "{}:{}: this looks like {name}: revoke it, and take it out of the history; a made-up value of a \
                 test is listed in xtask/src/check/secrets.rs",
                file.path,
                at + 1
            ));
        }
    }
    found
}

/// Returns the name of the first secret in a line.
fn secret(line: &str) -> Option<&'static str> {
    let mut forms = FORMS.iter();
    let of_form = forms.find(|form| form.is_in(line)).map(|form| form.name);
    of_form.or_else(|| is_private_key(line).then_some("a private key"))
}

/// Returns true for the first line of a key in a file, or in a string with escaped line breaks, but not for prose.
fn is_private_key(line: &str) -> bool {
    let Some((_, after)) = line.split_once("-----BEGIN ") else {
        return false;
    };
    let Some((kind, after)) = after.split_once("PRIVATE KEY-----") else {
        return false;
    };
    let is_kind = kind.chars().all(|c| c.is_ascii_uppercase() || c == ' ');
    is_kind && (after.trim().is_empty() || after.starts_with("\\n"))
}

impl Form {
    fn is_in(&self, line: &str) -> bool {
        line.match_indices(self.start).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let is_within = before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
            let rest = line[at + self.start.len()..].chars();
            !is_within && rest.take_while(|c| (self.follows)(*c)).count() >= self.least
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{complaints, secret};
    use crate::check::sources::file;

    #[test]
    fn secrets_are_found_by_their_form() {
        let long = "a1B2".repeat(10);
        for (start, name) in [
            ("ghp_", "a token of GitHub"),
            ("https://hooks.slack.com/services/", "a webhook of Slack"),
            ("key = 'AKIA", "a key of AWS"),
            ("sk-proj-", "a key of a language model"),
        ] {
            assert_eq!(secret(&format!("{start}{long}")), Some(name), "{start}");
            assert_eq!(secret(&format!("{start}short")), None, "{start}");
        }
        let key = ["-----BEGIN ", "EC PRIVATE KEY-----"].concat();
        assert_eq!(secret(&key), Some("a private key"));
        assert_eq!(secret(&format!("const KEY: &str = \"{key}\\nMHc\";")), Some("a private key"));
        for fine in [
            format!("it begins with {key}, as in the file"),
            format!("a_ghp_{long}"),
            format!("ri{}-{long}", "sk"),
            "https://hooks.slack.com/services/T…/B…/…".to_owned(),
        ] {
            assert_eq!(secret(&fine), None, "{fine}");
        }
    }

    #[test]
    fn a_complaint_names_the_line_and_not_the_secret() {
        let token = format!("ghp_{}", "a1B2".repeat(10));
        let found = complaints(&file("a.rs", &format!("fine\n{token}\n")));
        assert!(found.len() == 1 && found[0].starts_with("a.rs:2: "), "{found:?}");
        assert!(!found[0].contains(&token), "{found:?}");
        let key = ["-----BEGIN ", "RSA PRIVATE KEY-----"].concat();
        assert_eq!(complaints(&file("b.pem", &key)).len(), 1);
        assert!(complaints(&file("crates/testkit/src/fake_github/app.pem", &key)).is_empty());
    }
}
