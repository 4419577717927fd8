//! The effects of SQL on tables, from its words alone: the locks that it takes on PostgreSQL, the work, and what it takes away.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::Serialize;

use super::Engine;

/// A lock of PostgreSQL on a table, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Lock {
    /// Others read and write other rows.
    #[serde(rename = "ROW EXCLUSIVE")]
    RowExclusive,
    /// Others read and write.
    #[serde(rename = "SHARE UPDATE EXCLUSIVE")]
    ShareUpdateExclusive,
    /// Others read.
    #[serde(rename = "SHARE")]
    Share,
    /// Others read, and one writes at a time.
    #[serde(rename = "SHARE ROW EXCLUSIVE")]
    ShareRowExclusive,
    /// Others wait.
    #[serde(rename = "ACCESS EXCLUSIVE")]
    AccessExclusive,
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        })
    }
}

/// How much of a table a statement reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    Read,
    Write,
}

impl Work {
    /// Returns the rows for which a second is enough, by the slowest statement that was measured: on a table of 1,000,000
    /// rows of about 250 bytes, with the usual settings of PostgreSQL 15 and SQLite 3.40, on two cores that also compiled
    /// and a virtual disk. On PostgreSQL, `CREATE INDEX` took 0.6 to 4.8 seconds, `CONCURRENTLY` 1.1 to 5.1 (of numbers and
    /// of random texts of 128 bytes), a check 0.2, an `UPDATE` of all rows 38 with three indexes and 86 with seven, and
    /// `INSERT … SELECT` 5.5; on SQLite, an index 0.3 to 1.2, an `UPDATE` 1.3 to 19 and `INSERT … SELECT` 4.8. `ADD COLUMN`
    /// with a default takes milliseconds for any number of rows and is no work.
    const fn rows_in_a_second(self, engine: Engine) -> i64 {
        match (engine, self) {
            (Engine::Postgres, Self::Read) => 190_000,
            (Engine::Postgres, Self::Write) => 11_000,
            (Engine::Sqlite, Self::Read) => 800_000,
            (Engine::Sqlite, Self::Write) => 50_000,
        }
    }
}

/// The effects of one migration's statements on tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Effects {
    /// The tables that they create.
    pub(super) creates: BTreeSet<String>,
    /// Added columns of existing tables.
    columns: BTreeSet<(String, String)>,
    /// The strongest lock on each existing table, or on the table of an index by the name of this.
    pub(super) locks: BTreeMap<String, Lock>,
    work: Vec<(String, Work)>,
    /// The statements that take away or narrow what the release before uses.
    pub(super) narrowing: Vec<String>,
}

impl Effects {
    pub(super) fn of(statements: &[String]) -> Self {
        let mut effects = Self::default();
        for statement in statements.iter().flat_map(|text| split(text)) {
            effects.add(statement);
        }
        effects
    }

    pub(super) fn lock(&mut self, table: &str, lock: Lock, work: Option<Work>) {
        if self.creates.contains(table) {
            return;
        }
        let held = self.locks.entry(table.to_owned()).or_insert(lock);
        *held = lock.max(*held);
        self.work.extend(work.map(|work| (table.to_owned(), work)));
    }

    fn narrows(&mut self, table: &str, statement: &str) {
        if !self.creates.contains(table) {
            self.narrowing.push(statement.to_owned());
        }
    }

    fn add(&mut self, statement: &str) {
        let words = words(statement);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["create", "table", rest @ ..] => {
                let rest = existing(rest);
                self.creates.extend(rest.first().map(|table| (*table).to_owned()));
                for table in after(rest, "references") {
                    self.lock(table, Lock::ShareRowExclusive, None);
                }
            }
            ["create", "unique", "index", rest @ ..] => self.index(rest, true, statement),
            ["create", "index", rest @ ..] => self.index(rest, false, statement),
            ["create", "trigger", rest @ ..] => {
                for table in after(rest, "on").into_iter().take(1) {
                    self.lock(table, Lock::ShareRowExclusive, None);
                    if rest.contains(&"before") {
                        self.narrows(table, statement);
                    }
                }
            }
            ["alter", "table", rest @ ..] => self.alter(existing(rest), statement),
            ["drop", "table", rest @ ..] => {
                for table in existing(rest).iter().take(1) {
                    self.lock(table, Lock::AccessExclusive, None);
                    self.narrows(table, statement);
                    self.creates.remove(*table);
                }
            }
            ["drop", "index", rest @ ..] => {
                for index in existing(rest).iter().take(1) {
                    self.lock(index, Lock::AccessExclusive, None);
                    self.narrows(index, statement);
                }
            }
            ["drop", "trigger", rest @ ..] => {
                for table in after(rest, "on") {
                    self.lock(table, Lock::AccessExclusive, None);
                }
            }
            ["update", table, ..] | ["delete", "from", table, ..] => {
                self.lock(table, Lock::RowExclusive, Some(Work::Write));
            }
            ["insert", "into", table, rest @ ..] => {
                self.lock(table, Lock::RowExclusive, None);
                let from = after(rest, "from").into_iter().take(1);
                self.work.extend(from.map(|from| (from.to_owned(), Work::Write)));
            }
            ["analyze", table] => {
                self.lock(table, Lock::ShareUpdateExclusive, Some(Work::Read));
            }
            ["do", ..] => {
                let text = statement.to_ascii_lowercase();
                for part in text.split("alter table ").skip(1) {
                    let name = part.split(|c: char| !is_name(c)).next().unwrap_or_default();
                    if !name.is_empty() {
                        self.lock(name, Lock::AccessExclusive, None);
                    }
                }
            }
            _ => {}
        }
    }

    /// Adds the index after `CREATE INDEX`. One that is unique refuses rows that the release before writes, unless it is on
    /// columns that this does not know.
    fn index(&mut self, rest: &[&str], is_unique: bool, statement: &str) {
        let Some(at) = rest.iter().position(|word| *word == "on") else {
            return;
        };
        let [table, indexed @ ..] = &rest[at + 1..] else {
            return;
        };
        let lock = match rest.first() {
            Some(&"concurrently") => Lock::ShareUpdateExclusive,
            _ => Lock::Share,
        };
        self.lock(table, lock, Some(Work::Read));
        let mut columns = indexed.iter().take_while(|word| **word != "where");
        let is_added =
            |column: &&str| self.columns.contains(&((*table).to_owned(), (*column).to_owned()));
        if is_unique && !columns.all(is_added) {
            self.narrows(table, statement);
        }
    }

    /// Adds what follows `ALTER TABLE`.
    fn alter(&mut self, rest: &[&str], statement: &str) {
        let [table, rest @ ..] = rest else {
            return;
        };
        let has = |words: &[&str]| rest.windows(words.len()).any(|part| part == words);
        let retypes = |part: &[&str]| matches!(part, ["alter", "column", _, "type"]);
        let is_retyped = has(&["data", "type"]) || rest.windows(4).any(retypes);
        let (lock, work) = if rest.first() == Some(&"set") {
            (Lock::ShareUpdateExclusive, None)
        } else if is_retyped || has(&["stored"]) {
            (Lock::AccessExclusive, Some(Work::Write))
        } else if has(&["set", "not", "null"]) || has(&["check"]) {
            (Lock::AccessExclusive, Some(Work::Read))
        } else {
            (Lock::AccessExclusive, None)
        };
        self.lock(table, lock, work);
        let mut narrows = has(&["rename"])
            || has(&["drop", "column"])
            || is_retyped
            || has(&["set", "not", "null"])
            || has(&["check"])
            || has(&["add", "constraint"]);
        for added in after_all(rest, &["add", "column"]) {
            let Some(column) = existing(added).first() else {
                continue;
            };
            self.columns.insert(((*table).to_owned(), (*column).to_owned()));
            let is_required = added.windows(2).any(|part| part == ["not", "null"]);
            let is_filled = added.iter().any(|word| matches!(*word, "default" | "generated"));
            narrows |= is_required && !is_filled;
        }
        for table in after(rest, "references") {
            self.lock(table, Lock::ShareRowExclusive, None);
        }
        if narrows {
            self.narrows(table, statement);
        }
    }

    /// Returns how many milliseconds the work takes on an engine, by the rows of each table.
    pub(super) fn milliseconds(&self, engine: Engine, rows: &BTreeMap<String, i64>) -> i64 {
        let one = |(table, work): &(String, Work)| {
            let rows = rows.get(table).copied().unwrap_or_default();
            rows.saturating_mul(1_000) / work.rows_in_a_second(engine)
        };
        self.work.iter().map(one).fold(0, i64::saturating_add)
    }
}

/// Returns the words without `IF EXISTS`, `IF NOT EXISTS` and such before the name.
fn existing<'a, 'b>(words: &'a [&'b str]) -> &'a [&'b str] {
    let skipped = words
        .iter()
        .take_while(|word| matches!(**word, "if" | "not" | "exists" | "only" | "concurrently"));
    &words[skipped.count()..]
}

/// Returns each word that follows `keyword`.
fn after<'a>(words: &[&'a str], keyword: &str) -> Vec<&'a str> {
    let pairs = words.windows(2).filter(|pair| pair[0] == keyword);
    pairs.map(|pair| pair[1]).collect()
}

/// Returns what follows each occurrence of `keywords`, up to the next one.
fn after_all<'a, 'b>(words: &'a [&'b str], keywords: &[&str]) -> Vec<&'a [&'b str]> {
    let starts: Vec<usize> = (0..words.len())
        .filter(|at| words[*at..].iter().take(keywords.len()).eq(keywords.iter()))
        .collect();
    let ends = starts.iter().skip(1).copied().chain([words.len()]);
    starts.iter().zip(ends).map(|(start, end)| &words[start + keywords.len()..end]).collect()
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Splits SQL into statements at the semicolons outside of texts and of bodies between marks such as `$$`.
fn split(sql: &str) -> Vec<&str> {
    let (mut statements, mut start, mut at) = (Vec::new(), 0, 0);
    while let Some(found) = sql[at..].find(['\'', '$', ';']) {
        let here = at + found;
        let rest = &sql[here..];
        at = if rest.starts_with(';') {
            statements.push(&sql[start..here]);
            start = here + 1;
            start
        } else if let Some(text) = rest.strip_prefix('\'') {
            text.find('\'').map_or(sql.len(), |end| here + end + 2)
        } else {
            here + mark(rest).map_or(1, |mark| {
                let body = &rest[mark.len()..];
                body.find(mark).map_or(rest.len(), |end| end + 2 * mark.len())
            })
        };
    }
    statements.push(&sql[start..]);
    statements.retain(|statement| !statement.trim().is_empty());
    statements
}

/// Returns the mark `$name$` that a text begins with.
fn mark(text: &str) -> Option<&str> {
    let end = 1 + text[1..].find(|c: char| !is_name(c))?;
    text[end..].starts_with('$').then(|| &text[..=end])
}

/// Returns the names and keywords of a statement in lower case, without texts and punctuation.
fn words(statement: &str) -> Vec<String> {
    let outside = statement.split('\'').step_by(2);
    let words = outside.flat_map(|part| part.split(|c: char| !is_name(c)));
    words.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effects(statements: &[&str]) -> Effects {
        let statements: Vec<String> = statements.iter().map(|one| (*one).to_owned()).collect();
        Effects::of(&statements)
    }

    #[test]
    fn statements_take_these_locks() {
        for (statement, lock) in [
            ("CREATE INDEX shelves_b ON shelves (b)", Lock::Share),
            (
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS shelves_b ON shelves (b)",
                Lock::ShareUpdateExclusive,
            ),
            ("CREATE UNIQUE INDEX \"shelves_b\" ON \"shelves\" (\"b\")", Lock::Share),
            ("ALTER TABLE \"shelves\" ADD COLUMN \"b\" text", Lock::AccessExclusive),
            ("ALTER TABLE shelves SET (fillfactor = 50)", Lock::ShareUpdateExclusive),
            ("DROP TABLE IF EXISTS shelves", Lock::AccessExclusive),
            ("UPDATE shelves SET b = 'c; d'", Lock::RowExclusive),
            ("INSERT INTO shelves (b) SELECT c FROM drawers", Lock::RowExclusive),
            ("ANALYZE shelves", Lock::ShareUpdateExclusive),
            (
                "CREATE TABLE readers (id uuid, FOREIGN KEY (id) REFERENCES shelves (id))",
                Lock::ShareRowExclusive,
            ),
            (
                "DO $$ BEGIN EXECUTE 'ALTER TABLE shelves DROP CONSTRAINT b'; END $$",
                Lock::AccessExclusive,
            ),
        ] {
            assert_eq!(effects(&[statement]).locks.get("shelves"), Some(&lock), "{statement}");
        }
    }

    #[test]
    fn what_takes_away_or_narrows_is_found() {
        for statements in [
            &["DROP TABLE shelves"][..],
            &["DROP INDEX shelves_b"],
            &["ALTER TABLE shelves RENAME TO books"],
            &["ALTER TABLE shelves RENAME COLUMN b TO c"],
            &["ALTER TABLE shelves DROP COLUMN b"],
            &["ALTER TABLE shelves ALTER COLUMN b TYPE bigint"],
            &["ALTER TABLE shelves ALTER COLUMN b SET NOT NULL"],
            &["ALTER TABLE shelves ADD COLUMN b text DEFAULT '', ADD COLUMN c text NOT NULL"],
            &["ALTER TABLE shelves ADD CONSTRAINT c CHECK (b > 0)"],
            &["CREATE UNIQUE INDEX shelves_b ON shelves (b)"],
            &[
                "ALTER TABLE shelves ADD COLUMN b text",
                "CREATE UNIQUE INDEX shelves_b ON shelves (b, c)",
            ],
            &["CREATE TRIGGER t BEFORE UPDATE ON shelves BEGIN SELECT RAISE(ABORT, 'no'); END"],
            &[
                "CREATE TABLE books (id uuid); INSERT INTO books SELECT id FROM shelves; DROP TABLE shelves",
            ],
        ] {
            assert_eq!(effects(statements).narrowing.len(), 1, "{statements:?}");
        }
        for statements in [
            &[
                "CREATE TABLE shelves (b text NOT NULL)",
                "CREATE UNIQUE INDEX shelves_b ON shelves (b)",
            ][..],
            &[
                "CREATE TABLE shelves (b text)",
                "CREATE TRIGGER t BEFORE UPDATE ON shelves BEGIN SELECT 1; END",
            ],
            &[
                "ALTER TABLE shelves ADD COLUMN b text",
                "CREATE UNIQUE INDEX shelves_b ON shelves (b) WHERE c > 0",
            ],
            &["ALTER TABLE shelves ADD COLUMN b text NOT NULL DEFAULT 'drop column'"],
            &["ALTER TABLE \"shelves\" ADD COLUMN \"type\" text"],
            &[
                "ALTER TABLE shelves ADD COLUMN b text GENERATED ALWAYS AS (CASE WHEN c IS NOT NULL THEN 'x' END) STORED",
            ],
            &["CREATE INDEX shelves_b ON shelves (b)"],
            &["CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN DROP TABLE shelves; END $$"],
            &["CREATE TABLE books (id uuid); ALTER TABLE books RENAME TO c"],
        ] {
            assert_eq!(effects(statements).narrowing, Vec::<String>::new(), "{statements:?}");
        }
    }

    #[test]
    fn the_time_follows_from_the_rows() {
        let rows =
            BTreeMap::from([("shelves".to_owned(), 400_000), ("drawers".to_owned(), 40_000)]);
        for (statement, on_postgres, on_sqlite) in [
            ("CREATE INDEX shelves_b ON shelves (b)", 2_105, 500),
            ("UPDATE shelves SET b = 1", 36_363, 8_000),
            ("INSERT INTO shelves (b) SELECT c FROM drawers", 3_636, 800),
            ("ALTER TABLE shelves ADD COLUMN b bigint NOT NULL DEFAULT 0", 0, 0),
            ("UPDATE unknown SET b = 1", 0, 0),
        ] {
            let of = |engine| effects(&[statement]).milliseconds(engine, &rows);
            assert_eq!(of(Engine::Postgres), on_postgres, "{statement}");
            assert_eq!(of(Engine::Sqlite), on_sqlite, "{statement}");
        }
    }
}
