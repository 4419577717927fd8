//! The patches of small pull requests tell whether they have low value.

use platform::jobs::MAX_ATTEMPTS;
use testkit::fake_github::ChangedFile;

use super::*;

const README: &str =
    "@@ -1,2 +1,2 @@\n # Lantern\n-Teh lantern of the harbor\n+The lantern of the harbor";
const CODE: &str = "@@ -1 +1 @@\n-let lamps = 1;\n+let lamps = 2;";
const SPACE: &str = "@@ -1 +1 @@\n-let lamps=1;\n+let lamps = 1;";

/// Starts a server with this token that receives deliveries and has a merged pull request, whose patch it requests.
async fn delivered(scene: &Scene, token: Option<&str>) -> TestApp {
    let (url, token) = (scene.github.url().to_owned(), token.map(|it| it.to_owned().into()));
    let app = TestApp::with(move |config| {
        (config.github_api_url, config.github_api_token) = (url, token);
    });
    let app = app.await;
    app.clock.set(scene.clock.now());
    app.project("season").await;
    scene.register(&app).await;
    scene.deliver_to(&app);
    merge(scene, &app, "README.md", README);
    scene.github.settle().await;
    app.work().await;
    app
}

/// Opens a pull request that changes a line of a file, and merges it.
fn merge(scene: &Scene, app: &TestApp, path: &str, patch: &str) -> i64 {
    let shape = |pull: &mut testkit::payloads::PullState| {
        (pull.additions, pull.deletions, pull.changed_files) = (1, 1, 1);
        pull.title = "Improve the lantern".to_owned();
    };
    let number = scene.github.open_pull(REPOSITORY, "hexacat", shape).expect("opened");
    let file = ChangedFile {
        filename: path.to_owned(),
        additions: 1,
        deletions: 1,
        patch: Some(patch.to_owned()),
    };
    scene.github.set_files(REPOSITORY, number, vec![file]).expect("set");
    scene.pass(&[app], TimeDelta::hours(1));
    scene.github.merge(REPOSITORY, number, "rook-elm").expect("merged");
    scene.pass(&[app], TimeDelta::hours(1));
    number
}

/// Returns the merge awards.
async fn awards(app: &TestApp) -> Vec<String> {
    let mut entries = app.net_ledger().await;
    entries.retain(|entry| entry.contains("pr_merged"));
    entries
}

#[tokio::test]
async fn a_change_of_one_word_or_of_white_space_has_low_value() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    merge(&scene, &app, "README.md", README);
    merge(&scene, &app, "src/lamp.rs", SPACE);
    merge(&scene, &app, "src/lamp.rs", CODE);
    scene.register(&app).await;
    app.work().await;
    let expected =
        ["#1  pr_merged +35 2026-09", "#2  pr_merged +35 2026-09", "#3  pr_merged +50 2026-09"];
    assert_eq!(awards(&app).await, expected);
    for (number, words) in [(1, "only one word of prose changes"), (2, "only white space changes")]
    {
        let explained = app.explanation(number).await.join("\n");
        assert!(explained.contains(words), "{explained}");
    }
    let explained = app.explanation(3).await.join("\n");
    assert!(!explained.contains("patch"), "{explained}");
    app.verify().await;
    let read = "SELECT outcome AS value FROM pull_request_patches";
    assert_eq!(app.values(read).await, ["read", "read", "read"]);
    app.finish().await;
}

#[tokio::test]
async fn without_its_patch_a_pull_request_is_decided_by_its_title() {
    let scene = Scene::new().await;
    let app = delivered(&scene, None).await;
    assert_eq!(awards(&app).await, ["#1  pr_merged +50 2026-09"]);
    let explained = app.explanation(1).await.join("\n");
    assert!(explained.contains("The patch of this small change is not known"), "{explained}");
    let outcome = "SELECT outcome AS value FROM pull_request_patches";
    let declined = "not read: the server has no token for the repository";
    assert_eq!(app.values(outcome).await, [declined]);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn a_rejected_token_of_the_server_uses_up_no_attempts() {
    let scene = Scene::new().await;
    let app = delivered(&scene, Some("token-unknown")).await;
    for _ in 0..MAX_ATTEMPTS {
        scene.pass(&[&app], TimeDelta::minutes(16));
        app.work().await;
    }
    let waiting =
        "SELECT count(*) FROM pull_request_patches WHERE attempts = 0 AND due_at IS NOT NULL";
    assert_eq!(app.count(waiting).await, 1);
    app.abandon().await;
}

#[tokio::test]
async fn rules_of_before_read_no_patches() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    app.publish_as_before("{}").await;
    scene.pass(&[&app], TimeDelta::hours(1));
    merge(&scene, &app, "README.md", README);
    scene.register(&app).await;
    app.work().await;
    assert_eq!(awards(&app).await, ["#1  pr_merged +50 2026-09"]);
    assert_eq!(app.count("SELECT count(*) FROM pull_request_patches").await, 0);
    app.verify().await;
    app.finish().await;
}
