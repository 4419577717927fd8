use github::model::DescribedRepository;
use kernel::Timestamp;

/// An issue as GitHub states it, as far as rules read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssueFacts {
    pub title: String,
    pub body: String,
    pub labels: Vec<String>,
    /// True when it is closed.
    pub is_closed: bool,
    /// True when its conversation is locked.
    pub is_locked: bool,
    /// The number of people that it is assigned to.
    pub assignees: i64,
    /// The number of open pull requests that would close it.
    pub open_pulls: i64,
    /// True when a bot opened it.
    pub author_is_bot: bool,
    /// True when someone who belongs to the repository opened it.
    pub is_of_maintainer: bool,
    pub comments: i64,
    pub reactions: i64,
    pub opened_at: Timestamp,
    /// When something last happened to it.
    pub active_at: Timestamp,
}

/// A repository as GitHub states it, as far as rules read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepositoryFacts {
    /// True when it is private, deleted or not visible.
    pub is_hidden: bool,
    /// True when it is archived.
    pub is_archived: bool,
    pub is_fork: bool,
    pub description: Option<String>,
    pub topics: Vec<String>,
    /// Its languages with their bytes, largest first.
    pub languages: Vec<(String, i64)>,
    pub stars: i64,
    pub forks: i64,
    /// True when it has a CONTRIBUTING file; absent if GitHub did not state it.
    pub has_contributing: Option<bool>,
    /// The SPDX key of its license.
    pub license: Option<String>,
    /// When something was last pushed.
    pub pushed_at: Option<Timestamp>,
    /// How many of its newest closed pull requests from outside were merged, and how many were closed without.
    pub outside_pulls: (i64, i64),
    /// Of its newest issues the minutes until a maintainer answered; `None` for those without an answer.
    pub answers: Vec<Option<i64>>,
}

impl From<&DescribedRepository> for RepositoryFacts {
    fn from(described: &DescribedRepository) -> Self {
        let profile = described.profile.as_ref();
        let profile = profile.map(|(profile, _)| profile.clone());
        let is_described = profile.is_some();
        let profile = profile.unwrap_or_default();
        Self {
            is_hidden: described.is_hidden,
            is_archived: described.is_archived,
            is_fork: profile.is_fork,
            description: profile.description,
            topics: profile.topics,
            languages: profile.languages,
            stars: profile.stars,
            forks: profile.forks,
            has_contributing: is_described.then_some(profile.has_contributing),
            license: profile.license,
            pushed_at: profile.pushed_at,
            outside_pulls: (profile.outside_merged, profile.outside_refused),
            answers: profile.answers,
        }
    }
}
