//! `guildhall discovery follow`, `unfollow` and `status`

use serde_json::Value;

use crate::process::Sandbox;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

#[tokio::test]
async fn a_list_is_followed_and_counted() {
    let sandbox = Sandbox::new().await;
    let list = sandbox.directory().join("list.txt");
    std::fs::write(
        &list,
        "octo-org/lantern # ours\nhttps://github.com/octo-org/tide\n",
    )
    .expect("written");
    let path = list.to_str().expect("UTF-8");
    let followed = sandbox.succeed(&["discovery", "follow", "octo-org/sand", "--file", path]);
    assert!(
        followed.contains("3 repositories to find and read, 0 followed before"),
        "{followed}"
    );
    let status: Value =
        serde_json::from_str(&sandbox.succeed(&["discovery", "status", "--json"])).expect("JSON");
    assert_eq!(
        (&status["waiting_names"], &status["repositories"]),
        (&3.into(), &0.into())
    );
    let table = sandbox.succeed(&["discovery", "status"]);
    assert!(table.contains("names to find            3"), "{table}");
    let unknown = sandbox
        .command(&["discovery", "unfollow", "octo-org/lantern"])
        .output()
        .expect("run");
    assert!(!unknown.status.success(), "it was never found at GitHub");
    assert!(text(&unknown.stdout).contains("0 repositories no longer followed"));
}

#[tokio::test]
async fn wrong_names_are_refused() {
    let sandbox = Sandbox::new().await;
    let none = sandbox
        .command(&["discovery", "follow"])
        .output()
        .expect("run");
    assert!(
        text(&none.stderr).contains("name a repository, or a list with --file"),
        "{none:?}"
    );
    let wrong = sandbox
        .command(&["discovery", "follow", "lantern"])
        .output()
        .expect("run");
    assert!(!wrong.status.success());
    assert!(
        text(&wrong.stderr).contains("not a name of a repository: lantern; write OWNER/NAME"),
        "{wrong:?}"
    );
    let missing = sandbox
        .command(&["discovery", "follow", "--file", "none.txt"])
        .output()
        .expect("run");
    assert!(
        text(&missing.stderr).contains("cannot read none.txt"),
        "{missing:?}"
    );
}
