use kernel::Id;

/// An accepted delivery: `webhook_deliveries.id`.
pub type DeliveryId = Id<marker::Delivery>;

/// A registered repository: `repositories.id`.
pub type RepositoryId = Id<marker::Repository>;

/// A pull request as GitHub states it: `pull_requests.id`.
pub type PullRequestId = Id<marker::PullRequest>;

/// Names of the kinds of rows; no value of them exists.
pub mod marker {
    /// Row of a [`DeliveryId`](super::DeliveryId).
    #[derive(Debug)]
    pub enum Delivery {}
    /// Row of a [`RepositoryId`](super::RepositoryId).
    #[derive(Debug)]
    pub enum Repository {}
    /// Row of a [`PullRequestId`](super::PullRequestId).
    #[derive(Debug)]
    pub enum PullRequest {}
}
