//! Topics of wake-ups that this module raises.

/// Raised when deliveries were stored.
pub const DELIVERED: &str = "delivered";

/// Raised for each pull request of which something new was stated.
pub const PULL_REQUEST_CHANGED: &str = "pull_request_changed";
