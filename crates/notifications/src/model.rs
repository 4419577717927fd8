//! Plain types of this module.

use chrono_tz::Tz;
use identity::model::UserId;
use kernel::Timestamp;
use platform::outbox::EmailTemplate;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use platform::module::Modules;
pub use platform::module::{NewsKind, NewsMode};

/// The kinds of news of all modules, as an extension of each request.
#[derive(Clone, Copy, Debug)]
pub struct NewsKinds(pub Modules);

impl NewsKinds {
    /// Iterates over the kinds, module by module from the top, with the digest last.
    pub fn iter(self) -> impl Iterator<Item = &'static NewsKind> {
        let modules = self.0.0.iter().rev();
        modules.flat_map(|module| module.news)
    }

    /// Finds the kind with a code.
    #[must_use]
    pub fn find(self, code: &str) -> Option<&'static NewsKind> {
        self.iter().find(|kind| kind.code == code)
    }
}

/// A new device signed in.
pub const NEW_DEVICE: NewsKind = NewsKind {
    code: "new_device",
    title: "Sign-in from a new device",
    is_security: true,
    mail: NewsMode::Instant,
    is_pushed: true,
};

/// The person's role changed.
pub const ROLE_CHANGED: NewsKind = NewsKind {
    code: "role_changed",
    title: "Your role changes",
    is_security: true,
    mail: NewsMode::Instant,
    is_pushed: true,
};

/// A token was created.
pub const TOKEN_CREATED: NewsKind = NewsKind {
    code: "token_created",
    title: "A token is created in your account",
    is_security: true,
    mail: NewsMode::Instant,
    is_pushed: true,
};

/// A refresh token was used twice.
pub const REFRESH_TOKEN_REUSED: NewsKind = NewsKind {
    code: "refresh_token_reused",
    title: "An app is signed out because its token was reused",
    is_security: true,
    mail: NewsMode::Instant,
    is_pushed: true,
};

/// A sign-in method was added or removed.
pub const IDENTITY_CHANGED: NewsKind = NewsKind {
    code: "identity_changed",
    title: "A sign-in method is added or removed",
    is_security: true,
    mail: NewsMode::Instant,
    is_pushed: true,
};

/// The digest of a day.
pub const DIGEST: NewsKind = NewsKind {
    code: "digest",
    title: "Daily digest",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: false,
};

/// Kinds of this module.
pub const KINDS: &[NewsKind] = &[
    NEW_DEVICE,
    TOKEN_CREATED,
    REFRESH_TOKEN_REUSED,
    IDENTITY_CHANGED,
    ROLE_CHANGED,
    DIGEST,
];

/// A notification to send.
pub struct Notice<'a> {
    /// Its kind.
    pub kind: &'a NewsKind,
    /// The person who gets it.
    pub user_id: UserId,
    /// The object it is about.
    pub object_id: Uuid,
    /// Tells occurrences for the same object apart; each is sent once.
    pub occurrence: &'a str,
    /// The page it leads to: a path of this server.
    pub link: String,
    /// Its e-mail; the subject is also its title in the inbox.
    pub email: &'a dyn EmailTemplate,
}

/// When a person gets e-mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Their time zone.
    pub timezone: Tz,
    /// Start and end of the quiet hours, in minutes of their day: only security notifications are sent.
    pub quiet: Option<(u32, u32)>,
    /// Maximum of e-mails per day; further notifications wait for the digest.
    pub daily_cap: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timezone: Tz::UTC,
            quiet: None,
            daily_cap: 20,
        }
    }
}

/// A notification in a person's inbox.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Notification {
    /// Its id.
    pub id: Uuid,
    /// When it was created.
    pub created_at: Timestamp,
    /// The code of its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// The page it leads to: a path.
    pub link: String,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}
