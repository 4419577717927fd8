use std::{collections::BTreeSet, sync::Arc};

use kernel::{Ids, Timestamp};
use uuid::Uuid;

use super::{Claim, Db, DbError, Engine, Kind, Rows, Sql, Transaction, Wakes, ids, replica};

/// Lets one transaction at a time continue past this point, as [`Tx::serialize`] does.
pub(super) async fn serialize(sql: &impl Sql, lock: &'static str) -> Result<(), DbError> {
    if sql.engine() == Engine::Postgres {
        let take = "SELECT pg_advisory_xact_lock(hashtext($1))";
        sql.run(sql.statement(take, [lock.into()])).await?;
    }
    Ok(())
}

/// A transaction. It is rolled back if dropped without [`Tx::commit`].
pub struct Tx {
    pub(super) inner: Transaction,
    pub(super) engine: Engine,
    wakes: Arc<Wakes>,
    raised: BTreeSet<&'static str>,
}

impl Tx {
    pub(super) async fn begin(db: &Db) -> Result<Self, DbError> {
        let sql = match db.0.engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        };
        // The task may read what it writes.
        replica::leave();
        let inner = db.0.writer.begin(sql).await?;
        Ok(Self {
            inner,
            engine: db.0.engine,
            wakes: Arc::clone(&db.0.wakes),
            raised: BTreeSet::new(),
        })
    }

    /// Lets one transaction at a time continue past this point, until it ends. On PostgreSQL this takes an
    /// advisory lock named `lock`; on SQLite the single writer suffices.
    pub async fn serialize(&self, lock: &'static str) -> Result<(), DbError> {
        serialize(self, lock).await
    }

    /// Locks rows of a table in the order of their ids, before a statement changes many of them: two transactions that
    /// change the same rows in different orders would otherwise wait for each other. On SQLite the single writer
    /// suffices.
    pub async fn lock_rows(
        &self,
        table: &'static str,
        rows: impl IntoIterator<Item = Uuid>,
    ) -> Result<(), DbError> {
        if self.engine == Engine::Postgres {
            let mut query = self.query();
            let rows = query.rows(ids(rows), "r");
            let sql = format!(
                "SELECT id FROM {table} WHERE id IN (SELECT r.id FROM {rows}) ORDER BY id FOR NO KEY UPDATE"
            );
            self.run(query.statement(&sql)).await?;
        }
        Ok(())
    }

    /// Inserts a wake-up for each object, which the job of `topic` processes after the commit.
    pub async fn wake(
        &mut self,
        topic: &'static str,
        objects: impl IntoIterator<Item = Uuid>,
        ids: &dyn Ids,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut rows = Rows::new([("id", Kind::Uuid), ("object_id", Kind::Uuid)]);
        for object in objects {
            rows.push([ids.next().into(), object.into()]);
        }
        if rows.is_empty() {
            return Ok(());
        }
        let mut query = self.query();
        let rows = query.rows(rows, "r");
        let (topic_at, now) = (query.bind(topic), query.bind(now));
        let sql = format!(
            "INSERT INTO wake_ups (id, topic, object_id, created_at) \
             SELECT r.id, {topic_at}, r.object_id, {now} FROM {rows}"
        );
        self.run(query.statement(sql)).await?;
        self.raise(topic);
        Ok(())
    }

    /// Wakes the idle jobs of `topic` after the commit.
    pub fn raise(&mut self, topic: &'static str) {
        self.raised.insert(topic);
    }

    /// Commits the transaction, then wakes the jobs that wait for it.
    ///
    /// # Errors
    /// When the database fails. Nothing is changed then.
    pub async fn commit(self) -> Result<(), DbError> {
        Claim::mark(&self).await?;
        if self.engine == Engine::Postgres {
            for topic in &self.raised {
                let sql = "SELECT pg_notify('guildhall', $1)";
                self.run(self.statement(sql, [(*topic).into()])).await?;
            }
        }
        self.inner.commit().await?;
        for topic in self.raised {
            self.wakes.wake(topic);
        }
        Ok(())
    }
}
