use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::Statement;

/// The duration from which a statement is slow.
const SLOW: Duration = Duration::from_millis(500);
/// The most different statements that are noted before they are taken.
const MOST: usize = 100;
/// The most bytes of a statement that are noted.
const LONGEST: usize = 2_000;

/// Executions of a statement that took long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlowStatement {
    /// Its text, without values; cut if it is long.
    pub sql: String,
    /// True if the text is cut.
    pub is_cut: bool,
    /// The number of slow executions.
    pub runs: i64,
    /// The duration of all of them.
    pub total_ms: i64,
    /// The duration of the slowest.
    pub max_ms: i64,
}

/// The slow statements of a pool, by text.
#[derive(Debug, Default)]
pub(crate) struct SlowStatements(Mutex<HashMap<String, SlowStatement>>);

impl SlowStatements {
    fn note(&self, sql: String, is_cut: bool, took: Duration) {
        let took = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST && !all.contains_key(&sql) {
            return;
        }
        let new = SlowStatement { sql: sql.clone(), is_cut, runs: 0, total_ms: 0, max_ms: 0 };
        let known = all.entry(sql).or_insert(new);
        known.runs += 1;
        known.total_ms = known.total_ms.saturating_add(took);
        known.max_ms = known.max_ms.max(took);
    }

    /// Returns the noted statements, and forgets them.
    pub(crate) fn take(&self) -> Vec<SlowStatement> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        mem::take(&mut *all).into_values().collect()
    }
}

/// A statement that is being executed. The driver takes the statement, so this keeps the beginning of its text.
pub(crate) struct Timed {
    sql: String,
    is_cut: bool,
    began: Instant,
}

impl Timed {
    pub(crate) fn of(statement: &Statement) -> Self {
        let end = statement.sql.floor_char_boundary(LONGEST);
        let sql = statement.sql[..end].to_owned();
        Self { is_cut: end < statement.sql.len(), sql, began: Instant::now() }
    }

    /// Ends the execution, and notes it if it took long.
    pub(crate) fn end(self, slow: &SlowStatements) {
        let took = self.began.elapsed();
        if took >= SLOW {
            slow.note(self.sql, self.is_cut, took);
        }
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::DbBackend;

    use super::*;

    #[test]
    fn executions_of_a_statement_are_counted_together() {
        let slow = SlowStatements::default();
        for milliseconds in [700, 500, 900] {
            slow.note("SELECT 1".to_owned(), false, Duration::from_millis(milliseconds));
        }
        let expected = SlowStatement {
            sql: "SELECT 1".to_owned(),
            is_cut: false,
            runs: 3,
            total_ms: 2_100,
            max_ms: 900,
        };
        assert_eq!(slow.take(), [expected]);
        assert!(slow.take().is_empty());
    }

    #[test]
    fn what_is_noted_is_bounded() {
        let slow = SlowStatements::default();
        for number in 0..2 * MOST {
            slow.note(format!("SELECT {number}"), false, SLOW);
        }
        slow.note("SELECT 0".to_owned(), false, SLOW);
        let taken = slow.take();
        assert_eq!(taken.len(), MOST);
        assert!(taken.iter().any(|one| one.sql == "SELECT 0" && one.runs == 2));
        let long = Statement::from_string(DbBackend::Sqlite, "é".repeat(LONGEST));
        let timed = Timed::of(&long);
        assert!(timed.is_cut && timed.sql.len() == LONGEST);
        timed.end(&slow);
        assert!(slow.take().is_empty(), "a fast statement is not noted");
    }
}
