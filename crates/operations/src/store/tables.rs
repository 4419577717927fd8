use platform::db::{
    Migration,
    schema::{at, index, int, keyed_table, optional, references, table, text, unique, uuid},
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

platform::migration!(
    /// Creates `person_days`: who was active on which day.
    CreatePersonDays,
    "2027_07_01_000903_create_person_days",
    additive,
    create_person_days,
    drops["person_days"]
);

platform::migration!(
    /// Creates `feedback`: what people say about the server.
    CreateFeedback,
    "2027_07_01_000904_create_feedback",
    additive,
    create_feedback,
    drops["feedback"]
);

/// Returns this module's migrations, in order.
#[must_use]
pub(crate) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![
        Box::new(CreateBackups),
        Box::new(CreateStorageDays),
        Box::new(CreateSlowWork),
        Box::new(CreatePersonDays),
        Box::new(CreateFeedback),
    ]
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

async fn create_person_days(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut days = table("person_days");
    days.col(uuid("user_id"))
        .col(text("day"))
        // The first days of its week and month, and of the month in which the person signed up.
        .col(text("week"))
        .col(text("month"))
        .col(text("joined"));
    references(&mut days, "user_id", "users");
    manager.create_table(days).await?;
    manager.create_index(unique("person_days", &["user_id", "day"])).await?;
    manager.create_index(index("person_days", &["day"])).await?;
    manager.create_index(index("person_days", &["created_at"])).await
}

async fn create_feedback(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut feedback = table("feedback");
    feedback
        .col(uuid("user_id"))
        .col(text("kind"))
        .col(text("words"))
        .col(optional(&text("page")))
        .col(optional(&text("answer")))
        .col(optional(&uuid("answered_by_id")))
        .col(optional(&at("answered_at")));
    references(&mut feedback, "user_id", "users");
    references(&mut feedback, "answered_by_id", "users");
    manager.create_table(feedback).await?;
    manager.create_index(index("feedback", &["user_id", "created_at"])).await?;
    manager.create_index(index("feedback", &["answered_by_id"])).await?;
    manager.create_index(index("feedback", &["answered_at"])).await
}
