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

/// What kind of account GitHub says it is.
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

    /// From what is stored; a kind of a newer release is no person.
    #[must_use]
    pub fn stored(kind: &str) -> Self {
        match kind {
            "user" => Self::User,
            "organization" => Self::Organization,
            _ => Self::Bot,
        }
    }

    /// From GitHub's `type`; apps' accounts (`…[bot]`) are programs whatever it says.
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
    /// Everybody.
    User,
    /// Looks after reports and disputes.
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
            _ => Err(format!("'{text}' is no role: use user, moderator or admin")),
        }
    }
}

/// What a token may do; plain words, none of which contains another.
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

    /// What [`Scope::as_str`] wrote.
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

    /// Whether nothing is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As stored; what a newer release wrote gives nothing here.
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
    /// Its id; tells nothing about the token itself.
    pub id: uuid::Uuid,
    /// What it is for.
    pub name: String,
    /// What it may do: scopes with blanks between.
    pub scopes: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// What a request came by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// The session of a browser.
    Session(uuid::Uuid),
    /// A program's session, by an access token: as the browser's that it came of, but for what must be
    /// done in person.
    Access(uuid::Uuid),
    /// A personal token.
    Token {
        /// Which.
        id: uuid::Uuid,
        /// What it may do.
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

    /// Whether it lets its person do this.
    #[must_use]
    pub fn allows(&self, scope: Scope) -> bool {
        match self {
            Self::Session(_) | Self::Access(_) => true,
            Self::Token { scopes, .. } => scopes.has(scope),
        }
    }
}

/// Who is looking, as what they came by says on this request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// What they came by.
    pub by: Credential,
    /// The person.
    pub user_id: UserId,
    /// The name in addresses.
    pub login: String,
    /// What they may on the whole platform.
    pub role: Role,
    /// Why they may do nothing any more, if so.
    pub ban: Option<Ban>,
}

impl Viewer {
    /// Whether they hold a role and came by what lets them use it.
    #[must_use]
    pub fn acts_as(&self, least: Role) -> bool {
        self.role >= least && self.by.allows(Scope::Admin)
    }

    /// Names the viewer as who does something, for the audit log.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Person(self.user_id.into())
    }
}

/// Why somebody may do nothing any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ban {
    /// In the words of whoever banned them.
    pub reason: String,
    /// When it ends by itself; never unless it says so.
    pub ends_at: Option<Timestamp>,
}

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Session {
    /// Its id; tells nothing about its token.
    pub id: uuid::Uuid,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When it was last used, to the hour.
    pub last_seen_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
    /// The network it was begun from.
    pub address_prefix: Option<String>,
    /// Whether a program goes on with it, by access and refresh tokens.
    pub is_program: bool,
}

/// From where a person signs in.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// What the browser calls itself.
    pub user_agent: Option<String>,
    /// The network it is in.
    pub address_prefix: Option<String>,
}

/// A GitHub account as some payload showed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GithubAccount {
    /// GitHub's id: stays when the login changes.
    pub github_id: i64,
    /// The name in addresses.
    pub login: String,
    /// What kind of account.
    pub kind: AccountKind,
    /// The picture's address.
    pub avatar_url: Option<String>,
    /// The instant at which GitHub said so.
    pub seen_at: Timestamp,
}

/// Somebody as an OpenID Connect issuer knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenIdAccount {
    /// How the issuer names itself.
    pub issuer: String,
    /// The name by which it knows them for good.
    pub subject: String,
    /// What they like to be called there.
    pub name: Option<String>,
}

/// Who somebody is elsewhere, as it was just shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    /// At GitHub.
    Github(GithubAccount),
    /// At the OpenID Connect issuer.
    OpenId(OpenIdAccount),
}

impl Shown {
    /// What they are called there.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        match self {
            Self::Github(account) => Some(&account.login),
            Self::OpenId(account) => account.name.as_deref(),
        }
    }
}

/// An account elsewhere by which somebody is known here.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Identity {
    /// Its id.
    pub id: uuid::Uuid,
    /// `github`, or the address of an issuer.
    pub provider: String,
    /// What they are called there, as last seen.
    pub label: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// When they last came in by it.
    pub used_at: Option<Timestamp>,
    /// When they said that it is no way in any more; points belong to it all the same.
    pub unlinked_at: Option<Timestamp>,
}

/// A login by which somebody was seen.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct SeenLogin {
    /// The login.
    pub login: String,
    /// When it was first seen as theirs.
    pub created_at: Timestamp,
}

/// The ways in that this server has.
#[derive(Clone, Debug, Default)]
pub struct SignInMethods {
    /// `github` and the addresses of issuers, each with what people call it.
    pub providers: Vec<(String, String)>,
    /// Whether links can be mailed.
    pub by_email: bool,
}

impl SignInMethods {
    /// What people call a provider.
    #[must_use]
    pub fn name_of<'a>(&'a self, provider: &'a str) -> &'a str {
        let known = self.providers.iter().find(|(known, _)| known == provider);
        match (known, provider) {
            (Some((_, name)), _) => name,
            (None, "github") => "GitHub",
            (None, issuer) => issuer.split_once("://").map_or(issuer, |(_, rest)| rest),
        }
    }

    /// Whether people can come in by a provider.
    #[must_use]
    pub fn has(&self, provider: &str) -> bool {
        self.providers.iter().any(|(known, _)| known == provider)
    }
}

/// A person and the identity that stood for them.
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
