use regex::bytes::RegexSet;

use super::evidence::Secret;

/// The maximum size of a file that is searched, in bytes.
const LARGEST: usize = 1 << 20;
/// The maximum number of secrets that are kept.
const MOST: usize = 100;

/// The forms of keys that their providers document, so that they can be recognized: a name and a pattern each. They are chosen for
/// few false alarms: a word such as `password` alone is none of them.
const FORMS: [(&str, &str); 16] = [
    // docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
    ("GitHub token", r"\b(ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{36}\b"),
    ("GitHub token", r"\bgithub_pat_[A-Za-z0-9_]{60,}"),
    // docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    ("AWS access key", r"\b(AKIA|ASIA)[A-Z2-7]{16}\b"),
    // docs.gitlab.com/security/tokens
    ("GitLab token", r"\bglpat-[A-Za-z0-9_-]{20}"),
    // api.slack.com/authentication/token-types
    ("Slack token", r"\bxox[baprs]-[0-9]{6,}-[A-Za-z0-9-]{10,}"),
    ("Slack webhook", r"https://hooks\.slack\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{20,}"),
    // docs.stripe.com/keys
    ("Stripe key", r"\b(sk|rk)_live_[A-Za-z0-9]{20,}"),
    // cloud.google.com/docs/authentication/api-keys
    ("Google API key", r"\bAIza[A-Za-z0-9_-]{35}\b"),
    ("npm token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    // warehouse.pypa.io/api-reference/secret-reporting-api.html
    ("PyPI token", r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}"),
    ("crates.io token", r"\bcio[A-Za-z0-9]{32}\b"),
    ("SendGrid key", r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b"),
    ("Twilio key", r"\bSK[0-9a-f]{32}\b"),
    ("Discord webhook", r"https://discord(app)?\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,}"),
    ("OpenAI key", r"\bsk-(proj-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}"),
    // RFC 7468
    ("private key", r"-----BEGIN ([A-Z]+ )?PRIVATE KEY-----"),
];

/// Returns whether a file is searched: text by its ending, and of a size that people write.
#[must_use]
pub fn is_scanned(path: &str, size: usize) -> bool {
    size <= LARGEST && !path.split('/').any(|part| part == "node_modules" || part == ".git")
}

/// A search for keys and passwords in the files of a submission.
#[derive(Debug)]
pub struct Scanner {
    forms: RegexSet,
    found: Vec<Secret>,
}

impl Default for Scanner {
    fn default() -> Self {
        let forms = RegexSet::new(FORMS.map(|(_, form)| form));
        Self {
            forms: forms.expect("the patterns are constants that a test compiles"),
            found: Vec::new(),
        }
    }
}

impl Scanner {
    /// Searches a file.
    pub fn look(&mut self, path: &str, content: &[u8]) {
        if !is_scanned(path, content.len()) || !self.forms.is_match(content) {
            return;
        }
        for (index, line) in content.split(|byte| *byte == b'\n').enumerate() {
            let matches = self.forms.matches(line);
            let Some(first) = matches.iter().next() else {
                continue;
            };
            if self.found.len() < MOST {
                self.found.push(Secret {
                    path: path.to_owned(),
                    line: index + 1,
                    kind: FORMS[first].0,
                });
            }
        }
    }

    /// Returns what was found, by path and line.
    #[must_use]
    pub fn found(mut self) -> Vec<Secret> {
        self.found.sort();
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Builds a key that matches no pattern in this file itself.
    fn key(start: &str, length: usize) -> String {
        format!("{start}{}", "aB3".repeat(length).chars().take(length).collect::<String>())
    }

    #[test]
    fn keys_are_found_with_their_line() {
        let mut scanner = Scanner::default();
        let text = format!("a = 1\ntoken = \"{}\"\n", key("ghp_", 36));
        scanner.look("src/config.py", text.as_bytes());
        let pem = ["-----BEGIN ", "RSA PRIVATE KEY-----\n"].concat();
        scanner.look("deploy/key.pem", pem.as_bytes());
        let found = scanner.found();
        assert_eq!(found.len(), 2);
        assert_eq!(
            (&*found[0].path, found[0].line, found[0].kind),
            ("deploy/key.pem", 1, "private key")
        );
        assert_eq!(
            (&*found[1].path, found[1].line, found[1].kind),
            ("src/config.py", 2, "GitHub token")
        );
    }

    #[test]
    fn ordinary_text_is_no_secret() {
        let mut scanner = Scanner::default();
        for text in [
            "password = os.environ['PASSWORD']",
            "see docs: tokens begin with ghp_",
            "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "-----BEGIN PUBLIC KEY-----",
            "sk_live_",
        ] {
            scanner.look("notes.md", text.as_bytes());
        }
        let pinned = format!("x {}", key("ghp_", 36));
        scanner.look("node_modules/x/readme.md", pinned.as_bytes());
        assert_eq!(scanner.found(), []);
    }

    #[test]
    fn large_files_and_many_secrets_are_bounded() {
        let mut scanner = Scanner::default();
        let line = format!("{}\n", key("npm_", 36));
        scanner.look("a", line.repeat(500).as_bytes());
        scanner.look("b", &vec![b'x'; LARGEST + 1]);
        assert_eq!(scanner.found().len(), MOST);
    }
}
