use kernel::Id;

/// A hackathon: `hackathons.id`.
pub type HackathonId = Id<marker::Hackathon>;

/// An application: `applications.id`.
pub type ApplicationId = Id<marker::Application>;

/// A team: `teams.id`.
pub type TeamId = Id<marker::Team>;

/// Uninhabited types that mark the kinds of rows.
pub mod marker {
    /// Marks a [`HackathonId`](super::HackathonId).
    #[derive(Debug)]
    pub enum Hackathon {}
    /// Marks an [`ApplicationId`](super::ApplicationId).
    #[derive(Debug)]
    pub enum Application {}
    /// Marks a [`TeamId`](super::TeamId).
    #[derive(Debug)]
    pub enum Team {}
}
