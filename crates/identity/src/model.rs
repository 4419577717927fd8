//! Plain types of people.

use std::{fmt, str::FromStr};

use kernel::{IdentityId, Points, Timestamp, UserId};
use utoipa::ToSchema;

/// What kind of account GitHub says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

    /// From GitHub's `type`; apps' accounts (`…[bot]`) are programs whatever it says.
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

/// A role on the whole platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Role {
    /// Everybody.
    User,
    /// Looks after reports and disputes.
    Moderator,
    /// May do everything.
    Admin,
}

impl Role {
    /// As stored and typed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Moderator => "moderator",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "user" => Ok(Self::User),
            "moderator" => Ok(Self::Moderator),
            "admin" => Ok(Self::Admin),
            _ => Err(format!("'{text}' is no role: use user, moderator or admin")),
        }
    }
}

/// Who is looking, as their session says on this request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The session they are signed in by.
    pub session_id: uuid::Uuid,
    /// The person.
    pub user_id: UserId,
    /// The name in addresses.
    pub login: String,
    /// What they may on the whole platform.
    pub role: Role,
    /// Why they may do nothing any more, if so.
    pub ban: Option<Ban>,
}

/// Why somebody may do nothing any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ban {
    /// In the words of whoever banned them.
    pub reason: String,
    /// When it ends by itself; never unless it says so.
    pub ends_at: Option<Timestamp>,
}

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Session {
    /// Its id; tells nothing about its token.
    pub id: uuid::Uuid,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When it was last used, to the hour.
    pub last_seen_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
    /// The network it was begun from.
    pub address_prefix: Option<String>,
}

/// From where a person signs in.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// What the browser calls itself.
    pub user_agent: Option<String>,
    /// The network it is in.
    pub address_prefix: Option<String>,
}

/// A GitHub account as some payload showed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GithubAccount {
    /// GitHub's id: stays when the login changes.
    pub github_id: i64,
    /// The name in addresses.
    pub login: String,
    /// What kind of account.
    pub kind: AccountKind,
    /// The picture's address.
    pub avatar_url: Option<String>,
    /// The instant at which GitHub said so.
    pub seen_at: Timestamp,
}

/// A person and the identity that stood for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The person.
    pub user_id: UserId,
    /// The account at the provider.
    pub identity_id: IdentityId,
}

/// A person as screens show them.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Person {
    /// Their id.
    pub id: uuid::Uuid,
    /// The name in addresses.
    pub login: String,
    /// The picture's address.
    pub avatar_url: Option<String>,
    /// `user`, `bot` or `organization`.
    pub kind: String,
    /// Sum of the ledger's entries but redemptions.
    pub total_points: Points,
    /// When the account was first seen.
    pub created_at: Timestamp,
}
