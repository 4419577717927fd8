use guildhall::{App, backup::COPIER};
use tempfile::TempDir;

use super::{configured, dump, is_sound, lived_in, meddle, says, silently};
use crate::app::Database;

#[tokio::test]
async fn everything_is_copied_and_the_old_server_is_closed() {
    let app = lived_in().await;
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("copy.db");
    COPIER.backup(&app.context().db, &path, silently).await.expect("copied");
    let home = configured(&folder.path().join("home"), None);
    COPIER.restore(&home, &path, silently).await.expect("restored");
    let other = Database::empty().await;
    let to = other.url().clone();
    if other.address().starts_with("sqlite") {
        let refused = COPIER.move_to(&home, &to, silently).await;
        says(refused, &["--to postgres://"]);
        assert_eq!(dump(&home).await, app.dump().await);
        return app.finish().await;
    }
    let kept = COPIER.move_to(&home, &to, silently).await.expect("moved");
    is_sound(&kept);
    assert_eq!(dump(&configured(folder.path(), Some(&other))).await, app.dump().await);

    let file = home.data_dir.join("guildhall.db");
    let refused = meddle(&file, "UPDATE users SET total_points = 0").await;
    let refused = refused.expect_err("refused").to_string();
    assert!(refused.contains("moved to another database"), "{refused}");
    says(App::open(home.clone()).await.map(drop), &["moved to PostgreSQL", "set DATABASE_URL"]);
    says(COPIER.move_to(&home, &to, silently).await, &["moved to PostgreSQL"]);
    let elsewhere = configured(folder.path(), Some(&other));
    says(COPIER.move_to(&elsewhere, &to, silently).await, &["only SQLite can be moved"]);
    other.remove().await;
    app.finish().await;
}

#[tokio::test]
async fn a_transfer_into_existing_data_is_refused() {
    let app = lived_in().await;
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("copy.db");
    COPIER.backup(&app.context().db, &path, silently).await.expect("copied");
    let home = configured(&folder.path().join("home"), None);
    COPIER.restore(&home, &path, silently).await.expect("restored");
    let filled = app.context().db.engine();
    let refused = COPIER.move_to(&home, app.database().url(), silently).await;
    match filled {
        platform::db::Engine::Postgres => says(refused, &["not empty"]),
        platform::db::Engine::Sqlite => says(refused, &["--to postgres://"]),
    }
    assert_eq!(dump(&home).await, app.dump().await);
    app.finish().await;
}
