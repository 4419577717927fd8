use sea_orm::FromQueryResult;

use super::{Db, DbError, Engine, Sql as _};

/// The size of the database on its disk, in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// The whole database.
    pub whole: i64,
    /// The twelve largest tables with their indexes, largest first. Empty if measuring would cost too much.
    pub tables: Vec<TableSize>,
}

/// The size of a table with its indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSize {
    pub name: String,
    pub bytes: i64,
}

#[derive(FromQueryResult)]
struct Row {
    /// The table; `None` for the whole database.
    name: Option<String>,
    bytes: i64,
}

/// Selects the size of the whole database, then those of the twelve largest tables. SQLite reads the whole file
/// to measure tables, so the join skips that for databases over 256 MB.
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

impl Db {
    /// Measures the whole database, in bytes. Unlike [`Self::sizes`], this reads no table.
    pub async fn size(&self) -> Result<i64, DbError> {
        let sql = match self.engine() {
            Engine::Sqlite => {
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            }
            Engine::Postgres => "SELECT pg_database_size(current_database())",
        };
        self.count(self.statement(sql, [])).await
    }

    /// Measures the database and its largest tables.
    pub async fn sizes(&self) -> Result<Sizes, DbError> {
        let sql = match self.engine() {
            Engine::Sqlite => SQLITE,
            Engine::Postgres => POSTGRES,
        };
        let mut sizes = Sizes::default();
        for Row { name, bytes } in self.all(self.statement(sql, [])).await? {
            match name {
                None => sizes.whole = bytes,
                Some(name) => sizes.tables.push(TableSize { name, bytes }),
            }
        }
        Ok(sizes)
    }
}
