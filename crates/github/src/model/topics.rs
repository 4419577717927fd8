//! Topics of wake-ups that this module raises.

/// Raised when deliveries were stored.
pub const DELIVERED: &str = "delivered";

/// Raised for each pull request with new statements.
pub const PULL_REQUEST_CHANGED: &str = "pull_request_changed";

/// A repository's data is to be read from GitHub's API.
pub const SYNC_REQUESTED: &str = "sync_requested";

/// A webhook is to be deleted on GitHub.
pub const HOOK_TASKS: &str = "hook_tasks";

/// Raised when GitHub states that a person no longer maintains a repository; the object is the check.
pub const ROLE_LOST: &str = "role_lost";

/// Raised when a delivery says that a person ended their authorization on GitHub; the object is the person.
pub const AUTHORIZATION_ENDED: &str = "authorization_ended";

/// The roles of people in repositories are to be checked.
pub const MEMBER_CHECKS: &str = "member_checks";

/// Patches of pull requests are to be read from GitHub's API.
pub const PATCHES: &str = "pull_request_patches";

/// Raised when no installation of the GitHub App includes a registered repository any more, or it is suspended; the object is
/// the repository.
pub const REPOSITORY_LEFT_APP: &str = "repository_left_app";

/// Raised for each delivered push to a watched repository; the object is the repository.
pub const REPOSITORY_PUSHED: &str = "repository_pushed";

/// Raised when issues of a repository or its description changed; the object is the repository.
pub const ISSUES_CHANGED: &str = "issues_changed";

/// Issues of repositories are to be read from GitHub's API.
pub const ISSUE_SYNCS: &str = "issue_syncs";

/// Raised when a pull request that closes an issue changed, or is a new one; the object is the issue.
pub const CLOSING_PULL_CHANGED: &str = "closing_pull_changed";
