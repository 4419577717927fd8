//! The files of pull requests decide multipliers and sizes.

use testkit::fake_github::ChangedFile;

use super::*;

fn file(name: &str, additions: i64) -> ChangedFile {
    ChangedFile { filename: name.to_owned(), additions, deletions: 0, patch: None }
}

/// Merges a pull request with these files, reads it, and returns its entries.
async fn earned(files: Vec<ChangedFile>) -> Vec<String> {
    let scene = Scene::new().await;
    let app = scene.server().await;
    let lines: i64 = files.iter().map(|file| file.additions).sum();
    let count = files.len() as i64;
    let shape = |pull: &mut testkit::payloads::PullState| {
        (pull.additions, pull.deletions, pull.changed_files) = (lines, 0, count);
    };
    let number = scene.github.open_pull(REPOSITORY, "hexacat", shape).expect("opened");
    scene.github.set_files(REPOSITORY, number, files).expect("set");
    scene.pass(&[&app], TimeDelta::hours(1));
    scene.github.merge(REPOSITORY, number, "rook-elm").expect("merged");
    scene.register(&app).await;
    app.work().await;
    app.verify().await;
    let entries = app.net_ledger().await;
    app.finish().await;
    entries
}

#[tokio::test]
async fn tests_and_docs_beside_code_count() {
    let files = vec![file("src/a.rs", 10), file("tests/a.rs", 10), file("docs/a.md", 10)];
    assert_eq!(earned(files).await, ["#1  pr_merged +66 2026-09", "#1  pr_opened +10 2026-09"]);
}

#[tokio::test]
async fn generated_lines_do_not_count_toward_the_size() {
    let files = vec![file("src/a.rs", 90), file("package-lock.json", 5_000)];
    assert_eq!(earned(files).await, ["#1  pr_merged +50 2026-09", "#1  pr_opened +10 2026-09"]);
}

#[tokio::test]
async fn long_lists_are_read_to_their_end() {
    let code = (0..240).map(|number| file(&format!("src/{number}.rs"), 1));
    let files = code.chain([file("tests/last.rs", 1)]).collect();
    assert_eq!(
        earned(files).await,
        ["#1  pr_merged +60 2026-09", "#1  pr_opened +10 2026-09", "#1  size_bonus +20 2026-09"]
    );
}
