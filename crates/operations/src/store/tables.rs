use platform::db::{
    Migration,
    schema::{at, index, int, keyed_table, optional, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(
    /// Creates `backups`: the backups that the server made or tried to make.
    CreateBackups,
    "2027_06_21_000800_create_backups",
    additive,
    create_backups,
    drops["backups"]
);

platform::migration!(
    /// Creates `storage_days`: the size of the database and of other files on each day.
    CreateStorageDays,
    "2027_07_01_000901_create_storage_days",
    additive,
    create_storage_days,
    drops["storage_days"]
);

platform::migration!(
    /// Creates `slow_requests` and `slow_statements`.
    CreateSlowWork,
    "2027_07_01_000902_create_slow_work",
    additive,
    create_slow_work,
    drops["slow_requests", "slow_statements"]
);

/// Returns this module's migrations, in order.
#[must_use]
pub(crate) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(CreateBackups), Box::new(CreateStorageDays), Box::new(CreateSlowWork)]
}

async fn create_backups(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut backups = table("backups");
    backups
        .col(text("file"))
        .col(int("bytes"))
        .col(int("row_count"))
        .col(int("mismatches"))
        .col(optional(&at("verified_at")))
        .col(optional(&at("uploaded_at")))
        .col(optional(&at("removed_at")))
        .col(optional(&text("error")));
    manager.create_table(backups).await?;
    manager.create_index(index("backups", &["created_at"])).await
}

async fn create_storage_days(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut days = keyed_table("storage_days");
    days.col(text("day").primary_key()).col(int("database_bytes")).col(int("disk_bytes"));
    manager.create_table(days).await
}

async fn create_slow_work(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut requests = table("slow_requests");
    requests
        .col(text("method"))
        .col(text("route"))
        .col(int("status"))
        .col(int("duration_ms"))
        .col(optional(&uuid("person_id")))
        .col(optional(&text("network")))
        .col(optional(&text("agent")));
    manager.create_table(requests).await?;
    manager.create_index(index("slow_requests", &["created_at"])).await?;
    manager.create_index(index("slow_requests", &["person_id"])).await?;
    let mut statements = table("slow_statements");
    statements
        .col(at("last_at"))
        .col(text("statement"))
        .col(int("runs"))
        .col(int("total_ms"))
        .col(int("max_ms"))
        .col(optional(&text("plan")));
    manager.create_table(statements).await?;
    manager.create_index(unique("slow_statements", &["statement"])).await
}
