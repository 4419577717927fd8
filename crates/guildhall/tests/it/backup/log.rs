//! Copies of SQLite's log: everything that was written, or what was there at an instant, comes back. The database is a
//! SQLite file of the test, on either engine.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::TimeDelta;
use guildhall::{App, backup::COPIER};
use identity::model::Role;
use kernel::Timestamp;
use operations::backup::{LogCopier, LogLimits, LogSource, RestoredLog};
use platform::{
    alerts,
    config::Config,
    db::{Db, Sql as _},
};
use tempfile::TempDir;
use testkit::{
    clock::FakeClock,
    fake_storage::{FakeStorage, KEY},
};
use tokio::task::JoinHandle;

use super::{configured, says};
use crate::app::TestApp;

/// A pair of keys from the tests of age.
const PUBLIC: &str = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";
const PRIVATE: &str = "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";

/// Small ones, so that the log is turned over often.
const LIMITS: LogLimits =
    LogLimits { turn: 200 * 1024, age: Duration::from_secs(3_600), part: 64 * 1024 };

/// An installation on SQLite whose log is copied.
struct Scene {
    folder: TempDir,
    config: Config,
    db: Db,
    clock: FakeClock,
}

impl Scene {
    async fn new(change: impl FnOnce(&mut Config)) -> Self {
        let folder = TempDir::new().expect("a folder");
        let mut config = configured(&folder.path().join("home"), None);
        config.backup_dir = Some(folder.path().join("backups"));
        change(&mut config);
        let db = App::open(config.clone()).await.expect("opened").context.db.clone();
        let tx = db.begin().await.expect("begun");
        let sql = "CREATE TABLE things (id INTEGER PRIMARY KEY, filler BLOB)";
        tx.run(tx.statement(sql, [])).await.expect("created");
        tx.commit().await.expect("committed");
        let now = "2026-11-20T09:00:00Z".parse().expect("an instant");
        Self { folder, config, db, clock: FakeClock::new(now) }
    }

    async fn copier(&self) -> LogCopier {
        self.clock.advance(TimeDelta::seconds(1));
        let database = self.config.data_dir.join("guildhall.db");
        let copier = LogCopier::open(&database, &self.config, LIMITS, &self.clock).await;
        copier.expect("opened").expect("no one else copies")
    }

    /// Copies until a base is in all places, which takes several rounds on a busy machine. Returns the confirmed instant.
    async fn first_copy(&self, copier: &mut LogCopier) -> Timestamp {
        for _ in 0..200 {
            let state = copier.round(&self.clock).await.expect("copied");
            if let Some(at) = state.confirmed_at {
                return at;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no base is complete: {:?}", names(&self.copies()));
    }

    fn copies(&self) -> PathBuf {
        self.config.backup_log_folder()
    }

    /// Restores the copies in a folder at an instant into a new folder; returns the result and the number of things.
    async fn restore(&self, folder: &Path, at: Option<&str>) -> anyhow::Result<(RestoredLog, i64)> {
        let identity = self.folder.path().join("key.txt");
        std::fs::write(&identity, PRIVATE).expect("written");
        let to = TempDir::new_in(self.folder.path()).expect("a folder");
        let home = configured(&to.path().join("restored"), None);
        let at = at.map(|at| at.parse().expect("an instant"));
        let from = LogSource { folder, identity: Some(&identity), at };
        let restored = COPIER.restore_log(&home, from).await?;
        let db = Db::connect(&home.database().expect("an address")).await.expect("opened");
        let things = db.count(db.statement("SELECT count(*) FROM things", [])).await;
        db.close().await;
        Ok((restored, things.expect("counted")))
    }
}

async fn insert(db: &Db, things: std::ops::Range<i64>) {
    for thing in things {
        let tx = db.begin().await.expect("begun");
        let sql = "INSERT INTO things (id, filler) VALUES ($1, randomblob(4000))";
        tx.run(tx.statement(sql, [thing.into()])).await.expect("inserted");
        tx.commit().await.expect("committed");
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.expect("an entry").file_name();
    let mut names: Vec<String> =
        entries.map(name).map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Counts the generations of the log among the copies.
fn generations(folder: &Path) -> usize {
    let names = names(folder);
    let starts: BTreeSet<&str> = names.iter().filter_map(|name| name.split('-').nth(1)).collect();
    starts.len()
}

/// Returns the parts among the copies, in their order.
fn parts(folder: &Path) -> Vec<PathBuf> {
    let names = names(folder).into_iter().filter(|name| name.contains(".wal"));
    names.map(|name| folder.join(name)).collect()
}

#[tokio::test]
async fn what_several_wrote_is_restored_after_the_process_was_killed() {
    let scene = Scene::new(|_| {}).await;
    let mut copier = Some(scene.copier().await);
    let others = (0..3).map(|other| {
        let url = scene.config.database().expect("an address");
        tokio::spawn(async move {
            let db = Db::connect(&url).await.expect("connected");
            insert(&db, other * 100..(other + 1) * 100).await;
            db.close().await;
        })
    });
    let others: Vec<JoinHandle<()>> = others.collect();
    let mut rounds = 0;
    while !others.iter().all(JoinHandle::is_finished) {
        let mut own = match copier.take() {
            Some(own) => own,
            None => scene.copier().await,
        };
        // After the log was emptied by another program, a new run begins with a base.
        if own.round(&scene.clock).await.is_ok() {
            copier = Some(own);
        }
        scene.clock.advance(TimeDelta::seconds(10));
        rounds += 1;
        if rounds == 5 {
            scene.db.empty_log().await.expect("emptied, or not");
        }
    }
    let mut last = match copier {
        Some(last) => last,
        None => scene.copier().await,
    };
    last.round(&scene.clock).await.expect("copied");
    let (folder, mut written) = (scene.copies(), 300);
    // How often it was turned over so far depends on how long the others took.
    while generations(&folder) < 3 && written < 3_000 {
        insert(&scene.db, written..written + 60).await;
        written += 60;
        scene.clock.advance(TimeDelta::seconds(10));
        last.round(&scene.clock).await.expect("copied");
    }
    drop(last);
    assert!(generations(&folder) > 2, "the log was turned over: {:?}", names(&folder));
    let (restored, things) = scene.restore(&folder, None).await.expect("restored");
    assert_eq!((things, restored.unused), (written, None));
    assert!(restored.file.mismatches.is_empty());
    scene.db.close().await;
}

#[tokio::test]
async fn the_database_comes_back_as_it_was_at_an_instant() {
    let scene = Scene::new(|_| {}).await;
    let mut copier = scene.copier().await;
    scene.first_copy(&mut copier).await;
    for minute in 0..6 {
        scene.clock.advance(TimeDelta::minutes(1));
        insert(&scene.db, minute * 20..(minute + 1) * 20).await;
        copier.round(&scene.clock).await.expect("copied");
    }
    let folder = scene.copies();
    for (at, expected) in [
        ("2026-11-20T09:00:59Z", 0),
        ("2026-11-20T09:01:30Z", 20),
        ("2026-11-20T09:04:00Z", 60),
        ("2026-11-20T09:04:30Z", 80),
        ("2026-11-20T12:00:00Z", 120),
    ] {
        let (restored, things) = scene.restore(&folder, Some(at)).await.expect("restored");
        assert_eq!((things, restored.unused), (expected, None), "{at}");
    }
    let early = scene.restore(&folder, Some("2026-11-20T08:00:00Z")).await;
    says(early.map(|(restored, _)| restored.at), &["no complete base until"]);

    // A part is damaged, then gone: what is before it can be restored, and nothing after it without a word.
    let parts = parts(&folder);
    let third = &parts[3];
    let mut bytes = std::fs::read(third).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 100].fill(7);
    std::fs::write(third, bytes).expect("written");
    for words in ["damaged", "missing"] {
        let (restored, things) = scene.restore(&folder, None).await.expect("restored");
        assert!((40..80).contains(&things), "{words}: {things}");
        assert!(restored.words().contains(words), "{}", restored.words());
        let (before, things) =
            scene.restore(&folder, Some("2026-11-20T09:02:30Z")).await.expect("restored");
        assert_eq!((things, before.unused), (40, None), "{words}");
        std::fs::remove_file(third).ok();
    }
    copier.close().await;
    scene.db.close().await;
}

#[tokio::test]
async fn copies_are_encrypted_and_in_the_storage() {
    let storage = FakeStorage::start().await.expect("a port");
    let scene = Scene::new(|config| {
        config.backup_recipient = Some(PUBLIC.to_owned());
        config.backup_s3_url = Some(storage.url().to_owned());
        config.backup_s3_bucket = Some("far".to_owned());
        config.backup_s3_access_key = Some(KEY.0.to_owned());
        config.backup_s3_secret_key = Some(KEY.1.to_owned().into());
    })
    .await;
    let mut copier = scene.copier().await;
    let first = scene.first_copy(&mut copier).await;
    insert(&scene.db, 0..30).await;
    scene.clock.advance(TimeDelta::seconds(10));
    storage.refuse(1);
    let state = copier.round(&scene.clock).await.expect("copied here").clone();
    assert!(state.error.is_some_and(|error| error.contains("SlowDown")));
    assert_eq!(state.confirmed_at, Some(first), "not everything is there");
    let state = copier.round(&scene.clock).await.expect("copied").clone();
    assert_eq!((state.error, state.confirmed_at > Some(first)), (None, true));
    copier.close().await;
    let there = scene.folder.path().join("there");
    std::fs::create_dir(&there).expect("created");
    for (path, content) in storage.objects() {
        let name = path.strip_prefix("/far/log/").expect("a name");
        assert!(name.ends_with(".age"), "{name}");
        std::fs::write(there.join(name), content).expect("written");
    }
    let here: Vec<String> =
        names(&scene.copies()).into_iter().filter(|name| name != "state.json").collect();
    assert_eq!(here, names(&there));
    let (restored, things) = scene.restore(&there, None).await.expect("restored");
    assert_eq!((things, restored.unused), (30, None));
    scene.db.close().await;
}

#[tokio::test]
async fn operators_learn_that_the_log_is_not_copied() {
    let folder = TempDir::new().expect("a folder");
    let app = TestApp::with(|config| {
        config.backup_log = true;
        config.backup_dir = Some(folder.path().to_owned());
    })
    .await;
    // The server begins to copy after ten seconds, unless another process does.
    let lock = app.database().directory().join("guildhall.log-lock");
    let lock = std::fs::File::create(lock).expect("created");
    lock.try_lock().expect("no one copies yet");
    let open = async || -> Vec<String> {
        app.run_schedule("OperatorAlerts").await;
        let found = alerts::latest(&app.context().db, 10).await.expect("read");
        found
            .into_iter()
            .filter(|alert| alert.kind == "backup_old")
            .map(|alert| alert.title)
            .collect()
    };
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    assert!(admin.get("/admin/backups").await.text.contains("is not complete yet"));
    assert!(open().await.is_empty(), "it has just begun");
    app.clock.advance(TimeDelta::minutes(6));
    assert_eq!(open().await, ["Changes of the database were not copied for 6 minutes"]);
    std::fs::create_dir_all(folder.path().join("log")).expect("created");
    let state = r#"{"since":"2026-10-31T00:00:00Z","confirmed_at":"2026-11-01T00:05:50Z","bytes":4096,"error":"the disk is full"}"#;
    std::fs::write(folder.path().join("log/state.json"), state).expect("written");
    let page = admin.get("/admin/backups").await.text;
    for words in ["every 10 seconds", "2026-10-31", "the disk is full"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    app.finish().await;
}
