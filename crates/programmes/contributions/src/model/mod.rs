//! Data types of projects and contributions.

mod disputes;
mod fair_play;
mod ids;
mod own_repository;
mod repositories;
mod review;
mod seasons;
mod topics;

pub use disputes::{
    DisputeId, DisputeKind, DisputePart, DisputeState, MessageKind, OverrideKind, ScoreOverrideId,
};
pub use fair_play::{
    FlagEffect, FlagId, FlagState, ReportReason, ReportTarget, SubjectKind, TargetKind,
};
pub use ids::{ContributionId, ProjectId, SanctionId, SeasonId, marker};
pub use own_repository::{Candidate, CandidateState, Candidates};
pub use repositories::{Inactive, InactiveState};
pub use review::{ReviewAction, ReviewVerdict};
pub use seasons::{SanctionKind, SignOffBlocker, season_board, skill_board};
pub use topics::{
    DISPUTE_CHANGED, FLAG_RAISED, MAINTAINER_ADDED, PROJECT_TRANSFERRED, PULL_CLOSINGS,
    PULL_REQUEST_IDLE, PULL_REQUEST_SCORED, REPORT_DECIDED, REVIEW_IDLE, REVIEWED,
    SCORE_OVERRIDDEN, SEASON_ENDING, SEASON_REGISTERED, SEASON_RULES_PUBLISHED, SEASON_SANCTIONED,
    SEASON_SIGNED_OFF,
};

/// The kind of source that earns points of this programme.
pub const SOURCE: &str = "pull_request";

/// Returns the key of a project's board.
#[must_use]
pub fn project_board(project: ProjectId) -> String {
    format!("project:{project}")
}
