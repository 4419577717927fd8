use std::{fmt, str::FromStr};

use platform::module::Audience;
use utoipa::ToSchema;

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

/// A role that groups at an issuer grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GroupGrant {
    pub(crate) role: Role,
    /// The role that the person has without it.
    pub(crate) before: Role,
}
