//! Registrations that GitHub or the project does not allow. None leaves a webhook or a task behind.

use serde_json::json;

use super::*;

async fn refused(scene: &Scene, own: &Browser<'_>, (status, code, words): (u16, &str, &str)) {
    let new = json!({ "github_id": scene.github_id });
    let answer = own.call("POST", API, Some(&new)).await;
    answer.refuses(status, code, words);
    scene.app.work().await;
    assert_eq!((scene.registered().await, scene.tasks().await), (0, 0));
}

#[tokio::test]
async fn the_role_decides_at_this_moment() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    let permit = |role| {
        let permitted = scene.github.permit(REPOSITORY, "wren-oak", role);
        permitted.expect("permitted");
    };
    permit(Role::Write);
    let rights = (403, "REPOSITORY_RIGHTS", "role admin or maintain");
    refused(&scene, &own, rights).await;
    permit(Role::Maintain);
    let hooks = (403, "REPOSITORY_RIGHTS", "lets only admins");
    refused(&scene, &own, hooks).await;
    assert_eq!(scene.hooks(), 0);
    permit(Role::Admin);
    assert_eq!(scene.register(&own).await.location(), PAGE);
    scene.app.work().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn archived_repositories_and_forks_are_refused() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    scene.github.shape(REPOSITORY, |repo| repo.archived = true).expect("known");
    let archived = (409, "REPOSITORY_ARCHIVED", "Unarchive it first");
    refused(&scene, &own, archived).await;
    scene
        .github
        .shape(REPOSITORY, |repo| {
            repo.archived = false;
            repo.fork = true;
        })
        .expect("known");
    refused(&scene, &own, (409, "REPOSITORY_FORK", "is a fork")).await;
    // The form is shown again, with the sentence.
    scene.register(&own).await.refuses_form(409, None, "is a fork");
    assert_eq!(scene.hooks(), 0);
    scene.app.finish().await;
}

#[tokio::test]
async fn repositories_that_github_does_not_show_are_refused() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    // A token without access to code does not see private repositories.
    scene.github.shape(REPOSITORY, |repo| repo.private = true).expect("known");
    let hidden = (404, "REPOSITORY_NOT_VISIBLE", "does not show it to you");
    refused(&scene, &own, hidden).await;
    let unknown = json!({ "github_id": 4_711 });
    own.call("POST", API, Some(&unknown)).await.refuses(404, "REPOSITORY_NOT_VISIBLE", "");
    let wrong = json!({ "github_id": "x" });
    let answer = own.call("POST", API, Some(&wrong)).await;
    answer.refuses(400, "BAD_BODY", "github_id");
    scene.app.finish().await;
}

#[tokio::test]
async fn single_sign_on_names_where_to_authorize() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    let octo = Some("octo-org".to_owned());
    scene.github.switch(|switches| switches.single_sign_on = octo);
    let url = "https://github.com/orgs/octo-org/sso";
    refused(&scene, &own, (403, "GITHUB_SSO_REQUIRED", url)).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn an_outage_and_a_limit_change_nothing() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    scene.github.switch(|switches| switches.errors = 1.0);
    let down = (503, "GITHUB_UNAVAILABLE", "not responding");
    refused(&scene, &own, down).await;
    let page = own.get(NEW).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("list cannot be shown"), "{}", page.text);
    scene.github.switch(|switches| {
        switches.errors = 0.0;
        switches.rate_remaining = 0;
    });
    let limit = (429, "GITHUB_LIMIT", "Try again in");
    refused(&scene, &own, limit).await;
    assert_eq!(scene.hooks(), 0);
    scene.app.finish().await;
}

#[tokio::test]
async fn people_without_a_connection_are_refused() {
    let scene = Scene::with_maintainers().await;
    let own = scene.maintainer("wren-oak").await;
    let connect = (409, "GITHUB_NOT_CONNECTED", "Connect GitHub first");
    refused(&scene, &own, connect).await;
    let stranger = Browser::new(&scene.app);
    stranger.sign_in(&scene.github, "finch-ash").await.location();
    let new = json!({ "github_id": scene.github_id });
    stranger.call("POST", API, Some(&new)).await.refuses(
        403,
        "MAINTAINER_REQUIRED",
        "maintainers of season",
    );
    scene.app.finish().await;
}

#[tokio::test]
async fn a_second_registration_names_the_project() {
    let scene = Scene::with_maintainers().await;
    scene.app.project("other").await;
    let id = scene.github_id;
    scene.app.repository("other", REPOSITORY, id).await;
    scene.app.work().await;
    let own = scene.connected("wren-oak").await;
    scene.register(&own).await.refuses_form(409, None, "project &#39;other&#39;");
    assert_eq!((scene.hooks(), scene.tasks().await), (0, 0));
    scene.app.finish().await;
}
