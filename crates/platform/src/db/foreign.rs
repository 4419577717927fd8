//! Tables of other programs in the database.

use sea_orm::FromQueryResult;

use super::{Db, DbError, Engine, MigrateError, Sql as _, in_words};

/// The table of applied migrations, by which a database is known to be of this program.
const MIGRATIONS: &str = "schema_migrations";

/// The most tables that a text names.
const NAMED: usize = 5;

#[derive(FromQueryResult)]
struct Row {
    name: String,
}

impl Db {
    /// Refuses a database without tables of this program in which another program has tables with the names of `own`.
    ///
    /// # Errors
    /// When there are such tables, or the database fails.
    pub async fn refuse_foreign(&self, own: &[&str]) -> Result<(), MigrateError> {
        match clashing(&self.table_names().await?, own).as_slice() {
            [] => Ok(()),
            found => Err(MigrateError::Foreign(listed(found))),
        }
    }

    /// Returns a sentence about the tables that are not of this program, or one with the next step if they are in its way.
    ///
    /// # Errors
    /// When tables of another program have the names of `own`, or the database fails.
    pub async fn foreign_tables(&self, own: &[&str]) -> Result<String, String> {
        let names = self.table_names().await.map_err(|error| in_words(&error))?;
        match clashing(&names, own).as_slice() {
            [] => Ok(match others(&names, own).as_slice() {
                [] => "None".to_owned(),
                found => format!("{}; Guildhall leaves them alone", listed(found)),
            }),
            found => Err(MigrateError::Foreign(listed(found)).to_string()),
        }
    }

    async fn table_names(&self) -> Result<Vec<String>, DbError> {
        let sql = match self.engine() {
            Engine::Sqlite => {
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
                 ORDER BY name"
            }
            Engine::Postgres => {
                "SELECT CAST(tablename AS text) AS name FROM pg_tables \
                 WHERE schemaname = current_schema() ORDER BY 1"
            }
        };
        let rows: Vec<Row> = self.all(self.statement(sql, [])).await?;
        Ok(rows.into_iter().map(|row| row.name).collect())
    }
}

/// Returns the tables of another program that have the names of `own`. Once migrations were applied, these are this program's.
fn clashing<'a>(names: &'a [String], own: &[&str]) -> Vec<&'a str> {
    let is_ours = names.iter().any(|name| name == MIGRATIONS);
    let found = names.iter().map(String::as_str).filter(|name| !is_ours && own.contains(name));
    found.collect()
}

fn others<'a>(names: &'a [String], own: &[&str]) -> Vec<&'a str> {
    let is_other = |name: &&str| *name != MIGRATIONS && !own.contains(name);
    names.iter().map(String::as_str).filter(is_other).collect()
}

fn listed(names: &[&str]) -> String {
    let shown = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_other_programs_are_distinguished() {
        let own = ["sessions", "users"];
        for (names, clash, other) in [
            (vec![], "", ""),
            (vec!["invoices", "users"], "users", "invoices"),
            (vec!["schema_migrations", "sessions", "users"], "", ""),
            (vec!["invoices", "schema_migrations", "users"], "", "invoices"),
        ] {
            let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
            assert_eq!(listed(&clashing(&names, &own)), clash, "{names:?}");
            assert_eq!(listed(&others(&names, &own)), other, "{names:?}");
        }
        assert_eq!(listed(&["a", "b", "c", "d", "e", "f", "g"]), "a, b, c, d, e and 2 more");
    }
}
