use futures_util::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use sea_orm::{
    ExecResult, QueryResult, Statement,
    sea_query::Values,
    sqlx::{
        self, AssertSqlSafe, ConnectOptions as _, Connection as _, Database, Error, Executor as _,
        IntoArguments,
        postgres::{PgConnectOptions, PgConnection, PgDatabaseError, PgSeverity},
        query::Query,
        sqlite::{SqliteConnectOptions, SqliteConnection},
    },
};
use sea_query_sqlx::SqlxValues;

/// The address and the settings of connections.
#[derive(Clone)]
pub(in crate::db) enum Options {
    /// A file.
    Sqlite(SqliteConnectOptions),
    /// A server.
    Postgres(PgConnectOptions),
}

impl Options {
    pub(super) async fn connect(&self) -> Result<Connection, Error> {
        Ok(match self {
            Self::Sqlite(options) => Connection::Sqlite(options.connect().await?),
            Self::Postgres(options) => Connection::Postgres(options.connect().await?),
        })
    }
}

/// A connection of either driver.
pub(super) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Evaluates an expression for the connection of either driver.
macro_rules! either {
    ($connection:expr, $one:ident => $value:expr) => {
        match $connection {
            Connection::Sqlite($one) => $value,
            Connection::Postgres($one) => $value,
        }
    };
}

impl Connection {
    pub(super) async fn execute(&mut self, statement: Statement) -> Result<ExecResult, Error> {
        Ok(either!(self, one => query(statement).execute(one).await?.into()))
    }

    /// Runs SQL without values, which may consist of several statements.
    pub(super) async fn execute_text(&mut self, sql: String) -> Result<ExecResult, Error> {
        Ok(either!(self, one => one.execute(AssertSqlSafe(sql)).await?.into()))
    }

    pub(super) async fn first(
        &mut self,
        statement: Statement,
    ) -> Result<Option<QueryResult>, Error> {
        Ok(either!(self, one => query(statement).fetch_optional(one).await?.map(Into::into)))
    }

    pub(super) async fn all(&mut self, statement: Statement) -> Result<Vec<QueryResult>, Error> {
        Ok(either!(self, one => {
            let rows = query(statement).fetch_all(one).await?;
            rows.into_iter().map(Into::into).collect()
        }))
    }

    pub(super) fn stream(
        &mut self,
        statement: Statement,
    ) -> BoxStream<'_, Result<QueryResult, Error>> {
        either!(self, one => query(statement).fetch(one).map_ok(Into::into).boxed())
    }

    /// Begins or ends a transaction. SQLite's driver keeps the prepared statement; on PostgreSQL, an unprepared one is a
    /// single message.
    pub(super) async fn control(&mut self, sql: &'static str) -> Result<(), Error> {
        match self {
            Self::Sqlite(one) => sqlx::query(sql).execute(one).await.map(drop),
            Self::Postgres(one) => one.execute(sql).await.map(drop),
        }
    }

    /// Ends a transaction that may have begun. SQLite refuses if it has not, or if it has ended by itself, for example
    /// because the disk is full; PostgreSQL only warns.
    pub(super) async fn roll_back(&mut self) -> Result<(), Error> {
        match self.control("ROLLBACK").await {
            Err(Error::Database(error)) if error.message().contains("no transaction is active") => {
                Ok(())
            }
            result => result,
        }
    }

    /// Waits until an abandoned statement has ended.
    pub(super) async fn ping(&mut self) -> Result<(), Error> {
        either!(self, one => one.ping().await)
    }

    /// Frees large buffers. Otherwise, every connection that ever sent a large delivery keeps one of its size.
    pub(super) fn shrink(&mut self) {
        either!(self, one => one.shrink_buffers());
    }

    pub(super) async fn close(self) -> Result<(), Error> {
        either!(self, one => one.close().await)
    }
}

/// Prepares a statement with its values. The driver keeps it by its text.
fn query<D: Database>(statement: Statement) -> Query<'static, D, SqlxValues>
where
    SqlxValues: IntoArguments<D>,
{
    let values = statement.values.unwrap_or(Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql), SqlxValues(values))
}

/// Returns true if the connection cannot be used any more: the database ended it, or it is unknown what it expects next.
pub(super) fn is_lost(error: &Error) -> bool {
    match error {
        Error::Database(error) => {
            let error = error.try_downcast_ref::<PgDatabaseError>();
            error.is_some_and(|e| matches!(e.severity(), PgSeverity::Fatal | PgSeverity::Panic))
        }
        Error::RowNotFound | Error::TypeNotFound { .. } | Error::Encode(_) | Error::Decode(_) => {
            false
        }
        _ => true,
    }
}
