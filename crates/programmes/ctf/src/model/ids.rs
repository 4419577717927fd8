use kernel::Id;

/// A coach: `coaches.id`.
pub type CoachId = Id<marker::Coach>;

/// A roster: `rosters.id`.
pub type RosterId = Id<marker::Roster>;

/// A competitor: `competitors.id`.
pub type CompetitorId = Id<marker::Competitor>;

/// A team: `ctf_teams.id`.
pub type TeamId = Id<marker::Team>;

/// An invitation: `ctf_links.id`.
pub type LinkId = Id<marker::Link>;

/// A run of the sync: `game_platform_sync_runs.id`.
pub type SyncRunId = Id<marker::SyncRun>;

/// A comparison with the game platform: `game_platform_reconciliations.id`.
pub type ReconciliationId = Id<marker::Reconciliation>;

/// A difference between here and the game platform: `game_platform_differences.id`.
pub type DifferenceId = Id<marker::Difference>;

/// A report that a number is wrong: `ctf_discrepancies.id`.
pub type DiscrepancyId = Id<marker::Discrepancy>;

/// Uninhabited types that mark the kinds of rows.
pub mod marker {
    /// Marks a [`CoachId`](super::CoachId).
    #[derive(Debug)]
    pub enum Coach {}
    /// Marks a [`RosterId`](super::RosterId).
    #[derive(Debug)]
    pub enum Roster {}
    /// Marks a [`CompetitorId`](super::CompetitorId).
    #[derive(Debug)]
    pub enum Competitor {}
    /// Marks a [`TeamId`](super::TeamId).
    #[derive(Debug)]
    pub enum Team {}
    /// Marks a [`LinkId`](super::LinkId).
    #[derive(Debug)]
    pub enum Link {}
    /// Marks a [`SyncRunId`](super::SyncRunId).
    #[derive(Debug)]
    pub enum SyncRun {}
    /// Marks a [`ReconciliationId`](super::ReconciliationId).
    #[derive(Debug)]
    pub enum Reconciliation {}
    /// Marks a [`DifferenceId`](super::DifferenceId).
    #[derive(Debug)]
    pub enum Difference {}
    /// Marks a [`DiscrepancyId`](super::DiscrepancyId).
    #[derive(Debug)]
    pub enum Discrepancy {}
}
