//! Plain types of projects and contributions.

mod ids;
mod topics;

pub use ids::{ContributionId, ProjectId, marker};
pub use topics::{MAINTAINER_ADDED, PULL_REQUEST_SCORED};

/// The kind of source by which contributions earn points.
pub const SOURCE: &str = "pull_request";

/// The key of a project's board.
#[must_use]
pub fn project_board(project: ProjectId) -> String {
    format!("project:{project}")
}
