//! The columns and the table of confirmations of places, and the columns of late registration and of
//! venue networks.

use platform::db::{
    Migration,
    schema::{at, flag, index, int, optional, references, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, prelude::Table as Altered, sea_orm::DbErr};

platform::migration!(
    AddConfirmations,
    "2027_03_15_000001_add_confirmations",
    additive,
    add_confirmations
);

platform::migration!(
    AddLateRegistration,
    "2027_03_21_000002_add_late_registration",
    additive,
    add_late_registration
);

platform::migration!(
    AddVenueNetworks,
    "2027_03_22_000002_add_venue_networks",
    additive,
    add_venue_networks
);

platform::migration!(
    AddApprovalEnds,
    "2027_03_24_000001_add_approval_ends",
    additive,
    add_approval_ends
);

pub(super) fn migrations() -> [Box<dyn Migration>; 4] {
    [
        Box::new(AddConfirmations),
        Box::new(AddLateRegistration),
        Box::new(AddVenueNetworks),
        Box::new(AddApprovalEnds),
    ]
}

/// Adds the networks that the organizers state, and those that an admin approved.
async fn add_venue_networks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in ["venue_networks", "approved_networks"] {
        let mut alter = Altered::alter();
        alter.table("hackathons").add_column(text(column).default(""));
        manager.alter_table(alter).await?;
    }
    Ok(())
}

/// Adds the instant until which the approval of networks holds. An approval from before has none, and holds until judging ends.
async fn add_approval_ends(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut column = optional(&at("approved_until"));
    let added = Altered::alter().table("hackathons").add_column(&mut column).take();
    manager.alter_table(added).await
}

async fn add_late_registration(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut alter = Altered::alter();
    alter.table("hackathons").add_column(flag("late_registration").default(false));
    manager.alter_table(alter).await
}

async fn add_confirmations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for (name, column) in [("hackathons", "confirm_by"), ("applications", "confirmed_at")] {
        let mut column = optional(&at(column));
        let added = Altered::alter().table(name).add_column(&mut column).take();
        manager.alter_table(added).await?;
    }
    reminders(manager).await
}

/// Creates the table of reminders: each is recorded once for a person and a time, also if workers stop in the middle.
async fn reminders(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut reminders = table("confirmation_reminders");
    reminders
        .col(uuid("hackathon_id"))
        .col(uuid("user_id"))
        .col(at("closes_at"))
        .col(int("minutes"));
    references(&mut reminders, "hackathon_id", "hackathons");
    references(&mut reminders, "user_id", "users");
    manager.create_table(reminders).await?;
    let once = ["hackathon_id", "user_id", "closes_at", "minutes"];
    manager.create_index(unique("confirmation_reminders", &once)).await?;
    manager.create_index(index("confirmation_reminders", &["user_id"])).await
}
