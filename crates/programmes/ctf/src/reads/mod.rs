//! Queries for the pages.

mod archive;
mod coaches;
mod competitors;
mod consents;
mod counts;
mod dashboard;
mod differences;
mod discrepancies;
mod erasures;
mod export;
mod known_people;
mod links;
mod milestones;
mod names_for;
mod on_person;
mod on_platform;
mod progress;
mod report_card;
mod rollout;
mod rosters;
mod running;
mod support_tickets;
mod syncs;
mod teams;
mod weeks;
mod work;

pub(crate) use archive::year_to_keep;
pub use archive::{ArchivedYear, KeptEvent, KeptYear, archived_year};
pub use coaches::{
    CoachView, CoachedRoster, RosterCoachView, coach, coach_of, coached_rosters, coaches,
    roster_coaches, rosters_without_coach,
};
pub use competitors::{
    CompetitorFilter, CompetitorList, CompetitorNeed, CompetitorRow, CompetitorView, competitor,
    competitor_of, competitors, is_free, status_counts, team_name, unconfirmed,
};
pub use consents::{ConsentText, consent, consents, latest_consent};
pub(crate) use counts::solved;
pub use dashboard::{
    DashboardPerson, DomainTotals, FlashMomentum, KeptFigures, PersonFigures, RecentSolve,
    StoredFigures, coaching_people, dashboard_people, division_figures, entrants, flash_momentum,
    joining, peer_points, recent_solves, roster_figures,
};
pub use differences::{
    DifferenceView, ReconciliationView, difference, difference_counts, differences,
    last_roster_sample, last_sample, reconciliations, roster_differences,
};
pub use discrepancies::{
    Discrepancy, OpenDiscrepancies, SolveSums, discrepancy, open_discrepancies, open_discrepancy,
    stored_on_demand,
};
pub use erasures::{Erasure, ErasureList, erasure, erasures};
pub use export::export;
pub use known_people::known_people;
pub(crate) use links::link_state;
pub use links::{LinkView, OpenLink, invites, link, open_coach_links, open_links};
pub use milestones::{ReachedMilestone, milestone_facts, milestones_in, milestones_of_people};
pub use names_for::names_for;
pub use on_person::{RosterOfPerson, rosters_of_person};
pub use on_platform::someone_on_platform;
pub use progress::{SyncProgress, competitor_mark, roster_mark, sync_progress};
pub use report_card::{
    CountedSince, DomainSums, EventResult, PlatformTotals, RoleSums, SolveFilter, SolveOrder,
    SolveView, domain_sums, events, platform_totals, role_sums, solve_count, solve_points, solves,
};
pub use rollout::{
    CohortCoach, CohortRoster, ResponseTimes, RunCounts, cohort_coaches, cohort_rosters,
    failure_kinds_since, response_times, run_counts, sync_rate,
};
pub use rosters::{
    ContinuingCompetitor, OwnRoster, RosterView, continuing, has_roster, next_roster, own_rosters,
    roster, roster_role,
};
pub(crate) use running::RUNNING;
pub use support_tickets::{MonthlyTickets, support_tickets};
pub use syncs::{
    FailureKind, SyncFailure, SyncRunView, SyncStates, calls_of_day, competitor_names,
    failure_kinds, running_sync, sync_failures, sync_health, sync_run, sync_runs, sync_states,
};
pub use teams::{MemberView, TeamView, members_of_roster, team, team_named, teams_of_roster};
pub use weeks::{WeeklyRoster, weekly_competitors, weekly_rosters};
pub(crate) use work::TASKS;
