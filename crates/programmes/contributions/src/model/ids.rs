use kernel::Id;

/// A project: `projects.id`.
pub type ProjectId = Id<marker::Project>;

/// The contribution of a pull request: `contributions.id`.
pub type ContributionId = Id<marker::Contribution>;

/// Uninhabited types that mark the kinds of rows.
pub mod marker {
    /// Marks a [`ProjectId`](super::ProjectId).
    #[derive(Debug)]
    pub enum Project {}
    /// Marks a [`ContributionId`](super::ContributionId).
    #[derive(Debug)]
    pub enum Contribution {}
}
