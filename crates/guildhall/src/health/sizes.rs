use platform::db::{Db, Engine, Sql as _};
use sea_orm::FromQueryResult;

/// What the database takes on its disk, in bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sizes {
    /// All of it; nothing when the database did not say.
    pub(crate) whole: Option<i64>,
    /// The largest tables with their indexes, the largest first; none where asking would cost too much.
    pub(crate) tables: Vec<TableSize>,
}

/// What a table and its indexes take.
#[derive(Clone, Debug)]
pub(crate) struct TableSize {
    /// Its name.
    pub(crate) name: String,
    /// In bytes.
    pub(crate) bytes: i64,
}

#[derive(FromQueryResult)]
struct Row {
    /// Nothing for the whole.
    name: Option<String>,
    bytes: i64,
}

/// The whole, then the twelve largest tables. SQLite reads a file through to say what of it is whose:
/// only one of at most 256 MB is, which the join asks before it.
const SQLITE: &str = "WITH whole AS (SELECT page_count * page_size AS bytes \
    FROM pragma_page_count, pragma_page_size) \
    SELECT NULL AS name, bytes FROM whole UNION ALL SELECT * FROM (\
    SELECT s.tbl_name AS name, CAST(sum(d.pgsize) AS bigint) AS bytes FROM whole AS w \
    CROSS JOIN dbstat AS d JOIN sqlite_schema AS s ON s.name = d.name \
    WHERE w.bytes <= 268435456 AND d.aggregate = TRUE \
    GROUP BY s.tbl_name ORDER BY 2 DESC, 1 LIMIT 12)";

const POSTGRES: &str = "SELECT NULL AS name, pg_database_size(current_database()) AS bytes \
    UNION ALL (SELECT CAST(relname AS text), pg_total_relation_size(relid) \
    FROM pg_stat_user_tables WHERE schemaname = current_schema() ORDER BY 2 DESC, 1 LIMIT 12)";

impl Sizes {
    /// What the database says; a failure is logged and told by the other findings.
    pub(crate) async fn of(db: &Db) -> Self {
        let sql = match db.engine() {
            Engine::Sqlite => SQLITE,
            Engine::Postgres => POSTGRES,
        };
        let rows: Vec<Row> = match db.all(db.statement(sql, [])).await {
            Ok(rows) => rows,
            Err(error) => {
                tracing::warn!(%error, "the database does not say its size");
                return Self::default();
            }
        };
        let mut sizes = Self::default();
        for Row { name, bytes } in rows {
            match name {
                None => sizes.whole = Some(bytes),
                Some(name) => sizes.tables.push(TableSize { name, bytes }),
            }
        }
        sizes
    }
}
