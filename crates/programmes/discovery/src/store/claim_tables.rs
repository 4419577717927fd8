//! The table of claims.

use platform::db::{
    Migration,
    schema::{at, flag, index, int, optional, references, run, table, text, uuid},
};
use sea_orm_migration::{SchemaManager, prelude::Table, sea_orm::DbErr};

platform::migration!(
    /// Creates the claims of people to opportunities.
    CreateClaims,
    "2027_04_05_000001_create_claims",
    additive,
    create
);

/// Returns the migrations of claims, in order.
pub(super) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(CreateClaims)]
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [uuid("claimed_by"), at("claimed_at"), at("expires_at")] {
        let mut opportunities = Table::alter();
        opportunities.table("opportunities").add_column(optional(&column));
        manager.alter_table(opportunities).await?;
    }
    let mut claims = table("opportunity_claims");
    claims
        .col(uuid("opportunity_id"))
        .col(uuid("user_id"))
        .col(text("status"))
        .col(at("queued_at"))
        .col(optional(&at("claimed_at")))
        .col(optional(&at("expires_at")))
        .col(optional(&at("ended_at")))
        .col(optional(&text("end_reason")))
        .col(optional(&text("pull_request")))
        .col(optional(&text("outcome")))
        .col(flag("extended"))
        .col(optional(&at("reminded_for")))
        .col(optional(&int("hours")))
        .col(optional(&int("difficulty")))
        .col(optional(&int("learning")))
        .col(at("updated_at"));
    references(&mut claims, "opportunity_id", "opportunities");
    references(&mut claims, "user_id", "users");
    manager.create_table(claims).await?;
    let indexes = [
        index("opportunity_claims", &["opportunity_id", "status"]),
        index("opportunity_claims", &["user_id", "status"]),
        index("opportunity_claims", &["status", "expires_at"]),
        index("opportunities", &["issue_id"]),
    ];
    for index in indexes {
        manager.create_index(index).await?;
    }
    // One person works on an issue, and a person claims it once at a time.
    for sql in [
        "CREATE UNIQUE INDEX opportunity_claims_active ON opportunity_claims (opportunity_id) \
         WHERE status = 'active'",
        "CREATE UNIQUE INDEX opportunity_claims_open ON opportunity_claims (opportunity_id, user_id) \
         WHERE status IN ('active', 'queued')",
    ] {
        run(manager, sql).await?;
    }
    Ok(())
}
