use kernel::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny};

use super::Role;

platform::codes! {
    /// The kind of a GitHub account.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    AccountKind {
        /// A person.
        User = "user";
        Bot = "bot";
        Organization = "organization";
        /// Unknown: no payload has stated it. It counts as a person until one does.
        Unknown = "unknown";
    }
}

impl AccountKind {
    /// Parses GitHub's `type`. Accounts of apps (`…[bot]`) are always bots.
    #[must_use]
    pub fn from_github(kind: Option<&str>, login: &str) -> Self {
        match kind {
            _ if login.ends_with("[bot]") => Self::Bot,
            Some("Bot") => Self::Bot,
            Some("Organization") => Self::Organization,
            Some(_) => Self::User,
            None => Self::Unknown,
        }
    }
}

/// The length of a login on GitHub, in bytes.
const LONGEST_LOGIN: usize = 39;

/// Returns true if a text can be the login of a GitHub account: ASCII characters A to Z, digits and hyphens, also at both ends in old
/// accounts, an underscore in managed accounts of an enterprise, and `[bot]` at the end for an app.
///
/// <https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference/username-considerations-for-external-authentication>
#[must_use]
pub fn is_github_login(text: &str) -> bool {
    let name = text.strip_suffix("[bot]").unwrap_or(text);
    (1..=LONGEST_LOGIN).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Returns what an account is shown as while its login is unknown, unusable or another account's. No login on GitHub has a dot.
#[must_use]
pub fn placeholder_login(github_id: i64) -> String {
    format!("{github_id}.github")
}

/// A GitHub account as described by a payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GithubAccount {
    /// GitHub's ID, which stays the same when the login changes.
    pub github_id: i64,
    /// The login, as used in URLs.
    pub login: String,
    pub kind: AccountKind,
    pub avatar_url: Option<String>,
    /// When GitHub created the account, if it states this. Deliveries do not.
    pub created_at: Option<Timestamp>,
    /// When GitHub reported this.
    pub seen_at: Timestamp,
}

impl GithubAccount {
    /// Creates an account about which nothing else is stated.
    #[must_use]
    pub fn new(github_id: i64, login: String, kind: AccountKind, seen_at: Timestamp) -> Self {
        Self { github_id, login, kind, avatar_url: None, created_at: None, seen_at }
    }
}

/// Reads when GitHub created an account. Anything but an instant counts as absent: no one is refused for it.
pub fn creation<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stated {
        Instant(Timestamp),
        Other(IgnoredAny),
    }
    Ok(match Option::deserialize(from)? {
        Some(Stated::Instant(at)) => Some(at),
        Some(Stated::Other(IgnoredAny)) | None => None,
    })
}

/// The source of a statement about GitHub accounts, which decides what it may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// GitHub's own answer: at a sign-in, or from its API.
    Github,
    /// A webhook delivery. Anyone who has the webhook's secret can send one, so it creates unknown accounts, and changes
    /// nothing that is known.
    Delivery,
}

/// An account at an OpenID Connect issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenIdAccount {
    /// The issuer identifier.
    pub issuer: String,
    /// The issuer's permanent ID of the account.
    pub subject: String,
    /// The preferred name at the issuer.
    pub name: Option<String>,
    /// The role that the operator gives to its groups at the issuer.
    #[serde(skip)]
    pub role: Option<Role>,
}

/// An account at a provider that a person has just proved to be theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProvenAccount {
    Github(GithubAccount),
    /// An account at the OpenID Connect issuer.
    OpenId(OpenIdAccount),
}

impl ProvenAccount {
    /// Returns the account's name at the provider.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        match self {
            Self::Github(account) => Some(&account.login),
            Self::OpenId(account) => account.name.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;
    use serde::Deserialize;

    use super::{creation, is_github_login};

    #[derive(Deserialize)]
    struct Answer {
        #[serde(default, deserialize_with = "creation")]
        created_at: Option<Timestamp>,
    }

    #[test]
    fn a_creation_that_is_no_instant_is_unknown() {
        let read = |json: &str| {
            let answer: Answer = serde_json::from_str(json).expect("an answer");
            answer.created_at.map(|at| at.to_rfc3339())
        };
        for (json, expected) in [
            (r#"{"created_at":"2019-03-01T10:00:00Z"}"#, Some("2019-03-01T10:00:00+00:00")),
            (r#"{"created_at":"2019-03-01T10:00:00+02:00"}"#, Some("2019-03-01T08:00:00+00:00")),
            ("{}", None),
            (r#"{"created_at":null}"#, None),
            (r#"{"created_at":"some day"}"#, None),
            (r#"{"created_at":1551434400}"#, None),
            (r#"{"created_at":{"at":["2019-03-01T10:00:00Z"]}}"#, None),
        ] {
            assert_eq!(read(json).as_deref(), expected, "{json}");
        }
    }

    #[test]
    fn logins_follow_githubs_grammar() {
        let longest = "a".repeat(39);
        for login in
            ["hexacat", "octo-org", "-wren", "a--b-", "dependabot[bot]", "wren_acme", "_", &longest]
        {
            assert!(is_github_login(login), "{login}");
        }
        let too_long = "a".repeat(40);
        for login in [
            "",
            "wren oak",
            "wren\noak",
            "/ban?x=",
            "boss.id",
            "<b>",
            "wren%2F",
            "[bot]",
            "ünal",
            &too_long,
        ] {
            assert!(!is_github_login(login), "{login:?}");
        }
    }
}
