use kernel::Timestamp;
use secrecy::SecretString;
use uuid::Uuid;

/// A person's connection to GitHub, with which this server creates the webhooks of their repositories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GithubConnection {
    /// The GitHub account's login when it was connected.
    pub login: String,
    pub connected_at: Timestamp,
    /// The OAuth scopes that GitHub granted.
    pub scopes: Vec<String>,
    /// When GitHub no longer accepted the token, if it does not.
    pub revoked_at: Option<Timestamp>,
}

/// A person's token on GitHub.
#[derive(Clone, Debug)]
pub struct GithubToken {
    /// The stored token's ID: `github_tokens.id`.
    pub id: Uuid,
    pub token: SecretString,
}

/// The scope that a connection needs: it permits managing webhooks, and neither reading nor writing code.
pub const HOOK_SCOPE: &str = "admin:repo_hook";
