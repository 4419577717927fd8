//! The tables of language models.

use platform::db::{
    Migration,
    schema::{
        at, bytes, index, int, is_postgres, optional, queue_columns, queue_index, references, run,
        table, text, unique, uuid,
    },
};
use sea_orm_migration::{SchemaManager, prelude::Table, sea_orm::DbErr};

platform::migration!(
    /// Creates the analyses of issues by a model, and the calls to models with their costs.
    CreateModels,
    "2027_04_20_000001_create_models",
    additive,
    create
);

/// Returns the migrations of models, in order.
pub(super) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(CreateModels), Box::new(CreateVectors)]
}

platform::migration!(
    /// Creates the vectors of opportunities.
    CreateVectors,
    "2027_04_21_000001_create_vectors",
    additive,
    create_vectors
);

/// A vector is 384 numbers of 32 bits. It is made again when the digest of its text or the model changes.
async fn create_vectors(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        bytes("content_embedding"),
        text("embedding_digest"),
        text("embedding_with"),
        int("embedding_seq"),
        at("embedding_until"),
    ];
    for column in columns {
        let mut opportunities = Table::alter();
        opportunities.table("opportunities").add_column(optional(&column));
        manager.alter_table(opportunities).await?;
    }
    if is_postgres(manager) { run(manager, NEAREST).await } else { Ok(()) }
}

/// Indexes the vectors for queries of operators where the extension `vector` can be created, and otherwise changes nothing. The
/// column stays bytes, as on SQLite, so that backups and moves between databases are the same with and without the extension.
const NEAREST: &str = "DO $body$ BEGIN \
  CREATE EXTENSION IF NOT EXISTS vector; \
  CREATE OR REPLACE FUNCTION opportunity_vector(bytes bytea) RETURNS vector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ \
  DECLARE numbers real[] := array_fill(0::real, ARRAY[384]); bits bigint; power int; part double precision; \
  BEGIN \
    IF length(bytes) <> 1536 THEN RETURN NULL; END IF; \
    FOR i IN 0..383 LOOP \
      bits := get_byte(bytes, 4 * i) + get_byte(bytes, 4 * i + 1) * 256 + get_byte(bytes, 4 * i + 2) * 65536 \
              + get_byte(bytes, 4 * i + 3)::bigint * 16777216; \
      power := (bits >> 23) & 255; \
      IF power = 255 THEN RETURN NULL; END IF; \
      part := (bits & 8388607) / 8388608.0; \
      part := CASE WHEN power = 0 THEN part * 2::double precision ^ (-126) ELSE (1 + part) * 2::double precision ^ (power - 127) END; \
      numbers[i + 1] := CASE WHEN bits >= 2147483648 THEN -part ELSE part END; \
    END LOOP; \
    RETURN numbers::vector(384); \
  END $$; \
  CREATE INDEX idx_opportunities_content_embedding ON opportunities \
    USING hnsw ((opportunity_vector(content_embedding)::vector(384)) vector_cosine_ops) WITH (m = 16, ef_construction = 64); \
EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'the vectors are not indexed: %', SQLERRM; \
END $body$";

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // The texts that an opportunity's analysis is of, and the change after which they were last compared.
    for column in [text("model_digest"), int("model_seq")] {
        let mut opportunities = Table::alter();
        opportunities.table("opportunities").add_column(optional(&column));
        manager.alter_table(opportunities).await?;
    }
    analyses(manager).await?;
    usage(manager).await
}

/// Issues with the same texts share a row, which is a queue entry until the model has answered. Confidences follow from those of
/// the issues, so they are not stored.
async fn analyses(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut analyses = table("model_analyses");
    analyses
        .col(text("content_digest"))
        .col(uuid("opportunity_id"))
        .col(text("asked_of"))
        .col(text("model"))
        .col(optional(&text("analysis")))
        .col(optional(&text("failure")))
        .col(int("failures").default(0))
        .col(optional(&at("answered_at")));
    queue_columns(&mut analyses);
    references(&mut analyses, "opportunity_id", "opportunities");
    manager.create_table(analyses).await?;
    manager.create_index(unique("model_analyses", &["content_digest"])).await?;
    queue_index(manager, "model_analyses").await
}

/// A row begins with the most that a call can cost, so that calls at the same time never exceed the budget together.
async fn usage(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut usage = table("model_usage");
    usage
        .col(text("provider"))
        .col(text("model"))
        .col(text("purpose"))
        .col(int("tokens_in"))
        .col(int("tokens_out"))
        .col(int("cost"))
        .col(optional(&int("duration_ms")))
        .col(text("outcome"))
        .col(optional(&text("detail")));
    manager.create_table(usage).await?;
    manager.create_index(index("model_usage", &["created_at", "cost"])).await
}
