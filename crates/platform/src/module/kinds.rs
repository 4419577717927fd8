use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::Services;
use crate::{ActionError, Context, alerts::Incident, db::DbError, flags::Flag};

/// A table and what becomes of its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// The number that its rows grow with: "people", "deliveries".
    pub grows_with: &'static str,
    /// Effect of erasing a person on its rows.
    pub personal: Personal,
    /// How long rows stay: "forever", "90 days".
    pub retention: &'static str,
}

impl Table {
    /// A table with what its rows grow with, what erasure does to them, and how long they stay.
    #[must_use]
    pub const fn new(
        name: &'static str,
        grows_with: &'static str,
        personal: Personal,
        retention: &'static str,
    ) -> Self {
        Self {
            name,
            grows_with,
            personal,
            retention,
        }
    }
}

/// Effect of erasing a person on the rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personal {
    /// The rows, or the words in them, are removed.
    Erased,
    /// The rows stay and name a pseudonym.
    Pseudonymous,
    /// No row concerns a person.
    None,
}

/// Audience of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// Everyone.
    Everyone,
    /// People who are signed in.
    SignedIn,
    /// Moderators and admins.
    Moderators,
    /// Admins.
    Admins,
}

/// Place of a link in the layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The header.
    Main,
    /// The tabs of a person's settings.
    Settings,
    /// The tabs of the admin pages.
    Admin,
    /// The footer.
    Footer,
}

/// A link that the layout shows.
#[derive(Clone, Copy, Debug)]
pub struct NavItem {
    /// Its place.
    pub place: Place,
    /// Orders the links of a place; lower comes first.
    pub order: u8,
    /// Its text.
    pub label: &'static str,
    /// Its address, a path.
    pub address: &'static str,
    /// Its audience.
    pub audience: Audience,
    /// The flag that hides it where it is off.
    pub flag: Option<&'static Flag>,
    /// Counts what waits for a person behind the link, for the number beside it.
    pub count: Option<CountFn>,
}

/// Counts something of a person.
pub type CountFn = for<'a> fn(&'a Context, Uuid) -> BoxFuture<'a, Result<i64, DbError>>;

impl NavItem {
    /// A link for everyone without a flag, to complete by struct update.
    #[must_use]
    pub const fn new(place: Place, order: u8, label: &'static str, address: &'static str) -> Self {
        Self {
            place,
            order,
            label,
            address,
            audience: Audience::Everyone,
            flag: None,
            count: None,
        }
    }

    /// The same link, shown only to an audience.
    #[must_use]
    pub const fn to(self, audience: Audience) -> Self {
        Self { audience, ..self }
    }
}

/// A kind of audit log entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuditKind {
    /// The kind of act: `user.grant`.
    pub action: &'static str,
    /// The kind of thing it was done to: `user`.
    pub target: &'static str,
}

impl AuditKind {
    /// A kind of entry.
    #[must_use]
    pub const fn new(action: &'static str, target: &'static str) -> Self {
        Self { action, target }
    }
}

/// The code of a problem, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProblemCode {
    /// In upper snake case.
    pub code: &'static str,
    /// When it is answered.
    pub meaning: &'static str,
}

impl ProblemCode {
    /// A code and its meaning.
    #[must_use]
    pub const fn new(code: &'static str, meaning: &'static str) -> Self {
        Self { code, meaning }
    }
}

/// A part of the API's description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiTag {
    /// Its heading.
    pub name: &'static str,
    /// A sentence.
    pub description: &'static str,
}

/// Leads from the answer of one operation to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiLink {
    /// The operation that answers.
    pub from: &'static str,
    /// The operation it leads to.
    pub to: &'static str,
    /// The parameter that takes the value.
    pub parameter: &'static str,
    /// JSON pointer to the value in the answer.
    pub value: &'static str,
}

impl ApiLink {
    /// A link between two operations.
    #[must_use]
    pub const fn new(
        from: &'static str,
        to: &'static str,
        parameter: &'static str,
        value: &'static str,
    ) -> Self {
        Self {
            from,
            to,
            parameter,
            value,
        }
    }
}

/// Looks for incidents of a kind; gives those that are there now.
pub type LookFn = for<'a> fn(&'a Services) -> BoxFuture<'a, Result<Vec<Incident>, ActionError>>;

/// A condition that operators are alerted of.
#[derive(Clone, Copy, Debug)]
pub struct AlertRule {
    /// Its kind: `dead_letters`.
    pub kind: &'static str,
    /// Looks for it every five minutes; absent where a job reports it.
    pub look: Option<LookFn>,
    /// Schedules that fail because of it: while it lasts, their failures are not alerted as well.
    pub covers: &'static [&'static str],
}

/// A kind of news, declared by the module whose news it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewsKind {
    /// As stored and in addresses: `role_changed`.
    pub code: &'static str,
    /// Its name for people: "Your role changes".
    pub title: &'static str,
    /// True when it is always sent at once: a person must know it to keep their account.
    pub is_security: bool,
    /// How it is e-mailed to people who have not chosen.
    pub mail: NewsMode,
    /// True when it can be sent to a browser.
    pub is_pushed: bool,
}

/// How a channel carries news of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewsMode {
    /// Not at all.
    Off,
    /// When it happens.
    Instant,
    /// With the other news of the day.
    Digest,
}

impl NewsMode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Off, Self::Instant, Self::Digest];

    /// Returns the mode as stored and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Instant => "instant",
            Self::Digest => "digest",
        }
    }

    /// Reads what [`NewsMode::as_str`] wrote.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text)
    }
}
