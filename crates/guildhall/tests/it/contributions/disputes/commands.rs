//! The commands that list and show disputes, run by a separate process on the same database.

use std::process::{Command, Output};

use platform::db::DatabaseUrl;

use super::*;

fn run(app: &TestApp, arguments: &[&str]) -> Output {
    let address = match app.database_url() {
        DatabaseUrl::Sqlite(path) => format!("sqlite://{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    let folder = tempfile::tempdir().expect("a folder");
    Command::new(env!("CARGO_BIN_EXE_guildhall"))
        .env_clear()
        .env("DATABASE_URL", address)
        .env("GUILDHALL_DATA_DIR", folder.path())
        .env("GITHUB_WEBHOOK_SECRET", crate::app::SECRET)
        .current_dir(folder.path())
        .args(arguments)
        .output()
        .expect("the program")
}

fn said(app: &TestApp, arguments: &[&str]) -> String {
    let output = run(app, arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn shown(app: &TestApp, arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--json"]].concat();
    serde_json::from_str(&said(app, &arguments)).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn disputes_are_listed_and_shown() {
    let app = scene().await;
    assert_eq!(said(&app, &["dispute", "list"]), "No disputes.\n");
    let author = app.browser_of(AUTHOR).await;
    let number = opens(&author, &about_points()).await;
    let list = said(&app, &["dispute", "list"]);
    for words in ["D-1 ", "octo-org/lantern #1", AUTHOR, "open, due "] {
        assert!(list.contains(words), "{words}: {list}");
    }
    let list = shown(&app, &["dispute", "list", "--kind", "flag"]);
    assert_eq!(list["disputes"], json!([]));
    app.browser_of("rook-elm").await;
    let upheld = app.decides("rook-elm", number, DisputeStage::Dispute, false);
    upheld.await.expect("decided");
    assert_eq!(said(&app, &["dispute", "list"]), "No disputes.\n");
    let list = shown(&app, &["dispute", "list", "--state", "decided"]);
    assert_eq!(list["disputes"][0]["number"], number);
    assert_eq!(list["disputes"][0]["state"], "upheld");
    for name in ["D-1", "1"] {
        let dispute = said(&app, &["dispute", "show", name]);
        for words in [
            "upheld by rook-elm",
            "hexacat  opened it",
            "  A step is wrong.",
            "rook-elm  decided it",
            "  The step is right.",
        ] {
            assert!(dispute.contains(words), "{words}: {dispute}");
        }
    }
    let dispute = shown(&app, &["dispute", "show", "D-1"]);
    assert_eq!(dispute["decided_by"], "rook-elm");
    assert_eq!(dispute["messages"][0]["text"], "A step is wrong.");
    let unknown = run(&app, &["dispute", "show", "D-9"]);
    assert_eq!(unknown.status.code(), Some(1));
    let errors = String::from_utf8_lossy(&unknown.stderr);
    assert!(errors.contains("unknown dispute D-9"), "{errors}");
    app.work().await;
    app.finish().await;
}
