use platform::db::{
    Migration,
    schema::{
        append_only, at, flag, index, int, keyed_table, never_replaced, optional, references, run,
        table, text, uuid,
    },
};
use sea_orm_migration::{
    SchemaManager,
    prelude::{ColumnDef, Index, Table},
    sea_orm::DbErr,
};

use super::idle::UNNOTED;
use crate::rules::review::IdleDays;

platform::migration!(
    /// Creates the tables of reviews. The comments are in a separate table, where they can be erased.
    CreateReviews,
    "2026_11_29_000001_create_reviews",
    additive,
    reviews
);

platform::migration!(
    /// Adds the numbers of days after which a project's pull requests are stale and abandoned.
    AddIdleDays,
    "2026_11_29_000002_add_idle_days",
    additive,
    idle_days
);

platform::migration!(
    /// Adds what the queue of reviews shows of an open pull request, and the queue's index.
    AddDeadlines,
    "2026_11_29_000003_add_deadlines",
    additive,
    deadlines
);

/// Returns the migrations of reviews, in order.
pub(super) fn migrations() -> [Box<dyn Migration>; 3] {
    [Box::new(CreateReviews), Box::new(AddIdleDays), Box::new(AddDeadlines)]
}

async fn reviews(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut reviews = table("pr_reviews");
    reviews
        .col(uuid("pull_request_id"))
        .col(uuid("reviewer_id"))
        .col(text("action"))
        .col(optional(&int("rating")))
        .col(optional(&text("decision")))
        .col(flag("is_automatic"));
    references(&mut reviews, "pull_request_id", "pull_requests");
    references(&mut reviews, "reviewer_id", "users");
    manager.create_table(reviews).await?;
    manager.create_index(index("pr_reviews", &["pull_request_id"])).await?;
    manager.create_index(index("pr_reviews", &["reviewer_id"])).await?;
    append_only(manager, "pr_reviews").await?;
    never_replaced(manager, "pr_reviews", &[&["id"]]).await?;

    let mut words = table("pr_review_words");
    words.col(optional(&text("public_comment"))).col(optional(&text("internal_comment")));
    references(&mut words, "id", "pr_reviews");
    manager.create_table(words).await?;
    open_reviews(manager).await
}

/// Creates the reviews in progress, which follow from the others.
async fn open_reviews(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut open = keyed_table("open_reviews");
    open.col(uuid("pull_request_id"))
        .col(uuid("reviewer_id"))
        .col(uuid("review_id"))
        .col(at("started_at"))
        .col(at("active_at"))
        .col(optional(&at("reminded_at")))
        .primary_key(Index::create().col("pull_request_id").col("reviewer_id"));
    references(&mut open, "pull_request_id", "pull_requests");
    references(&mut open, "reviewer_id", "users");
    references(&mut open, "review_id", "pr_reviews");
    manager.create_table(open).await?;
    manager.create_index(index("open_reviews", &["active_at"])).await?;
    manager.create_index(index("open_reviews", &["reviewer_id"])).await
}

async fn idle_days(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let IdleDays { stale, abandoned } = IdleDays::default();
    for (name, days) in [("stale_days", stale), ("abandoned_days", abandoned)] {
        let column = int(name).default(i64::from(days)).take();
        add(manager, "projects", column).await?;
    }
    Ok(())
}

async fn deadlines(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [
        optional(&at("active_at")),
        optional(&at("stale_at")),
        optional(&at("abandoned_at")),
        optional(&at("due_at")),
        // The deadline that the last notification was about.
        optional(&at("idle_noted_at")),
        flag("has_new_commits"),
    ] {
        add(manager, "contributions", column).await?;
    }
    let queue = "CREATE INDEX contributions_queue ON contributions \
                 (project_id, due_at, pull_request_id, state, abandoned_at) \
                 WHERE state NOT IN ('MERGED', 'CLOSED')";
    run(manager, queue).await?;
    let idle =
        format!("CREATE INDEX contributions_idle ON contributions (stale_at) WHERE {UNNOTED}");
    run(manager, &idle).await
}

async fn add(
    manager: &SchemaManager<'_>,
    table: &'static str,
    mut column: ColumnDef,
) -> Result<(), DbErr> {
    let added = Table::alter().table(table).add_column(&mut column).take();
    manager.alter_table(added).await
}
