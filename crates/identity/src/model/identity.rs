use kernel::Timestamp;

/// A linked account of a person.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Identity {
    /// Its id.
    pub id: uuid::Uuid,
    /// `github`, or the address of an issuer.
    pub provider: String,
    /// The name of the account there, as last seen.
    pub label: Option<String>,
    /// When it was linked.
    pub created_at: Timestamp,
    /// When it was last used to sign in.
    pub used_at: Option<Timestamp>,
    /// When it was unlinked as a sign-in method; its points stay.
    pub unlinked_at: Option<Timestamp>,
}

/// A login that a person had.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct SeenLogin {
    /// The login.
    pub login: String,
    /// When it was first seen as theirs.
    pub created_at: Timestamp,
}

/// The sign-in methods of this server.
#[derive(Clone, Debug, Default)]
pub struct SignInMethods {
    /// `github` and the addresses of issuers, each with its name.
    pub providers: Vec<(String, String)>,
    /// True when links can be e-mailed.
    pub by_email: bool,
}

impl SignInMethods {
    /// Names a provider as people do.
    #[must_use]
    pub fn name_of<'a>(&'a self, provider: &'a str) -> &'a str {
        let known = self.providers.iter().find(|(known, _)| known == provider);
        match (known, provider) {
            (Some((_, name)), _) => name,
            (None, "github") => "GitHub",
            (None, issuer) => issuer.split_once("://").map_or(issuer, |(_, rest)| rest),
        }
    }

    /// Returns whether people can sign in with a provider.
    #[must_use]
    pub fn has(&self, provider: &str) -> bool {
        self.providers.iter().any(|(known, _)| known == provider)
    }
}
