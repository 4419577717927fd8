//! Queries for the pages.

mod coaches;
mod competitors;
mod consents;
mod dashboard;
mod erasures;
mod export;
mod links;
mod on_platform;
mod report_card;
mod rosters;
mod syncs;
mod teams;
mod weeks;

pub use coaches::{
    CoachView, CoachedRoster, RosterCoachView, coach, coach_of, coached_rosters, coaches,
    roster_coaches, rosters_without_coach,
};
pub use competitors::{
    CompetitorList, CompetitorRow, CompetitorView, ListOf, competitor, competitor_of, competitors,
    is_free, status_counts, team_name, unconfirmed,
};
pub use consents::{ConsentText, consents, latest_consent};
pub use dashboard::{
    DashboardPerson, DomainTotals, FlashMomentum, PersonFigures, RangeTotals, RecentSolve,
    StoredFigures, coaching_people, dashboard_people, division_figures, flash_momentum, joining,
    peer_points, previous_totals, recent_solves, roster_figures,
};
pub use erasures::{Erasure, erasure, erasures};
pub use export::export;
pub use links::{LinkView, OpenLink, link, open_coach_links, open_links};
pub use on_platform::someone_on_platform;
pub use report_card::{
    DomainSums, EventResult, PlatformTotals, RoleSums, Since, SolveFilter, SolveOrder, SolveView,
    domain_sums, events, platform_totals, role_sums, solve_count, solve_days, solves,
};
pub use rosters::{
    Continuing, OwnRoster, RosterView, continuing, own_rosters, roster, roster_role,
};
pub use syncs::{
    FailureKind, SyncFailure, SyncHealth, SyncRunView, SyncStates, calls_of_day, competitor_names,
    failure_kinds, running_sync, sync_failures, sync_health, sync_run, sync_runs, sync_states,
};
pub use teams::{MemberView, TeamView, members_of_roster, team, team_named, teams_of_roster};
pub use weeks::{WeeklyRoster, weekly_competitors, weekly_rosters};
