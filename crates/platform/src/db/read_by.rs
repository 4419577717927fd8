//! Errors of columns that name their table.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{DbErr, FromQueryResult, QueryResult, Statement};

/// The SQL that found a row, for errors about its columns.
pub(super) struct ReadBy(String);

impl ReadBy {
    pub(super) fn of(statement: &Statement) -> Self {
        Self(statement.sql.clone())
    }

    /// Reads a row.
    ///
    /// # Errors
    /// When a column has another type or an unknown code.
    pub(super) fn read<T: FromQueryResult>(&self, row: &QueryResult) -> Result<T, DbErr> {
        T::from_query_result(row, "").map_err(|error| match error {
            DbErr::Type(what) => {
                DbErr::Type(format!("{what}, in a row of {}", tables(&self.0, &what)))
            }
            error => error,
        })
    }
}

/// Returns the table of the column that an error names; all tables of the statement if it does not say which.
fn tables(sql: &str, error: &str) -> String {
    let column = error.split('"').nth(1).unwrap_or_default();
    let words = sql.split([' ', ',', '(', ')', '\n']).filter(|word| !word.is_empty());
    let (mut words, mut aliases, mut owner) = (words.peekable(), BTreeMap::new(), None);
    while let Some(word) = words.next() {
        let is_name = |word: &&str| word.starts_with(|first: char| first.is_ascii_lowercase());
        if let "FROM" | "JOIN" | "UPDATE" | "INTO" = word
            && let Some(table) = words.next_if(is_name)
        {
            words.next_if_eq(&"AS");
            aliases.insert(words.next_if(is_name).unwrap_or(table), table);
        } else if let Some((alias, name)) = word.split_once('.') {
            let renamed = words.next_if_eq(&"AS").and_then(|_| words.next());
            owner = owner.or((renamed.unwrap_or(name) == column).then_some(alias));
        }
    }
    let all: BTreeSet<_> = aliases.values().copied().collect();
    let owner = owner.and_then(|alias| aliases.get(alias).copied());
    owner.map_or_else(|| Vec::from_iter(all).join(" or "), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::tables;

    #[test]
    fn an_error_names_the_table_of_the_column() {
        let sql = "SELECT s.id, a.state AS refund_state, d.state FROM jsonb_each($1) s \
                   JOIN orders d ON d.id = s.id LEFT JOIN refunds AS a ON a.order_id = d.id";
        for (sql, column, table) in [
            (sql, "state", "orders"),
            (sql, "refund_state", "refunds"),
            (
                "UPDATE jobs SET due_at = $1 WHERE id IN (SELECT id FROM jobs) RETURNING kind",
                "kind",
                "jobs",
            ),
            ("SELECT kind FROM (SELECT o.kind FROM parcels o) x", "kind", "parcels"),
            ("SELECT kind FROM a JOIN b ON true", "kind", "a or b"),
        ] {
            assert_eq!(tables(sql, &format!("column \"{column}\": `x` is no State")), table);
        }
    }
}
