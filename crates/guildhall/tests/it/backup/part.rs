//! Parts of a backup in a database beside the live one.

use guildhall::backup::COPIER;
use operations::backup::{Source, Wanted};
use platform::db::{DatabaseUrl, Db, Sql as _};
use tempfile::TempDir;

use super::{lived_in, says, silently};

#[tokio::test]
async fn tables_and_persons_are_taken_out_of_a_backup() {
    let app = lived_in().await;
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("copy.db");
    COPIER.backup(&app.context().db, &path, silently).await.expect("copied");
    let before = std::fs::read(&path).expect("read");
    let source = Source::from(&path);
    let tables = Wanted::Tables(vec!["pull_requests".to_owned()]);
    let side = folder.path().join("side.db");
    let taken = COPIER.extract(source, &tables, &side).await.expect("taken");
    let taken: Vec<_> = taken.iter().map(|one| (one.table.as_str(), one.rows)).collect();
    assert_eq!(taken, [("pull_requests", 4)]);
    says(COPIER.extract(source, &tables, &side).await, &["side.db already exists"]);
    let unknown = Wanted::Tables(vec!["nothing".to_owned()]);
    let other = folder.path().join("other.db");
    says(COPIER.extract(source, &unknown, &other).await, &["no table nothing"]);
    let wren = app.person_id("wren-oak").await;
    let taken = COPIER.extract(source, &Wanted::Person(wren), &other).await;
    let taken = taken.expect("taken");
    let rows = |name: &str| taken.iter().find(|one| one.table == name).map_or(0, |one| one.rows);
    assert_eq!(rows("users"), 1, "{taken:?}");
    assert!((2..4).contains(&rows("pull_requests")), "{taken:?}");
    let db = Db::connect(&DatabaseUrl::Sqlite(other)).await.expect("opened");
    let login = "SELECT count(*) FROM users WHERE login = 'wren-oak'";
    assert_eq!(db.count(db.statement(login, [])).await.expect("counted"), 1);
    db.close().await;
    let no_one = Wanted::Person(uuid::Uuid::nil());
    let third = folder.path().join("third.db");
    says(COPIER.extract(source, &no_one, &third).await, &["no person with the ID"]);
    assert!(!third.exists());
    assert_eq!(std::fs::read(&path).expect("read"), before, "the backup is unchanged");
    app.finish().await;
}
