use kernel::Id;

/// A project: `projects.id`.
pub type ProjectId = Id<marker::Project>;

/// The contribution of a pull request: `contributions.id`.
pub type ContributionId = Id<marker::Contribution>;

/// A season: `seasons.id`.
pub type SeasonId = Id<marker::Season>;

/// A sanction: `sanctions.id`.
pub type SanctionId = Id<marker::Sanction>;

/// Uninhabited types that mark the kinds of rows.
pub mod marker {
    /// Marks a [`ProjectId`](super::ProjectId).
    #[derive(Debug)]
    pub enum Project {}
    /// Marks a [`FlagId`](crate::model::FlagId).
    #[derive(Debug)]
    pub enum Flag {}
    /// Marks a [`ContributionId`](super::ContributionId).
    #[derive(Debug)]
    pub enum Contribution {}
    /// Marks a [`SeasonId`](super::SeasonId).
    #[derive(Debug)]
    pub enum Season {}
    /// Marks a [`SanctionId`](super::SanctionId).
    #[derive(Debug)]
    pub enum Sanction {}
    /// Marks a [`DisputeId`](crate::model::DisputeId).
    #[derive(Debug)]
    pub enum Dispute {}
    /// Marks a [`ScoreOverrideId`](crate::model::ScoreOverrideId).
    #[derive(Debug)]
    pub enum ScoreOverride {}
}
