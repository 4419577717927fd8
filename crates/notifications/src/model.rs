//! Plain types of news.

use chrono_tz::Tz;
use identity::model::UserId;
use kernel::Timestamp;
use platform::outbox::EmailTemplate;
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A kind of news. The room whose news it is says so in a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// As stored and in addresses: `role_changed`.
    pub code: &'static str,
    /// What a person calls it: "Your role changes".
    pub what: &'static str,
    /// Whether it goes out at once and always: what somebody must know to keep their account.
    pub is_security: bool,
    /// How it is mailed to who has not chosen.
    pub mail: Mode,
}

impl Kind {
    /// Whether a browser can be told of it: the day's letter is a letter alone.
    #[must_use]
    pub fn is_pushed(&self) -> bool {
        self.code != DIGEST.code
    }
}

/// Every kind of news of every room, for those who choose among them.
#[derive(Clone, Copy, Debug)]
pub struct Kinds(pub &'static [Kind]);

impl Kinds {
    /// The kind with a code.
    #[must_use]
    pub fn find(self, code: &str) -> Option<&'static Kind> {
        self.0.iter().find(|kind| kind.code == code)
    }
}

/// How news of a kind takes a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Not at all.
    Off,
    /// By itself, when it happens.
    Instant,
    /// With the other news of the day.
    Digest,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Off, Self::Instant, Self::Digest];

    /// As stored and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Instant => "instant",
            Self::Digest => "digest",
        }
    }

    /// What [`Mode::as_str`] wrote.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text)
    }
}

/// A new device signed in.
pub const NEW_DEVICE: Kind = Kind {
    code: "new_device",
    what: "A new device signs in as you",
    is_security: true,
    mail: Mode::Instant,
};

/// The role on the whole platform changed.
pub const ROLE_CHANGED: Kind = Kind {
    code: "role_changed",
    what: "Your role changes",
    is_security: true,
    mail: Mode::Instant,
};

/// A token was made.
pub const TOKEN_MADE: Kind = Kind {
    code: "token_made",
    what: "A token that acts for you is made",
    is_security: true,
    mail: Mode::Instant,
};

/// A refresh token came again.
pub const SIGN_IN_COPIED: Kind = Kind {
    code: "sign_in_copied",
    what: "A program's sign-in as you is used twice and ended",
    is_security: true,
    mail: Mode::Instant,
};

/// A way in was added or removed.
pub const IDENTITY_CHANGED: Kind = Kind {
    code: "identity_changed",
    what: "A way to sign in as you is added or removed",
    is_security: true,
    mail: Mode::Instant,
};

/// The news of a day in one letter.
pub const DIGEST: Kind = Kind {
    code: "digest",
    what: "The day's news in one letter",
    is_security: false,
    mail: Mode::Instant,
};

/// Kinds of this room.
pub const KINDS: &[Kind] = &[
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
    pub kind: &'a Kind,
    /// Whom it is for.
    pub user_id: UserId,
    /// What it is about.
    pub object_id: Uuid,
    /// Which time: told once for each.
    pub occurrence: &'a str,
    /// The page of this house that it is about: a path.
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
