//! The commands that change and archive projects, and remove repositories.

use std::{
    io::Write as _,
    process::{Output, Stdio},
};

use platform::db::{Db, Sql as _};
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
    sandbox.succeed(&["repo", "add", name, "--project", "lantern", "--github-id", id])
}

/// Runs `repo remove` and types a line.
fn remove(sandbox: &Sandbox, arguments: &[&str], line: &str) -> Output {
    let command = [&["repo", "remove", "octo/lantern"], arguments].concat();
    typed(sandbox, &command, line)
}

/// Runs a command and types a line.
fn typed(sandbox: &Sandbox, arguments: &[&str], line: &str) -> Output {
    let mut command = sandbox.command(arguments);
    command.stdin(Stdio::piped());
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
    assert!(output.status.success() && said.starts_with("Removed octo/lantern"), "{said}");
    assert_eq!(left().await, 1);
    let said = sandbox.succeed(&["repo", "remove", "OCTO/Lantern", "--yes"]);
    assert!(said.starts_with("Removed octo/lantern"), "{said}");
    assert_eq!(left().await, 0);
    let gone = remove(&sandbox, &["--yes"], "");
    let said = String::from_utf8_lossy(&gone.stderr);
    assert!(said.contains("No project has the repository octo/lantern"), "{said}");
    add(&sandbox, "octo/lantern", "1");
    assert_eq!(left().await, 1);
    let acts = "audit_logs WHERE action = 'repository.remove' AND actor_kind = 'operator'";
    assert_eq!(sandbox.count(acts).await, 2);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn repositories_are_excluded_and_included() {
    let sandbox = with_project().await;
    let current = async || sandbox.count("repository_exclusions WHERE lifted_at IS NULL").await;
    let named = ["octo/lantern", "--github-id", "1", "--reason"];
    let exclude = [&["repo", "exclude"], &named[..], &["Farmed"]].concat();
    let output = typed(&sandbox, &exclude, "y\n");
    let said = String::from_utf8_lossy(&output.stderr);
    for words in [
        "excludes octo/lantern and reverses 0 points of 0 pull requests by 0 people",
        "nothing was excluded",
    ] {
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(current().await, 0);
    let output = typed(&sandbox, &exclude, "octo/lantern\n");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.starts_with("Excluded octo/lantern"), "{said}");
    assert_eq!(current().await, 1);
    let again = sandbox.run(&[&exclude[..], &["--yes"]].concat());
    let said = String::from_utf8_lossy(&again.stderr);
    assert!(said.contains("An operator already excluded"), "{said}");
    let blank = sandbox.run(&[&["repo", "include"], &named[..], &[" "]].concat());
    let said = String::from_utf8_lossy(&blank.stderr);
    assert!(said.contains("Enter a reason"), "{said}");
    let include = [&["repo", "include"], &named[..], &["Explained"]].concat();
    let said = sandbox.succeed(&include);
    let words = "octo/lantern is no longer excluded";
    assert!(said.starts_with(words), "{said}");
    assert_eq!(current().await, 0);
    let gone = sandbox.run(&include);
    let said = String::from_utf8_lossy(&gone.stderr);
    assert!(said.contains("is not excluded"), "{said}");
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
    let edit = ["project", "edit", "lantern", "--name", "Lantern Works", "--tag", ""];
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
    assert!(list.contains("octo/lantern"), "of archived projects, too: {list}");
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

/// Makes a person a maintainer of the project, as its pages do.
async fn add_maintainer(sandbox: &Sandbox, login: &str) {
    let db = Db::connect(sandbox.database_url()).await.expect("a database");
    let tx = db.begin().await.expect("a transaction");
    let sql = "INSERT INTO project_maintainers (id, project_id, user_id, role, created_at, updated_at) \
               SELECT u.id, p.id, u.id, 'maintainer', u.created_at, u.created_at \
               FROM users u, projects p WHERE u.login = $1 AND p.slug = 'lantern'";
    let added = tx.run(tx.statement(sql, [login.into()])).await;
    assert_eq!(added.expect("added"), 1);
    tx.commit().await.expect("committed");
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_without_an_active_owner_is_transferred() {
    let sandbox = Sandbox::new().await;
    sandbox.succeed(&["seed", "--people", "3"]);
    sandbox.succeed(&["project", "create", "--name", "Lantern"]);
    let [one, other] = ["seed-0000001", "seed-0000002"];
    let transfer = |slug: &str, login: &str, reason: &str| {
        sandbox.run(&["project", "transfer", slug, login, "--reason", reason])
    };
    let refused = |output: Output, words: &str| {
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(words), "{words}: {said}");
    };
    refused(transfer("none", one, "Founded it"), "Unknown project");
    refused(transfer("lantern", one, "Founded it"), "is not a maintainer");
    for login in [one, other] {
        add_maintainer(&sandbox, login).await;
    }
    refused(transfer("lantern", one, " "), "Enter a reason");
    let output = transfer("lantern", one, "Founded it");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said, "seed-0000001 now owns the project 'lantern'.\n");
    refused(transfer("lantern", one, "Again"), "has an owner");
    refused(transfer("lantern", other, "Sooner"), "has an owner");
    sandbox.succeed(&["user", "ban", one, "--reason", "spam"]);
    assert!(transfer("lantern", other, "Banned").status.success());
    let owner = "project_maintainers m JOIN users u ON u.id = m.user_id \
                 WHERE m.role = 'owner' AND u.login = 'seed-0000002'";
    assert_eq!(sandbox.count(owner).await, 1);
    let acts = "audit_logs WHERE action = 'project.transfer' AND actor_kind = 'operator'";
    assert_eq!(sandbox.count(acts).await, 2);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_off_a_season_asks_for_its_slug() {
    let sandbox = with_project().await;
    let days = ["--first-day", "2030-10-01", "--last-day", "2030-10-31"];
    let create = [&["season", "create", "--slug", "autumn", "--name", "Autumn"], &days[..]];
    sandbox.succeed(&create.concat());
    let sign_off = ["season", "sign-off", "autumn"];
    for line in ["", "y\n", "spring\n"] {
        let output = typed(&sandbox, &sign_off, line);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{line:?}: {said}");
        for words in
            ["cannot be undone", "Type autumn to confirm", "nothing was signed off", "--yes"]
        {
            assert!(said.contains(words), "{line:?}: {said}");
        }
    }
    // A draft cannot be signed off, which is found after the confirmation.
    let confirmed = typed(&sandbox, &sign_off, "autumn\n");
    let yes = sandbox.run(&[&sign_off[..], &["--yes"]].concat());
    for output in [confirmed, yes] {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(!said.contains("nothing was signed off"), "{said}");
    }
    let unknown = sandbox.run(&["season", "sign-off", "spring", "--yes"]);
    assert_eq!(unknown.status.code(), Some(1), "{unknown:?}");
    assert_eq!(sandbox.count("season_results").await, 0);
    sandbox.remove().await;
}
