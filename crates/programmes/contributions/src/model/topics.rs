//! Topics of wake-ups that this module raises.

/// Raised when a recent merge earns points; the object is the pull request.
pub const PULL_REQUEST_SCORED: &str = "pull_request_scored";

/// Raised when a project gains a maintainer; the object is the maintainer's row.
pub const MAINTAINER_ADDED: &str = "maintainer_appointed";
