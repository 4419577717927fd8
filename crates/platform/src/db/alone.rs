//! Transactions of a single statement, which cost one round trip to the database.

use sea_orm::{ConnectionTrait as _, Statement};

use super::{Db, DbError, Engine, Query};

impl Db {
    /// Runs one statement that writes, as a transaction of its own, outside of requests with an idempotency key, then wakes this process's idle jobs of `topic`.
    /// Returns the number of affected rows. Other processes' jobs wake if the statement contains [`Query::notice`].
    ///
    /// # Errors
    /// When the database fails. Nothing is changed then.
    pub async fn run_alone(
        &self,
        statement: Statement,
        topic: &'static str,
    ) -> Result<u64, DbError> {
        let affected = self.0.writer.execute_raw(statement).await?.rows_affected();
        self.0.wakes.wake(topic);
        Ok(affected)
    }
}

impl Query {
    /// Returns a condition that is true, and wakes other processes' jobs of `topic` after the commit. SQLite has no
    /// notifications.
    pub fn notice(&mut self, topic: &'static str) -> String {
        match self.engine() {
            Engine::Sqlite => "true".to_owned(),
            Engine::Postgres => {
                let topic = self.bind(topic);
                format!("(SELECT CAST(pg_notify('guildhall', {topic}) AS text)) IS NOT NULL")
            }
        }
    }
}
