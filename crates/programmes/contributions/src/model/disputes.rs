use kernel::Id;

use super::marker;

/// A dispute: `disputes.id`.
pub type DisputeId = Id<marker::Dispute>;

/// An override of the points of a pull request: `score_overrides.id`.
pub type ScoreOverrideId = Id<marker::ScoreOverride>;

/// The kind of decision that a dispute contests.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DisputeKind {
    /// The points of a pull request.
    Score,
    /// A confirmed flag that concerns the person.
    Flag,
    /// A warning or disqualification in a season.
    Sanction,
    /// A ban from the server.
    Ban,
}

impl DisputeKind {
    pub const ALL: [Self; 4] = [Self::Score, Self::Flag, Self::Sanction, Self::Ban];

    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Flag => "flag",
            Self::Sanction => "sanction",
            Self::Ban => "ban",
        }
    }

    /// Returns the kind with a stored text.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Returns the name on pages.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Score => "Points of a pull request",
            Self::Flag => "Flag",
            Self::Sanction => "Sanction in a season",
            Self::Ban => "Ban",
        }
    }
}

/// The state of a dispute or of an appeal.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DisputeState {
    /// Not decided.
    Open,
    /// The contested decision stays.
    Upheld,
    /// The contested decision was changed.
    Granted,
    /// The contested ban was over before a decision.
    Closed,
}

impl DisputeState {
    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Upheld => "upheld",
            Self::Granted => "granted",
            Self::Closed => "closed",
        }
    }

    /// Returns the state with a stored text.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        [Self::Open, Self::Upheld, Self::Granted, Self::Closed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// The kind of an entry in the thread of a dispute.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// The dispute was opened, with the person's reasons.
    Opened,
    /// A message.
    Message,
    /// The dispute was decided, with the reason.
    Decided,
    /// The person appealed, with their reasons.
    Appealed,
    /// The appeal was decided, with the reason.
    AppealDecided,
}

impl MessageKind {
    const ALL: [Self; 5] =
        [Self::Opened, Self::Message, Self::Decided, Self::Appealed, Self::AppealDecided];

    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Message => "message",
            Self::Decided => "decided",
            Self::Appealed => "appealed",
            Self::AppealDecided => "appeal_decided",
        }
    }

    /// Returns the kind with a stored text.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The kind of an override of the points of a pull request.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OverrideKind {
    /// The points stay as they are.
    Freeze,
    /// The total is a number of points.
    Set,
    /// It earns nothing.
    None,
}

impl OverrideKind {
    pub const ALL: [Self; 3] = [Self::Freeze, Self::Set, Self::None];

    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Freeze => "freeze",
            Self::Set => "set",
            Self::None => "none",
        }
    }

    /// Returns the kind with a stored text.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A part of the queue of disputes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DisputePart {
    /// Disputes to decide, oldest first.
    #[default]
    Open,
    /// Appeals to decide, oldest first.
    Appealed,
    /// Disputes that are decided or closed and have no open appeal, newest first.
    Decided,
}

impl DisputePart {
    pub const ALL: [Self; 3] = [Self::Open, Self::Appealed, Self::Decided];

    /// Returns the code in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Appealed => "appealed",
            Self::Decided => "decided",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.code() == code)
    }
}
