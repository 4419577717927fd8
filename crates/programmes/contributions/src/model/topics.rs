//! Topics of wake-ups that this module raises.

/// Raised when a merge earned points that are news; the object is the pull request.
pub const PULL_REQUEST_SCORED: &str = "pull_request_scored";

/// Raised when a project gains a maintainer; the object is the appointment.
pub const MAINTAINER_ADDED: &str = "maintainer_added";
