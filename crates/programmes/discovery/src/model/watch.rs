use chrono::TimeDelta;

/// The most things that a person watches.
pub(crate) const MOST_WATCHES: i64 = 50;

/// The most watches that a person begins in [`WATCH_PERIOD`].
pub(crate) const MOST_NEW_WATCHES: usize = 100;

/// The period of [`MOST_NEW_WATCHES`].
pub(crate) const WATCH_PERIOD: TimeDelta = TimeDelta::hours(24);

/// The most repositories that are followed for a search.
pub(crate) const MOST_FOUND: usize = 100;

/// How long repositories stay that a search no longer finds: its results vary.
pub(crate) const FOUND_FOR: TimeDelta = TimeDelta::days(30);

platform::codes! {
    /// The kind of what a person watches.
    WatchKind {
        /// A repository, `owner/name`.
        Repository = "repository";
        /// A topic of repositories.
        Topic = "topic";
    }
}

/// A thing to watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchTarget {
    pub kind: WatchKind,
    /// The name: `owner/name`, or a topic.
    pub name: String,
}

impl WatchTarget {
    /// Returns the name as it is compared.
    #[must_use]
    pub fn key(&self) -> String {
        self.name.to_lowercase()
    }
}

platform::codes! {
    /// The kind of a search on GitHub.
    SearchKind {
        /// Repositories with a topic.
        Topic = "topic";
        /// Issues that fit a query.
        Issues = "issues";
    }
}
