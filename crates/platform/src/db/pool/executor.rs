//! Statements of the ORM, on a connection of a pool or in a transaction.

use futures_util::{TryStreamExt as _, stream::BoxStream};
use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr,
    Statement, sqlx::Error,
};
use sea_orm_migration::async_trait::async_trait;
use tokio::sync::{Mutex, MutexGuard};

use super::{Options, Pool, Pooled};

/// A transaction, on a connection of its own. It is rolled back if dropped without a commit.
pub struct Transaction {
    pooled: Mutex<Pooled>,
    backend: DbBackend,
}

impl Pool {
    /// Begins a transaction with the statement `sql`. If the caller stops waiting, it is rolled back.
    pub(in crate::db) async fn begin(&self, sql: &'static str) -> Result<Transaction, DbErr> {
        let mut pooled = self.connection().await?;
        pooled.begin(sql).await.map_err(query_failed)?;
        Ok(Transaction { pooled: Mutex::new(pooled), backend: self.get_database_backend() })
    }

    /// Takes a connection.
    pub(in crate::db) async fn connection(&self) -> Result<Pooled, DbErr> {
        self.acquire().await.map_err(|error| match error {
            Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
            Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
            error => DbErr::Conn(RuntimeErr::SqlxError(error.into())),
        })
    }
}

impl Transaction {
    pub(in crate::db) async fn commit(self) -> Result<(), DbErr> {
        self.pooled.into_inner().commit().await.map_err(query_failed)
    }

    /// Waits for other statements of the transaction. Only one runs at a time.
    pub(in crate::db) async fn rows(&self) -> RowReader<'_> {
        RowReader(self.pooled.lock().await)
    }

    async fn connection(&self) -> Result<MutexGuard<'_, Pooled>, DbErr> {
        Ok(self.pooled.lock().await)
    }
}

/// Reads rows one after another, so that they need not be in memory together.
pub(in crate::db) struct RowReader<'a>(MutexGuard<'a, Pooled>);

impl RowReader<'_> {
    pub(in crate::db) fn of(
        &mut self,
        statement: Statement,
    ) -> BoxStream<'_, Result<QueryResult, DbErr>> {
        Box::pin(self.0.stream(statement).map_err(query_failed))
    }
}

pub(in crate::db) fn query_failed(error: Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

fn exec_failed(error: Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

macro_rules! executor {
    ($type:ty, $self:ident => $backend:expr) => {
        #[async_trait]
        impl ConnectionTrait for $type {
            fn get_database_backend(&$self) -> DbBackend {
                $backend
            }

            async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
                self.connection().await?.execute(statement).await.map_err(exec_failed)
            }

            async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
                self.connection().await?.execute_text(sql.to_owned()).await.map_err(exec_failed)
            }

            async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
                self.connection().await?.first(statement).await.map_err(query_failed)
            }

            async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
                self.connection().await?.all(statement).await.map_err(query_failed)
            }
        }
    };
}

executor!(Pool, self => match self.options() {
    Options::Sqlite(_) => DbBackend::Sqlite,
    Options::Postgres(_) => DbBackend::Postgres,
});
executor!(Transaction, self => self.backend);
