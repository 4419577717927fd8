//! The table of friendships.

use platform::db::{
    Migration,
    schema::{at, flag, index, optional, references, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(
    CreateFriendships,
    "2027_02_08_000001_create_friendships",
    additive,
    create_friendships
);

pub(super) fn migrations() -> [Box<dyn Migration>; 1] {
    [Box::new(CreateFriendships)]
}

/// Creates the table. `low_id` and `high_id` are the two people in the order of their IDs, so that each pair has one row.
async fn create_friendships(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut friendships = table("friendships");
    friendships
        .col(uuid("requester_id"))
        .col(uuid("addressee_id"))
        .col(uuid("low_id"))
        .col(uuid("high_id"))
        .col(text("status"))
        .col(at("status_at"))
        .col(optional(&at("requested_at")))
        .col(flag("is_mutual"));
    for column in ["requester_id", "addressee_id", "low_id", "high_id"] {
        references(&mut friendships, column, "users");
    }
    manager.create_table(friendships).await?;
    manager.create_index(unique("friendships", &["low_id", "high_id"])).await?;
    for column in ["requester_id", "addressee_id"] {
        manager.create_index(index("friendships", &[column, "status"])).await?;
    }
    Ok(())
}
