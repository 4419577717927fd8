use kernel::Id;

/// A project of a programme: `projects.id`.
pub type ProjectId = Id<marker::Project>;

/// The score of one pull request: `contributions.id`.
pub type ContributionId = Id<marker::Contribution>;

/// Names of the kinds of rows; no value of them exists.
pub mod marker {
    /// Row of a [`ProjectId`](super::ProjectId).
    #[derive(Debug)]
    pub enum Project {}
    /// Row of a [`ContributionId`](super::ContributionId).
    #[derive(Debug)]
    pub enum Contribution {}
}
