//! Data types of this module.

use chrono_tz::Tz;
use identity::model::UserId;
use kernel::Timestamp;
use platform::outbox::{EmailTemplate, Key};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use platform::module::Modules;
pub use platform::module::{NewsKind, NewsMode};

/// The kinds of notifications of all modules, an extension of each request.
#[derive(Clone, Copy, Debug)]
pub struct NewsKinds(pub Modules);

impl NewsKinds {
    /// Iterates over the kinds in reverse order of modules, with the digest last.
    pub fn iter(self) -> impl Iterator<Item = &'static NewsKind> {
        let modules = self.0.0.iter().rev();
        modules.flat_map(|module| module.news)
    }

    #[must_use]
    pub fn find(self, code: &str) -> Option<&'static NewsKind> {
        self.iter().find(|kind| kind.code == code)
    }
}

/// A sign-in from a new device.
pub const NEW_DEVICE: NewsKind = NewsKind {
    code: "new_device",
    title: "Sign-in from a new device",
    is_security: true,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: None,
};

pub const ROLE_CHANGED: NewsKind = NewsKind {
    code: "role_changed",
    title: "Changes to your role",
    is_security: true,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: None,
};

pub const TOKEN_CREATED: NewsKind = NewsKind {
    code: "token_created",
    title: "New tokens",
    is_security: true,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: None,
};

/// A refresh token that was used twice.
pub const REFRESH_TOKEN_REUSED: NewsKind = NewsKind {
    code: "refresh_token_reused",
    title: "Apps signed out because a token was reused",
    is_security: true,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: None,
};

/// A sign-in method that was added or removed.
pub const IDENTITY_CHANGED: NewsKind = NewsKind {
    code: "identity_changed",
    title: "Changes to your sign-in methods",
    is_security: true,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: None,
};

/// A second factor that was set up, removed or reset.
pub const SECOND_FACTOR_CHANGED: NewsKind = NewsKind {
    code: "second_factor_changed",
    title: "Changes to your second factor",
    is_security: true,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: None,
};

/// A connection that GitHub ended.
pub const GITHUB_DISCONNECTED: NewsKind = NewsKind {
    code: "github_disconnected",
    title: "GitHub is no longer connected",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: None,
};

/// A webhook that this server disabled.
pub const WEBHOOK_DISABLED: NewsKind = NewsKind {
    code: "webhook_disabled",
    title: "Your webhooks that were disabled because they fail",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: None,
};

/// The daily digest.
pub const DIGEST: NewsKind = NewsKind {
    code: "digest",
    title: "Daily digest",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: false,
    flag: None,
};

/// The kinds of this module.
pub const KINDS: &[NewsKind] = &[
    NEW_DEVICE,
    TOKEN_CREATED,
    REFRESH_TOKEN_REUSED,
    IDENTITY_CHANGED,
    SECOND_FACTOR_CHANGED,
    ROLE_CHANGED,
    GITHUB_DISCONNECTED,
    WEBHOOK_DISABLED,
    DIGEST,
];

/// A notification to send.
pub struct Notice<'a> {
    pub kind: &'a NewsKind,
    /// The recipient.
    pub user_id: UserId,
    /// The object it is about.
    pub object_id: Uuid,
    /// Distinguishes occurrences for the same object, each of which is sent once.
    pub occurrence: &'a str,
    /// The path of the page it leads to.
    pub link: String,
    /// The email, whose subject is also the title in the inbox.
    pub email: &'a dyn EmailTemplate,
}

impl<'a> Notice<'a> {
    /// Returns the key of its message on a channel.
    pub(crate) fn key(&self, channel: &'static str) -> Key<'a> {
        Key {
            person: self.user_id.0,
            kind: self.kind.code,
            object: self.object_id,
            occurrence: self.occurrence,
            channel,
        }
    }
}

/// A person's settings for when to receive emails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliverySettings {
    /// The time zone.
    pub timezone: Tz,
    /// The start and end of the quiet hours, in minutes of the person's day. Only security
    /// notifications are sent then.
    pub quiet: Option<(u32, u32)>,
    /// The maximum number of emails per day. Further notifications wait for the digest.
    pub daily_cap: i64,
}

impl Default for DeliverySettings {
    fn default() -> Self {
        Self { timezone: Tz::UTC, quiet: None, daily_cap: 20 }
    }
}

/// A person's phone, which text messages are sent to.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Phone {
    /// The number in international form: `+15551234567`.
    pub number: String,
    /// When the person proved that they have the phone. `None` until then.
    pub verified_at: Option<Timestamp>,
}

impl Phone {
    /// Returns true if notifications are sent to it.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.verified_at.is_some()
    }
}

/// A notification in a person's inbox.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Notification {
    pub id: Uuid,
    pub created_at: Timestamp,
    /// The code of the kind.
    pub kind: String,
    /// The thing that it is about.
    pub object_id: Uuid,
    pub title: String,
    /// The path of the page it leads to.
    pub link: String,
    pub read_at: Option<Timestamp>,
}
