//! Choosing a repository on the page.

use testkit::payloads::Repo;

use super::*;
use crate::inbox::call::Call;

#[tokio::test]
async fn a_maintainer_connects_github_and_registers_a_repository() {
    let scene = Scene::with_maintainers().await;
    let own = scene.maintainer("wren-oak").await;
    let page = own.get(NEW).await.text;
    assert!(page.contains("/settings/github/connect?return="), "{page}");
    scene.connect(&own, "wren-oak").await.location();
    let page = own.get(NEW).await.text;
    assert!(page.contains("octo-org/lantern"), "{page}");
    let number = scene.github.open_pull(REPOSITORY, "finch-ash", |_| {}).expect("opened");
    scene.pass(TimeDelta::hours(1));
    scene.github.merge(REPOSITORY, number, "wren-oak").expect("merged");
    scene.pass(TimeDelta::hours(1));
    assert_eq!(scene.register(&own).await.location(), PAGE);
    let page = own.get(PAGE).await.text;
    assert!(page.contains("octo-org/lantern is registered"), "{page}");
    assert!(page.contains("Waiting to be read from GitHub"), "{page}");

    let hooks = scene.github.hooks(REPOSITORY).expect("known");
    let [(hook, url, secret)] = &hooks[..] else {
        panic!("one webhook: {hooks:?}");
    };
    assert_eq!(url, "http://127.0.0.1:9/api/v1/webhooks/github");
    let secret = secret.as_deref().expect("a secret");
    assert_eq!(secret.len(), 64);
    // It is read with the token of the person who registered it: the server has none.
    scene.app.work().await;
    let listed = own.json(API).await;
    assert_eq!(listed["items"][0]["sync"]["state"], "complete", "{listed}");
    assert_eq!(listed["items"][0]["sync"]["pull_requests_read"], 1);
    assert_eq!(scene.tasks().await, 0);

    let body = format!(r#"{{"zen":"x","repository":{{"id":{}}}}}"#, scene.github_id);
    let ping = Call::new("ping", body).of_hook(*hook, secret);
    assert_eq!(ping.answer(&scene.app).await.0, 202);
    scene.app.work().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn the_list_is_searched_and_says_what_cannot_be_registered() {
    let scene = Scene::with_maintainers().await;
    let shaped = |name: &str, change: fn(&mut Repo)| {
        scene.github.add_repo("octo-org", name);
        let full_name = format!("octo-org/{name}");
        scene.github.shape(&full_name, change).expect("known");
        scene.github.permit(&full_name, "wren-oak", Role::Admin).expect("permitted");
    };
    shaped("a-fork", |repo| repo.fork = true);
    shaped("an-archive", |repo| repo.archived = true);
    shaped("a-secret", |repo| repo.private = true);
    scene.github.add_repo("octo-org", "unmaintained");
    for (login, role) in [("wren-oak", Role::Write), ("finch-ash", Role::Admin)] {
        scene.github.permit("octo-org/unmaintained", login, role).expect("permitted");
    }
    scene.github.add_repo("octo-org", "maintained");
    scene.github.permit("octo-org/maintained", "wren-oak", Role::Maintain).expect("permitted");
    let own = scene.connected("wren-oak").await;
    scene.register(&own).await.location();
    let page = own.get(NEW).await.text;
    for shown in [
        "This project does not allow forks",
        "Archived repositories cannot be registered",
        "Only an admin of the repository can create its webhook",
        "Registered with <a href=\"/projects/season\">season</a>",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    for hidden in ["unmaintained", "a-secret"] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    let page = own.get(&format!("{NEW}?q=FORK")).await.text;
    assert!(page.contains("a-fork") && !page.contains("an-archive"), "{page}");
    let page = own.get(&format!("{NEW}?q=nothing")).await.text;
    assert!(page.contains("Clear the search"), "{page}");

    own.post(&format!("{PAGE}/settings"), &[("forks", "on")]).await.location();
    let page = own.get(NEW).await.text;
    assert!(!page.contains("does not allow forks"), "{page}");
    scene.app.work().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn a_long_list_has_pages() {
    let scene = Scene::with_maintainers().await;
    for number in 0..70 {
        let name = format!("part-{number:02}");
        scene.github.add_repo("octo-org", &name);
        scene
            .github
            .permit(&format!("octo-org/{name}"), "wren-oak", Role::Admin)
            .expect("permitted");
    }
    let own = scene.connected("wren-oak").await;
    let page = own.get(NEW).await.text;
    assert!(page.contains("part-48") && !page.contains("part-49"), "{page}");
    let next = "/projects/season/repositories/new?q=&#38;page=2";
    assert!(page.contains(next) || page.contains("?q=&amp;page=2"), "{page}");
    let page = own.get(&format!("{NEW}?q=&page=2")).await.text;
    assert!(page.contains("part-69"), "{page}");
    // A search goes on until a page has a match.
    let page = own.get(&format!("{NEW}?q=part-69")).await.text;
    assert!(page.contains("octo-org/part-69"), "{page}");
    scene.app.finish().await;
}

#[tokio::test]
async fn organizations_with_single_sign_on_are_named() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    let octo = Some("octo-org".to_owned());
    scene.github.switch(|switches| switches.single_sign_on = octo);
    let page = own.get(NEW).await.text;
    assert!(page.contains("require single sign-on"), "{page}");
    scene.app.finish().await;
}
