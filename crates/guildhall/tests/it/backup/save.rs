use guildhall::backup::COPIER;
use tempfile::TempDir;

use super::{configured, dump, lived_in, silently};
use crate::app::scenarios::{Scenario, person, repo};

#[tokio::test]
async fn a_backup_is_a_consistent_snapshot_while_others_write() {
    let app = lived_in().await;
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("copy.db");
    let lantern = repo(1, "lantern");
    let before = app.dump().await;
    let late = Scenario::opened(&lantern, 9, &person("owlet"), "2026-10-20T08:00:00Z");
    let db = app.context().db.clone();
    let (copied, ()) = tokio::join!(COPIER.backup(&db, &path, silently), async {
        app.deliver(&late.deliveries).await;
    });
    copied.expect("copied");
    app.work().await;
    let after = app.dump().await;
    let home = folder.path().join("home");
    COPIER.restore(&configured(&home, None), &path, silently).await.expect("restored");
    let restored = dump(&configured(&home, None)).await;
    // The backup may contain the delivery or not; in neither case is it applied.
    assert_eq!(restored, before);
    assert_ne!(restored, after);
    app.finish().await;
}

#[tokio::test]
async fn existing_files_are_not_overwritten() {
    let app = lived_in().await;
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("copy.db");
    std::fs::write(&path, "precious").expect("written");
    let refused = COPIER.backup(&app.context().db, &path, silently).await;
    super::says(refused, &["copy.db already exists", "another path"]);
    assert_eq!(std::fs::read_to_string(&path).expect("there"), "precious");
    let nowhere = folder.path().join("no/such/folder/copy.db");
    assert!(COPIER.backup(&app.context().db, &nowhere, silently).await.is_err());
    app.finish().await;
}

#[tokio::test]
async fn an_interrupted_backup_does_not_block_the_next() {
    let app = lived_in().await;
    let folder = TempDir::new().expect("a folder");
    for left in ["copy.db.partial", "copy.db.partial-wal"] {
        std::fs::write(folder.path().join(left), "half").expect("written");
    }
    let path = folder.path().join("copy.db");
    COPIER.backup(&app.context().db, &path, silently).await.expect("copied");
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names, ["copy.db"]);
    app.finish().await;
}
