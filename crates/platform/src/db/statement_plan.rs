//! Plans of statements, which are not run for it.

use sea_orm::{ConnectionTrait as _, DbErr, QueryResult};

use super::{Db, DbError, Engine, Sql as _};

/// The beginnings of statements that have a plan.
const PLANNED: [&str; 5] = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"];

/// How long PostgreSQL may take, and that it plans for any values.
const LIMITS: &str = "SET LOCAL statement_timeout = '2s'; SET LOCAL lock_timeout = '200ms'; \
                      SET LOCAL plan_cache_mode = force_generic_plan";

impl Db {
    /// Returns the plan of a statement for any values, a step a line; `None` if it is not a single one that reads or changes rows.
    /// PostgreSQL may take two seconds.
    ///
    /// # Errors
    /// When the engine cannot plan it, for example because its table is gone or locked.
    pub async fn explain(&self, sql: &str) -> Result<Option<String>, DbError> {
        if sql.contains(';') || !PLANNED.iter().any(|verb| sql.starts_with(verb)) {
            return Ok(None);
        }
        let steps = match self.engine() {
            Engine::Sqlite => self.steps(sql).await?,
            Engine::Postgres => self.generic_plan(sql).await?,
        };
        Ok(Some(steps.join("\n")))
    }

    async fn steps(&self, sql: &str) -> Result<Vec<String>, DbError> {
        let explain = self.statement(&format!("EXPLAIN QUERY PLAN {sql}"), []);
        let rows = self.connection().query_all_raw(explain).await?;
        let step = |row: &QueryResult| row.try_get::<String>("", "detail");
        Ok(rows.iter().map(step).collect::<Result<_, DbErr>>()?)
    }

    async fn generic_plan(&self, sql: &str) -> Result<Vec<String>, DbError> {
        // Read-only, so that nothing changes whatever the statement says.
        let snapshot = self.snapshot().await?;
        let connection = snapshot.connection();
        connection.execute_unprepared(LIMITS).await?;
        connection.execute_unprepared(&format!("PREPARE explained AS {sql}")).await?;
        connection.execute_unprepared("SAVEPOINT prepared").await?;
        let nulls = vec!["NULL"; placeholders(sql)].join(", ");
        let values = if nulls.is_empty() { nulls } else { format!("({nulls})") };
        let explain = self.statement(&format!("EXPLAIN EXECUTE explained{values}"), []);
        let rows = connection.query_all_raw(explain).await;
        // A prepared statement outlives its transaction.
        let forget = "ROLLBACK TO SAVEPOINT prepared; DEALLOCATE explained";
        connection.execute_unprepared(forget).await?;
        let line = |row: &QueryResult| row.try_get_by_index::<String>(0);
        Ok(rows?.iter().map(line).collect::<Result<_, DbErr>>()?)
    }
}

/// Returns the number of the last placeholder of a statement: 2 for `$1` and `$2`.
fn placeholders(sql: &str) -> usize {
    let numbers = sql.split('$').skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest[..end].parse::<u16>().unwrap_or(0)
    });
    usize::from(numbers.max().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_counted_by_number() {
        for (sql, expected) in [
            ("SELECT 1", 0),
            ("SELECT $1", 1),
            ("SELECT $2 WHERE x = $1 AND y = $12", 12),
            ("SELECT '$', $3", 3),
            ("SELECT '$999999999'", 0),
        ] {
            assert_eq!(placeholders(sql), expected, "{sql}");
        }
    }
}
