use kernel::Timestamp;
use platform::audit::Actor;

use super::{Role, Scope, Scopes, UserId};

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

    /// Returns whether it has a scope.
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
    /// Returns whether they have a role and a credential that may use it.
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
