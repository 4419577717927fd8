use std::{collections::BTreeSet, fmt};

use kernel::Timestamp;
use utoipa::ToSchema;

platform::codes! {
    /// A scope of a token. No scope includes another.
    #[derive(ToSchema)]
    #[schema(rename_all = "lowercase")]
    Scope {
        /// Read the data of the person and of their projects.
        Read = "read";
        /// Change the data of the person and of their projects.
        Write = "write";
        /// Use the admin endpoints that the person's role allows.
        Admin = "admin";
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

    /// Parses what [`fmt::Display`] writes.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        text.split(' ').map(Scope::named).collect()
    }
}

platform::stored!(Scopes);

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
