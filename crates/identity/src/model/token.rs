use std::{collections::BTreeSet, fmt};

use kernel::Timestamp;
use utoipa::ToSchema;

/// A scope of a token. No scope includes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Scope {
    /// Read the data of the person and of their projects.
    Read,
    /// Change the data of the person and of their projects.
    Write,
    /// Use the admin endpoints that the person's role allows.
    Admin,
}

impl Scope {
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    /// Returns the name, as stored and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// Parses a scope's name.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of scopes, separated by spaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// Returns whether the set contains a scope.
    #[must_use]
    pub fn has(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Returns whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Parses stored scopes. Unknown scopes, from a newer release, are skipped.
    #[must_use]
    pub fn stored(text: &str) -> Self {
        text.split(' ').filter_map(Scope::named).collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(|scope| scope.as_str()).collect();
        f.write_str(&names.join(" "))
    }
}

/// A personal token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Token {
    pub id: uuid::Uuid,
    /// The purpose of the token.
    pub name: String,
    /// The scopes, separated by spaces.
    pub scopes: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// When the token was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}
