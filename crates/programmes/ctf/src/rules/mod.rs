//! Decisions, as pure functions.

pub mod accounts;
pub mod compare;
pub mod consent;
pub mod difficulty;
pub mod domains;
pub mod durations;
pub mod freshness;
#[cfg(test)]
mod fuzz;
pub mod links;
pub mod memberships;
pub mod merge;
pub mod milestones;
pub mod nice;
pub mod own_ids;
pub mod peers;
pub mod plan;
pub mod profile;
pub mod range;
pub mod read_notes;
pub mod reconcile;
pub mod reconcile_kinds;
pub mod reconcile_teams;
pub mod reminders;
pub mod rollout;
pub mod rollout_cohort;
pub mod rollout_goals;
pub mod roster_csv;
pub mod rosters;
pub mod run_times;
pub mod runs;
pub mod status;
pub mod strengths;
pub mod support;
pub mod teams;
pub mod username;
pub mod weeks;
