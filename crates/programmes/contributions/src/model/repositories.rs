use kernel::Timestamp;

platform::codes! {
    /// The state of a repository in its project whose new pull requests earn no points.
    RepositoryRest {
        /// For a time.
        Paused = "paused", "Paused";
        /// For good, as far as anyone knows.
        Archived = "archived", "Archived";
    }
}

/// The rest of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rested {
    pub rest: RepositoryRest,
    /// When it began. Pull requests that were opened later earn no points.
    pub since: Timestamp,
}
