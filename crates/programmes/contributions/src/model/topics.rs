//! Topics of wake-ups that this module raises.

/// Raised when a recent merge earns points; the object is the pull request.
pub const PULL_REQUEST_SCORED: &str = "pull_request_scored";

/// Raised when a project gains a maintainer; the object is the maintainer's row.
// The stored name is older than the constant's: wake-ups that are pending during an upgrade must still be found.
pub const MAINTAINER_ADDED: &str = "maintainer_appointed";

/// Raised for the new and the former owner when a project is transferred; the object is the maintainer's row.
pub const PROJECT_TRANSFERRED: &str = "project_transferred";

/// Raised when a maintainer acted on a pull request; the object is the row of the action.
pub const REVIEWED: &str = "pull_request_reviewed";

/// Raised when a review was idle for some days; the object is the open review.
pub const REVIEW_IDLE: &str = "review_idle";

/// Raised when a pull request became stale or abandoned; the object is the pull request.
pub const PULL_REQUEST_IDLE: &str = "pull_request_idle";

/// The topic of abandoned pull requests that are closed on GitHub, which are due at their time without being raised.
pub const PULL_CLOSINGS: &str = "pull_closings";

/// Raised when a person registers for a season; the object is the participant's row.
pub const SEASON_REGISTERED: &str = "season_registered";

/// Raised when a person is warned or disqualified, or when that is lifted; the object is the sanction.
pub const SEASON_SANCTIONED: &str = "season_sanctioned";

/// Raised for each participant and organizer when a season ends soon; the object is the person's row.
pub const SEASON_ENDING: &str = "season_ending";

/// Raised for each participant when the results of a season become final; the object is the participant's row.
pub const SEASON_SIGNED_OFF: &str = "season_signed_off";

/// Raised when a flag is raised, or has waited for too long; the object is the flag.
pub const FLAG_RAISED: &str = "fair_play_flag_raised";

/// Raised for each report when its flag is decided; the object is the report.
pub const REPORT_DECIDED: &str = "report_decided";

/// Raised when a dispute is opened, written to, decided or appealed; the object is the entry of its thread.
pub const DISPUTE_CHANGED: &str = "dispute_changed";

/// Raised when the points of a pull request are overridden, or when that is lifted; the object is the override.
pub const SCORE_OVERRIDDEN: &str = "score_overridden";

/// Raised when the rules of a season become a version of the rules of a project; the object is the version's row.
pub const SEASON_RULES_PUBLISHED: &str = "season_rules_published";
