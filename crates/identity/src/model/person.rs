use std::{fmt, str::FromStr};

use kernel::{Points, Timestamp};
use platform::module::Audience;
use utoipa::ToSchema;

use super::{AccountKind, IdentityId, UserId};

platform::codes! {
    /// A person's role on this server.
    #[derive(serde::Serialize, ToSchema)]
    #[serde(rename_all = "lowercase")]
    Role {
        /// Every person.
        User = "user";
        /// Views people, roles and bans.
        Moderator = "moderator";
        /// Has full access.
        Admin = "admin";
    }
}

impl Role {
    /// Returns the widest audience that a person with this role belongs to.
    #[must_use]
    pub fn audience(self) -> Audience {
        match self {
            Self::User => Audience::SignedIn,
            Self::Moderator => Audience::Moderators,
            Self::Admin => Audience::Admins,
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
        Self::named(text)
            .ok_or_else(|| format!("'{text}' is not a role: use user, moderator or admin"))
    }
}

/// A person and one of their identities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonIdentity {
    pub user_id: UserId,
    /// The account at the provider.
    pub identity_id: IdentityId,
}

/// A person, as shown on pages.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Person {
    pub id: uuid::Uuid,
    /// The login, as used in URLs.
    pub login: String,
    pub avatar_url: Option<String>,
    /// The kind; `user` while it is unknown.
    pub kind: AccountKind,
    /// The sum of the ledger entries, without redemptions.
    pub total_points: Points,
    /// When the account was first seen.
    pub created_at: Timestamp,
}
