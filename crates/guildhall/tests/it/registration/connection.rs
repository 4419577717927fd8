//! Connecting GitHub and ending the connection.

use identity::{
    gateway::OauthApp,
    model::{OpenIdAccount, ProvenAccount, SignInMethods},
};
use serde_json::json;

use super::*;
use crate::app::browser::SESSION;

const CONNECTION: &str = "/api/v1/me/github-connection";

#[tokio::test]
async fn the_token_is_encrypted_and_has_only_the_scope_for_webhooks() {
    let scene = Scene::with_maintainers().await;
    let own = scene.maintainer("wren-oak").await;
    let begin = own.post("/settings/github/connect", &[]).await;
    let to = begin.leads_to();
    assert!(begin.text.contains("Continue on GitHub"), "{}", begin.text);
    assert!(to.contains("scope=admin%3Arepo_hook"), "{to}");
    assert!(to.contains("code_challenge_method=S256"), "{to}");
    let sign_in = Browser::new(&scene.app).get("/sign-in/github").await;
    assert!(sign_in.location().ends_with("scope="), "never at sign-in");
    assert_eq!(scene.connect(&own, "wren-oak").await.location(), NEW);
    let shown = own.json(CONNECTION).await;
    assert_eq!(
        shown,
        json!({
            "login": "wren-oak", "scopes": ["admin:repo_hook"],
            "connected_at": "2026-11-01T08:00:00Z", "revoked_at": null
        })
    );
    let plain = "SELECT count(*) FROM github_tokens WHERE CAST(token_secret AS text) LIKE '%gho_%'";
    assert_eq!(scene.app.count(plain).await, 0);
    let page = own.get("/settings/identities").await.text;
    assert!(page.contains("Connected as wren-oak"), "{page}");
    scene.app.finish().await;
}

#[tokio::test]
async fn only_a_form_of_this_site_begins_to_connect() {
    let scene = Scene::with_maintainers().await;
    let own = scene.maintainer("wren-oak").await;
    let begin = "/settings/github/connect";
    assert_eq!(own.get(begin).await.status, 405);
    let refused = own.post_from("cross-site", begin, &[]).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    assert!(own.cookie("guildhall-sign-in").is_none());
    let page = own.get("/settings/identities").await.text;
    let form = format!("<form method=\"post\" action=\"{begin}\">");
    assert!(page.contains(&form), "{page}");
    scene.app.finish().await;
}

#[tokio::test]
async fn disconnecting_revokes_the_token_at_github() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    // Signing in got a token too, which nothing stores.
    assert_eq!(scene.github.grants("wren-oak").expect("known"), 2);
    let gone = own.post("/settings/github/disconnect", &[]).await;
    assert_eq!(gone.location(), "/settings/identities");
    assert_eq!(scene.github.grants("wren-oak").expect("known"), 1);
    let page = own.get("/settings/identities").await.text;
    assert!(page.contains("GitHub is disconnected"), "{page}");
    own.get(CONNECTION).await.refuses(404, "NOT_FOUND", "not connected");
    own.call("DELETE", CONNECTION, None).await.refuses(404, "NOT_FOUND", "not connected");
    let rows = "SELECT count(*) FROM github_tokens";
    assert_eq!(scene.app.count(rows).await, 0);
    scene.app.finish().await;
}

#[tokio::test]
async fn the_api_disconnects_too() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    let gone = own.call("DELETE", CONNECTION, None).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    assert_eq!(scene.github.grants("wren-oak").expect("known"), 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn another_account_at_github_is_refused() {
    let scene = Scene::with_maintainers().await;
    let own = scene.maintainer("wren-oak").await;
    scene.connect(&own, "finch-ash").await.refuses(409, "GITHUB_ACCOUNT_NOT_LINKED", "finch-ash");
    let rows = "SELECT count(*) FROM github_tokens";
    assert_eq!(scene.app.count(rows).await, 0);
    scene.app.finish().await;
}

#[tokio::test]
async fn an_attempt_of_another_session_connects_nothing() {
    let scene = Scene::with_maintainers().await;
    let own = scene.maintainer("wren-oak").await;
    let begin = "/settings/github/connect";
    let back = own.connection(&scene.github, "wren-oak", begin).await;
    let other = scene.maintainer("finch-ash").await;
    let answer = other.get(&back).await;
    answer.refuses(400, "SIGN_IN_NOT_BEGUN_HERE", "another browser");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_refusal_at_github_returns_to_the_page() {
    let scene = Scene::with_maintainers().await;
    let own = scene.maintainer("wren-oak").await;
    let begin = own.post(&format!("/settings/github/connect?return={NEW}"), &[]).await;
    let to = begin.leads_to();
    let state = to.split("state=").nth(1).and_then(|rest| rest.split('&').next());
    let state = state.expect("a state");
    let declined = format!("/sign-in/github/callback?error=access_denied&state={state}");
    assert_eq!(own.get(&declined).await.location(), NEW);
    let page = own.get(NEW).await.text;
    assert!(page.contains("You did not allow this on GitHub"), "{page}");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_revoked_token_is_noticed_and_the_person_is_asked_once_to_reconnect() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    scene.github.revoke_apps("wren-oak").expect("known");
    for _ in 0..2 {
        let page = own.get(NEW).await.text;
        assert!(page.contains("Connect GitHub again"), "{page}");
    }
    scene.register(&own).await.refuses_form(409, None, "Connect GitHub again");
    assert!(own.json(CONNECTION).await["revoked_at"].is_string());
    scene.app.work().await;
    let inbox = own.json("/api/v1/me/notifications").await;
    let items = inbox["items"].as_array().expect("items").iter();
    let of_kind = items.filter(|item| item["kind"] == "github_disconnected");
    assert_eq!(of_kind.count(), 1, "{inbox}");
    let kept = "SELECT count(*) FROM github_tokens WHERE token_secret IS NOT NULL";
    assert_eq!(scene.app.count(kept).await, 0, "the useless token is gone");

    assert_eq!(scene.connect(&own, "wren-oak").await.location(), NEW);
    assert!(own.json(CONNECTION).await["revoked_at"].is_null());
    scene.app.finish().await;
}

#[tokio::test]
async fn closing_the_account_revokes_the_token_at_github() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    let closed = own.post("/settings/account/close", &[("login", "wren-oak")]).await;
    assert_eq!(closed.location(), "/");
    assert_eq!(scene.github.grants("wren-oak").expect("known"), 1);
    let kept = "SELECT count(*) FROM github_tokens WHERE token_secret IS NOT NULL";
    assert_eq!(scene.app.count(kept).await, 0);
    scene.app.work().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn an_outage_of_github_does_not_keep_an_account_open() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    scene.github.switch(|switches| switches.errors = 1.0);
    let word = json!({ "login": "wren-oak" });
    let closed = own.call("POST", "/api/v1/me/close", Some(&word)).await;
    assert_eq!(closed.status, 204, "{}", closed.text);
    let kept = "SELECT count(*) FROM github_tokens WHERE token_secret IS NOT NULL";
    assert_eq!(scene.app.count(kept).await, 0);
    scene.github.switch(|switches| switches.errors = 0.0);
    scene.app.work().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn unlinking_the_account_revokes_the_token_at_github() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    let session = own.cookie(SESSION).expect("a session");
    let context = scene.app.context();
    let found = identity::actions::recognize(context, &session).await;
    let viewer = found.expect("looked up").expect("signed in").viewer;
    let other = ProvenAccount::OpenId(OpenIdAccount {
        issuer: "https://id.example".to_owned(),
        subject: "7".to_owned(),
        name: None,
        role: None,
    });
    identity::actions::link_identity(context, &viewer, &other).await.expect("linked");
    let methods = identity::reads::identities(&context.db, viewer.user_id).await;
    let methods = methods.expect("sign-in methods");
    let github = methods.iter().find(|own| own.provider == "github");
    let set_up = SignInMethods {
        providers: vec![("https://id.example".to_owned(), "Oak".to_owned())],
        by_email: false,
    };
    let app = OauthApp::of(&scene.app.server.config);
    let id = github.expect("GitHub").id;
    let gone = identity::actions::unlink_identity(context, &app, &viewer, &set_up, id).await;
    assert!(gone.expect("unlinked"));
    assert_eq!(scene.github.grants("wren-oak").expect("known"), 1);
    let rows = "SELECT count(*) FROM github_tokens";
    assert_eq!(scene.app.count(rows).await, 0);
    scene.app.work().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn the_tokens_of_people_to_erase_are_ended_at_github() {
    let scene = Scene::with_maintainers().await;
    scene.connected("wren-oak").await;
    let context = scene.app.context();
    let person = identity::reads::find_account(&context.db, "wren-oak").await;
    let id = person.expect("known").id.into();
    let tokens = identity::actions::erased_tokens(context, id).await;
    let tokens = tokens.expect("tokens");
    assert_eq!(tokens.len(), 1);
    let app = OauthApp::of(&scene.app.server.config);
    identity::actions::end_at_github(context, &app, tokens).await;
    assert_eq!(scene.github.grants("wren-oak").expect("known"), 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn the_token_of_a_closed_account_is_not_used() {
    let scene = Scene::with_maintainers().await;
    scene.connected("wren-oak").await;
    let context = scene.app.context();
    let person = identity::reads::find_account(&context.db, "wren-oak").await;
    let id = person.expect("known").id.into();
    let held = identity::actions::github_token(context, id).await;
    assert!(held.expect("read").is_some());
    let closed = "UPDATE users SET is_deleted = true WHERE login = 'wren-oak'";
    scene.app.change(closed).await.expect("changed");
    let held = identity::actions::github_token(context, id).await;
    assert!(held.expect("read").is_none());
    scene.app.finish().await;
}
