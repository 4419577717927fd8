use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::Services;
use crate::{
    ActionError, Context,
    alerts::Incident,
    db::{CodeColumn, DbError},
    flags::{Flag, FlagViewer, Flags},
};

/// A table, with the growth and retention of its rows.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    pub name: &'static str,
    /// The quantity that its number of rows grows with, such as "people" or "deliveries".
    pub grows_with: &'static str,
    /// The effect of erasing a person on its rows.
    pub personal: Personal,
    /// How long rows are kept, such as "forever" or "90 days".
    pub retention: &'static str,
    /// The columns with codes.
    pub codes: &'static [CodeColumn],
}

impl Table {
    /// Describes a table.
    #[must_use]
    pub const fn new(
        name: &'static str,
        grows_with: &'static str,
        personal: Personal,
        retention: &'static str,
    ) -> Self {
        Self { name, grows_with, personal, retention, codes: &[] }
    }

    /// Adds the columns with codes.
    #[must_use]
    pub const fn with_codes(self, codes: &'static [CodeColumn]) -> Self {
        Self { codes, ..self }
    }
}

/// The effect of erasing a person on the rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personal {
    /// The rows, or the personal data in them, are removed.
    Erased,
    /// The rows are kept, but refer to a pseudonym.
    Pseudonymous,
    /// No row is about a person.
    None,
}

/// The audience of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    Everyone,
    /// Signed-in people.
    SignedIn,
    /// Moderators and admins.
    Moderators,
    Admins,
}

/// The place of a link in the layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NavPlace {
    /// The header, with at most five entries, the same for everyone.
    Main,
    /// The last entry of the header: the work that a person has. At most one is shown.
    Work,
    /// The header, next to the viewer's portrait, with a number.
    Tools,
    /// The account menu: what belongs to the person.
    Account,
    /// The account menu: what the person manages.
    Manage,
    /// The side list of a person's settings.
    Settings,
    /// The side list of the admin pages.
    Admin,
    Footer,
}

/// A link that the layout shows.
#[derive(Clone, Copy, Debug)]
pub struct NavItem {
    pub place: NavPlace,
    /// Orders the links of a place; lower comes first.
    pub order: u8,
    /// Its text.
    pub label: &'static str,
    /// Its path.
    pub address: &'static str,
    pub audience: Audience,
    /// The flag that hides the link when off.
    pub flag: Option<&'static Flag>,
    /// Counts the items that need a person's attention, for the number next to the link.
    pub count: Option<CountFn>,
    /// Kinds of work that are done there, by code: a link without `count` has the number of their tasks.
    pub kinds: &'static [&'static str],
    /// Other path prefixes at which the link is the current one.
    pub under: &'static [&'static str],
    /// The heading of its group in a side list; empty for the group without one, which comes first.
    pub group: &'static str,
}

/// A function that counts something for a person.
pub type CountFn = for<'a> fn(&'a Context, Uuid) -> BoxFuture<'a, Result<i64, DbError>>;

impl NavItem {
    /// Creates a link for everyone without a flag, to complete by struct update.
    #[must_use]
    pub const fn new(
        place: NavPlace,
        order: u8,
        label: &'static str,
        address: &'static str,
    ) -> Self {
        Self {
            place,
            order,
            label,
            address,
            audience: Audience::Everyone,
            flag: None,
            count: None,
            kinds: &[],
            under: &[],
            group: "",
        }
    }

    /// Puts the link into a group of a side list.
    #[must_use]
    pub const fn in_group(self, group: &'static str) -> Self {
        Self { group, ..self }
    }

    /// Counts the person's tasks of these kinds for the number next to the link.
    #[must_use]
    pub const fn counting(self, kinds: &'static [&'static str]) -> Self {
        Self { kinds, ..self }
    }

    /// Makes the link the current one also at other path prefixes.
    #[must_use]
    pub const fn with(self, under: &'static [&'static str]) -> Self {
        Self { under, ..self }
    }

    /// Restricts the link to an audience.
    #[must_use]
    pub const fn to(self, audience: Audience) -> Self {
        Self { audience, ..self }
    }
}

/// A kind of audit log entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuditKind {
    /// The action, such as `user.grant`.
    pub action: &'static str,
    /// The kind of the target, such as `user`.
    pub target: &'static str,
    /// The words of pages about it: "Role changed".
    pub says: &'static str,
}

impl AuditKind {
    /// Creates a kind of entry, with the words of pages about it.
    #[must_use]
    pub const fn new(action: &'static str, target: &'static str, says: &'static str) -> Self {
        Self { action, target, says }
    }
}

/// The code of a problem, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProblemCode {
    /// The code in `UPPER_SNAKE_CASE`.
    pub code: &'static str,
    /// The situation in which the API responds with it.
    pub meaning: &'static str,
    /// The next step, as a sentence.
    pub next: &'static str,
}

impl ProblemCode {
    /// Creates a code with its meaning and the next step.
    #[must_use]
    pub const fn new(code: &'static str, meaning: &'static str, next: &'static str) -> Self {
        Self { code, meaning, next }
    }
}

/// A section of the API's description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiTag {
    /// Its heading.
    pub name: &'static str,
    /// A description in one sentence.
    pub description: &'static str,
}

/// A parameter in paths of the API, for operations that do not describe it themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiParameter {
    /// The end of a path up to the parameter, such as `teams/{team}`. The longest one that fits describes a parameter.
    pub place: &'static str,
    pub kind: ParameterKind,
    /// The object that it names, such as `The team's slug`.
    pub description: &'static str,
    pub example: &'static str,
    /// Why a request is not found, as a part of a sentence. Empty for a parameter that names nothing without the next one.
    pub absent: &'static str,
}

/// The values of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    Text,
    Uuid,
    /// A number from 1.
    Number,
    /// A month, such as `2026-11`.
    Month,
}

impl ApiParameter {
    /// Creates a parameter with its description, an example, and why a request is not found.
    #[must_use]
    pub const fn new(
        place: &'static str,
        kind: ParameterKind,
        description: &'static str,
        example: &'static str,
        absent: &'static str,
    ) -> Self {
        Self { place, kind, description, example, absent }
    }

    /// Returns the parameter's name in the path.
    #[must_use]
    pub fn name(&self) -> &'static str {
        let start = self.place.rfind('{').unwrap_or_default();
        self.place[start..].trim_matches(['{', '}'])
    }
}

/// A role in an object, which operations name as that of their session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiRole {
    pub name: &'static str,
    /// Why people without the role are refused, as a sentence.
    pub refusal: &'static str,
}

/// A link from the response of one operation to another operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiLink {
    /// The operation that responds.
    pub from: &'static str,
    /// The operation it leads to.
    pub to: &'static str,
    pub parameter: &'static str,
    /// The JSON pointer to the value in the response.
    pub value: &'static str,
}

impl ApiLink {
    /// Creates a link between two operations.
    #[must_use]
    pub const fn new(
        from: &'static str,
        to: &'static str,
        parameter: &'static str,
        value: &'static str,
    ) -> Self {
        Self { from, to, parameter, value }
    }
}

/// A function that returns the current incidents of a kind.
pub type LookFn = for<'a> fn(&'a Services) -> BoxFuture<'a, Result<Vec<Incident>, ActionError>>;

/// A condition that operators are alerted to.
#[derive(Clone, Copy, Debug)]
pub struct AlertRule {
    /// Its kind, such as `dead_letters`.
    pub kind: &'static str,
    /// Checks for it each minute; absent if a job or a process reports it.
    pub look: Option<LookFn>,
    /// Schedules that fail because of it. While it lasts, operators are not alerted to their failures as well.
    pub covers: &'static [&'static str],
}

impl AlertRule {
    /// Creates a rule that is checked each minute.
    #[must_use]
    pub const fn new(kind: &'static str, look: LookFn) -> Self {
        Self { kind, look: Some(look), covers: &[] }
    }

    /// Creates a rule whose incidents something else reports.
    #[must_use]
    pub const fn reported(kind: &'static str) -> Self {
        Self { kind, look: None, covers: &[] }
    }

    /// Returns the rule with the schedules that fail because of it.
    #[must_use]
    pub const fn covering(self, covers: &'static [&'static str]) -> Self {
        Self { covers, ..self }
    }
}

/// A kind of notification, declared by the module that sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewsKind {
    /// The stored code, also used in URLs: `role_changed`.
    pub code: &'static str,
    /// Its name for people: "Changes to your role".
    pub title: &'static str,
    /// True for security notifications, which are always sent immediately.
    pub is_security: bool,
    /// The email setting of people who have not chosen one.
    pub mail: NewsMode,
    /// True if it can be sent as a push notification.
    pub is_pushed: bool,
    /// The flag of the feature it is about: only people who have it get the notification. `None` if the feature cannot be off.
    pub flag: Option<&'static Flag>,
}

impl NewsKind {
    /// Returns true if a person has the feature it is about.
    #[must_use]
    pub fn is_for(&self, flags: &Flags, who: FlagViewer) -> bool {
        self.flag.is_none_or(|flag| flags.is_on(flag, who))
    }
}

crate::codes! {
    /// How a channel delivers notifications of a kind.
    NewsMode {
        Off = "off";
        /// Immediately.
        Instant = "instant";
        /// In the daily digest.
        Digest = "digest";
    }
}
