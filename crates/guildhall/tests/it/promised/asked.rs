//! Kinds of names that are asked for one by one.

use std::{fs, time::Duration};

use guildhall::MODULES;
use platform::db::Sql as _;
use reqwest::{Method, StatusCode, header};

use super::demo::Demo;
use crate::{
    app::{SECRET, scenarios::delivery, sources::root},
    process::usage::call,
};

/// Returns true if the demo has a name.
pub(super) async fn is_there(demo: &Demo, kind: &str, name: &str) -> bool {
    match kind {
        "answer" => is_answered(demo, name).await,
        "api" | "page" => is_route(demo, name).await,
        "code" => is_code(demo, name).await,
        "column" | "column_of_programmes" => {
            let (table, column) = halves(name, '.');
            is_read(demo, &format!("SELECT t.{column} FROM {table} t LIMIT 1")).await
        }
        "command" => is_command(name),
        "event" => is_event(demo, name).await,
        "exit_code" => {
            let (code, arguments) = halves(name, ' ');
            call(arguments).0 == code.parse().ok()
        }
        "guide" => demo.get(&format!("/guides/{name}")).await.0 == StatusCode::OK,
        "table" => is_read(demo, &format!("SELECT 1 FROM {name} LIMIT 1")).await,
        "threshold" => is_threshold(name),
        "value" => is_value(demo, name).await,
        _ => panic!("'{kind}' is no known kind of names"),
    }
}

/// Splits a name that has two parts.
fn halves(name: &str, at: char) -> (&str, &str) {
    name.split_once(at).unwrap_or_else(|| panic!("'{name}' has no '{at}'"))
}

async fn is_read(demo: &Demo, sql: &str) -> bool {
    demo.rows(sql).await.is_ok()
}

/// Returns true if an answer, such as that of `GET /api/health`, has a place, such as `checks/jobs`.
async fn is_answered(demo: &Demo, name: &str) -> bool {
    let (request, place) = name.rsplit_once(' ').expect("a place");
    let path = request.strip_prefix("GET ").expect("a path");
    demo.json(path).await.pointer(&format!("/{place}")).is_some()
}

/// Returns true if a route exists. The method `TRACE` reaches it without an effect: an existing route refuses it, and
/// names the methods that it has.
async fn is_route(demo: &Demo, name: &str) -> bool {
    let (method, path) = halves(name, ' ');
    let filled = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
    let url = format!("{}{}", demo.url, filled.collect::<Vec<_>>().join("/"));
    let answer = demo.client.request(Method::TRACE, url).send().await.expect("an answer");
    let allowed = answer.headers().get(header::ALLOW).and_then(|value| value.to_str().ok());
    let mut allowed = allowed.unwrap_or_default().split(',').map(str::trim);
    answer.status() == StatusCode::METHOD_NOT_ALLOWED && allowed.any(|other| other == method)
}

/// Returns true if the program reads a code, such as `users.role admin`, from the column.
async fn is_code(demo: &Demo, name: &str) -> bool {
    let (place, code) = halves(name, ' ');
    let (table, column) = halves(place, '.');
    let mut tables = MODULES.iter().flat_map(|module| module.tables);
    let Some(table) = tables.find(|other| other.name == table) else {
        return false;
    };
    let Some(column) = table.codes.iter().find(|other| other.name == column) else {
        return false;
    };
    let tx = demo.db().begin().await.expect("a transaction");
    let sql = format!("SELECT CAST('{code}' AS text) AS value");
    (column.read)(&tx, tx.statement(&sql, [])).await.is_ok()
}

/// Returns true if a command has help, which lists the options in the name.
fn is_command(name: &str) -> bool {
    let is_option = |word: &&str| word.starts_with("--");
    let words: Vec<&str> = name.split(' ').collect();
    let verbs: Vec<&str> = words.iter().copied().take_while(|word| !is_option(word)).collect();
    let (code, help, _) = call(&format!("{} --help", verbs.join(" ")));
    code == Some(0) && words.into_iter().filter(is_option).all(|option| help.contains(option))
}

/// Returns true if a delivery of an event is used. The program refuses its body, which is empty, but not the event.
async fn is_event(demo: &Demo, event: &str) -> bool {
    let sent = delivery(event, "{}");
    let mut request = demo.client.post(format!("{}/api/webhooks/github", demo.url));
    for (name, value) in sent.headers(SECRET, None) {
        request = request.header(name, value);
    }
    let answer = request.body(sent.bytes().to_vec()).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::ACCEPTED, "{event}");
    let sql = format!(
        "SELECT coalesce(outcome, last_error) AS value FROM webhook_deliveries \
         WHERE delivery_id = '{}' AND (completed_at IS NOT NULL OR dead_at IS NOT NULL)",
        sent.delivery
    );
    for _ in 0..600 {
        if let Some(outcome) = demo.values(&sql).await.first() {
            return outcome != "event not used";
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("a delivery of {event} was not processed within a minute");
}

/// Returns true if the row of an alert in the operators' documentation has the words after the colon.
fn is_threshold(name: &str) -> bool {
    let (alert, words) = name.split_once(": ").expect("an alert and words");
    let read = |path: &str| fs::read_to_string(root().join(path)).expect("a page");
    let own = format!("| `{alert}` |");
    let of_alert = |line: &str| line.starts_with(&own) && line.contains(words);
    // The alerts about syncs have a table of their own.
    let of_syncs = |line: &str| {
        alert == "game_platform_sync" && line.starts_with("| ") && line.contains(words)
    };
    read("docs/operations.md").lines().any(of_alert)
        || read("docs/guides/game-platform.md").lines().any(of_syncs)
}

/// Returns true if a column has a text, such as `point_transactions.kind AWARD`.
async fn is_value(demo: &Demo, name: &str) -> bool {
    let (place, text) = halves(name, ' ');
    let (table, column) = halves(place, '.');
    let sql = format!("SELECT t.{column} FROM {table} t WHERE t.{column} = '{text}' LIMIT 1");
    demo.rows(&sql).await.is_ok_and(|rows| !rows.is_empty())
}
