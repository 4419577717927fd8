use kernel::Timestamp;

platform::codes! {
    /// The state of a repository in its project whose new pull requests earn no points.
    InactiveState {
        /// For a time.
        Paused = "paused", "Paused";
        /// For good, as far as anyone knows.
        Archived = "archived", "Archived";
    }
}

/// A repository that is inactive in its project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inactive {
    pub state: InactiveState,
    /// When it became inactive. Pull requests that were opened later earn no points.
    pub since: Timestamp,
}
