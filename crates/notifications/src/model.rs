//! Plain types of news.

use chrono_tz::Tz;
use identity::model::UserId;
use kernel::Timestamp;
use platform::outbox::EmailTemplate;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use platform::module::Modules;
pub use platform::module::{NewsKind, NewsMode};

/// Every kind of news of every module, for people who choose among them; an extension of each request.
#[derive(Clone, Copy, Debug)]
pub struct NewsKinds(pub Modules);

impl NewsKinds {
    /// Iterates over the kinds, module by module from the top, the digest last.
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
    title: "A new device signs in as you",
    is_security: true,
    mail: NewsMode::Instant,
    is_pushed: true,
};

/// The role on the whole platform changed.
pub const ROLE_CHANGED: NewsKind = NewsKind {
    code: "role_changed",
    title: "Your role changes",
    is_security: true,
    mail: NewsMode::Instant,
    is_pushed: true,
};

/// A token was made.
pub const TOKEN_MADE: NewsKind = NewsKind {
    code: "token_made",
    title: "A token that acts for you is made",
    is_security: true,
    mail: NewsMode::Instant,
    is_pushed: true,
};

/// A refresh token came again.
pub const SIGN_IN_COPIED: NewsKind = NewsKind {
    code: "sign_in_copied",
    title: "A program's sign-in as you is used twice and ended",
    is_security: true,
    mail: NewsMode::Instant,
    is_pushed: true,
};

/// A way in was added or removed.
pub const IDENTITY_CHANGED: NewsKind = NewsKind {
    code: "identity_changed",
    title: "A way to sign in as you is added or removed",
    is_security: true,
    mail: NewsMode::Instant,
    is_pushed: true,
};

/// The news of a day in one letter.
pub const DIGEST: NewsKind = NewsKind {
    code: "digest",
    title: "The day's news in one letter",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: false,
};

/// Kinds of this module.
pub const KINDS: &[NewsKind] = &[
    NEW_DEVICE,
    TOKEN_MADE,
    SIGN_IN_COPIED,
    IDENTITY_CHANGED,
    ROLE_CHANGED,
    DIGEST,
];

/// News for a person.
pub struct Notice<'a> {
    /// What kind.
    pub kind: &'a NewsKind,
    /// Whom it is for.
    pub user_id: UserId,
    /// What it is about.
    pub object_id: Uuid,
    /// Which time: told once for each.
    pub occurrence: &'a str,
    /// The page of this server that it is about: a path.
    pub link: String,
    /// How it is told.
    pub email: &'a dyn EmailTemplate,
}

/// When letters may reach a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where they live.
    pub timezone: Tz,
    /// Minutes of their day from and until which nothing but what concerns security is sent.
    pub quiet: Option<(u32, u32)>,
    /// Letters a day at most; what is beyond waits for the day's summary.
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

/// News as it stands in a person's inbox.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Notification {
    /// Its id.
    pub id: Uuid,
    /// When it was told.
    pub created_at: Timestamp,
    /// The code of its kind.
    pub kind: String,
    /// What it says.
    pub title: String,
    /// The page it is about: a path.
    pub link: String,
    /// When it was read, if it was.
    pub read_at: Option<Timestamp>,
}
