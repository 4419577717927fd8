//! Plain types of people.

mod demo;
mod ids;
mod topics;

use std::{collections::BTreeSet, fmt, str::FromStr};

use kernel::{Points, Timestamp};
use platform::{audit::Actor, module::Audience};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use demo::{DemoPeople, DemoPerson};
pub use ids::{IdentityId, UserId, marker};
pub use topics::{
    EXPORT_ASKED, IDENTITY_CHANGED, NEW_DEVICE_CAME, REFRESH_REUSED, ROLE_GRANTED, SIGN_IN_ASKED,
    TOKEN_CREATED,
};

/// The kind of a GitHub account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

    /// Reads a stored kind; one of a newer release counts as a program.
    #[must_use]
    pub fn stored(kind: &str) -> Self {
        match kind {
            "user" => Self::User,
            "organization" => Self::Organization,
            _ => Self::Bot,
        }
    }

    /// Reads GitHub's `type`; apps' accounts (`…[bot]`) are programs in any case.
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
    /// Every person.
    User,
    /// Manages reports and disputes.
    Moderator,
    /// May do everything.
    Admin,
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
            _ => Err(format!(
                "'{text}' is not a role: use user, moderator or admin"
            )),
        }
    }
}

/// A scope of a token; no name contains another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Scope {
    /// See what the person sees for themselves and of their projects.
    Read,
    /// Change what the person may change for themselves and of their projects.
    Write,
    /// Do what the person's role allows in the admin pages.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    /// As stored and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// Reads a scope by its name.
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

/// A set of scopes, written with blanks between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// Whether a scope is among them.
    #[must_use]
    pub fn has(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads stored scopes; those of a newer release are skipped.
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

/// A personal token as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Token {
    /// Its id, which reveals nothing about the token.
    pub id: uuid::Uuid,
    /// Its purpose.
    pub name: String,
    /// Its scopes, with blanks between.
    pub scopes: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// The credential of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// The session of a browser.
    Session(uuid::Uuid),
    /// The session of an app, by an access token: like a browser's, except for changes that must be made in
    /// person.
    Access(uuid::Uuid),
    /// A personal token.
    Token {
        /// Its id.
        id: uuid::Uuid,
        /// Its scopes.
        scopes: Scopes,
    },
}

impl Credential {
    /// The id of the session or the token.
    #[must_use]
    pub fn id(&self) -> uuid::Uuid {
        match self {
            Self::Session(id) | Self::Access(id) | Self::Token { id, .. } => *id,
        }
    }

    /// Whether it has a scope.
    #[must_use]
    pub fn allows(&self, scope: Scope) -> bool {
        match self {
            Self::Session(_) | Self::Access(_) => true,
            Self::Token { scopes, .. } => scopes.has(scope),
        }
    }
}

/// The sender of a request who is known by a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The credential.
    pub by: Credential,
    /// The person.
    pub user_id: UserId,
    /// The name in addresses.
    pub login: String,
    /// The role on the whole platform.
    pub role: Role,
    /// The ban in force, if there is one.
    pub ban: Option<Ban>,
}

impl Viewer {
    /// Whether they have a role and a credential that may use it.
    #[must_use]
    pub fn acts_as(&self, least: Role) -> bool {
        self.role >= least && self.by.allows(Scope::Admin)
    }

    /// Names the viewer as the actor, for the audit log.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Person(self.user_id.into())
    }
}

/// A ban of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ban {
    /// The reason, in the words of the moderator.
    pub reason: String,
    /// When it ends; none until it is lifted.
    pub ends_at: Option<Timestamp>,
}

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Session {
    /// Its id, which reveals nothing about its token.
    pub id: uuid::Uuid,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When it was last used, to the hour.
    pub last_seen_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// The browser's user agent.
    pub user_agent: Option<String>,
    /// The network of the sign-in.
    pub address_prefix: Option<String>,
    /// Whether an app uses it, by access and refresh tokens.
    pub is_program: bool,
}

/// The device of a sign-in.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// The browser's user agent.
    pub user_agent: Option<String>,
    /// Its network.
    pub address_prefix: Option<String>,
}

/// A GitHub account as a payload shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GithubAccount {
    /// GitHub's id: stays when the login changes.
    pub github_id: i64,
    /// The name in addresses.
    pub login: String,
    /// The kind of account.
    pub kind: AccountKind,
    /// The picture's address.
    pub avatar_url: Option<String>,
    /// The instant at which GitHub said so.
    pub seen_at: Timestamp,
}

/// An account at an OpenID Connect issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenIdAccount {
    /// The issuer's name of itself.
    pub issuer: String,
    /// The issuer's permanent name of the account.
    pub subject: String,
    /// The preferred name there.
    pub name: Option<String>,
}

/// An account at a provider that a person just proved to be theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    /// At GitHub.
    Github(GithubAccount),
    /// At the OpenID Connect issuer.
    OpenId(OpenIdAccount),
}

impl Shown {
    /// The name of the account there.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        match self {
            Self::Github(account) => Some(&account.login),
            Self::OpenId(account) => account.name.as_deref(),
        }
    }
}

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
    /// Whether links can be e-mailed.
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

    /// Whether people can sign in with a provider.
    #[must_use]
    pub fn has(&self, provider: &str) -> bool {
        self.providers.iter().any(|(known, _)| known == provider)
    }
}

/// A person and one of their identities.
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
