use kernel::Id;

use super::marker;

/// A dispute: `disputes.id`.
pub type DisputeId = Id<marker::Dispute>;

/// An override of the points of a pull request: `score_overrides.id`.
pub type ScoreOverrideId = Id<marker::ScoreOverride>;

platform::codes! {
    /// The kind of decision that a dispute contests.
    #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    DisputeKind {
        /// The points of a pull request.
        Score = "score", "Points of a pull request";
        /// A confirmed flag that concerns the person.
        Flag = "flag", "Flag";
        /// A warning or disqualification in a season.
        Sanction = "sanction", "Sanction in a season";
        /// A ban from the server.
        Ban = "ban", "Ban";
    }
}

platform::codes! {
    /// The state of a dispute or of an appeal.
    #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    DisputeState {
        /// Not decided.
        Open = "open";
        /// The contested decision stays.
        Upheld = "upheld";
        /// The contested decision was changed.
        Granted = "granted";
        /// The contested ban was over before a decision.
        Closed = "closed";
    }
}

platform::codes! {
    /// The kind of an entry in the thread of a dispute.
    #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    MessageKind {
        /// The dispute was opened, with the person's reasons.
        Opened = "opened";
        /// A message.
        Message = "message";
        /// The dispute was decided, with the reason.
        Decided = "decided";
        /// The person appealed, with their reasons.
        Appealed = "appealed";
        /// The appeal was decided, with the reason.
        AppealDecided = "appeal_decided";
    }
}

platform::codes! {
    /// The kind of an override of the points of a pull request.
    #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    OverrideKind {
        /// The points stay as they are.
        Freeze = "freeze";
        /// The total is a number of points.
        Set = "set";
        /// It earns nothing.
        None = "none";
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
