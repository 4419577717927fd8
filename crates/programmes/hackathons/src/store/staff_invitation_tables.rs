//! The table of invitations to the staff that are sent by email.

use platform::db::{
    Migration, ascii_lower,
    schema::{at, index, optional, references, run, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(
    CreateStaffInvitations,
    "2027_05_04_000001_create_staff_invitations",
    additive,
    create_staff_invitations
);

pub(super) fn migrations() -> [Box<dyn Migration>; 1] {
    [Box::new(CreateStaffInvitations)]
}

async fn create_staff_invitations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut invitations = table("staff_invitations");
    invitations
        .col(uuid("hackathon_id"))
        .col(text("role"))
        .col(optional(&text("address")))
        .col(text("digest"))
        .col(optional(&uuid("invited_by_id")))
        .col(at("expires_at"))
        .col(optional(&at("accepted_at")))
        .col(optional(&at("revoked_at")));
    references(&mut invitations, "hackathon_id", "hackathons");
    references(&mut invitations, "invited_by_id", "users");
    manager.create_table(invitations).await?;
    manager.create_index(unique("staff_invitations", &["digest"])).await?;
    for column in ["hackathon_id", "invited_by_id"] {
        manager.create_index(index("staff_invitations", &[column])).await?;
    }
    let address = ascii_lower("address");
    run(
        manager,
        &format!("CREATE INDEX staff_invitations_address ON staff_invitations ({address})"),
    )
    .await
}
