//! Backups that the server makes: verified, rotated, encrypted and copied elsewhere.

use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use guildhall::backup::COPIER;
use identity::model::Role;
use operations::backup::Source;
use platform::{
    alerts,
    config::{BackupSchedule, Config},
    outside::Condition,
};
use tempfile::TempDir;
use testkit::fake_storage::{FakeStorage, KEY};

use super::{configured, says, silently};
use crate::app::TestApp;

/// A pair of keys from the tests of age.
const PUBLIC: &str = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";
const PRIVATE: &str = "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";

/// Starts a server that makes backups in a folder every hour, and keeps two.
async fn hourly(folder: &Path, change: impl FnOnce(&mut Config)) -> TestApp {
    TestApp::with(|config| {
        config.backup_schedule = BackupSchedule::read("hourly=2").expect("a schedule");
        config.backup_dir = Some(folder.to_owned());
        change(config);
    })
    .await
}

/// Runs the job; returns its report or its error.
async fn back_up(app: &TestApp) -> Result<String, String> {
    let schedules = app.server.jobs().schedules;
    let job = schedules.iter().find(|one| one.name() == "Backup").expect("the job");
    job.run(app.context().clone()).await.map_err(|error| error.to_string())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

#[tokio::test]
async fn backups_are_verified_rotated_and_listed() {
    let folder = TempDir::new().expect("a folder");
    let app = hourly(folder.path(), |_| {}).await;
    let own = folder.path().join("guildhall-before-upgrade.db");
    std::fs::write(&own, "mine").expect("written");
    std::fs::write(folder.path().join(".guildhall-20200101T000000Z.db"), "half").expect("written");
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    for _ in 0..4 {
        let said = back_up(&app).await.expect("made");
        assert!(said.starts_with("guildhall-") && !said.contains("elsewhere"), "{said}");
        app.clock.advance(TimeDelta::hours(1));
    }
    let left = files(folder.path());
    assert_eq!(left.len(), 3, "two backups, and the file of the operator: {left:?}");
    assert!(left.contains(&own));
    let home = folder.path().join("home");
    let newest = left.iter().rfind(|path| **path != own).expect("a backup");
    let kept = COPIER.restore(&configured(&home, None), newest, silently).await;
    assert!(kept.expect("restored").mismatches.is_empty());
    let page = admin.get("/admin/backups").await.text;
    let name = newest.file_name().and_then(|name| name.to_str()).expect("a name");
    let says = "The newest was created";
    for words in [name, "Verified", "Removed", "not copied elsewhere", says] {
        assert!(page.contains(words), "{words}: {page}");
    }
    for said in ["Backup requested", "already requested"] {
        let asked = admin.post("/admin/backups", &[]).await;
        let page = admin.get(asked.location()).await.text;
        assert!(page.contains(said), "{said}: {page}");
    }
    app.finish().await;
}

#[tokio::test]
async fn an_encrypted_backup_opens_only_with_its_key() {
    let folder = TempDir::new().expect("a folder");
    let there = folder.path().join("there");
    let app = hourly(&there, |config| config.backup_recipient = Some(PUBLIC.to_owned())).await;
    back_up(&app).await.expect("made");
    let made = files(&there);
    assert_eq!(made.len(), 1, "no unencrypted file is left: {made:?}");
    assert!(made[0].to_string_lossy().ends_with(".db.age"));
    let home = configured(&folder.path().join("home"), None);
    says(COPIER.restore(&home, &made[0], silently).await, &["is encrypted", "--identity"]);
    let identity = folder.path().join("key.txt");
    std::fs::write(&identity, format!("# the key\n{PRIVATE}\n")).expect("written");
    let source = Source { file: &made[0], identity: Some(&identity) };
    let kept = COPIER.restore(&home, source, silently).await.expect("restored");
    assert!(kept.rows() > 0 && kept.mismatches.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn a_backup_that_was_not_copied_is_copied_again() {
    let folder = TempDir::new().expect("a folder");
    let storage = FakeStorage::start().await.expect("a port");
    let there = folder.path().join("there");
    let elsewhere = folder.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).expect("created");
    let app = hourly(&there, |config| {
        config.backup_s3_url = Some(storage.url().to_owned());
        config.backup_s3_bucket = Some("far".to_owned());
        config.backup_s3_access_key = Some(KEY.0.to_owned());
        config.backup_s3_secret_key = Some(KEY.1.to_owned().into());
        config.backup_command = Some(format!("cp {{file}} {}/{{name}}", elsewhere.display()));
    })
    .await;
    storage.refuse(1);
    let refused = back_up(&app).await.expect_err("refused");
    assert!(refused.contains("SlowDown"), "{refused}");
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    assert!(admin.get("/admin/backups").await.text.contains("SlowDown"));
    app.clock.advance(TimeDelta::minutes(10));
    let said = back_up(&app).await.expect("copied");
    assert!(said.ends_with("copied elsewhere"), "{said}");
    let [made]: [PathBuf; 1] = files(&there).try_into().expect("one backup");
    let content = std::fs::read(&made).expect("read");
    let objects = storage.objects();
    assert_eq!(objects.len(), 1);
    assert!(objects.values().all(|object| *object == content), "the storage has the same bytes");
    let [copy]: [PathBuf; 1] = files(&elsewhere).try_into().expect("one copy");
    assert_eq!(copy.file_name(), made.file_name());
    app.finish().await;
}

#[tokio::test]
async fn operators_learn_that_backups_fail() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "no folder").expect("written");
    let app = hourly(&file.join("backups"), |_| {}).await;
    let failed = back_up(&app).await.expect_err("failed");
    assert!(failed.contains("cannot create the directory"), "{failed}");
    let found = app.server.outside.look(app.context()).await;
    let check = found.into_iter().find(|check| check.name == "backups").expect("a check");
    let Condition::Failing(why) = check.condition else {
        panic!("doctor and the health page say that it failed: {:?}", check.condition);
    };
    assert!(why.contains("cannot create the directory"), "{why}");
    let alerts = async || -> Vec<String> {
        app.run_schedule("OperatorAlerts").await;
        let found = alerts::latest(&app.context().db, 10).await.expect("read");
        let own = found.into_iter().filter(|alert| alert.kind == "backup_old");
        own.map(|alert| alert.title).collect()
    };
    assert!(alerts().await.is_empty(), "the first failure is no incident yet");
    app.clock.advance(TimeDelta::hours(3));
    assert_eq!(alerts().await, ["No backup was verified for 3 hours"]);
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let page = admin.get("/admin/backups").await.text;
    assert!(page.contains("Failed") && page.contains("cannot create the directory"), "{page}");
    std::fs::remove_file(&file).expect("removed");
    back_up(&app).await.expect("made");
    alerts().await;
    assert!(!alerts::is_open(&app.context().db, "backup_old").await.expect("read"));
    app.finish().await;
}
