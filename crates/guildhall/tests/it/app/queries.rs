//! Plain SQL for state that no page shows.

use platform::db::{Db, DbError, Sql};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::TestApp;

#[derive(FromQueryResult)]
struct Row {
    value: Option<String>,
}

/// Returns each `value` that `sql` selects, with "-" for NULL.
pub(crate) async fn values(db: &Db, sql: &str) -> Vec<String> {
    let rows: Vec<Row> =
        db.all(db.statement(sql, [])).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.into_iter().map(|row| row.value.unwrap_or_else(|| "-".to_owned())).collect()
}

impl TestApp {
    /// Returns the number that `sql` selects.
    pub(crate) async fn count(&self, sql: &str) -> i64 {
        let db = &self.context().db;
        db.count(db.statement(sql, [])).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Returns each `value` that `sql` selects, with "-" for NULL.
    pub(crate) async fn values(&self, sql: &str) -> Vec<String> {
        values(&self.context().db, sql).await
    }

    pub(crate) async fn person_id(&self, login: &str) -> uuid::Uuid {
        let found = identity::reads::person(&self.context().db, login).await;
        found.expect("looked").expect(login).id
    }

    /// Runs SQL that writes.
    pub(crate) async fn change(&self, sql: &str) -> Result<(), DbError> {
        let tx = self.context().begin().await?;
        tx.connection().execute_unprepared(sql).await?;
        tx.commit().await
    }
}
