//! The tables of rewards.

use platform::db::{
    Migration,
    schema::{at, bytes, index, int, optional, references, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(CreateRewards, "2027_02_20_000001_create_rewards", additive, create_rewards);

pub(super) fn migrations() -> [Box<dyn Migration>; 1] {
    [Box::new(CreateRewards)]
}

async fn create_rewards(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    rewards(manager).await?;
    redemptions(manager).await?;
    codes(manager).await
}

async fn rewards(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut rewards = table("rewards");
    rewards
        .col(at("updated_at"))
        .col(text("slug"))
        .col(text("kind"))
        .col(text("name"))
        .col(text("description"))
        .col(int("cost"))
        .col(optional(&int("stock")))
        .col(optional(&int("low_stock")))
        .col(optional(&int("person_limit")))
        .col(text("claim_kind"))
        .col(optional(&uuid("owner_id")))
        .col(optional(&at("active_from")))
        .col(optional(&at("active_until")))
        .col(optional(&at("archived_at")));
    references(&mut rewards, "owner_id", "users");
    manager.create_table(rewards).await?;
    manager.create_index(unique("rewards", &["slug"])).await?;
    manager.create_index(index("rewards", &["owner_id"])).await
}

async fn redemptions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut redemptions = table("reward_redemptions");
    redemptions
        .col(uuid("reward_id"))
        .col(uuid("user_id"))
        .col(int("cost"))
        .col(text("status"))
        .col(at("status_at"))
        .col(optional(&bytes("claim_secret")))
        .col(optional(&uuid("decided_by_id")))
        .col(optional(&at("owner_notified_at")));
    references(&mut redemptions, "reward_id", "rewards");
    references(&mut redemptions, "user_id", "users");
    references(&mut redemptions, "decided_by_id", "users");
    manager.create_table(redemptions).await?;
    for columns in [&["reward_id", "user_id"][..], &["user_id"], &["status"]] {
        manager.create_index(index("reward_redemptions", columns)).await?;
    }
    Ok(())
}

async fn codes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut codes = table("reward_codes");
    codes.col(uuid("reward_id")).col(bytes("code_secret")).col(optional(&uuid("redemption_id")));
    references(&mut codes, "reward_id", "rewards");
    references(&mut codes, "redemption_id", "reward_redemptions");
    manager.create_table(codes).await?;
    manager.create_index(unique("reward_codes", &["redemption_id"])).await?;
    manager.create_index(index("reward_codes", &["reward_id"])).await
}
