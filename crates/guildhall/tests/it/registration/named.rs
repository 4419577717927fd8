//! An admin registers a repository by its address, with no role in it on GitHub.

use identity::model::Role as OfPeople;
use platform::{config::Config, crypto::RsaKey};
use testkit::fake_github::{APP_ID, APP_KEY};

use super::*;
use crate::app::github_scene::OWNER;

const NAMED: &str = "/projects/season/repositories/named";

async fn scene(change: impl FnOnce(&mut Config)) -> Scene {
    let scene = Scene::start(change).await;
    scene.github.add_user("wren-oak");
    scene
}

fn with_token(config: &mut Config) {
    config.github_api_token = Some("token-wren-oak".to_owned().into());
}

fn with_app(config: &mut Config) {
    config.github_app_id = Some(APP_ID);
    config.github_app_private_key = RsaKey::from_pem(APP_KEY);
    config.github_app_webhook_secret = Some("the app's own secret".to_owned().into());
}

/// The URL at which people install the App.
fn installing(scene: &Scene) -> String {
    format!("{}/apps/guildhall/installations/new", scene.github.url())
}

async fn admin(scene: &Scene) -> Browser<'_> {
    scene.app.browser_with("rook-elm", OfPeople::Admin).await
}

async fn name(admin: &Browser<'_>, address: &str) -> Answer {
    admin.post(NAMED, &[("address", address)]).await
}

/// Checks that the form is shown again with what was typed, and that nothing was registered.
async fn refused(scene: &Scene, answer: &Answer, (status, words): (u16, &str)) {
    answer.refuses_form(status, Some("address"), words);
    assert!(answer.text.contains(&format!("value=\"{REPOSITORY}\"")), "{}", answer.text);
    assert_eq!((scene.registered().await, scene.hooks()), (0, 0));
}

#[tokio::test]
async fn without_an_app_or_a_token_the_page_shows_the_webhook() {
    let scene = scene(|config| config.github_webhook_secret = None).await;
    let admin = admin(&scene).await;
    let form = admin.get(NEW).await.text;
    for part in [NAMED, "Add webhook", "http://127.0.0.1:9/api/v1/webhooks/github", "has none yet"]
    {
        assert!(form.contains(part), "{part}: {form}");
    }
    let named = name(&admin, " https://github.com/Octo-Org/lantern.git ").await;
    assert_eq!(named.location(), PAGE);
    let page = admin.get(PAGE).await.text;
    for part in ["octo-org/lantern is registered", "Set up its webhook next", "Add webhook"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    scene.app.work().await;
    let page = admin.get(PAGE).await.text;
    assert!(page.contains("no GitHub App in the repository and no token"), "{page}");
    let stored = format!(
        "SELECT count(*) FROM repositories WHERE github_id = {} AND full_name = '{REPOSITORY}' \
         AND is_enabled AND registered_by_id IS NOT NULL",
        scene.github_id
    );
    assert_eq!((scene.app.count(&stored).await, scene.hooks(), scene.tasks().await), (1, 0, 0));
    let audited = "SELECT action AS value FROM audit_logs WHERE target_kind = 'repository'";
    assert_eq!(scene.app.values(audited).await, ["repository.add"]);
    scene.app.finish().await;
}

#[tokio::test]
async fn with_a_token_it_is_read() {
    let scene = scene(with_token).await;
    let admin = admin(&scene).await;
    assert!(!admin.get(NEW).await.text.contains("Add webhook"));
    assert_eq!(name(&admin, "octo-org/lantern").await.location(), PAGE);
    scene.app.work().await;
    let listed = admin.json(API).await;
    assert_eq!(listed["items"][0]["github_id"], scene.github_id, "{listed}");
    assert_eq!(listed["items"][0]["sync"]["state"], "complete", "{listed}");
    let page = admin.get(PAGE).await.text;
    assert!(page.contains("It is being read from GitHub") && !page.contains("Add webhook"));
    scene.app.finish().await;
}

#[tokio::test]
async fn a_private_repository_needs_the_app_and_the_projects_permission() {
    let scene = scene(with_app).await;
    let admin = admin(&scene).await;
    scene.github.shape(REPOSITORY, |repo| repo.private = true).expect("known");
    let hidden = name(&admin, REPOSITORY).await;
    refused(&scene, &hidden, (422, "install this server")).await;
    let install = "<a href=\"INSTALL\">install the App on a repository</a>";
    let install = install.replace("INSTALL", &installing(&scene));
    assert!(hidden.text.contains(&format!("on it first: {}", installing(&scene))), "the address");
    assert!(hidden.text.contains(&install), "{}", hidden.text);
    scene.github.install(OWNER, &[REPOSITORY]).expect("known");
    let private = name(&admin, REPOSITORY).await;
    refused(&scene, &private, (409, "does not allow private repositories")).await;
    admin.post(&format!("{PAGE}/settings"), &[("private", "on")]).await.location();
    assert_eq!(name(&admin, REPOSITORY).await.location(), PAGE);
    let stored = "SELECT count(*) FROM repositories WHERE is_private AND is_enabled";
    assert_eq!(scene.app.count(stored).await, 1);
    let own = scene.maintainer("wren-oak").await;
    assert!(!own.get(PAGE).await.text.contains(REPOSITORY));
    scene.app.work().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn where_the_app_is_not_installed_the_page_leads_to_it() {
    let scene = scene(with_app).await;
    let admin = admin(&scene).await;
    let address = format!("{}/{REPOSITORY}", scene.github.url());
    assert_eq!(name(&admin, &address).await.location(), PAGE);
    let page = admin.get(PAGE).await.text;
    let link = format!("<a href=\"{}\">Install it<", installing(&scene));
    for part in ["Install the GitHub App on it next", "is not installed on it.", &link] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let own = scene.maintainer("wren-oak").await;
    let page = own.get(PAGE).await.text;
    assert!(page.contains("is not installed on it.") && !page.contains("Install it<"), "{page}");
    scene.app.work().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn what_cannot_be_registered_is_named() {
    let scene = scene(|_| {}).await;
    let admin = admin(&scene).await;
    for typed in ["", "lantern", "1296269", "https://gitlab.com/octo-org/lantern", "a/b/c"] {
        name(&admin, typed).await.refuses_form(422, Some("address"), "is no repository on GitHub");
    }
    let unknown = name(&admin, "octo-org/nothing").await;
    let words = "GitHub shows this server no repository octo-org/nothing";
    unknown.refuses_form(422, Some("address"), words);
    assert!(unknown.text.contains("it needs a GitHub App"), "{}", unknown.text);
    scene.github.shape(REPOSITORY, |repo| repo.archived = true).expect("known");
    let archived = name(&admin, REPOSITORY).await;
    refused(&scene, &archived, (409, "Unarchive it first")).await;
    let shape = |is_fork: bool| {
        let shaped = scene.github.shape(REPOSITORY, |repo| {
            repo.archived = false;
            repo.fork = is_fork;
        });
        shaped.expect("known");
    };
    shape(true);
    let fork = name(&admin, REPOSITORY).await;
    refused(&scene, &fork, (409, "is a fork")).await;
    shape(false);
    scene.app.project("other").await;
    scene.app.repository("other", REPOSITORY, scene.github_id).await;
    let taken = name(&admin, REPOSITORY).await;
    taken.refuses_form(409, Some("address"), "is already registered with the project");
    scene.app.work().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn a_limit_an_outage_and_a_bad_token_change_nothing() {
    let limited = scene(|_| {}).await;
    limited.github.switch(|switches| switches.rate_remaining = 0);
    let answer = name(&admin(&limited).await, REPOSITORY).await;
    refused(&limited, &answer, (429, "few requests without a GitHub App or a token")).await;
    limited.app.finish().await;

    let down = scene(with_token).await;
    down.github.switch(|switches| switches.errors = 1.0);
    let answer = name(&admin(&down).await, REPOSITORY).await;
    answer.refuses(503, "", "GitHub is not responding");
    assert!(answer.text.contains(REPOSITORY), "what was typed is kept: {}", answer.text);
    assert_eq!(down.registered().await, 0);
    down.app.finish().await;

    let ended = scene(|config| config.github_api_token = Some("ended".to_owned().into())).await;
    let answer = name(&admin(&ended).await, REPOSITORY).await;
    refused(&ended, &answer, (409, "does not accept the token of this server")).await;
    ended.app.finish().await;
}

#[tokio::test]
async fn only_admins_name_repositories() {
    let scene = scene(|_| {}).await;
    let own = scene.maintainer("wren-oak").await;
    assert!(!own.get(NEW).await.text.contains(NAMED));
    name(&own, REPOSITORY).await.refuses(403, "ROLE_REQUIRED", "Only admins");
    assert_eq!(scene.registered().await, 0);
    scene.app.finish().await;
}

#[tokio::test]
async fn of_two_projects_at_once_one_gets_it() {
    for _ in 0..4 {
        let scene = scene(|_| {}).await;
        scene.app.project("other").await;
        let admin = admin(&scene).await;
        let form = [("address", REPOSITORY)];
        let other = "/projects/other/repositories/named";
        let (one, other) = tokio::join!(admin.post(NAMED, &form), admin.post(other, &form));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "{} {}", one.text, other.text);
        assert_eq!(scene.registered().await, 1);
        scene.app.work().await;
        scene.app.finish().await;
    }
}
