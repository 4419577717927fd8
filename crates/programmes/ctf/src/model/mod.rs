//! Data types of rosters, competitors, teams and the game platform.

mod ids;
mod people;
mod platform;
mod teams;

pub use ids::{
    CoachId, CompetitorId, DifferenceId, DiscrepancyId, LinkId, ReconciliationId, RosterId,
    SyncRunId, TeamId, marker,
};
pub use people::{CompetitorStatus, LinkKind, MilestoneNotices, ReleaseBy, Reporter, RosterRole};
pub use platform::{AccountStatus, SolveSource, SyncResult};
pub use teams::{Division, TeamStatus};

/// The maximum number of members of a team.
pub const MOST_MEMBERS: usize = 6;

/// The topic of notifications that wake the worker of sync runs.
pub const SYNC_RUNS: &str = "game_platform_sync_runs";

/// The topic of wake-ups of rosters with milestones that coaches are to be notified of.
pub const MILESTONES: &str = "ctf_milestones";

/// The topic of wake-ups of competitors whose parent consented or withdrew.
pub const CONSENTS: &str = "ctf_consents";

/// The topic of notifications that wake the worker of comparisons with the game platform.
pub const RECONCILIATIONS: &str = "game_platform_reconciliations";
