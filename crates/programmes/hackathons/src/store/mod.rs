//! Tables of this module, and statements for its actions.

mod announcement_tables;
pub(crate) mod announcements;
pub(crate) mod applications;
pub(crate) mod calendar_feeds;
mod calendar_tables;
mod check_in_tables;
pub(crate) mod check_ins;
pub(crate) mod checks;
mod computed_columns;
mod confirmation_tables;
mod export_tables;
pub(crate) mod exports;
pub(crate) mod friends;
mod friends_tables;
pub(crate) mod hackathons;
pub(crate) mod help;
mod help_tables;
pub(crate) mod judging;
pub(crate) mod judging_rounds;
mod judging_tables;
mod own_check_tables;
pub(crate) mod own_checks;
mod phase_tables;
pub(crate) mod phases;
mod picture_tables;
pub(crate) mod pictures;
mod prize_tables;
pub(crate) mod prizes;
mod publication_tables;
pub(crate) mod publications;
pub(crate) mod reminders;
mod result_tables;
pub(crate) mod results;
mod reward_tables;
pub(crate) mod rewards;
pub(crate) mod staff;
mod staff_invitation_tables;
pub(crate) mod staff_invitations;
mod submission_tables;
pub(crate) mod submissions;
mod survey_tables;
pub(crate) mod surveys;
mod tables;
mod task_tables;
pub(crate) mod tasks;
pub(crate) mod teams;
pub(crate) mod tie_decisions;
pub(crate) mod tracks;

use platform::{crypto::SealedColumn, db::Migration};

/// The columns of this module that hold encrypted values.
pub(crate) const SEALED: [SealedColumn; 4] =
    [rewards::SEALED[0], rewards::SEALED[1], prizes::SEALED, exports::SEALED];

/// Returns the migrations of this module, in order.
pub(crate) fn migrations() -> Vec<Box<dyn Migration>> {
    let parts = [
        Vec::from(tables::migrations()),
        Vec::from(friends_tables::migrations()),
        Vec::from(submission_tables::migrations()),
        Vec::from(result_tables::migrations()),
        Vec::from(judging_tables::migrations()),
        Vec::from(reward_tables::migrations()),
        Vec::from(prize_tables::migrations()),
        Vec::from(announcement_tables::migrations()),
        Vec::from(help_tables::migrations()),
        Vec::from(check_in_tables::migrations()),
        Vec::from(confirmation_tables::migrations()),
        Vec::from(calendar_tables::migrations()),
        Vec::from(survey_tables::migrations()),
        Vec::from(own_check_tables::migrations()),
        Vec::from(task_tables::migrations()),
        Vec::from(export_tables::migrations()),
        Vec::from(publication_tables::migrations()),
        Vec::from(staff_invitation_tables::migrations()),
        Vec::from(picture_tables::migrations()),
        Vec::from(phase_tables::migrations()),
        Vec::from(computed_columns::migrations()),
    ];
    parts.into_iter().flatten().collect()
}
