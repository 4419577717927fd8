//! Topics of wake-ups about badges.

/// Raised by programmes when something changed that counts toward a person's badges; the object is the person.
pub const BADGES_DUE: &str = "badges_due";

/// Raised when the badges of everyone must be evaluated, because a badge was created or changed, or at set times; the
/// object is the badge, or the nil ID.
pub const BADGE_CHANGED: &str = "badge_changed";

/// Raised when a person gets or loses a badge; the object is the award.
pub const BADGE_AWARDED: &str = "badge_awarded";

/// Raised when an evaluation of everyone found badges of a person; the object is the latest of these awards.
pub const BADGES_FOUND: &str = "badges_found";
