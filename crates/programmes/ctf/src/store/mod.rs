//! Tables of this module, and statements for its actions.

pub(crate) mod accounts;
pub(crate) mod coach_accounts;
pub(crate) mod coaches;
pub(crate) mod compared;
pub(crate) mod competitors;
pub(crate) mod consents;
pub(crate) mod differences;
pub(crate) mod discrepancies;
pub(crate) mod division_figures;
mod enrollment_tables;
pub(crate) mod enrollments;
pub(crate) mod erasures;
pub(crate) mod events;
pub(crate) mod links;
pub(crate) mod milestones;
pub(crate) mod own_profiles;
mod platform_tables;
pub(crate) mod reconciliations;
pub(crate) mod remedies;
pub(crate) mod rosters;
pub(crate) mod runs;
pub(crate) mod solves;
pub(crate) mod stats;
pub(crate) mod support_tickets;
pub(crate) mod sync_people;
pub(crate) mod sync_state;
mod tables;
pub(crate) mod team_syncs;
pub(crate) mod teams;

use platform::db::Migration;

/// Returns the migrations of this module, in order.
pub(crate) fn migrations() -> Vec<Box<dyn Migration>> {
    let first = tables::migrations().into_iter().chain(platform_tables::migrations());
    first.chain(enrollment_tables::migrations()).chain(tables::later_migrations()).collect()
}
