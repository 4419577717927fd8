//! The table of the phases that hackathons entered.

use platform::db::{
    Migration,
    schema::{int, references, run, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(
    CreatePhases,
    "2027_06_15_000005_create_hackathon_phases",
    additive,
    create_hackathon_phases
);

platform::migration!(
    /// Gives the phase of canceled hackathons the spelling that statements of operators ask for. The release before does not
    /// know it.
    SpellCancelled,
    "2027_06_21_000012_spell_cancelled_phases",
    replaces,
    spell_cancelled,
    down spell_canceled
);

pub(super) fn migrations() -> [Box<dyn Migration>; 2] {
    [Box::new(CreatePhases), Box::new(SpellCancelled)]
}

/// Creates the table: a row for each phase, numbered from 1 in each hackathon, so that a change is recorded once.
async fn create_hackathon_phases(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut phases = table("hackathon_phases");
    phases.col(uuid("hackathon_id")).col(int("number")).col(text("phase"));
    references(&mut phases, "hackathon_id", "hackathons");
    manager.create_table(phases).await?;
    manager.create_index(unique("hackathon_phases", &["hackathon_id", "number"])).await
}

async fn spell_cancelled(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    run(manager, "UPDATE hackathon_phases SET phase = 'cancelled' WHERE phase = 'canceled'").await
}

async fn spell_canceled(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    run(manager, "UPDATE hackathon_phases SET phase = 'canceled' WHERE phase = 'cancelled'").await
}
