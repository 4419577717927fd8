use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// The kind of a GitHub account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AccountKind {
    /// A person.
    User,
    /// A program.
    Bot,
    /// An organization.
    Organization,
}

impl AccountKind {
    /// As stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Bot => "bot",
            Self::Organization => "organization",
        }
    }

    /// Reads a stored kind; one of a newer release counts as a program.
    #[must_use]
    pub fn stored(kind: &str) -> Self {
        match kind {
            "user" => Self::User,
            "organization" => Self::Organization,
            _ => Self::Bot,
        }
    }

    /// Reads GitHub's `type`; apps' accounts (`…[bot]`) are programs in any case.
    #[must_use]
    pub fn from_github(kind: Option<&str>, login: &str) -> Self {
        match kind {
            _ if login.ends_with("[bot]") => Self::Bot,
            Some("Bot") => Self::Bot,
            Some("Organization") => Self::Organization,
            _ => Self::User,
        }
    }
}

/// A GitHub account as a payload shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GithubAccount {
    /// GitHub's id: stays when the login changes.
    pub github_id: i64,
    /// The name in addresses.
    pub login: String,
    /// The kind of account.
    pub kind: AccountKind,
    /// The picture's address.
    pub avatar_url: Option<String>,
    /// The instant at which GitHub said so.
    pub seen_at: Timestamp,
}

/// An account at an OpenID Connect issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenIdAccount {
    /// The issuer's name of itself.
    pub issuer: String,
    /// The issuer's permanent name of the account.
    pub subject: String,
    /// The preferred name there.
    pub name: Option<String>,
}

/// An account at a provider that a person just proved to be theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    /// At GitHub.
    Github(GithubAccount),
    /// At the OpenID Connect issuer.
    OpenId(OpenIdAccount),
}

impl Shown {
    /// The name of the account there.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        match self {
            Self::Github(account) => Some(&account.login),
            Self::OpenId(account) => account.name.as_deref(),
        }
    }
}
