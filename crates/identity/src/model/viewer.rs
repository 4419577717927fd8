use kernel::Timestamp;
use platform::{audit::Actor, module::PictureSetter, theme::Theme};
use ui::Who;

use super::{Role, Scope, Scopes, UserId};

/// The credential of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// The session of a browser.
    Session(uuid::Uuid),
    /// The session of an app, by an access token. It can do what a browser session can, except for
    /// changes that require a browser.
    Access(uuid::Uuid),
    /// A personal token.
    Token { id: uuid::Uuid, scopes: Scopes },
}

impl Credential {
    /// Returns the ID of the session or the token.
    #[must_use]
    pub fn id(&self) -> uuid::Uuid {
        match self {
            Self::Session(id) | Self::Access(id) | Self::Token { id, .. } => *id,
        }
    }

    /// Returns whether the credential has a scope.
    #[must_use]
    pub fn allows(&self, scope: Scope) -> bool {
        match self {
            Self::Session(_) | Self::Access(_) => true,
            Self::Token { scopes, .. } => scopes.has(scope),
        }
    }
}

/// The state of a person's second factor in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// Nothing: the person has none, and their role requires none.
    Absent,
    /// The session or the token has proven it.
    Proven,
    /// The person has one, which the session or the token has not proven.
    Due,
    /// The role requires one, and the person has none.
    Missing,
}

impl Factor {
    /// Returns whether everything that waits for a second factor is allowed.
    #[must_use]
    pub fn suffices(self) -> bool {
        matches!(self, Self::Absent | Self::Proven)
    }
}

/// The authenticated sender of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    pub by: Credential,
    pub user_id: UserId,
    /// The login, as used in URLs.
    pub login: String,
    /// The person as lists show them.
    pub who: Who,
    /// The role that counts: `user` for as long as the second factor does not suffice.
    pub role: Role,
    /// The role that an admin granted.
    pub granted: Role,
    pub factor: Factor,
    pub ban: Option<Ban>,
    /// The color scheme of pages that they chose instead of their device's.
    pub theme: Option<Theme>,
}

impl Viewer {
    /// Requires a second factor if the granted role is one of these. Without it, the role does not count.
    pub fn require_factor(&mut self, of_roles: &[Role]) {
        if self.factor == Factor::Absent && of_roles.contains(&self.granted) {
            self.factor = Factor::Missing;
            self.role = Role::User;
        }
    }

    /// Returns whether they have at least a role, a credential that may use it, and no ban.
    #[must_use]
    pub fn acts_as(&self, least: Role) -> bool {
        self.ban.is_none() && self.role >= least && self.by.allows(Scope::Admin)
    }

    /// Returns the viewer as an actor of the audit log.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Person(self.user_id.into())
    }

    /// Returns the viewer as one who wants to set the picture of a thing.
    #[must_use]
    pub fn picture_setter(&self) -> PictureSetter {
        PictureSetter { person: self.user_id.0, is_admin: self.acts_as(Role::Admin) }
    }
}

/// A ban, or the lifting of one, in a person's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BanEvent {
    /// When it happened.
    pub at: Timestamp,
    /// True for a lifting.
    pub is_lift: bool,
    /// When the ban ends; `None` until it is lifted.
    pub ends_at: Option<Timestamp>,
}

/// A ban of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ban {
    /// The reason, in the words of the moderator.
    pub reason: String,
    /// When it ends; `None` until it is lifted.
    pub ends_at: Option<Timestamp>,
}
