//! Data types of rosters, competitors, teams and the game platform.

mod ids;
mod people;
mod platform;
mod teams;

pub use ids::{CoachId, CompetitorId, LinkId, RosterId, SyncRunId, TeamId, marker};
pub use people::{CompetitorStatus, LinkKind, ReleaseBy, RosterRole};
pub use platform::{AccountStatus, SolveSource, SyncResult};
pub use teams::{Division, TeamStatus};

/// The maximum number of members of a team.
pub const MOST_MEMBERS: usize = 6;

/// The topic of notifications that wake the worker of sync runs.
pub const SYNC_RUNS: &str = "game_platform_sync_runs";
