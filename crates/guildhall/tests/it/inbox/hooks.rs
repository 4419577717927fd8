//! Deliveries of a repository's own hook, which may report only about that repository.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use github::actions::NewRepository;
use testkit::payloads::Account;

use super::call::{Call, outcomes};
use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

pub(super) const OWN: (i64, &str) = (501, "the lantern's own secret");
pub(super) const OTHERS: (i64, &str) = (502, "the harbor's own secret");

/// Starts a server with two repositories, each with its own hook: [`OWN`] and [`OTHERS`].
pub(super) async fn app() -> TestApp {
    let app = TestApp::start().await;
    app.project("season").await;
    for (github_id, full_name, (hook, secret)) in
        [(1, "octo-org/lantern", OWN), (2, "octo-org/harbor", OTHERS)]
    {
        let new = NewRepository {
            full_name: full_name.to_owned(),
            github_id,
            hook: Some((hook, secret.into())),
        };
        app.register("season", &new).await;
    }
    app
}

fn of_repository(id: i64) -> Call {
    let body = format!(r#"{{"hook_id":1,"repository":{{"id":{id}}}}}"#);
    Call::new("ping", body)
}

#[tokio::test]
async fn a_hooks_own_secret_is_accepted() {
    let app = app().await;
    assert_eq!(of_repository(1).of_hook(OWN.0, OWN.1).answer(&app).await.0, 202);
    assert_eq!(of_repository(2).of_hook(OTHERS.0, OTHERS.1).answer(&app).await.0, 202);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_hook_of_another_repository_is_refused() {
    let app = app().await;
    let forged = of_repository(1).of_hook(OTHERS.0, OTHERS.1);
    forged.refused(&app, 401, "BAD_SIGNATURE", "belongs to a different repository").await;
    let unregistered = of_repository(77).of_hook(OTHERS.0, OTHERS.1);
    unregistered.refused(&app, 401, "BAD_SIGNATURE", "").await;
    app.finish().await;
}

fn merged(repo_id: i64, name: &str, author: &Account) -> Scenario {
    Scenario::opened(&repo(repo_id, name), 1, author, "2026-10-02T08:00:00Z")
        .approved("2026-10-02T09:00:00Z")
        .merged("2026-10-03T08:00:00Z")
}

/// The owner of a hook can guess the IDs of future pull requests in other repositories.
#[tokio::test]
async fn an_id_claimed_by_another_repository_does_not_block_its_owner() {
    let app = app().await;
    let forged = merged(2, "harbor", &person("mallory"));
    for delivery in &forged.deliveries {
        let body = delivery.body.get().replace("\"id\":2001", "\"id\":1001");
        assert_ne!(body, delivery.body.get());
        let call = Call::new(&delivery.event, body).of_hook(OTHERS.0, OTHERS.1);
        assert_eq!(call.answer(&app).await.0, 202);
    }
    app.work().await;
    let genuine = merged(1, "lantern", &person("hexacat"));
    for delivery in &genuine.deliveries {
        let call = Call::new(&delivery.event, delivery.bytes()).of_hook(OWN.0, OWN.1);
        assert_eq!(call.answer(&app).await.0, 202);
    }
    app.work().await;
    assert_eq!(outcomes(&app).await, ["updated #1"; 6]);
    let reviews = "SELECT count(*) FROM github_reviews WHERE github_id = 10011";
    assert_eq!(app.count(reviews).await, 2);
    let person = app.json("/api/v1/people/hexacat").await;
    assert_eq!(person["points"], 60);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn a_known_hook_accepts_only_its_own_secret() {
    let app = app().await;
    for secret in ["wrong", crate::app::SECRET, OTHERS.1] {
        let wrong = of_repository(1).of_hook(OWN.0, secret);
        wrong.refused(&app, 401, "BAD_SIGNATURE", "does not match").await;
    }
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_hook_uses_the_servers_secret() {
    let app = app().await;
    let call = || of_repository(3).of_hook(999, crate::app::SECRET);
    assert_eq!(call().answer(&app).await.0, 202);
    assert_eq!(call().with("x-github-hook-id", "x").answer(&app).await.0, 202);
    let wrong = of_repository(3).of_hook(999, OWN.1).answer(&app).await;
    assert_eq!(wrong.0, 401);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_hook_is_looked_up_once() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let app = TestApp::observed(move |statement| {
        let is_lookup = statement.sql.contains("FROM repositories WHERE hook_id");
        counter.fetch_add(usize::from(is_lookup), Ordering::SeqCst);
    })
    .await;
    for number in 0..3 {
        let body = format!(r#"{{"number":{number}}}"#);
        let call = Call::new("ping", body).of_hook(999, crate::app::SECRET);
        assert_eq!(call.answer(&app).await.0, 202);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_hook_can_become_a_repositorys_own_at_once() {
    let app = app().await;
    let servers = of_repository(3).of_hook(999, crate::app::SECRET);
    assert_eq!(servers.answer(&app).await.0, 202);
    let take = format!("UPDATE repositories SET hook_id = 999 WHERE hook_id = {}", OWN.0);
    app.change(&take).await.expect("taken");
    let own = of_repository(1).of_hook(999, OWN.1);
    assert_eq!(own.answer(&app).await.0, 202);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_new_secret_applies_at_once() {
    let app = app().await;
    let before = of_repository(1).of_hook(OWN.0, OTHERS.1);
    assert_eq!(before.answer(&app).await.0, 401);
    let replace = "UPDATE repositories SET hook_secret = (SELECT o.hook_secret FROM repositories o \
                   WHERE o.github_id = 2) WHERE github_id = 1";
    app.change(replace).await.expect("replaced");
    let after = of_repository(1).of_hook(OWN.0, OTHERS.1);
    assert_eq!(after.answer(&app).await.0, 202);
    app.work().await;
    app.finish().await;
}

/// Deserializers accept a list instead of a struct, field by field; a list must not be accepted as an object.
#[tokio::test]
async fn a_hook_cannot_hide_its_repository() {
    let app = app().await;
    for repository in
        [r#"[1,"octo-org/lantern",null,null,null,null]"#, "null", "1", r#"{"id":"1"}"#]
    {
        let body = format!(r#"{{"action":"renamed","repository":{repository}}}"#);
        let forged = Call::new("repository", body).of_hook(OTHERS.0, OTHERS.1);
        forged.refused(&app, 401, "BAD_SIGNATURE", "belongs to a different repository").await;
    }
    app.finish().await;
}
