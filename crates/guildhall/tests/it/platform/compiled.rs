//! SQLite's compile options, which are set in `.cargo/config.toml` and cannot be changed at run time.

use platform::db::Sql as _;
use sea_orm::FromQueryResult;

use crate::app::TestApp;

#[derive(FromQueryResult)]
struct Row {
    compile_options: String,
}

#[tokio::test]
#[ignore = "needs SQLite"]
async fn sqlite_has_its_compile_options() {
    let app = TestApp::start().await;
    let sql = "SELECT compile_options FROM pragma_compile_options";
    let db = &app.context().db;
    let found: Vec<Row> = db.all(db.statement(sql, [])).await.expect("options");
    let has = |name: &str| found.iter().any(|row| row.compile_options == name);
    assert!(has("ENABLE_QPSG"), "build in the workspace's folder");
    assert!(has("DEFAULT_MEMSTATUS=0") && !has("ENABLE_MEMORY_MANAGEMENT"));
    app.finish().await;
}
