//! Topics of wake-ups that this module raises.

/// Raised when deliveries were stored.
pub const DELIVERED: &str = "delivered";

/// Raised for each pull request with new statements.
pub const PULL_REQUEST_CHANGED: &str = "pull_request_changed";

/// A repository's data is to be read from GitHub's API.
pub const SYNC_REQUESTED: &str = "sync_requested";
