use std::time::Duration;

use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::super::failure::{Failure, MAX_ATTEMPTS, backoff};
use crate::{
    Context,
    db::{Cell, Db, DbError, Engine, Kind, Query, Rows, Sql, Tx, ids},
    telemetry::errors,
};

/// The table of the runs of schedules.
pub(in crate::jobs) const SCHEDULED: &str = "jobs";

/// The outcome of a row that was refused because of a person's input.
pub const REFUSED: &str = "refused";

/// A table whose rows are work items. `due_at` is when a row is next processed, and NULL if there is nothing to
/// do. A claim moves it to the end of the lease, so that the rows of a worker that died become due again.
#[derive(Clone, Copy, Debug)]
pub struct Queue {
    /// The table, with the columns of [`crate::db::schema::queue_columns`].
    pub table: &'static str,
}

impl Queue {
    /// Claims up to `limit` due rows for `worker` until the lease ends, oldest first. Returns their `columns`.
    pub async fn claim<T: FromQueryResult>(
        &self,
        context: &Context,
        worker: Uuid,
        lease: Duration,
        limit: i64,
        columns: &str,
    ) -> Result<Vec<T>, DbError> {
        let all = |_: &mut Query| "TRUE".to_owned();
        self.claim_among(context, worker, lease, limit, columns, all).await
    }

    /// Like [`Queue::claim`], but only among the rows that match `filter`.
    pub async fn claim_among<T: FromQueryResult>(
        &self,
        context: &Context,
        worker: Uuid,
        lease: Duration,
        limit: i64,
        columns: &str,
        filter: impl FnOnce(&mut Query) -> String,
    ) -> Result<Vec<T>, DbError> {
        let now = context.now();
        if !self.has_due(&context.db, now).await? {
            return Ok(Vec::new());
        }
        let tx = context.begin().await?;
        let table = self.table;
        let mut query = tx.query();
        let (now, until) = (query.bind(now), query.bind(now + lease));
        let (worker, limit) = (query.bind(worker), query.bind(limit));
        let filter = filter(&mut query);
        let skip = match tx.engine() {
            Engine::Sqlite => "",
            Engine::Postgres => "FOR UPDATE SKIP LOCKED",
        };
        let sql = format!(
            "UPDATE {table} SET due_at = {until}, claimed_by = {worker}, attempts = attempts + 1 \
             WHERE id IN (SELECT id FROM {table} WHERE due_at <= {now} AND {filter} \
             ORDER BY due_at LIMIT {limit} {skip}) RETURNING {columns}"
        );
        let rows = tx.all(query.statement(sql)).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// Returns true if rows are due. A read avoids the write lock of an empty claim.
    async fn has_due(&self, db: &Db, now: Timestamp) -> Result<bool, DbError> {
        let sql =
            format!("SELECT CAST(1 AS bigint) FROM {} WHERE due_at <= $1 LIMIT 1", self.table);
        Ok(db.count(db.statement(&sql, [now.into()])).await? > 0)
    }

    /// Renews the lease of a worker's rows. Skips rows that a transaction, such as that of the work itself, is changing.
    pub async fn renew(
        &self,
        tx: &Tx,
        worker: Uuid,
        rows: &[Uuid],
        until: Timestamp,
    ) -> Result<(), DbError> {
        let table = self.table;
        let mut query = tx.query();
        let set = query.rows(ids(rows.iter().copied()), "r");
        let (until, worker) = (query.bind(until), query.bind(worker));
        let skip = match tx.engine() {
            Engine::Sqlite => "",
            Engine::Postgres => "FOR UPDATE SKIP LOCKED",
        };
        let sql = format!(
            "UPDATE {table} SET due_at = {until} WHERE id IN (SELECT id FROM {table} \
             WHERE claimed_by = {worker} AND id IN (SELECT r.id FROM {set}) {skip})"
        );
        tx.run(query.statement(sql)).await?;
        Ok(())
    }

    /// Counts the rows that are still claimed by a worker.
    pub async fn held(&self, db: &Db, worker: Uuid, rows: &[Uuid]) -> Result<i64, DbError> {
        let mut query = db.query();
        let set = query.rows(ids(rows.iter().copied()), "r");
        let worker = query.bind(worker);
        let sql = format!(
            "SELECT count(*) FROM {} WHERE claimed_by = {worker} AND id IN (SELECT r.id FROM {set})",
            self.table
        );
        db.count(query.statement(sql)).await
    }

    /// Marks rows as completed, each with its outcome. Skips rows whose lease has passed to another worker.
    pub async fn complete(
        &self,
        tx: &Tx,
        worker: Uuid,
        done: impl IntoIterator<Item = (Uuid, String)>,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut rows = Rows::new([("id", Kind::Uuid), ("outcome", Kind::Text)]);
        for (id, outcome) in done {
            rows.push([id.into(), outcome.into()]);
        }
        if rows.is_empty() {
            return Ok(());
        }
        let table = self.table;
        let mut query = tx.query();
        let rows = query.rows(rows, "r");
        let (now, worker) = (query.bind(now), query.bind(worker));
        let sql = format!(
            "UPDATE {table} SET due_at = NULL, claimed_by = NULL, completed_at = {now}, \
             outcome = r.outcome, last_error = NULL FROM {rows} \
             WHERE {table}.id = r.id AND {table}.claimed_by = {worker}"
        );
        tx.run(query.statement(sql)).await?;
        Ok(())
    }

    /// Records a failed attempt. The row is due again after the backoff, ends with the outcome [`REFUSED`], or becomes a dead letter.
    pub async fn fail(
        &self,
        tx: &Tx,
        worker: Uuid,
        (id, attempts): (Uuid, i64),
        failure: &Failure,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let (error, wait) = match failure {
            Failure::Retry(error) => (error, Some(backoff(attempts, id))),
            Failure::Later(error, wait) => (error, Some(*wait)),
            Failure::Fail(error) => (error, None),
            Failure::Refuse(error) => return self.refuse(tx, worker, id, error, now).await,
        };
        let due_at = wait.filter(|_| attempts < MAX_ATTEMPTS);
        let due_at = due_at.map(|wait| now + wait);
        let dead_at = due_at.is_none().then_some(now);
        // A schedule reports its runs by its own name.
        if dead_at.is_some() && self.table != SCHEDULED {
            errors::of_job(self.table, attempts);
        }
        let sql = format!(
            "UPDATE {} SET due_at = $1, dead_at = $2, last_error = $3, claimed_by = NULL \
             WHERE id = $4 AND claimed_by = $5",
            self.table
        );
        let values =
            [due_at.into(), dead_at.into(), error.clone().into(), id.into(), worker.into()];
        tx.run(tx.statement(&sql, values)).await?;
        Ok(())
    }

    async fn refuse(
        &self,
        tx: &Tx,
        worker: Uuid,
        id: Uuid,
        error: &str,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let sql = format!(
            "UPDATE {} SET due_at = NULL, completed_at = $1, outcome = '{REFUSED}', last_error = $2, \
             claimed_by = NULL WHERE id = $3 AND claimed_by = $4",
            self.table
        );
        tx.run(tx.statement(&sql, [now.into(), error.into(), id.into(), worker.into()])).await?;
        Ok(())
    }

    /// Like [`Queue::fail`], but an attempt that has to wait for another service does not count: the row is not to blame.
    pub async fn fail_or_wait(
        &self,
        tx: &Tx,
        worker: Uuid,
        (id, attempts): (Uuid, i64),
        failure: &Failure,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let Failure::Later(error, wait) = failure else {
            return self.fail(tx, worker, (id, attempts), failure, now).await;
        };
        let sql = format!(
            "UPDATE {} SET due_at = $1, claimed_by = NULL, attempts = attempts - 1, last_error = $2 \
             WHERE id = $3 AND claimed_by = $4",
            self.table
        );
        let values = [(now + *wait).into(), error.clone().into(), id.into(), worker.into()];
        tx.run(tx.statement(&sql, values)).await?;
        Ok(())
    }

    /// Like [`Queue::fail_or_wait`], in a transaction of its own.
    pub async fn record_failure(
        &self,
        context: &Context,
        worker: Uuid,
        attempt: (Uuid, i64),
        failure: &Failure,
    ) -> Result<(), DbError> {
        let (tx, now) = (context.begin().await?, context.now());
        self.fail_or_wait(&tx, worker, attempt, failure, now).await?;
        tx.commit().await
    }

    /// Makes the dead letters that match `filter` due again. Returns their number.
    pub async fn revive(
        &self,
        tx: &Tx,
        now: Timestamp,
        filter: impl FnOnce(&mut Query) -> String,
    ) -> Result<u64, DbError> {
        let mut query = tx.query();
        let now = query.bind(now);
        let filter = filter(&mut query);
        let sql = format!(
            "UPDATE {} SET due_at = {now}, dead_at = NULL, attempts = 0 \
             WHERE dead_at IS NOT NULL AND {filter}",
            self.table
        );
        tx.run(query.statement(sql)).await
    }

    /// Counts the rows to process, whether or not they are due yet.
    pub async fn undone(&self, db: &Db) -> Result<i64, DbError> {
        let sql = format!("SELECT count(*) FROM {} WHERE due_at IS NOT NULL", self.table);
        db.count(db.statement(&sql, [])).await
    }

    /// Counts the dead letters.
    pub async fn dead(&self, db: &Db) -> Result<i64, DbError> {
        let sql = format!("SELECT count(*) FROM {} WHERE dead_at IS NOT NULL", self.table);
        db.count(db.statement(&sql, [])).await
    }

    /// Releases claimed rows unprocessed, for a worker that stops before it starts on them.
    pub async fn release(
        &self,
        tx: &Tx,
        worker: Uuid,
        rows: &[Uuid],
        now: Timestamp,
    ) -> Result<(), DbError> {
        let table = self.table;
        let mut query = tx.query();
        let set = query.rows(ids(rows.iter().copied()), "r");
        let (now, worker) = (query.bind(Cell::from(now)), query.bind(worker));
        let sql = format!(
            "UPDATE {table} SET due_at = {now}, claimed_by = NULL, attempts = attempts - 1 \
             WHERE claimed_by = {worker} AND id IN (SELECT r.id FROM {set})"
        );
        tx.run(query.statement(sql)).await?;
        Ok(())
    }
}
