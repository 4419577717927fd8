//! Lists of projects, and the pages for operators.

use std::fs;

use super::*;
use crate::{
    auth::rows::{Access::Admin, NONE, Row},
    process::Sandbox,
};

/// The rows of the permission matrix.
pub(crate) const ROWS: &[Row] = &[
    ("GET", "/admin/discovery", "/admin/discovery", NONE, Admin(200)),
    ("GET", "/admin/discovery/labels", "/admin/discovery/labels", NONE, Admin(200)),
];

fn file(repository: &str, label: &str) -> String {
    format!(
        "name: Lantern\ndesc: Tide tables\nsite: https://lantern.example\ntags:\n- rust\nupforgrabs:\n  name: {label}\n  \
         link: https://github.com/{repository}/labels/{label}\nstats:\n  issue-count: 3\n"
    )
}

#[tokio::test]
async fn a_folder_of_projects_is_followed_and_wrong_files_are_named() {
    let sandbox = Sandbox::new().await;
    let folder = sandbox.directory().join("projects");
    fs::create_dir(&folder).expect("created");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("written");
    write("lantern.yml", &file("octo-org/lantern", "pick-me"));
    write("same.yaml", &file("Octo-Org/Lantern", "help-wanted"));
    write("tide.yml", &file("octo-org/tide", "pick-me"));
    write("away.yml", "name: Away\nupforgrabs:\n  name: x\n  link: https://gitlab.com/a/b\n");
    write("long.yml", &"x".repeat(70_000));
    write("notes.txt", "not read");
    let folder = folder.display().to_string();
    let import = ["discovery", "import", "projects", folder.as_str()];
    let mut dry = import.to_vec();
    dry.push("--dry-run");
    let output = sandbox.command(&dry).output().expect("run");
    assert!(!output.status.success());
    assert_eq!(sandbox.count("followed_repositories").await, 0);
    let output = sandbox.command(&import).output().expect("run");
    let (said, remarks) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("5 files: 2 repositories, 2 not readable"), "{said}");
    assert!(said.contains("2 repositories to find and read, 0 followed before"), "{said}");
    assert!(
        remarks.contains("away.yml:4: no repository on GitHub: https://gitlab.com/a/b"),
        "{remarks}"
    );
    assert!(remarks.contains("long.yml: it has more than 64 KiB"), "{remarks}");
    assert_eq!(sandbox.count("followed_repositories").await, 2);
    let again = sandbox.command(&import).output().expect("run");
    let said = String::from_utf8_lossy(&again.stdout);
    assert!(said.contains("0 repositories to find and read, 2 followed before"), "{said}");
}

#[tokio::test]
async fn a_stated_label_asks_for_help_in_its_repository() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    reef.repository("octo-org", "tide");
    reef.open(LANTERN, "Sort by name", &["pick-me"]);
    reef.open("octo-org/tide", "Sort by name", &["pick-me"]);
    follow(&app, &[LANTERN, "octo-org/tide"]).await;
    let wanted = "SELECT count(*) FROM opportunities WHERE is_help_wanted";
    assert_eq!(app.count(wanted).await, 0);
    let listed = discovery::rules::projects::project(&file(LANTERN, "Pick-Me")).expect("read");
    let context = app.context();
    let mut tx = context.begin().await.expect("a transaction");
    let imported = discovery::actions::import_projects(&mut tx, context, &[listed]).await;
    assert_eq!(imported.expect("imported").known, 1);
    tx.commit().await.expect("committed");
    app.work().await;
    assert_eq!(app.count(wanted).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn operators_see_how_far_repositories_are_read_and_what_failed() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    reef.open(LANTERN, "Sort by name", &["area: parser", "bug"]);
    follow(&app, &[LANTERN, "octo-org/nowhere"]).await;
    let admin = app.browser_with("finch-ash", identity::model::Role::Admin).await;
    let before = reef.github.requests();
    let page = admin.get("/admin/discovery").await;
    assert_eq!(page.status, 200);
    for part in [
        LANTERN,
        "octo-org/nowhere",
        "no such repository",
        "guildhall discovery unfollow",
        "of 5,000 left",
        "30 of 30 left",
    ] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert_eq!(reef.github.requests(), before);
    let labels = admin.get("/admin/discovery/labels").await;
    assert!(labels.text.contains("area: parser"), "{}", labels.text);
    let found = admin.get("/admin/discovery/labels?q=Good-First").await;
    assert!(found.text.contains("Suits a first contribution"), "{}", found.text);
    assert!(!found.text.contains("<span class=\"tag\">wontfix</span>"));
    let none = admin.get("/admin/discovery/labels?q=xylophone").await;
    assert!(none.text.contains("No spelling contains"), "{}", none.text);
    app.finish().await;
}

#[tokio::test]
async fn a_server_without_a_token_says_so() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", identity::model::Role::Admin).await;
    let page = admin.get("/admin/discovery").await;
    for part in ["Unknown: ", "/setup/github", "No repository is followed"] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    app.finish().await;
}
