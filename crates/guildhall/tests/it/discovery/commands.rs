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
    std::fs::write(&list, "octo-org/lantern # ours\nhttps://github.com/octo-org/tide\n")
        .expect("written");
    let path = list.to_str().expect("UTF-8");
    let followed = sandbox.succeed(&["discovery", "follow", "octo-org/sand", "--file", path]);
    assert!(followed.contains("3 repositories to find and read, 0 followed before"), "{followed}");
    let status: Value =
        serde_json::from_str(&sandbox.succeed(&["discovery", "status", "--json"])).expect("JSON");
    assert_eq!((&status["waiting_names"], &status["repositories"]), (&3.into(), &0.into()));
    let table = sandbox.succeed(&["discovery", "status"]);
    assert!(table.contains("names to find            3"), "{table}");
    let unfollow = ["discovery", "unfollow", "octo-org/lantern"];
    let ended = sandbox.succeed(&unfollow);
    assert!(ended.contains("1 repository no longer followed"), "{ended}");
    let unknown = sandbox.command(&unfollow).output().expect("run");
    assert!(!unknown.status.success(), "it is not followed");
    assert!(text(&unknown.stdout).contains("0 repositories no longer followed"));
}

#[tokio::test]
async fn a_search_is_followed_once_and_ended() {
    let sandbox = Sandbox::new().await;
    let query = "label:\"good first issue\" language:rust";
    let follow = ["discovery", "follow", "--search", query];
    assert!(sandbox.succeed(&follow).contains("1 search to send"));
    assert!(sandbox.succeed(&follow).contains("followed already"));
    let status: Value =
        serde_json::from_str(&sandbox.succeed(&["discovery", "status", "--json"])).expect("JSON");
    assert_eq!(status["searches"][0]["query"], query);
    let table = sandbox.succeed(&["discovery", "status"]);
    assert!(table.contains("0 repositories"), "{table}");
    let unfollow = ["discovery", "unfollow", "--search", query];
    assert!(sandbox.succeed(&unfollow).contains("1 search ended"));
    let again = sandbox.command(&unfollow).output().expect("run");
    assert!(!again.status.success());
    let wrong =
        sandbox.command(&["discovery", "follow", "--search", "is:pr"]).output().expect("run");
    assert!(text(&wrong.stderr).contains("pull requests cannot be claimed"), "{wrong:?}");
}

#[tokio::test]
async fn wrong_names_are_refused() {
    let sandbox = Sandbox::new().await;
    let none = sandbox.command(&["discovery", "follow"]).output().expect("run");
    assert!(
        text(&none.stderr)
            .contains("name a repository, a list with --file, or a search with --search"),
        "{none:?}"
    );
    let wrong = sandbox.command(&["discovery", "follow", "lantern"]).output().expect("run");
    assert!(!wrong.status.success());
    assert!(
        text(&wrong.stderr).contains("not a name of a repository: lantern; write OWNER/NAME"),
        "{wrong:?}"
    );
    let missing =
        sandbox.command(&["discovery", "follow", "--file", "none.txt"]).output().expect("run");
    assert!(text(&missing.stderr).contains("cannot read none.txt"), "{missing:?}");
}
