//! Topics of wake-ups that this module raises.

/// Raised when a recent merge earns points; the object is the pull request.
pub const PULL_REQUEST_SCORED: &str = "pull_request_scored";

/// Raised when a project gains a maintainer; the object is the maintainer's row.
// The stored name is older than the constant's: wake-ups that are pending during an upgrade must still be found.
pub const MAINTAINER_ADDED: &str = "maintainer_appointed";
