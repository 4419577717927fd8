use platform::db::{
    Migration,
    schema::{optional, queue_columns, queue_index, references, run, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, prelude::Table, sea_orm::DbErr};

platform::migration!(
    /// Adds who decided that a pull request is merged, and the patches of small pull requests.
    DecideMerges,
    "2027_05_02_000001_decide_merges",
    additive,
    decide_merges
);

platform::migration!(
    /// States who decided the merges from before requests to merge were read: the merger.
    DecideEarlierMerges,
    "2027_05_03_000012_decide_earlier_merges",
    additive,
    decide_earlier_merges
);

/// Returns the migrations of merges, in order.
pub(super) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(DecideMerges), Box::new(DecideEarlierMerges)]
}

async fn decide_earlier_merges(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let sql = "UPDATE pull_requests SET decided_by_id = merged_by_id \
               WHERE decided_by_id IS NULL AND merged_by_id IS NOT NULL";
    run(manager, sql).await
}

async fn decide_merges(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut pulls = Table::alter();
    pulls.table("pull_requests").add_column(optional(&uuid("decided_by_id")));
    manager.alter_table(pulls).await?;
    let deciders = "CREATE INDEX pull_requests_decider ON pull_requests (decided_by_id, id) \
                    WHERE decided_by_id IS NOT NULL";
    run(manager, deciders).await?;
    let mut patches = table("pull_request_patches");
    patches.col(uuid("pull_request_id")).col(text("head_sha")).col(optional(&text("files")));
    queue_columns(&mut patches);
    references(&mut patches, "pull_request_id", "pull_requests");
    manager.create_table(patches).await?;
    manager.create_index(unique("pull_request_patches", &["pull_request_id", "head_sha"])).await?;
    queue_index(manager, "pull_request_patches").await
}
