use std::path::{Path, PathBuf};

use guildhall::backup::COPIER;
use tempfile::TempDir;

use super::{configured, dump, is_sound, lived_in, meddle, says, silently};
use crate::app::{Database, TestApp};

async fn copy_of(app: &TestApp, folder: &Path) -> PathBuf {
    let path = folder.join("copy.db");
    COPIER.backup(&app.context().db, &path, silently).await.expect("copied");
    path
}

#[tokio::test]
async fn a_restored_server_has_the_same_content() {
    let app = lived_in().await;
    let folder = TempDir::new().expect("a folder");
    let path = copy_of(&app, folder.path()).await;
    let home = configured(&folder.path().join("home"), None);
    let kept = COPIER.restore(&home, &path, silently).await.expect("restored");
    is_sound(&kept);
    assert_eq!(dump(&home).await, app.dump().await);
    // Restore into a database server as well as into a file.
    let other = Database::empty().await;
    if !other.address().starts_with("sqlite") {
        let there = configured(&folder.path().join("there"), Some(&other));
        let kept = COPIER.restore(&there, &path, silently).await.expect("restored");
        is_sound(&kept);
        assert_eq!(dump(&there).await, app.dump().await);
        let again = COPIER.restore(&there, &path, silently).await;
        says(again, &["not empty", "has rows"]);
    }
    other.remove().await;
    app.finish().await;
}

#[tokio::test]
async fn a_restored_ledger_is_append_only() {
    let app = lived_in().await;
    let folder = TempDir::new().expect("a folder");
    let path = copy_of(&app, folder.path()).await;
    let home = configured(&folder.path().join("home"), None);
    COPIER.restore(&home, &path, silently).await.expect("restored");
    let file = home.data_dir.join("guildhall.db");
    for sql in ["UPDATE point_transactions SET points = 1", "DELETE FROM point_transactions"] {
        let refused = meddle(&file, sql).await.expect_err("refused");
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
    app.finish().await;
}

#[tokio::test]
async fn incomplete_backups_are_refused() {
    let app = lived_in().await;
    let folder = TempDir::new().expect("a folder");
    let path = copy_of(&app, folder.path()).await;
    let home = configured(&folder.path().join("home"), None);
    let absent = COPIER.restore(&home, &folder.path().join("absent.db"), silently).await;
    says(absent, &["no backup found at", "absent.db"]);

    let words = folder.path().join("words.db");
    std::fs::write(&words, "no database").expect("written");
    assert!(COPIER.restore(&home, &words, silently).await.is_err());

    let bytes = std::fs::read(&path).expect("read");
    let torn = folder.path().join("torn.db");
    let mut damaged = bytes.clone();
    damaged[20_000..60_000].fill(7);
    std::fs::write(&torn, damaged).expect("written");
    assert!(COPIER.restore(&home, &torn, silently).await.is_err());

    let newer = folder.path().join("newer.db");
    std::fs::write(&newer, bytes).expect("written");
    let sql = "INSERT INTO schema_migrations (version, applied_at) VALUES ('2999_later', 0)";
    meddle(&newer, sql).await.expect("meddled");
    says(COPIER.restore(&home, &newer, silently).await, &["newer than this release"]);
    assert!(!home.data_dir.join("guildhall.db").exists());
    app.finish().await;
}

#[tokio::test]
async fn existing_data_is_not_overwritten() {
    let app = lived_in().await;
    let folder = TempDir::new().expect("a folder");
    let path = copy_of(&app, folder.path()).await;
    let home = configured(&folder.path().join("home"), None);
    COPIER.restore(&home, &path, silently).await.expect("restored");
    let again = COPIER.restore(&home, &path, silently).await;
    says(again, &["already exists", "--data-dir"]);
    app.finish().await;
}

#[tokio::test]
async fn an_inconsistent_backup_is_restored_with_a_warning() {
    let app = lived_in().await;
    let folder = TempDir::new().expect("a folder");
    let path = copy_of(&app, folder.path()).await;
    meddle(&path, "UPDATE users SET total_points = total_points + 1").await.expect("meddled");
    let home = configured(&folder.path().join("home"), None);
    let kept = COPIER.restore(&home, &path, silently).await.expect("restored");
    assert!(!kept.mismatches.is_empty());
    assert!(home.data_dir.join("guildhall.db").exists());
    app.finish().await;
}
