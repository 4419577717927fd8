use platform::db::{
    Migration,
    schema::{at, index, optional, references, run, table, text, unique, uuid},
};
use sea_orm_migration::{
    SchemaManager,
    prelude::{ColumnDef, Table},
    sea_orm::DbErr,
};

platform::migration!(
    /// Creates the reports of people, with their words in a separate table, where they can be erased.
    CreateReports,
    "2026_12_11_000001_create_reports",
    additive,
    reports
);

platform::migration!(
    /// Creates the exclusions of repositories. A repository has at most one that is not lifted.
    CreateExclusions,
    "2026_12_11_000002_create_repository_exclusions",
    additive,
    exclusions
);

platform::migration!(
    /// Adds when moderators were notified of a flag, and the flag that caused a sanction.
    AddNotices,
    "2026_12_11_000003_add_flag_notices",
    additive,
    notices
);

platform::migration!(
    /// Adds the index by which the nightly detection reads the reviews of a period.
    IndexReviews,
    "2026_12_11_000004_index_reviews",
    additive,
    reviews
);

/// Returns the migrations of reports, exclusions and penalties, in order.
pub(super) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![
        Box::new(CreateReports),
        Box::new(CreateExclusions),
        Box::new(AddNotices),
        Box::new(IndexReviews),
    ]
}

async fn reports(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut reports = table("reports");
    reports
        .col(uuid("flag_id"))
        .col(uuid("reporter_id"))
        .col(text("target_kind"))
        .col(uuid("target_id"))
        .col(text("reason"));
    references(&mut reports, "flag_id", "fair_play_flags");
    references(&mut reports, "reporter_id", "users");
    manager.create_table(reports).await?;
    manager.create_index(unique("reports", &["target_id", "reporter_id"])).await?;
    manager.create_index(index("reports", &["reporter_id", "created_at"])).await?;
    manager.create_index(index("reports", &["flag_id"])).await?;

    let mut words = table("report_words");
    words.col(text("words"));
    references(&mut words, "id", "reports");
    manager.create_table(words).await
}

async fn exclusions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut exclusions = table("repository_exclusions");
    exclusions
        .col(uuid("repository_id"))
        .col(text("reason"))
        .col(optional(&uuid("excluded_by_id")))
        .col(optional(&at("lifted_at")))
        .col(optional(&uuid("lifted_by_id")))
        .col(optional(&text("lift_reason")));
    references(&mut exclusions, "repository_id", "repositories");
    references(&mut exclusions, "excluded_by_id", "users");
    references(&mut exclusions, "lifted_by_id", "users");
    manager.create_table(exclusions).await?;
    manager.create_index(index("repository_exclusions", &["repository_id"])).await?;
    let current = "CREATE UNIQUE INDEX repository_exclusions_current \
                   ON repository_exclusions (repository_id) WHERE lifted_at IS NULL";
    run(manager, current).await
}

async fn notices(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for (table, column) in [
        ("fair_play_flags", optional(&at("noticed_at"))),
        ("fair_play_flags", optional(&at("late_noticed_at"))),
        ("sanctions", optional(&uuid("flag_id"))),
    ] {
        add(manager, table, column).await?;
    }
    let of_flag = "CREATE INDEX sanctions_flag ON sanctions (flag_id) WHERE flag_id IS NOT NULL";
    run(manager, of_flag).await
}

async fn add(
    manager: &SchemaManager<'_>,
    table: &'static str,
    mut column: ColumnDef,
) -> Result<(), DbErr> {
    let added = Table::alter().table(table).add_column(&mut column).take();
    manager.alter_table(added).await
}

async fn reviews(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager.create_index(index("pr_reviews", &["created_at", "id"])).await
}
