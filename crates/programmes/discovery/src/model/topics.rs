//! Topics of wake-ups that this module raises.

/// Names of repositories are to be found at GitHub.
pub(crate) const REPOSITORY_NAMED: &str = "repository_named";
