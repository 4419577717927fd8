use std::fmt;

use serde::{Deserialize, Serialize};

/// A provider that people sign in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// GitHub.
    Github,
    /// The OpenID Connect issuer.
    OpenId,
}

impl Provider {
    pub const ALL: [Self; 2] = [Self::Github, Self::OpenId];

    /// Returns the name used in URLs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Github => "github",
            Self::OpenId => "openid",
        }
    }

    /// Parses the name used in URLs.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.as_str() == text)
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
