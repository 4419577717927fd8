//! The commands that change and archive projects, and remove repositories.

use std::{
    io::Write as _,
    process::{Output, Stdio},
};

use serde_json::{Value, json};

use super::Sandbox;

async fn with_project() -> Sandbox {
    let sandbox = Sandbox::new().await;
    let create = ["project", "create", "--name", "Lantern", "--tag", "rust"];
    sandbox.succeed(&create);
    for id in ["1", "2"] {
        add(&sandbox, "octo/lantern", id);
    }
    sandbox
}

fn add(sandbox: &Sandbox, name: &str, id: &str) -> String {
    sandbox.succeed(&[
        "repo",
        "add",
        name,
        "--project",
        "lantern",
        "--github-id",
        id,
    ])
}

/// Runs `repo remove` and types a line.
fn remove(sandbox: &Sandbox, arguments: &[&str], line: &str) -> Output {
    let mut command = sandbox.command(&["repo", "remove", "octo/lantern"]);
    command.args(arguments).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program");
    let mut input = child.stdin.take().expect("standard input");
    // The program may end without reading.
    input.write_all(line.as_bytes()).ok();
    drop(input);
    child.wait_with_output().expect("ended")
}

#[tokio::test(flavor = "multi_thread")]
async fn removing_a_repository_asks_for_its_name() {
    let sandbox = with_project().await;
    let left = async || sandbox.count("project_repositories").await;
    let ambiguous = remove(&sandbox, &["--yes"], "");
    let said = String::from_utf8_lossy(&ambiguous.stderr);
    assert!(
        said.contains("Several repositories are named octo/lantern") && said.contains("1, 2"),
        "{said}"
    );
    let first = ["--github-id", "1"];
    for line in ["", "y\n", "octo/other\n"] {
        let output = remove(&sandbox, &first, line);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{line:?}: {said}");
        for words in [
            "removes octo/lantern from the project 'lantern' and reverses 0 points of 0 pull requests",
            "Type octo/lantern to confirm",
            "nothing was removed",
            "--yes",
        ] {
            assert!(said.contains(words), "{line:?}: {said}");
        }
        assert_eq!(left().await, 2, "{line:?}");
    }
    let output = remove(&sandbox, &first, "octo/lantern\n");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.starts_with("Removed octo/lantern"),
        "{said}"
    );
    assert_eq!(left().await, 1);
    let said = sandbox.succeed(&["repo", "remove", "OCTO/Lantern", "--yes"]);
    assert!(said.starts_with("Removed octo/lantern"), "{said}");
    assert_eq!(left().await, 0);
    let gone = remove(&sandbox, &["--yes"], "");
    let said = String::from_utf8_lossy(&gone.stderr);
    assert!(
        said.contains("No project has the repository octo/lantern"),
        "{said}"
    );
    add(&sandbox, "octo/lantern", "1");
    assert_eq!(left().await, 1);
    let acts = "audit_logs WHERE action = 'repository.remove' AND actor_kind = 'operator'";
    assert_eq!(sandbox.count(acts).await, 2);
    sandbox.remove().await;
}

fn listed(sandbox: &Sandbox) -> Value {
    let list = sandbox.succeed(&["project", "list", "--json"]);
    let list: Value = serde_json::from_str(&list).expect("JSON");
    list["projects"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn projects_are_edited_and_archived() {
    let sandbox = with_project().await;
    let edit = [
        "project",
        "edit",
        "lantern",
        "--name",
        "Lantern Works",
        "--tag",
        "",
    ];
    let said = sandbox.succeed(&edit);
    assert_eq!(said, "Changed the project 'lantern'.\n");
    assert_eq!(listed(&sandbox)["name"], "Lantern Works");
    assert_eq!(sandbox.count("projects WHERE tags = '[]'").await, 1);
    for (command, words) in [
        ("archive", "Archived the project 'lantern'."),
        ("archive", "already archived"),
        ("unarchive", "no longer archived"),
        ("unarchive", "is not archived"),
        ("archive", "Archived the project 'lantern'."),
    ] {
        let said = sandbox.succeed(&["project", command, "lantern"]);
        assert!(said.contains(words), "{command}: {said}");
    }
    assert_ne!(listed(&sandbox)["archived_at"], json!(null));
    let list = sandbox.succeed(&["project", "list"]);
    assert!(list.contains("(2 repositories, archived)"), "{list}");
    let list = sandbox.succeed(&["repo", "list"]);
    assert!(
        list.contains("octo/lantern"),
        "of archived projects, too: {list}"
    );
    for wrong in [
        &["project", "edit", "none", "--name", "x"][..],
        &["project", "edit", "lantern", "--name", " "],
        &["project", "archive", "none"],
        &["project", "unarchive", "none"],
    ] {
        let output = sandbox.run(wrong);
        assert_eq!(output.status.code(), Some(1), "{wrong:?}");
        assert!(output.stderr.starts_with(b"guildhall: "), "{wrong:?}");
    }
    sandbox.remove().await;
}
