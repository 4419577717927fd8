use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// The kind of a GitHub account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AccountKind {
    /// A person.
    User,
    /// A bot.
    Bot,
    /// An organization.
    Organization,
}

impl AccountKind {
    /// Returns the stored name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Bot => "bot",
            Self::Organization => "organization",
        }
    }

    /// Parses a stored kind. An unknown kind, from a newer release, counts as a bot.
    #[must_use]
    pub fn stored(kind: &str) -> Self {
        match kind {
            "user" => Self::User,
            "organization" => Self::Organization,
            _ => Self::Bot,
        }
    }

    /// Parses GitHub's `type`. Accounts of apps (`…[bot]`) are always bots.
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

/// A GitHub account as described by a payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GithubAccount {
    /// GitHub's ID, which stays the same when the login changes.
    pub github_id: i64,
    /// The login, as used in URLs.
    pub login: String,
    /// The kind of account.
    pub kind: AccountKind,
    /// The avatar's URL.
    pub avatar_url: Option<String>,
    /// When GitHub reported this.
    pub seen_at: Timestamp,
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
}

/// An account at a provider that a person has just proved to be theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    /// A GitHub account.
    Github(GithubAccount),
    /// An account at the OpenID Connect issuer.
    OpenId(OpenIdAccount),
}

impl Shown {
    /// Returns the account's name at the provider.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        match self {
            Self::Github(account) => Some(&account.login),
            Self::OpenId(account) => account.name.as_deref(),
        }
    }
}
