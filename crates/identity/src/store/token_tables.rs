//! The tables of API tokens, of the refresh tokens of apps, and of people's tokens on GitHub.

use platform::db::{
    Kind, Migration,
    schema::{
        add_computed, at, bytes, flag, index, int, optional, references, run, table, text, unique,
        uuid,
    },
};
use sea_orm_migration::{SchemaManager, prelude::Table, sea_orm::DbErr};

platform::migration!(
    CreateApiTokens,
    "2026_11_22_000012_create_api_tokens",
    additive,
    create_api_tokens
);

platform::migration!(
    CreateRefreshTokens,
    "2026_11_22_000013_create_refresh_tokens",
    additive,
    create_refresh_tokens
);

platform::migration!(
    CreateGithubTokens,
    "2026_12_02_000001_create_github_tokens",
    additive,
    create_github_tokens
);

platform::migration!(
    /// Adds the family of a refresh token, the token that it was exchanged for, and since when it cannot be used.
    RelateRefreshTokens,
    "2027_06_21_000013_relate_refresh_tokens",
    additive,
    relate_refresh_tokens,
    down unrelate_refresh_tokens
);

pub(super) fn migrations() -> [Box<dyn Migration>; 4] {
    [
        Box::new(CreateApiTokens),
        Box::new(CreateRefreshTokens),
        Box::new(CreateGithubTokens),
        Box::new(RelateRefreshTokens),
    ]
}

async fn create_api_tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut tokens = table("api_tokens");
    tokens
        .col(uuid("user_id"))
        .col(text("name"))
        .col(bytes("token_hash"))
        .col(text("scopes"))
        .col(at("expires_at"))
        .col(optional(&at("last_used_at")))
        .col(optional(&at("revoked_at")));
    references(&mut tokens, "user_id", "users");
    manager.create_table(tokens).await?;
    manager.create_index(unique("api_tokens", &["token_hash"])).await?;
    manager.create_index(index("api_tokens", &["user_id"])).await?;
    manager.create_index(index("api_tokens", &["expires_at"])).await
}

async fn create_refresh_tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut sessions = Table::alter();
    sessions.table("sessions").add_column(flag("is_program"));
    manager.alter_table(sessions).await?;
    let mut tokens = table("refresh_tokens");
    tokens
        .col(uuid("session_id"))
        .col(bytes("token_hash"))
        .col(at("expires_at"))
        .col(optional(&at("used_at")));
    references(&mut tokens, "session_id", "sessions");
    manager.create_table(tokens).await?;
    manager.create_index(unique("refresh_tokens", &["token_hash"])).await?;
    for column in ["session_id", "expires_at"] {
        manager.create_index(index("refresh_tokens", &[column])).await?;
    }
    Ok(())
}

/// Creates `github_tokens`. A revoked token is deleted, and its row stays until the person connects GitHub again.
async fn create_github_tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut tokens = table("github_tokens");
    tokens
        .col(uuid("user_id"))
        .col(int("github_id"))
        .col(text("login"))
        .col(text("scopes"))
        .col(optional(&bytes("token_secret")))
        .col(optional(&at("revoked_at")));
    references(&mut tokens, "user_id", "users");
    manager.create_table(tokens).await?;
    manager.create_index(unique("github_tokens", &["user_id"])).await
}

async fn relate_refresh_tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // The former token is deleted first, so this is no reference.
    for column in [optional(&uuid("rotated_from")), optional(&at("revoked_at"))] {
        let mut tokens = Table::alter();
        tokens.table("refresh_tokens").add_column(column);
        manager.alter_table(tokens).await?;
    }
    add_computed(manager, "refresh_tokens", ("family", Kind::Uuid), "session_id").await?;
    let sql = "UPDATE refresh_tokens SET revoked_at = coalesce(used_at, \
               (SELECT s.revoked_at FROM sessions s WHERE s.id = refresh_tokens.session_id))";
    run(manager, sql).await
}

async fn unrelate_refresh_tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in ["family", "revoked_at", "rotated_from"] {
        run(manager, &format!("ALTER TABLE refresh_tokens DROP COLUMN {column}")).await?;
    }
    Ok(())
}
