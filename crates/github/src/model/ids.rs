use kernel::Id;

/// An accepted delivery: `webhook_deliveries.id`.
pub type DeliveryId = Id<marker::Delivery>;

/// A registered repository: `repositories.id`.
pub type RepositoryId = Id<marker::Repository>;

/// A pull request on GitHub: `pull_requests.id`.
pub type PullRequestId = Id<marker::PullRequest>;

/// An issue on GitHub: `issues.id`.
pub type IssueId = Id<marker::Issue>;

/// Uninhabited types that mark the kinds of rows.
pub mod marker {
    /// Marks a [`DeliveryId`](super::DeliveryId).
    #[derive(Debug)]
    pub enum Delivery {}
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
