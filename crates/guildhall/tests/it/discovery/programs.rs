//! Followed repositories are read by the program, also if it is killed again and again.

use platform::{SystemClock, db::Sql as _};
use sea_orm::FromQueryResult;
use serde_json::Value;

use super::*;
use crate::process::{Sandbox, program::Program};

const ISSUES: usize = 300;

/// A simulated GitHub whose repository has many issues.
async fn github() -> FakeGithub {
    let github = FakeGithub::start(Options::new(SystemClock)).await;
    let github = github.expect("a fake");
    github.add_user("hexacat");
    github.add_repo("octo-org", "lantern");
    for number in 0..ISSUES {
        let opened = github.open_issue(LANTERN, "hexacat", |issue| {
            issue.title = format!("Sort the stations by column {number}");
            issue.body = Some("The table lists them in any order. See docs/usage.md.".to_owned());
            if number % 30 == 0 {
                issue.labels = vec![Label::named("good first issue")];
            }
        });
        opened.expect("opened");
    }
    // Six pages.
    github.switch(|switches| switches.largest_page = 50);
    github
}

/// Starts a server that reads the simulated GitHub, and kills itself if a plan says so.
fn start(sandbox: &Sandbox, github: &FakeGithub, plan: Option<&str>) -> Program {
    let mut command = sandbox.command(&["serve"]);
    command.env("GUILDHALL_GITHUB_API_URL", github.url()).env("GITHUB_API_TOKEN", "token-hexacat");
    sandbox.start(&mut command, plan)
}

fn json(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    serde_json::from_str(&sandbox.succeed(arguments)).expect("JSON")
}

/// Waits until all opportunities are there.
async fn all_derived(sandbox: &Sandbox) {
    sandbox.counts("opportunities", ISSUES as i64).await;
    sandbox.settled().await;
}

#[derive(FromQueryResult)]
struct Row {
    value: String,
}

async fn rows(sandbox: &Sandbox) -> Vec<String> {
    let sql = "SELECT CAST(number AS text) || title || labels || status || CAST(overall AS text) || analysis AS value \
               FROM opportunities ORDER BY number";
    let rows: Vec<Row> = sandbox.db.all(sandbox.db.statement(sql, [])).await.expect("read");
    rows.into_iter().map(|row| row.value).collect()
}

#[tokio::test]
async fn followed_issues_are_found_by_words_and_filters() {
    let (github, sandbox) = (github().await, Sandbox::new().await);
    sandbox.succeed(&["discovery", "follow", LANTERN]);
    let server = start(&sandbox, &github, None);
    all_derived(&sandbox).await;
    let status = json(&sandbox, &["discovery", "status", "--json"]);
    assert_eq!((&status["repositories"], &status["read"]), (&1.into(), &1.into()));
    assert_eq!(status["opportunities"], ISSUES);
    let found = json(&sandbox, &["discovery", "search", "colum", "77", "--json", "--limit", "1"]);
    assert_eq!(found["opportunities"], serde_json::json!(["octo-org/lantern#78"]));
    assert_eq!(found["corrections"][0]["word"], "colum");
    let first =
        ["discovery", "search", "--label", "good first issue", "--language", "Rust", "--json"];
    let found = json(&sandbox, &first);
    assert_eq!(
        (&found["total"], &found["facets"]["label"]["good first issue"]),
        (&10.into(), &10.into())
    );
    let listed = sandbox.succeed(&["discovery", "search", "column", "--limit", "3"]);
    assert_eq!(listed.lines().count(), 3, "{listed}");
    let none = json(&sandbox, &["discovery", "search", "--language", "Zig", "--json"]);
    assert_eq!(
        (&none["total"], &none["facets"]["language"]["Rust"]),
        (&0.into(), &(ISSUES as i64).into())
    );
    drop(server);
}

#[tokio::test]
async fn a_program_that_is_killed_while_it_reads_continues() {
    let github = github().await;
    let (calm, troubled) = (Sandbox::new().await, Sandbox::new().await);
    for sandbox in [&calm, &troubled] {
        sandbox.succeed(&["discovery", "follow", LANTERN]);
    }
    let server = start(&calm, &github, None);
    all_derived(&calm).await;
    drop(server);
    // The first kill is before the repository is found, four are after a page each, and five before the next one.
    let mut plans = vec!["discovery.found:1"];
    plans.extend(["issues.before_commit:2"; 4]);
    plans.extend(["issues.before_commit:1"; 5]);
    for plan in plans {
        start(&troubled, &github, Some(plan)).killed().await;
    }
    assert_eq!(troubled.count("issues").await, 200);
    let server = start(&troubled, &github, None);
    all_derived(&troubled).await;
    assert_eq!(rows(&troubled).await, rows(&calm).await);
    drop(server);
}
