use platform::db::{
    Engine, Migration,
    schema::{
        append_only, at, bytes, drop_references, flag, index, int, is_postgres, keyed_table,
        never_replaced, optional, references, run, table, text, unique, uuid,
    },
};
use sea_orm_migration::{
    SchemaManager,
    prelude::{Index, Table},
    sea_orm::DbErr,
};

use super::{derived, sources};

platform::migration!(CreateLedger, "2026_11_01_000020_create_ledger", additive, create);
platform::migration!(
    /// Widens the buckets, so that a search through the histogram of a board with scattered points
    /// visits fewer.
    WidenBuckets,
    "2026_11_20_000021_widen_buckets",
    replaces,
    count_anew
);

platform::migration!(
    NeverReplaceEntries,
    "2026_11_21_000021_never_replace_entries",
    replaces,
    never_replace
);

platform::migration!(
    CreateHiddenPeople,
    "2026_11_25_000073_create_hidden_people",
    additive,
    hidden_people
);

platform::migration!(
    /// Creates the boards of each month of a board, and counts all boards anew.
    AddMonthsOfBoards,
    "2026_11_26_000022_add_months_of_boards",
    replaces,
    add_months_of_boards
);

platform::migration!(
    /// Drops the foreign keys of entries, which a settlement checked for each of them. `ledger verify` checks them.
    FreeEntries,
    "2026_11_27_000021_free_entries",
    replaces,
    free_entries
);

platform::migration!(
    /// Drops the foreign keys of boards: PostgreSQL checked them for each row and bucket that a settlement changes.
    /// `ledger verify` checks them.
    FreeBoards,
    "2026_11_27_000023_free_boards",
    replaces,
    free_boards
);

platform::migration!(
    /// Creates the boards that others feed, final boards with their corrections, and the number of merged pull requests
    /// of each row.
    FeedBoards,
    "2026_11_30_000001_feed_boards",
    additive,
    feed_boards
);

platform::migration!(CreateBadges, "2026_12_03_000001_create_badges", additive, badges);

platform::migration!(
    CreateCredentialKeys,
    "2026_12_03_000002_create_credential_keys",
    additive,
    credential_keys
);

platform::migration!(
    /// Adds the kind of actor that made a board final. It is unknown for boards that earlier releases made final.
    AddFinalizers,
    "2026_12_25_000021_add_finalizers_of_boards",
    additive,
    add_finalizers
);

platform::migration!(
    /// Counts the boards by kind of source from the ledger, if entries of two kinds count.
    CountSources,
    "2027_05_10_000101_count_boards_by_source",
    replaces,
    count_sources
);

platform::migration!(
    /// Adds who is shown a badge.
    AddAudiences,
    "2027_06_18_000002_add_audiences_of_badges",
    additive,
    add_audiences
);

platform::migration!(
    /// Creates the ranks that people have when a month begins.
    KeepRanks,
    "2027_06_20_000001_keep_ranks_of_months",
    additive,
    keep_ranks
);

/// Returns this module's migrations, in order.
#[must_use]
pub(crate) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![
        Box::new(CreateLedger),
        Box::new(WidenBuckets),
        Box::new(NeverReplaceEntries),
        Box::new(CreateHiddenPeople),
        Box::new(AddMonthsOfBoards),
        Box::new(FreeEntries),
        Box::new(FreeBoards),
        Box::new(FeedBoards),
        Box::new(CreateBadges),
        Box::new(CreateCredentialKeys),
        Box::new(AddFinalizers),
        Box::new(CountSources),
        Box::new(AddAudiences),
        Box::new(KeepRanks),
    ]
}

async fn add_finalizers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut boards = Table::alter();
    boards.table("boards").add_column(optional(&text("final_by")));
    manager.alter_table(boards).await
}

async fn add_audiences(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut badges = Table::alter();
    badges.table("badges").add_column(text("audience").default("everyone"));
    manager.alter_table(badges).await
}

async fn keep_ranks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut boards = Table::alter();
    boards.table("boards").add_column(optional(&at("ranked_at")));
    manager.alter_table(boards).await?;
    let mut ranks = keyed_table("board_ranks");
    ranks
        .col(uuid("board_id"))
        .col(uuid("user_id"))
        .col(int("rank"))
        .col(at("ranked_at"))
        .primary_key(Index::create().col("board_id").col("user_id"));
    clustered(manager, &mut ranks);
    manager.create_table(ranks).await
}

async fn count_sources(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let engine = if is_postgres(manager) { Engine::Postgres } else { Engine::Sqlite };
    run(manager, &sources::mark(engine)).await?;
    for sql in sources::count(engine) {
        run(manager, &sql).await?;
    }
    Ok(())
}

async fn badges(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut badges = table("badges");
    badges
        .col(at("updated_at"))
        .col(text("slug"))
        .col(text("name"))
        .col(text("description"))
        .col(text("criteria"))
        .col(text("rarity"))
        .col(flag("is_seeded"))
        .col(optional(&at("retired_at")));
    manager.create_table(badges).await?;
    manager.create_index(unique("badges", &["slug"])).await?;
    awards(manager).await?;

    // An evaluation of everyone, in batches by the ID of people.
    let mut evaluations = table("badge_evaluations");
    evaluations
        .col(uuid("cause_id"))
        .col(optional(&uuid("after_id")))
        .col(int("people"))
        .col(int("evaluated").default(0))
        .col(int("awarded").default(0))
        .col(int("revoked").default(0))
        .col(optional(&at("completed_at")));
    manager.create_table(evaluations).await?;
    let causes = unique("badge_evaluations", &["cause_id"]);
    manager.create_index(causes).await
}

async fn credential_keys(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut keys = table("credential_keys");
    keys.col(bytes("signing_secret")).col(bytes("public_key"));
    manager.create_table(keys).await
}

/// Creates the awards. A person has a badge at most once; revoked awards stay.
async fn awards(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut awards = table("user_badges");
    awards
        .col(uuid("badge_id"))
        .col(uuid("user_id"))
        .col(at("awarded_at"))
        .col(text("awarded_by"))
        .col(optional(&uuid("awarded_by_id")))
        .col(optional(&text("reason")))
        .col(optional(&text("evidence")))
        .col(optional(&at("revoked_at")))
        .col(optional(&text("revoked_by")))
        .col(optional(&uuid("revoked_by_id")))
        .col(optional(&text("revoke_reason")));
    references(&mut awards, "badge_id", "badges");
    references(&mut awards, "user_id", "users");
    references(&mut awards, "awarded_by_id", "users");
    references(&mut awards, "revoked_by_id", "users");
    manager.create_table(awards).await?;
    let held = "CREATE UNIQUE INDEX user_badges_held ON user_badges (user_id, badge_id) \
                WHERE revoked_at IS NULL";
    run(manager, held).await?;
    let holders = "CREATE INDEX user_badges_holders ON user_badges (badge_id, awarded_at, id) \
                   WHERE revoked_at IS NULL";
    run(manager, holders).await?;
    manager.create_index(index("user_badges", &["user_id", "badge_id"])).await
}

async fn free_boards(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    drop_references(manager, "board_rows").await?;
    drop_references(manager, "board_histogram").await
}

async fn free_entries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    drop_references(manager, "point_transactions").await
}

async fn feed_boards(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut boards = Table::alter();
    boards.table("boards").add_column(optional(&at("final_at")));
    manager.alter_table(boards).await?;
    count_merged(manager).await?;
    let mut fed = keyed_table("fed_boards");
    fed.col(uuid("board_id").primary_key())
        .col(at("starts_at"))
        .col(at("ends_at"))
        .col(flag("is_recounting"))
        .col(optional(&uuid("recounted_to")))
        .col(int("recounted").default(0))
        .col(int("to_recount").default(0));
    manager.create_table(fed).await?;
    let mut feeds = keyed_table("board_feeds");
    feeds
        .col(uuid("board_id"))
        .col(text("source_key"))
        .primary_key(Index::create().col("source_key").col("board_id"));
    manager.create_table(feeds).await?;
    manager.create_index(index("board_feeds", &["board_id"])).await?;
    let mut members = keyed_table("board_members");
    members
        .col(uuid("board_id"))
        .col(uuid("user_id"))
        .col(at("starts_at"))
        .col(at("ends_at"))
        .primary_key(Index::create().col("board_id").col("user_id"));
    manager.create_table(members).await?;
    let mut opted_out = keyed_table("board_opt_outs");
    opted_out.col(uuid("user_id").primary_key()).col(at("opted_out_at"));
    references(&mut opted_out, "user_id", "users");
    manager.create_table(opted_out).await?;
    let mut notes = table("board_notes");
    notes.col(uuid("board_id")).col(uuid("entry_id"));
    manager.create_table(notes).await?;
    let key = ["board_id", "entry_id"];
    manager.create_index(unique("board_notes", &key)).await
}

/// Adds the number of merged pull requests to the rows of boards.
async fn count_merged(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let engine = if is_postgres(manager) { Engine::Postgres } else { Engine::Sqlite };
    let mut rows = Table::alter();
    rows.table("board_rows").add_column(int("merged").default(0).take());
    manager.alter_table(rows).await?;
    let counted = format!(
        "UPDATE board_rows SET merged = c.merged FROM ({}) c JOIN boards b ON b.key = c.key \
         WHERE board_rows.board_id = b.id AND board_rows.user_id = c.user_id AND c.merged > 0",
        derived::listed_rows(engine, derived::ANYONE)
    );
    run(manager, &counted).await
}

async fn count_anew(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    run(manager, "DELETE FROM board_histogram").await?;
    run(manager, &derived::insert_histogram()).await
}

async fn add_months_of_boards(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let (engine, id) = if is_postgres(manager) {
        (Engine::Postgres, "gen_random_uuid()")
    } else {
        (Engine::Sqlite, "randomblob(16)")
    };
    let boards = format!(
        "INSERT INTO boards (id, key, created_at) SELECT {id}, c.key, max(c.reached_at) \
         FROM ({}) c WHERE c.key NOT IN (SELECT key FROM boards) GROUP BY c.key",
        derived::listed_rows(engine, derived::ANYONE)
    );
    run(manager, &boards).await?;
    run(manager, "DELETE FROM board_rows").await?;
    run(manager, &derived::insert_rows(engine, "c.reached_at")).await?;
    count_anew(manager).await
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    ledger(manager).await?;
    boards(manager).await
}

async fn never_replace(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let keys: [&[&str]; 3] =
        [&["id"], &["source_id", "reason", "generation", "source_kind"], &["reverses_id"]];
    never_replaced(manager, "point_transactions", &keys).await
}

/// Creates the list of people who are on no board. Its first refresh adds those who are banned, closed or erased already.
async fn hidden_people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut hidden = keyed_table("hidden_people");
    hidden.col(uuid("user_id").primary_key()).col(at("hidden_at"));
    references(&mut hidden, "user_id", "users");
    manager.create_table(hidden).await
}

async fn ledger(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut entries = table("point_transactions");
    entries
        .col(uuid("user_id"))
        .col(uuid("identity_id"))
        .col(text("source_kind"))
        .col(uuid("source_id"))
        .col(text("reason"))
        .col(int("generation"))
        .col(text("kind"))
        .col(int("points"))
        .col(at("occurred_at"))
        .col(text("boards"))
        .col(optional(&uuid("reverses_id")))
        .col(text("explanation"));
    references(&mut entries, "user_id", "users");
    references(&mut entries, "identity_id", "user_identities");
    manager.create_table(entries).await?;
    let key = ["source_id", "reason", "generation", "source_kind"];
    manager.create_index(unique("point_transactions", &key)).await?;
    // Only reversals are indexed, because they are few.
    let reverses = "CREATE UNIQUE INDEX point_transactions_reverses_id ON point_transactions \
                    (reverses_id) WHERE reverses_id IS NOT NULL";
    run(manager, reverses).await?;
    manager.create_index(index("point_transactions", &["user_id", "occurred_at"])).await?;
    append_only(manager, "point_transactions").await
}

async fn boards(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut boards = table("boards");
    boards.col(text("key"));
    manager.create_table(boards).await?;
    manager.create_index(unique("boards", &["key"])).await?;

    // `descending_points` is the negated points: an index with one direction for all columns lets both
    // engines seek to any position on a board with one row comparison.
    let mut rows = keyed_table("board_rows");
    rows.col(uuid("board_id"))
        .col(uuid("user_id"))
        .col(int("points"))
        .col(int("descending_points"))
        .col(at("reached_at"))
        .col(at("updated_at"))
        // A person's rows are adjacent, because an entry changes all of them.
        .primary_key(Index::create().col("user_id").col("board_id"));
    references(&mut rows, "board_id", "boards");
    references(&mut rows, "user_id", "users");
    clustered(manager, &mut rows);
    manager.create_table(rows).await?;
    let order = ["board_id", "descending_points", "reached_at", "user_id"];
    manager.create_index(index("board_rows", &order)).await?;

    let mut histogram = keyed_table("board_histogram");
    histogram
        .col(uuid("board_id"))
        .col(int("level"))
        .col(int("bucket"))
        .col(int("people"))
        .primary_key(Index::create().col("board_id").col("level").col("bucket"));
    references(&mut histogram, "board_id", "boards");
    clustered(manager, &mut histogram);
    manager.create_table(histogram).await?;
    if is_postgres(manager) {
        // These tables are updated constantly: free space on each page keeps the updates off the
        // index.
        run(manager, "ALTER TABLE board_histogram SET (fillfactor = 50)").await?;
        run(manager, "ALTER TABLE board_rows SET (fillfactor = 80)").await?;
    }
    Ok(())
}

/// Stores the rows in the primary key where the engine supports it.
fn clustered(
    manager: &SchemaManager<'_>,
    table: &mut sea_orm_migration::prelude::TableCreateStatement,
) {
    if !is_postgres(manager) {
        table.extra("WITHOUT ROWID");
    }
}
