//! Columns that the database computes from others of their row, for statements by operators.

use platform::db::{
    Kind, Migration,
    schema::{add_computed, run},
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

/// The status of a submission by its own facts, as [`crate::rules::submissions::Facts::status`] decides once results are public. That
/// judges judge it follows from the clock, and is not part of it.
const STATUS: &str = "CASE WHEN withdrawn_at IS NOT NULL THEN 'withdrawn' \
     WHEN disqualified_at IS NOT NULL THEN 'disqualified' WHEN version = 0 THEN 'draft' \
     WHEN outcome IS NOT NULL THEN outcome WHEN verdict = 'invalid' AND NOT is_admitted THEN 'invalid' \
     WHEN verdict IS NULL THEN 'pending' WHEN is_late THEN 'late' ELSE 'valid' END";

platform::migration!(
    /// Adds the status of submissions, the type of rewards, and the British spelling of when hackathons were canceled.
    AddComputedColumns,
    "2027_06_18_000001_add_computed_columns_of_hackathons",
    additive,
    add_computed_columns
);

platform::migration!(
    /// Adds whether applicants look for a team, under the name without "is".
    AddLookingForTeam,
    "2027_06_21_000011_add_looking_for_team",
    additive,
    add_looking_for_team,
    down drop_looking_for_team
);

pub(super) fn migrations() -> [Box<dyn Migration>; 2] {
    [Box::new(AddComputedColumns), Box::new(AddLookingForTeam)]
}

async fn add_computed_columns(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    add_computed(manager, "submissions", ("status", Kind::Text), STATUS).await?;
    add_computed(manager, "rewards", ("type", Kind::Text), "kind").await?;
    add_computed(manager, "hackathons", ("cancelled_at", Kind::At), "canceled_at").await
}

async fn add_looking_for_team(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let column = ("looking_for_team", Kind::Bool);
    add_computed(manager, "applications", column, "is_looking_for_team").await
}

async fn drop_looking_for_team(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    run(manager, "ALTER TABLE applications DROP COLUMN looking_for_team").await
}
