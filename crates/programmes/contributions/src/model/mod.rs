//! Data types of projects and contributions.

mod ids;
mod topics;

pub use ids::{ContributionId, ProjectId, marker};
pub use topics::{MAINTAINER_ADDED, PULL_REQUEST_SCORED};

/// The kind of source that earns points of this programme.
pub const SOURCE: &str = "pull_request";

/// Returns the key of a project's board.
#[must_use]
pub fn project_board(project: ProjectId) -> String {
    format!("project:{project}")
}
