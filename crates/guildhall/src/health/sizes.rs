use platform::db::{Db, Engine, Sql as _};
use sea_orm::FromQueryResult;

/// Tables that are told of one by one: the largest.
const TOLD: i64 = 12;
/// SQLite reads a whole file to say what of it is whose: only of one so small, in bytes.
const SMALL: i64 = 256 * 1024 * 1024;

/// What the database takes on its disk, in bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sizes {
    /// All of it; nothing when the database did not say.
    pub(crate) whole: Option<i64>,
    /// The largest tables with their indexes, the largest first; none where asking would cost too much.
    pub(crate) tables: Vec<TableSize>,
}

/// What a table and its indexes take.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct TableSize {
    /// Its name.
    pub(crate) name: String,
    /// In bytes.
    pub(crate) bytes: i64,
}

impl Sizes {
    /// What the database says; a failure is logged and told by the other findings.
    pub(crate) async fn of(db: &Db) -> Self {
        let whole = match db.engine() {
            Engine::Sqlite => {
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            }
            Engine::Postgres => "SELECT pg_database_size(current_database())",
        };
        let whole = match db.count(db.statement(whole, [])).await {
            Ok(whole) => whole,
            Err(error) => {
                tracing::warn!(%error, "the database does not say its size");
                return Self::default();
            }
        };
        Self {
            whole: Some(whole),
            tables: tables(db, whole).await,
        }
    }
}

async fn tables(db: &Db, whole: i64) -> Vec<TableSize> {
    let sql = match db.engine() {
        Engine::Sqlite if whole > SMALL => return Vec::new(),
        Engine::Sqlite => {
            "SELECT s.tbl_name AS name, CAST(sum(d.pgsize) AS bigint) AS bytes FROM dbstat AS d \
             JOIN sqlite_schema AS s ON s.name = d.name WHERE d.aggregate = TRUE \
             GROUP BY s.tbl_name ORDER BY bytes DESC, name LIMIT $1"
        }
        Engine::Postgres => {
            "SELECT CAST(relname AS text) AS name, pg_total_relation_size(relid) AS bytes \
             FROM pg_stat_user_tables WHERE schemaname = current_schema() \
             ORDER BY bytes DESC, name LIMIT $1"
        }
    };
    let sizes = db.all(db.statement(sql, [TOLD.into()])).await;
    sizes.unwrap_or_else(|error| {
        tracing::warn!(%error, "the database does not say the size of its tables");
        Vec::new()
    })
}
