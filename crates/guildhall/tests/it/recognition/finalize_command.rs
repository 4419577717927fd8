//! The commands that list months and make them final, run by a separate process on the same database.

use std::process::{Command, Output};

use serde_json::Value;

use super::grants::board_of;
use crate::app::TestApp;

fn run(app: &TestApp, arguments: &[&str]) -> Output {
    let folder = app.database().directory();
    Command::new(env!("CARGO_BIN_EXE_guildhall"))
        .env_clear()
        .env("DATABASE_URL", app.address())
        .env("GUILDHALL_DATA_DIR", folder)
        .env("GITHUB_WEBHOOK_SECRET", crate::app::SECRET)
        .current_dir(folder)
        .args(["leaderboard"])
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

fn refused(app: &TestApp, month: &str) -> String {
    let output = run(app, &["finalize", month]);
    assert_eq!(output.status.code(), Some(1), "{month}");
    String::from_utf8(output.stderr).expect("UTF-8")
}

#[tokio::test(flavor = "multi_thread")]
async fn months_are_listed_and_made_final() {
    let app = TestApp::start().await;
    assert_eq!(said(&app, &["months"]), "No month has points yet.\n");
    // The program uses the clock of the machine, by which this month is long over.
    board_of(&app, &["month:2024-01"], &[5, 3]).await;
    let list = said(&app, &["months"]);
    for words in ["2024-01 ", " 2 people ", " provisional\n"] {
        assert!(list.contains(words), "{words}: {list}");
    }
    let early = refused(&app, "2999-01");
    let words = "2999-01 cannot be final before 2999-02-08 00:00 UTC";
    assert!(early.contains(words), "{early}");
    let nothing = refused(&app, "2024-02");
    assert!(nothing.contains("2024-02 has no points"), "{nothing}");
    for words in ["2024-01 is final.\n", "2024-01 was final already.\n"] {
        assert_eq!(said(&app, &["finalize", "2024-01"]), words);
    }
    let list = said(&app, &["months"]);
    assert!(list.contains("final since "), "{list}");
    let list: Value = serde_json::from_str(&said(&app, &["months", "--json"])).expect("JSON");
    let month = &list["months"][0];
    assert_eq!(month["month"], "2024-01");
    assert_eq!(month["people"], 2);
    assert!(month["final_at"].is_string(), "{list}");
    let acts = "SELECT count(*) FROM audit_logs WHERE action = 'leaderboard.finalize' \
                AND actor_kind = 'operator'";
    assert_eq!(app.count(acts).await, 1);
    let boards = "SELECT count(*) FROM boards WHERE final_by = 'operator'";
    assert_eq!(app.count(boards).await, 1);
    app.finish().await;
}
