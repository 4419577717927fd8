//! Deliveries about people's rights, which only GitHub's API confirms.

use identity::model::Role as PlatformRole;
use testkit::payloads;

use super::*;
use crate::inbox::call::Call;

const MAINTAINERS: &str = "/api/v1/projects/season/maintainers";

/// A registered repository, with its webhook's ID and secret, and two maintainers of the project.
async fn registered() -> (Scene, i64, String) {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    scene.register(&own).await.location();
    scene.maintainer("finch-ash").await;
    scene.app.work().await;
    let (hook, _, secret) = scene.github.hooks(REPOSITORY).expect("known").remove(0);
    (scene, hook, secret.expect("a secret"))
}

/// Returns the body of a delivery that says that `finch-ash` was removed.
fn removed(scene: &Scene) -> String {
    let (member, repo) = scene.github.named("finch-ash", REPOSITORY).expect("known");
    let owner = repo.owner.clone();
    payloads::member("removed", &repo, &member, &owner).get().to_owned()
}

async fn outcomes(scene: &Scene) -> Vec<String> {
    let sql = "SELECT outcome AS value FROM webhook_deliveries ORDER BY received_at, id";
    scene.app.values(sql).await
}

async fn maintainers(scene: &Scene) -> String {
    let admin = scene.app.browser_with("rook-elm", PlatformRole::Admin).await;
    admin.json(MAINTAINERS).await["items"].to_string()
}

#[tokio::test]
async fn a_maintainer_who_lost_their_role_at_github_loses_it_here() {
    let (scene, hook, secret) = registered().await;
    scene.github.change_role(REPOSITORY, "finch-ash", None).expect("removed");
    let call = Call::new("member", removed(&scene)).of_hook(hook, &secret);
    assert_eq!(call.answer(&scene.app).await.0, 202);
    scene.app.work().await;
    assert_eq!(outcomes(&scene).await, ["member removed: the role is checked on GitHub"]);
    let left = maintainers(&scene).await;
    assert!(left.contains("wren-oak") && !left.contains("finch-ash"), "{left}");
    let acts = "SELECT count(*) FROM audit_logs WHERE action = 'project.remove_maintainer'";
    assert_eq!(scene.app.count(acts).await, 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_delivery_that_github_does_not_confirm_removes_no_one() {
    let (scene, hook, secret) = registered().await;
    let call = Call::new("member", removed(&scene)).of_hook(hook, &secret);
    assert_eq!(call.answer(&scene.app).await.0, 202);
    scene.app.work().await;
    assert!(maintainers(&scene).await.contains("finch-ash"));
    let checks = "SELECT count(*) FROM member_checks";
    assert_eq!(scene.app.count(checks).await, 0);
    scene.app.finish().await;
}

#[tokio::test]
async fn only_the_repositorys_own_webhook_may_state_it() {
    let scene = Scene::with_maintainers().await;
    let id = scene.github_id;
    scene.app.repository("season", REPOSITORY, id).await;
    scene.maintainer("finch-ash").await;
    scene.github.change_role(REPOSITORY, "finch-ash", None).expect("removed");
    let call = Call::new("member", removed(&scene));
    assert_eq!(call.answer(&scene.app).await.0, 202);
    scene.app.work().await;
    assert_eq!(
        outcomes(&scene).await,
        ["not used: only a repository's own webhook may state this"]
    );
    assert!(maintainers(&scene).await.contains("finch-ash"));
    scene.app.finish().await;
}

#[tokio::test]
async fn a_maintainer_of_another_repository_of_the_project_stays() {
    let (scene, hook, secret) = registered().await;
    scene.app.repository("season", "octo-org/other", 4_711).await;
    scene.github.change_role(REPOSITORY, "finch-ash", Some(Role::Read)).expect("changed");
    let call = Call::new("member", removed(&scene)).of_hook(hook, &secret);
    assert_eq!(call.answer(&scene.app).await.0, 202);
    scene.app.work().await;
    assert!(maintainers(&scene).await.contains("finch-ash"));
    scene.app.finish().await;
}

#[tokio::test]
async fn an_ended_authorization_is_confirmed_before_the_token_is_removed() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    let (account, _) = scene.github.named("wren-oak", REPOSITORY).expect("known");
    let body = payloads::authorization_revoked(&account).get().to_owned();
    let revoked = async |delivery: &str| {
        let call = Call::new("github_app_authorization", body.clone());
        let call = call.with("x-github-delivery", delivery);
        assert_eq!(call.answer(&scene.app).await.0, 202);
        scene.app.work().await;
        let connection = own.json("/api/v1/me/github-connection").await;
        connection["revoked_at"].is_string()
    };
    assert!(!revoked("one").await, "GitHub still accepts the token");
    scene.github.revoke_apps("wren-oak").expect("known");
    assert!(revoked("two").await);
    let texts = ["authorization revoked: the token is checked on GitHub"; 2];
    assert_eq!(outcomes(&scene).await, texts);
    scene.app.finish().await;
}
