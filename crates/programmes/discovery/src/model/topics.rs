//! Topics of wake-ups that this module raises.

/// Names of repositories are to be found on GitHub.
pub(crate) const REPOSITORY_NAMED: &str = "repository_named";

/// The person of a claim is to be notified of its state; the object is the claim.
pub(crate) const CLAIM_CHANGED: &str = "claim_changed";

/// The person of a claim is to be reminded of its end; the object is the claim.
pub(crate) const CLAIM_ENDING: &str = "claim_ending";

/// A search is to be sent to GitHub.
pub(crate) const SEARCH_DUE: &str = "search_due";

/// A reason to follow a repository ended; the object is the followed name.
pub(crate) const FOLLOW_UNWANTED: &str = "follow_unwanted";

/// A reason for a search on GitHub ended; the object is the search.
pub(crate) const SEARCH_UNWANTED: &str = "search_unwanted";

/// Issues are to be analyzed by a model. Its worker looks for them by itself.
pub(crate) const ISSUES_ANALYZED: &str = "issues_analyzed";

/// Vectors of issues are to be made. Its worker looks for them by itself.
pub(crate) const ISSUES_EMBEDDED: &str = "issues_embedded";
