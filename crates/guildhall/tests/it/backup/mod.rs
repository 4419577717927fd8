//! Backup, restore and transfer: the copy has the same content as the original.

mod keys;
mod log;
mod part;
mod restore;
mod save;
mod scheduled;
mod transfer;

use std::path::Path;

use guildhall::App;
use operations::backup::BackupFile;
use platform::{
    config::{Config, Flags},
    db::{DatabaseUrl, Db},
};

use crate::app::{
    Database, TestApp,
    scenarios::{Scenario, person, repo},
};

/// Starts a server with points of three people, and an award that is not due yet.
async fn lived_in() -> TestApp {
    let app = TestApp::of_lantern().await;
    let lantern = repo(1, "lantern");
    let scenario = |number: i64, login: &str| {
        let day = format!("2026-10-{number:02}T08:00:00Z");
        Scenario::opened(&lantern, number, &person(login), &day)
    };
    let merged = |number: i64, login: &str| {
        scenario(number, login).merged(&format!("2026-10-{:02}T08:00:00Z", number + 1))
    };
    app.deliver_all(&[
        &merged(1, "wren-oak"),
        &merged(2, "hexacat").labeled("bug", "2026-10-04T08:00:00Z"),
        &merged(4, "wren-oak"),
        &scenario(5, "owlet"),
    ])
    .await;
    app
}

/// Returns a configuration for `directory`, optionally with another database.
pub(crate) fn configured(directory: &Path, database: Option<&Database>) -> Config {
    let mut config = Config::load(&Default::default(), &Flags::default()).expect("defaults");
    config.data_dir = directory.to_owned();
    config.database_url = database.map(|database| database.address().into());
    config
}

/// Returns the facts, leaderboards and ledger of the server with this configuration.
async fn dump(config: &Config) -> Vec<String> {
    let url = config.database().expect("an address");
    let server = App::open(config.clone()).await;
    let server = server.unwrap_or_else(|error| panic!("{url:?}: {error:#}"));
    let lines = recognition::reads::dump(&server.context, guildhall::PROGRAMMES).await;
    server.context.db.close().await;
    lines.expect("a dump")
}

/// Checks that a backup is consistent and not empty.
fn is_sound(kept: &BackupFile) {
    assert!(kept.mismatches.is_empty(), "{:?}", kept.mismatches);
    let of = |name: &str| {
        let mut tables = kept.tables.iter();
        tables.find(|table| table.table == name).map(|table| table.rows)
    };
    assert_eq!(of("pull_requests"), Some(4), "{:?}", kept.tables);
    assert!(of("point_transactions") > Some(0) && of("users") > Some(3));
    assert_eq!(of("schema_migrations"), None);
}

/// Checks that the error contains all of these words.
fn says<T: std::fmt::Debug>(result: anyhow::Result<T>, words: &[&str]) {
    let said = format!("{:#}", result.expect_err("refused"));
    for word in words {
        assert!(said.contains(word), "{word}: {said}");
    }
}

/// Runs a statement on a SQLite file outside of the program.
async fn meddle(path: &Path, sql: &str) -> Result<u64, platform::db::DbError> {
    let db = Db::connect(&DatabaseUrl::Sqlite(path.to_owned())).await.expect("opened");
    let tx = db.begin().await.expect("begun");
    let done = platform::db::Sql::run(&tx, platform::db::Sql::statement(&tx, sql, [])).await;
    tx.commit().await.expect("committed");
    db.close().await;
    done
}

/// Ignores progress.
pub(crate) fn silently(_: &str, _: i64) {}
