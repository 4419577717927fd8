//! Statements that operators run, as they are written. Some answers are compared with the API and the metrics.

use std::collections::{BTreeMap, BTreeSet};

use platform::db::{Engine, Sql as _};
use sea_orm::QueryResult;
use serde_json::Value;

use super::demo::Demo;
use crate::process::print_line;

const FILES: &[&str] = &[
    include_str!("statements/contributions.sql"),
    include_str!("statements/ctf.sql"),
    include_str!("statements/discovery.sql"),
    include_str!("statements/hackathons.sql"),
    include_str!("statements/platform.sql"),
];

/// The title of the statement that counts who waits for the game platform.
pub(crate) const WAITING: &str =
    "Competitors who wait for the platform: adults without a release, too";

/// The first two columns of rows: a name, which is empty if there is none, and a number.
type Pairs = BTreeSet<(String, Option<i64>)>;

struct Statement {
    title: &'static str,
    sql: &'static str,
    is_of_postgres: bool,
}

impl Statement {
    fn writes(&self) -> bool {
        !self.sql.starts_with("SELECT")
    }
}

/// Reads the files: statements are separated by empty lines, and begin with their titles.
fn all() -> Vec<Statement> {
    let parts = FILES.iter().flat_map(|file| file.trim().split("\n\n"));
    let read = |part: &'static str| {
        let (title, sql) = part.split_once('\n').expect("a title and a statement");
        let title = title.strip_prefix("-- ").expect("a title");
        let of_postgres = title.strip_suffix(" (PostgreSQL)");
        let (title, is_of_postgres) = (of_postgres.unwrap_or(title), of_postgres.is_some());
        Statement { title, sql: sql.trim_end_matches(';'), is_of_postgres }
    };
    parts.map(read).collect()
}

/// Returns the statement with a title.
pub(crate) fn titled(title: &str) -> &'static str {
    let found = all().into_iter().find(|statement| statement.title == title);
    found.unwrap_or_else(|| panic!("no statement is '{title}'")).sql
}

/// Runs every statement. Returns those that are refused or answer something else than the API and the metrics.
pub(super) async fn differing(demo: &Demo) -> Vec<String> {
    let is_sqlite = demo.db().engine() == Engine::Sqlite;
    let (left_out, run): (Vec<_>, Vec<_>) =
        all().into_iter().partition(|statement| is_sqlite && statement.is_of_postgres);
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for statement in &run {
        let title = statement.title;
        let rows = match statement.writes() {
            true => written(demo, statement.sql).await.map(|()| Vec::new()),
            false => demo.rows(statement.sql).await,
        };
        match (rows, expected(demo, title).await) {
            (Err(error), _) => wrong.push(format!("{title}: {error}")),
            (Ok(_), None) => {}
            (Ok(rows), Some(expected)) => {
                compared += 1;
                let answered: Pairs = rows.iter().map(pair).collect();
                if answered != expected {
                    wrong.push(format!("{title}: {answered:?} instead of {expected:?}"));
                }
            }
        }
    }
    let (run, left_out) = (run.len(), left_out.len());
    print_line(format_args!("{run} statements, {compared} compared, {left_out} left out"));
    wrong
}

/// Runs a statement that writes, and takes it back.
async fn written(demo: &Demo, sql: &str) -> Result<(), String> {
    let tx = demo.db().begin().await.map_err(|error| error.to_string())?;
    let done = tx.run(tx.statement(sql, [])).await;
    done.map(drop).map_err(|error| error.to_string())
}

fn pair(row: &QueryResult) -> (String, Option<i64>) {
    match row.try_get_by_index::<String>(0) {
        Ok(name) => (name, row.try_get_by_index::<Option<i64>>(1).ok().flatten()),
        Err(_) => (String::new(), row.try_get_by_index::<i64>(0).ok()),
    }
}

fn number(number: i64) -> (String, Option<i64>) {
    (String::new(), Some(number))
}

/// Returns what a statement must answer, if something else states it, too.
async fn expected(demo: &Demo, title: &str) -> Option<Pairs> {
    Some(match title {
        "The top of the leaderboard of everyone" => {
            pairs(&demo.json("/api/v1/leaderboards/global").await, "login", "points")
        }
        "People whose total differs from the ledger" | "Competitors whose last sync failed" => {
            Pairs::new()
        }
        "Holders of badges" => {
            let badges = demo.json("/api/v1/badges").await;
            let held = pairs(&badges, "slug", "holder_count").into_iter();
            held.filter(|(_, holders)| *holders != Some(0)).collect()
        }
        "Redemptions by status" => {
            let path = "/api/v1/admin/redemptions?status=all&limit=100";
            counts(&demo.admin().await.json(path).await, "status")
        }
        "Flags that are on" => {
            let mut flags = demo.admin().await.json("/api/v1/admin/flags").await;
            let items = flags["items"].as_array_mut().expect("flags");
            items.retain(|flag| flag["enabled"] == true);
            pairs(&flags, "name", "rollout_percent")
        }
        "Deliveries that failed" => {
            let health = demo.json("/api/health").await;
            let dead = health["checks"]["jobs"]["deliveries_dead"].as_i64();
            Pairs::from([number(dead.expect("a number"))])
        }
        WAITING => {
            let start = "game_platform_competitors_pending ";
            let pending = demo.scrape.lines().find_map(|line| line.strip_prefix(start));
            Pairs::from([number(pending.expect("the metric").trim().parse().expect("a number"))])
        }
        _ => return None,
    })
}

/// Returns a text and a number of each item of an answer.
fn pairs(answer: &Value, text: &str, number: &str) -> Pairs {
    let items = answer["items"].as_array().expect("items").iter();
    let pair = |item: &Value| Some((item[text].as_str()?.to_owned(), item[number].as_i64()));
    items.filter_map(pair).collect()
}

/// Counts the items of an answer by a text of theirs.
fn counts(answer: &Value, text: &str) -> Pairs {
    let mut counts = BTreeMap::<String, i64>::new();
    for item in answer["items"].as_array().expect("items") {
        *counts.entry(item[text].as_str().expect("a text").to_owned()).or_default() += 1;
    }
    counts.into_iter().map(|(text, count)| (text, Some(count))).collect()
}
