//! The hourly reading of the App's installations, which makes up for lost deliveries.

use std::collections::BTreeSet;

use kernel::Clock as _;
use testkit::payloads::{self, Account, InstallationState};

use super::*;

/// Reads the installations, and returns what the schedule says.
async fn read(scene: &Scene) -> String {
    let said = scene.app.run_schedule("InstallationSync").await;
    scene.app.work().await;
    said
}

async fn state(scene: &Scene) -> Vec<String> {
    let sql = "SELECT CASE WHEN i.deleted_at IS NOT NULL THEN 'deleted' WHEN i.suspended_at IS NOT NULL THEN 'suspended' \
               WHEN m.removed_at IS NOT NULL THEN 'removed' ELSE 'included' END AS value \
               FROM installation_repositories m JOIN installations i ON i.id = m.installation_id \
               ORDER BY m.repository_github_id";
    scene.app.values(sql).await
}

#[tokio::test]
async fn installations_are_followed_without_deliveries() {
    let scene = Scene::with_app().await;
    scene.github.deliver_app_to("http://127.0.0.1:9/", SECRET);
    scene.github.add_repo(OWNER, "harbor");
    scene.register_by_operator().await;
    let id = scene.github.install(OWNER, &[REPOSITORY, "octo-org/harbor"]).expect("known");
    assert_eq!(read(&scene).await, "installations: 1");
    assert_eq!(state(&scene).await, ["included", "included"]);
    // The registered repository is read now.
    let own = scene.maintainer("wren-oak").await;
    let listed = scene.listed(&own).await;
    assert_eq!(listed["sync"]["state"], "complete", "{listed}");
    scene.pass(TimeDelta::hours(1));
    scene.github.include(id, REPOSITORY, false).expect("known");
    read(&scene).await;
    assert_eq!(state(&scene).await, ["removed", "included"]);
    scene.pass(TimeDelta::hours(1));
    scene.github.include(id, REPOSITORY, true).expect("known");
    scene.github.suspend(id, true).expect("known");
    read(&scene).await;
    assert_eq!(state(&scene).await, ["suspended", "suspended"]);
    scene.pass(TimeDelta::hours(1));
    scene.github.suspend(id, false).expect("known");
    read(&scene).await;
    assert_eq!(state(&scene).await, ["included", "included"]);
    scene.pass(TimeDelta::hours(1));
    scene.github.uninstall(id).expect("known");
    assert_eq!(read(&scene).await, "installations: 0");
    assert_eq!(state(&scene).await, ["deleted", "deleted"]);
    scene.app.finish().await;
}

#[tokio::test]
async fn an_installation_that_became_known_since_the_list_stays() {
    let scene = Scene::with_app().await;
    let now = scene.app.clock.now();
    let state = InstallationState {
        id: 7,
        app_id: APP_ID,
        account: Account::organization(9, OWNER),
        repositories: BTreeSet::new(),
        created_at: now,
        updated_at: now,
        suspended_at: None,
    };
    let body = payloads::installation("created", &state, &[]);
    let call = of_app("installation", body.get().as_bytes());
    assert_eq!(call.answer(&scene.app).await.0, 202);
    scene.app.work().await;
    let deleted = "SELECT count(*) FROM installations WHERE deleted_at IS NOT NULL";
    for (hours, expected) in [(0, 0), (1, 1)] {
        scene.pass(TimeDelta::hours(hours));
        assert_eq!(read(&scene).await, "installations: 0");
        assert_eq!(scene.app.count(deleted).await, expected, "{hours}");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn an_installation_that_the_list_leaves_out_stays_until_github_says_that_it_is_gone() {
    let scene = Scene::with_app().await;
    scene.github.deliver_app_to("http://127.0.0.1:9/", SECRET);
    let id = scene.github.install(OWNER, &[REPOSITORY]).expect("known");
    assert_eq!(read(&scene).await, "installations: 1");
    scene.pass(TimeDelta::hours(1));
    scene.github.switch(|switches| switches.unlisted_installations = true);
    assert_eq!(read(&scene).await, "installations: 1");
    assert_eq!(state(&scene).await, ["included"]);
    scene.pass(TimeDelta::hours(1));
    scene.github.uninstall(id).expect("known");
    assert_eq!(read(&scene).await, "installations: 0");
    assert_eq!(state(&scene).await, ["deleted"]);
    scene.app.finish().await;
}

#[tokio::test]
async fn an_installation_that_github_refuses_to_read_keeps_no_other_from_being_read() {
    let scene = Scene::with_app().await;
    scene.github.deliver_app_to("http://127.0.0.1:9/", SECRET);
    // The one that is refused is read first.
    scene.github.add_repo("walled-org", "keep");
    scene.github.install("walled-org", &["walled-org/keep"]).expect("known");
    let id = scene.github.install(OWNER, &[REPOSITORY]).expect("known");
    scene.github.switch(|switches| switches.ip_allow_list = Some("walled-org".to_owned()));
    assert_eq!(read(&scene).await, "installations: 2");
    assert_eq!(state(&scene).await, ["included"], "nothing is known of the other");
    scene.pass(TimeDelta::hours(1));
    scene.github.include(id, REPOSITORY, false).expect("known");
    read(&scene).await;
    assert_eq!(state(&scene).await, ["removed"]);
    // What was known of it stays while it is refused.
    scene.github.switch(|switches| switches.ip_allow_list = None);
    scene.pass(TimeDelta::hours(1));
    read(&scene).await;
    let included = "SELECT count(*) FROM installation_repositories WHERE removed_at IS NULL";
    assert_eq!(scene.app.count(included).await, 1);
    scene.github.switch(|switches| switches.ip_allow_list = Some("walled-org".to_owned()));
    scene.pass(TimeDelta::hours(1));
    read(&scene).await;
    assert_eq!(scene.app.count(included).await, 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn without_an_app_nothing_is_read() {
    let app = TestApp::start().await;
    let said = app.run_schedule("InstallationSync").await;
    assert_eq!(said, "no GitHub App is set up at Settings › GitHub (/setup/github)");
    app.finish().await;
}
