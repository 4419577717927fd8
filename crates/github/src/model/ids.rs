use kernel::Id;

/// A registered repository: `repositories.id`.
pub type RepositoryId = Id<marker::Repository>;

/// A pull request on GitHub: `pull_requests.id`.
pub type PullRequestId = Id<marker::PullRequest>;

/// An issue on GitHub: `issues.id`.
pub type IssueId = Id<marker::Issue>;

/// Uninhabited types that mark the kinds of rows.
pub mod marker {
    /// Marks a [`RepositoryId`](super::RepositoryId).
    #[derive(Debug)]
    pub enum Repository {}
    /// Marks an [`IssueId`](super::IssueId).
    #[derive(Debug)]
    pub enum Issue {}
    /// Marks a [`PullRequestId`](super::PullRequestId).
    #[derive(Debug)]
    pub enum PullRequest {}
}
