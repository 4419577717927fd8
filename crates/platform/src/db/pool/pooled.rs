use futures_util::stream::BoxStream;
use sea_orm::{ExecResult, QueryResult, Statement, sqlx::Error};

use super::{
    Lease, Observer,
    connection::{Connection, is_lost},
    in_background,
};
use crate::{slow::Timed, telemetry::traces};

/// A connection of a pool. Dropping returns it at once if its work is done. Otherwise, a task ends the abandoned work
/// first.
pub(in crate::db) struct Pooled {
    /// Absent only while being dropped.
    lease: Option<Lease>,
    observer: Option<Observer>,
    /// True from the start of a statement until its end. It stays true if the future of a statement is dropped.
    is_busy: bool,
    /// True from the attempt to begin a transaction until a commit has succeeded.
    in_transaction: bool,
    /// True after an error that ends the connection.
    pub(super) is_lost: bool,
}

impl Pooled {
    pub(super) fn new(lease: Lease, observer: Option<Observer>) -> Self {
        let lease = Some(lease);
        Self { lease, observer, is_busy: false, in_transaction: false, is_lost: false }
    }

    /// Returns the number of this connection among those that the pool has opened.
    pub(in crate::db) fn number(&self) -> u64 {
        self.lease.as_ref().map_or(0, |lease| lease.live.number)
    }

    pub(super) async fn execute(&mut self, statement: Statement) -> Result<ExecResult, Error> {
        let _span = traces::of_statement(&statement.sql);
        let timed = Timed::of(&statement);
        let result = self.start(&statement).execute(statement).await;
        self.end_timed(timed, result)
    }

    pub(super) async fn execute_text(&mut self, sql: String) -> Result<ExecResult, Error> {
        let result = self.busy().execute_text(sql).await;
        self.end(result)
    }

    /// Returns the first row.
    pub(in crate::db) async fn first(
        &mut self,
        statement: Statement,
    ) -> Result<Option<QueryResult>, Error> {
        let _span = traces::of_statement(&statement.sql);
        let timed = Timed::of(&statement);
        let result = self.start(&statement).first(statement).await;
        self.end_timed(timed, result)
    }

    pub(super) async fn all(&mut self, statement: Statement) -> Result<Vec<QueryResult>, Error> {
        let _span = traces::of_statement(&statement.sql);
        let timed = Timed::of(&statement);
        let result = self.start(&statement).all(statement).await;
        self.end_timed(timed, result)
    }

    /// Returns the rows one after another. The connection counts as busy until its next statement.
    pub(super) fn stream(
        &mut self,
        statement: Statement,
    ) -> BoxStream<'_, Result<QueryResult, Error>> {
        self.start(&statement).stream(statement)
    }

    pub(super) async fn begin(&mut self, sql: &'static str) -> Result<(), Error> {
        self.in_transaction = true;
        let result = self.busy().control(sql).await;
        self.end(result)
    }

    pub(super) async fn commit(mut self) -> Result<(), Error> {
        let result = self.busy().control("COMMIT").await;
        self.in_transaction = result.is_err();
        self.end(result)
    }

    fn start(&mut self, statement: &Statement) -> &mut Connection {
        if let Some(observer) = &self.observer {
            observer(statement);
        }
        self.busy()
    }

    fn busy(&mut self) -> &mut Connection {
        self.is_busy = true;
        &mut self.lease.as_mut().expect("a connection until the drop").live.connection
    }

    fn end_timed<T>(&mut self, timed: Timed, result: Result<T, Error>) -> Result<T, Error> {
        if let Some(lease) = &self.lease {
            timed.end(&lease.shared.slow);
        }
        self.end(result)
    }

    fn end<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        self.is_busy = false;
        self.is_lost |= result.as_ref().is_err_and(is_lost);
        result
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        let Some(lease) = self.lease.take() else {
            return;
        };
        if self.is_lost {
            lease.lose();
        } else if self.is_busy || self.in_transaction {
            in_background(lease.recover(self.in_transaction));
        } else {
            lease.give_back();
        }
    }
}
