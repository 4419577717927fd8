use kernel::Timestamp;

/// A linked account of a person.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Identity {
    pub id: uuid::Uuid,
    /// `github`, or the issuer's URL.
    pub provider: String,
    /// The account's name at the provider, as last seen.
    pub label: Option<String>,
    pub created_at: Timestamp,
    /// When it was last used to sign in.
    pub used_at: Option<Timestamp>,
    /// When it was unlinked as a sign-in method. Its points remain.
    pub unlinked_at: Option<Timestamp>,
}

/// A login that a person has used.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct SeenLogin {
    pub login: String,
    /// When it was first seen as theirs.
    pub created_at: Timestamp,
}

/// The sign-in methods of this server.
#[derive(Clone, Debug, Default)]
pub struct SignInMethods {
    /// `github` and issuer URLs, each with its display name.
    pub providers: Vec<(String, String)>,
    /// True when sign-in links can be emailed.
    pub by_email: bool,
}

impl SignInMethods {
    /// Returns a provider's display name.
    #[must_use]
    pub fn name_of<'a>(&'a self, provider: &'a str) -> &'a str {
        let known = self.providers.iter().find(|(known, _)| known == provider);
        match (known, provider) {
            (Some((_, name)), _) => name,
            (None, "github") => "GitHub",
            (None, issuer) => issuer.split_once("://").map_or(issuer, |(_, rest)| rest),
        }
    }

    /// Returns whether people can sign in with GitHub.
    #[must_use]
    pub fn has_github(&self) -> bool {
        self.has("github")
    }

    /// Returns whether people can sign in with a provider.
    #[must_use]
    pub fn has(&self, provider: &str) -> bool {
        self.providers.iter().any(|(known, _)| known == provider)
    }
}
