use std::fmt;

use serde::{Deserialize, Serialize};

/// Where somebody shows who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// GitHub.
    Github,
    /// The OpenID Connect issuer.
    OpenId,
}

impl Provider {
    /// Every way.
    pub const ALL: [Self; 2] = [Self::Github, Self::OpenId];

    /// As it stands in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Github => "github",
            Self::OpenId => "openid",
        }
    }

    /// What [`Provider::as_str`] wrote.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == text)
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
