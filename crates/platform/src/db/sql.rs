use std::future::Future;

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Cell, Db, DbError, Engine, Pool, Query, Transaction, Tx, read_by::ReadBy};

/// A source of SQL execution: the database for reads, a transaction for reads and writes.
pub trait Sql: Sync {
    /// The type of the underlying connection.
    type Connection: ConnectionTrait;

    /// Returns the underlying connection.
    fn connection(&self) -> &Self::Connection;

    /// Returns the engine, for the few statements that differ.
    fn engine(&self) -> Engine;

    /// Returns an expression for the UTC day of an instant, as `YYYY-MM-DD`.
    fn day(&self, column: &str) -> String {
        match self.engine() {
            Engine::Sqlite => format!("substr({column}, 1, 10)"),
            Engine::Postgres => format!("to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD')"),
        }
    }

    /// Returns an expression for an instant as whole seconds since 1970.
    fn epoch_seconds(&self, column: &str) -> String {
        self.engine().epoch_seconds(column)
    }

    /// Returns an expression that joins the ids of `column` in `rows` (a FROM clause) into one text for
    /// [`read_ids`]. NULL if there are none.
    fn joined_ids(&self, column: &str, rows: &str) -> String {
        match self.engine() {
            Engine::Sqlite => format!("(SELECT group_concat(hex({column})) FROM {rows})"),
            Engine::Postgres => {
                format!("(SELECT string_agg(CAST({column} AS text), ',') FROM {rows})")
            }
        }
    }

    /// Creates an empty list of values for a statement of this engine.
    fn query(&self) -> Query {
        Query::new(self.engine())
    }

    /// Builds a statement with values for `$1 …`.
    fn statement<const N: usize>(&self, sql: &str, values: [Cell; N]) -> Statement {
        let mut query = self.query();
        for value in values {
            query.bind(value);
        }
        query.statement(sql)
    }

    /// Returns all rows of a statement.
    fn all<T: FromQueryResult>(
        &self,
        statement: Statement,
    ) -> impl Future<Output = Result<Vec<T>, DbError>> + Send {
        async move {
            let by = ReadBy::of(&statement);
            let rows = self.connection().query_all_raw(statement).await?;
            Ok(rows.iter().map(|row| by.read(row)).collect::<Result<_, DbErr>>()?)
        }
    }

    /// Returns all rows of a [`Query::documents`] statement, in any order, for frequently requested pages.
    /// SQLite's driver copies and transfers each value separately, which costs more than finding it, so the rows
    /// are sent as one.
    fn documents<T: DeserializeOwned>(
        &self,
        statement: Statement,
    ) -> impl Future<Output = Result<Vec<T>, DbError>> + Send {
        async move {
            let row = self.connection().query_one_raw(statement).await?;
            let read = |row: sea_orm::QueryResult| row.try_get_by_index::<String>(0);
            let text = row.map(read).transpose()?;
            read_rows(text.as_deref().unwrap_or("[]"))
        }
    }

    /// Returns the first row of a statement, if any.
    fn one<T: FromQueryResult>(
        &self,
        statement: Statement,
    ) -> impl Future<Output = Result<Option<T>, DbError>> + Send {
        async move {
            let by = ReadBy::of(&statement);
            let row = self.connection().query_one_raw(statement).await?;
            Ok(row.map(|row| by.read(&row)).transpose()?)
        }
    }

    /// Returns the whole number in the first column of the first row, or 0 if there is no row or it is NULL.
    fn count(&self, statement: Statement) -> impl Future<Output = Result<i64, DbError>> + Send {
        async move {
            let row = self.connection().query_one_raw(statement).await?;
            let read = |row: sea_orm::QueryResult| row.try_get_by_index::<Option<i64>>(0);
            Ok(row.map(read).transpose()?.flatten().unwrap_or(0))
        }
    }

    /// Runs a statement. Returns the number of affected rows.
    fn run(&self, statement: Statement) -> impl Future<Output = Result<u64, DbError>> + Send {
        async move { Ok(self.connection().execute_raw(statement).await?.rows_affected()) }
    }
}

/// Parses the rows of a select built by [`Engine::as_json`].
///
/// # Errors
/// When a column has another type.
pub fn read_rows<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, DbError> {
    let rows = serde_json::from_str(text);
    Ok(rows.map_err(|error| DbErr::Json(error.to_string()))?)
}

/// Parses the ids joined by [`Sql::joined_ids`].
#[must_use]
pub fn read_ids(joined: Option<&str>) -> Vec<Uuid> {
    let ids = joined.unwrap_or_default().split(',');
    ids.filter_map(|id| Uuid::try_parse(id).ok()).collect()
}

impl Sql for Db {
    type Connection = Pool;

    fn connection(&self) -> &Self::Connection {
        self.reading()
    }

    fn engine(&self) -> Engine {
        self.0.engine
    }
}

impl Sql for Tx {
    type Connection = Transaction;

    fn connection(&self) -> &Self::Connection {
        &self.inner
    }

    fn engine(&self) -> Engine {
        self.engine
    }
}
