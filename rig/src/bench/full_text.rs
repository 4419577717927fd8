//! The peer of searches by words: the full text search of the database itself, with the same words.

use std::time::Instant;

use anyhow::Result;
use sqlx::{AnyPool, AssertSqlSafe, any::AnyPoolOptions};

use super::issues;
use crate::installation::Installation;

/// The searches, one at a time.
const SEARCHES: u64 = 300;

/// FTS5 with the weights that rank best in its own words, in a file beside the installation's.
const FTS5: [&str; 2] = [
    "CREATE VIRTUAL TABLE texts USING fts5(title, body, tokenize = 'porter unicode61')",
    "INSERT INTO texts (title, body) SELECT title, body FROM installation.issues",
];
const OF_FTS5: &str = "SELECT CAST(rowid AS TEXT) FROM texts WHERE texts MATCH $1 ORDER BY bm25(texts, 5.0, 1.0) LIMIT 21";

const TSVECTOR: [&str; 3] = [
    "CREATE TABLE peer_texts AS SELECT id, setweight(to_tsvector('english', title), 'A') || to_tsvector('english', body) \
     AS words FROM issues",
    "CREATE INDEX peer_texts_words ON peer_texts USING gin (words)",
    "VACUUM ANALYZE peer_texts",
];
const OF_TSVECTOR: &str = "SELECT CAST(id AS TEXT) FROM peer_texts, to_tsquery('english', $1) asked WHERE words @@ asked \
     ORDER BY ts_rank(words, asked) DESC, id LIMIT 21";

/// Searches the texts of all issues with the database's own index, and returns a line with the time of a search: without
/// filters, without counts and without reading what is found.
pub(super) async fn compared(installation: &Installation) -> Result<String> {
    let (name, pool, asked) = match &installation.database {
        Some(url) => {
            ("PostgreSQL's full text search", AnyPool::connect(url).await?, (OF_TSVECTOR, " | "))
        }
        None => ("SQLite's FTS5", beside(installation).await?, (OF_FTS5, " OR ")),
    };
    let made: &[&str] = if installation.database.is_some() { &TSVECTOR } else { &FTS5 };
    for statement in made {
        sqlx::query(*statement).execute(&pool).await?;
    }
    let mut took = Vec::new();
    for number in 0..SEARCHES {
        let words = issues::words(number).replace(' ', asked.1);
        let start = Instant::now();
        let found: Vec<String> = sqlx::query_scalar(asked.0).bind(words).fetch_all(&pool).await?;
        took.push(start.elapsed().as_secs_f64() * 1e3);
        std::hint::black_box(found);
    }
    pool.close().await;
    took.sort_by(f64::total_cmp);
    let at = |share: usize| took[took.len() * share / 100];
    Ok(format!(
        "{name} takes {:.1} ms for the same words (p50; p99 {:.1} ms), without counts of facets and without reading what is found.",
        at(50),
        at(99)
    ))
}

/// Opens a new file with the installation's database beside it.
async fn beside(installation: &Installation) -> Result<AnyPool> {
    let file = installation.data.join("texts.db");
    let url = format!("sqlite://{}?mode=rwc", file.display());
    let pool = AnyPoolOptions::new().max_connections(1).connect(&url).await?;
    let from = installation.data.join("guildhall.db");
    let attach = format!("ATTACH '{}' AS installation", from.display());
    sqlx::query(AssertSqlSafe(attach)).execute(&pool).await?;
    Ok(pool)
}
