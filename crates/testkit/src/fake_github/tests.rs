use std::{collections::HashSet, time::Duration};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::*;
use crate::{clock::FakeClock, delivery::sign, payloads::Verdict, story::Act};

const REPO: &str = "octo-tools/lantern";

/// A fake with a maintainer, a contributor and one repository, and a client to talk to it.
struct Scene {
    github: FakeGithub,
    clock: FakeClock,
    client: Client,
}

impl Scene {
    async fn new() -> Self {
        let clock = FakeClock::new("2026-10-01T12:00:00Z".parse().expect("an instant"));
        let github = FakeGithub::start(Options::new(clock.clone()))
            .await
            .expect("a port");
        github.add_user("monacat");
        github.add_user("hexacat");
        github.add_repo("octo-tools", "lantern");
        github
            .permit(REPO, "monacat", Role::Admin)
            .expect("both are known");
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy();
        Self {
            github,
            clock,
            client: client.build().expect("a client"),
        }
    }

    async fn ask(&self, method: Method, path: &str, login: &str, body: Value) -> Response {
        let request = self
            .client
            .request(method, format!("{}{path}", self.github.url()));
        let request = if login.is_empty() {
            request
        } else {
            request.bearer_auth(format!("token-{login}"))
        };
        request.json(&body).send().await.expect("an answer")
    }

    async fn get(&self, path: &str, login: &str) -> (u16, Value) {
        read(self.ask(Method::GET, path, login, Value::Null).await).await
    }

    async fn send(&self, method: Method, path: &str, login: &str, body: Value) -> (u16, Value) {
        read(self.ask(method, path, login, body).await).await
    }

    fn open(&self, title: &str) -> i64 {
        let shape = |pull: &mut crate::payloads::PullState| title.clone_into(&mut pull.title);
        self.github
            .open_pull(REPO, "hexacat", shape)
            .expect("both are known")
    }
}

async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let bytes = response.bytes().await.expect("a body");
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

type Received = (HeaderMap, Bytes);

/// A receiver of deliveries: its address and what came.
async fn receiver() -> (String, UnboundedReceiver<Received>) {
    async fn take(
        State(out): State<UnboundedSender<Received>>,
        headers: HeaderMap,
        body: Bytes,
    ) -> &'static str {
        out.send((headers, body)).expect("the test listens");
        "thanks"
    }
    let (out, received) = unbounded_channel();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let router = Router::new().route("/hook", post(take)).with_state(out);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, received)
}

fn all(received: &mut UnboundedReceiver<Received>) -> Vec<(String, String, Value)> {
    std::iter::from_fn(|| received.try_recv().ok())
        .map(|(headers, body)| {
            let text = |name: &str| headers[name].to_str().expect("text").to_owned();
            let body = serde_json::from_slice(&body).expect("JSON");
            (text("x-github-event"), text("x-github-delivery"), body)
        })
        .collect()
}

#[tokio::test]
async fn a_merge_through_the_api_shows_there_and_delivers_a_signed_hook() {
    let scene = Scene::new().await;
    let (url, mut received) = receiver().await;
    let number = scene.open("feat: Light");
    let config = json!({ "url": url, "content_type": "json", "secret": "s3cret" });
    let hook = json!({ "name": "web", "events": ["pull_request", "push"], "config": config });
    let hooks = format!("/repos/{REPO}/hooks");
    let (status, created) = scene
        .send(Method::POST, &hooks, "monacat", hook.clone())
        .await;
    assert_eq!(
        (status, created["config"]["secret"].as_str()),
        (201, Some("********"))
    );
    let (status, again) = scene.send(Method::POST, &hooks, "monacat", hook).await;
    assert_eq!(status, 422, "{again}");
    assert_eq!(
        again["errors"][0]["message"],
        "Hook already exists on this repository"
    );

    let merge = format!("/repos/{REPO}/pulls/{number}/merge");
    assert_eq!(
        scene
            .send(Method::PUT, &merge, "hexacat", json!({}))
            .await
            .0,
        403
    );
    let (status, merged) = scene.send(Method::PUT, &merge, "monacat", json!({})).await;
    assert_eq!((status, &merged["merged"]), (200, &json!(true)));
    let (status, refused) = scene.send(Method::PUT, &merge, "monacat", json!({})).await;
    assert_eq!(
        (status, &refused["message"]),
        (405, &json!("Pull Request is not mergeable"))
    );
    let (_, pull) = scene
        .get(&format!("/repos/{REPO}/pulls/{number}"), "")
        .await;
    assert_eq!(
        (&pull["merged"], &pull["merged_by"]["login"]),
        (&json!(true), &json!("monacat"))
    );
    assert!(
        pull["url"]
            .as_str()
            .expect("text")
            .starts_with(scene.github.url())
    );

    scene.github.settle().await;
    let mut events = Vec::new();
    while let Ok((headers, body)) = received.try_recv() {
        let text = |name: &str| headers[name].to_str().expect("text");
        assert_eq!(text("x-hub-signature-256"), sign("s3cret", &body));
        assert_eq!(text("x-github-hook-id"), created["id"].to_string());
        assert!(text("x-github-delivery").parse::<uuid::Uuid>().is_ok());
        assert!(text("user-agent").starts_with("GitHub-Hookshot/"));
        events.push(text("x-github-event").to_owned());
    }
    assert_eq!(events, ["ping", "pull_request", "push"]);
}

#[tokio::test]
async fn a_whole_conversation_goes_through_the_api() {
    let scene = Scene::new().await;
    let base = format!("/repos/{REPO}");
    let wanted = json!({ "title": "fix: It", "head": "hexacat:x", "base": "main", "draft": true });
    let (status, pull) = scene
        .send(Method::POST, &format!("{base}/pulls"), "hexacat", wanted)
        .await;
    assert_eq!(
        (status, &pull["draft"], &pull["number"]),
        (201, &json!(true), &json!(1))
    );
    let one = format!("{base}/pulls/1");
    let merge = format!("{one}/merge");
    assert_eq!(
        scene
            .send(Method::PUT, &merge, "monacat", json!({}))
            .await
            .0,
        405
    );
    let act = json!({ "act": "ready_for_review", "by": "hexacat" });
    let acts = format!("/_acts/{REPO}/1");
    assert_eq!(
        scene.send(Method::POST, &acts, "", act).await.1["draft"],
        false
    );
    let reviews = format!("{one}/reviews");
    let approve = json!({ "event": "APPROVE" });
    let own = scene
        .send(Method::POST, &reviews, "hexacat", approve.clone())
        .await;
    assert_eq!(
        (own.0, &own.1["errors"][0]),
        (422, &json!("Can not approve your own pull request"))
    );
    let (status, review) = scene.send(Method::POST, &reviews, "monacat", approve).await;
    assert_eq!((status, &review["state"]), (200, &json!("APPROVED")));
    let dismissals = format!("{reviews}/{}/dismissals", review["id"]);
    let why = json!({ "message": "Too soon" });
    let (_, review) = scene.send(Method::PUT, &dismissals, "monacat", why).await;
    assert_eq!(review["state"], "DISMISSED");
    let labels = format!("{base}/issues/1/labels");
    let (_, list) = scene
        .send(
            Method::POST,
            &labels,
            "monacat",
            json!({ "labels": ["bug"] }),
        )
        .await;
    assert_eq!(list[0]["name"], "bug");
    assert_eq!(
        scene
            .send(Method::DELETE, &format!("{labels}/x"), "monacat", json!({}))
            .await
            .0,
        404
    );
    let closed = scene
        .send(Method::PATCH, &one, "hexacat", json!({ "state": "closed" }))
        .await;
    assert_eq!(closed.1["state"], "closed");
    let open = scene
        .send(Method::PATCH, &one, "hexacat", json!({ "state": "open" }))
        .await;
    assert_eq!(open.1["state"], "open");
    let (_, files) = scene.get(&format!("{one}/files"), "").await;
    assert_eq!(files.as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn lists_have_pages_and_links() {
    let scene = Scene::new().await;
    for number in 0..7 {
        scene.open(&format!("fix: {number}"));
        scene.clock.advance(chrono::TimeDelta::seconds(1));
    }
    scene.github.merge(REPO, 3, "monacat").expect("it is open");
    let path = format!("/repos/{REPO}/pulls?state=all&per_page=3&page=2");
    for prefix in ["", "/api/v3"] {
        let answer = scene
            .ask(Method::GET, &format!("{prefix}{path}"), "", Value::Null)
            .await;
        let link = answer.headers()["link"].to_str().expect("text").to_owned();
        let base = format!(
            "{}{prefix}/repos/{REPO}/pulls?state=all&per_page=3",
            scene.github.url()
        );
        assert!(
            link.contains(&format!("<{base}&page=3>; rel=\"next\"")),
            "{link}"
        );
        assert!(
            link.contains(&format!("<{base}&page=1>; rel=\"prev\"")),
            "{link}"
        );
        let (_, page) = read(answer).await;
        let numbers: Vec<i64> = page
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|pull| pull["number"].as_i64())
            .collect();
        assert_eq!(numbers, [4, 3, 2]);
        assert!(page[0].get("merged").is_none(), "a list is partial");
    }
    let (_, closed) = scene
        .get(&format!("/repos/{REPO}/pulls?state=closed"), "")
        .await;
    assert_eq!(closed.as_array().map(Vec::len), Some(1));
    let updated = format!("/repos/{REPO}/pulls?state=all&sort=updated&direction=desc");
    assert_eq!(scene.get(&updated, "").await.1[0]["number"], 3);
    let last = scene
        .ask(
            Method::GET,
            &format!("/repos/{REPO}/pulls"),
            "",
            Value::Null,
        )
        .await;
    assert!(last.headers().get("link").is_none());
}

#[tokio::test]
async fn an_unchanged_answer_is_304_and_free() {
    let scene = Scene::new().await;
    let number = scene.open("fix: It");
    let url = format!("{}/repos/{REPO}/pulls/{number}", scene.github.url());
    let first = scene.client.get(&url).send().await.expect("an answer");
    let left = first.headers()["x-ratelimit-remaining"].clone();
    let tag = first.headers()["etag"].clone();
    let conditional = || scene.client.get(&url).header("if-none-match", &tag).send();
    let second = conditional().await.expect("an answer");
    assert_eq!(second.status(), 304);
    assert_eq!(second.headers()["x-ratelimit-remaining"], left);
    scene
        .github
        .act(
            REPO,
            number,
            "monacat",
            Act::Edited(String::from("fix: That")),
        )
        .expect("open");
    assert_eq!(conditional().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn sign_in_needs_the_code_the_proof_and_the_secret() {
    let scene = Scene::new().await;
    let verifier = "a-verifier-of-more-than-forty-three-characters";
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    let code = async || {
        let url = format!(
            "{}/login/oauth/authorize?client_id=guildhall&redirect_uri=http://localhost/back&state=x%2Fy\
            &scope=read:user&code_challenge={challenge}&code_challenge_method=S256&login=hexacat",
            scene.github.url()
        );
        let answer = scene.client.get(url).send().await.expect("an answer");
        let back = answer.headers()["location"]
            .to_str()
            .expect("text")
            .to_owned();
        let query = back
            .strip_prefix("http://localhost/back?code=")
            .expect("a code");
        query
            .strip_suffix("&state=x%2Fy")
            .expect("the state")
            .to_owned()
    };
    let exchange = async |code: &str, verifier: &str, secret: &str| {
        let form = [
            ("client_id", "guildhall"),
            ("client_secret", secret),
            ("code", code),
            ("code_verifier", verifier),
        ];
        let url = format!("{}/login/oauth/access_token", scene.github.url());
        let request = scene
            .client
            .post(url)
            .header("accept", "application/json")
            .form(&form);
        read(request.send().await.expect("an answer")).await.1
    };
    assert_eq!(
        exchange("x", verifier, "no").await["error"],
        "incorrect_client_credentials"
    );
    let wrong = exchange(&code().await, "something else", "fake-secret").await;
    assert_eq!(wrong["error"], "bad_verification_code");
    let good = code().await;
    let token = exchange(&good, verifier, "fake-secret").await;
    assert_eq!(
        (&token["token_type"], &token["scope"]),
        (&json!("bearer"), &json!("read:user"))
    );
    let again = exchange(&good, verifier, "fake-secret").await;
    assert_eq!(again["error"], "bad_verification_code");

    let token = token["access_token"].as_str().expect("a token");
    let me = || {
        scene
            .client
            .get(format!("{}/user", scene.github.url()))
            .bearer_auth(token)
            .send()
    };
    let answer = me().await.expect("an answer");
    assert_eq!(answer.headers()["x-oauth-scopes"], "read:user");
    assert_eq!(read(answer).await.1["login"], "hexacat");
    let emails = scene
        .client
        .get(format!("{}/user/emails", scene.github.url()));
    assert_eq!(
        emails
            .bearer_auth(token)
            .send()
            .await
            .expect("an answer")
            .status(),
        404
    );
    scene.github.revoke(token);
    let (status, refused) = read(me().await.expect("an answer")).await;
    assert_eq!(
        (status, &refused["message"]),
        (401, &json!("Bad credentials"))
    );
    assert_eq!(scene.get("/user", "").await.0, 401);
}

#[tokio::test]
async fn people_permissions_and_old_names_are_answered_as_github_does() {
    let scene = Scene::new().await;
    assert_eq!(scene.get("/users/nobody", "").await.0, 404);
    assert_eq!(scene.get("/users/HexaCat", "").await.1["login"], "hexacat");
    let permission = format!("/repos/{REPO}/collaborators/monacat/permission");
    assert_eq!(scene.get(&permission, "hexacat").await.0, 403);
    let (_, answer) = scene.get(&permission, "monacat").await;
    assert_eq!(
        (&answer["permission"], &answer["role_name"]),
        (&json!("admin"), &json!("admin"))
    );
    assert_eq!(
        scene
            .get(&format!("/repos/{REPO}/hooks"), "hexacat")
            .await
            .0,
        404
    );
    let (_, repo) = scene.get(&format!("/repos/{REPO}"), "monacat").await;
    assert_eq!(repo["permissions"]["admin"], true);
    scene
        .github
        .rename_repo(REPO, "beacon")
        .expect("the name is free");
    let (status, moved) = scene.get(&format!("/repos/{REPO}"), "").await;
    assert_eq!(
        (status, &moved["url"]),
        (301, &json!(format!("/repositories/{}", repo["id"])))
    );
    let (_, found) = scene
        .get(&format!("/repositories/{}", repo["id"]), "")
        .await;
    assert_eq!(found["full_name"], "octo-tools/beacon");
    assert_eq!(scene.get("/nothing/here", "").await.0, 404);
}

#[tokio::test]
async fn switches_break_what_they_say() {
    let scene = Scene::new().await;
    let switch = async |body: Value| scene.send(Method::POST, "/_switches", "", body).await;
    let person = async || {
        scene
            .ask(Method::GET, "/users/hexacat", "", Value::Null)
            .await
    };
    assert_eq!(switch(json!({ "errors": 1.0 })).await.0, 200);
    assert!(person().await.status().is_server_error());
    assert_eq!(switch(json!({ "errors": 2.0 })).await.0, 422);
    assert_eq!(switch(json!({ "unknown": 1 })).await.0, 422);
    switch(json!({ "errors": 0.0, "rate_remaining": 1, "rate_reset": 60 })).await;
    assert_eq!(person().await.status(), 200);
    let limited = person().await;
    assert_eq!(limited.status(), 403);
    assert_eq!(limited.headers()["x-ratelimit-remaining"], "0");
    let reset = limited.headers()["x-ratelimit-reset"]
        .to_str()
        .expect("text")
        .to_owned();
    assert_eq!(reset, (scene.clock.now().timestamp() + 60).to_string());
    scene.clock.advance(chrono::TimeDelta::seconds(61));
    assert_eq!(person().await.status(), 200);
    switch(json!({ "secondary_limit": 7 })).await;
    assert_eq!(person().await.headers()["retry-after"], "7");
    switch(json!({ "secondary_limit": null, "latency_ms": 60 })).await;
    let begun = std::time::Instant::now();
    assert_eq!(person().await.status(), 200);
    assert!(begun.elapsed() >= Duration::from_millis(60));
    assert_eq!(scene.get("/_switches", "").await.1["latency_ms"], 60);
}

#[tokio::test]
async fn deliveries_are_dropped_redelivered_doubled_and_shuffled() {
    let scene = Scene::new().await;
    let (url, mut received) = receiver().await;
    let hook = scene
        .github
        .add_hook(REPO, &url, "s3cret")
        .expect("the repository is known");
    scene.github.settle().await;
    assert_eq!(all(&mut received)[0].0, "ping");

    scene.github.switch(|switches| switches.dropped = 1.0);
    scene.open("fix: Lost");
    scene.github.settle().await;
    assert!(all(&mut received).is_empty());
    let deliveries = format!("/repos/{REPO}/hooks/{hook}/deliveries");
    let (_, list) = scene.get(&deliveries, "monacat").await;
    assert_eq!(
        (&list[0]["event"], &list[0]["status_code"]),
        (&json!("pull_request"), &json!(0))
    );
    let again = format!("{deliveries}/{}/attempts", list[0]["id"]);
    assert_eq!(
        scene
            .send(Method::POST, &again, "monacat", json!({}))
            .await
            .0,
        202
    );
    scene.github.settle().await;
    let got = all(&mut received);
    assert_eq!((got.len(), &json!(got[0].1)), (1, &list[0]["guid"]));

    scene
        .github
        .switch(|switches| (switches.dropped, switches.doubled) = (0.0, 1.0));
    scene.open("fix: Twice");
    scene.github.settle().await;
    let got = all(&mut received);
    assert_eq!((got.len(), &got[0].1), (2, &got[1].1));

    scene
        .github
        .switch(|switches| (switches.doubled, switches.shuffled) = (0.0, 0.6));
    let opened: Vec<i64> = (0..20)
        .map(|number| scene.open(&format!("fix: {number}")))
        .collect();
    scene.github.settle().await;
    let numbers: Vec<i64> = all(&mut received)
        .iter()
        .filter_map(|one| one.2["number"].as_i64())
        .collect();
    assert_ne!(numbers, opened);
    assert_eq!(
        numbers.iter().collect::<HashSet<_>>(),
        opened.iter().collect()
    );
}

#[tokio::test]
async fn a_seeded_fake_is_useful_at_once() {
    let clock = FakeClock::new("2026-10-01T12:00:00Z".parse().expect("an instant"));
    let options = Options {
        seeded: true,
        ..Options::new(clock)
    };
    let github = FakeGithub::start(options).await.expect("a port");
    let pull = github
        .pull("lanternfish-guild/lanternfish", 1)
        .expect("seeded");
    assert_eq!(pull.state(), "open");
    github
        .merge("lanternfish-guild/lanternfish", 1, "mirelle-tavok")
        .expect("a maintainer");
    let name = "lanternfish-guild/lanternfish";
    github
        .review(name, 2, "mirelle-tavok", Verdict::Approved)
        .expect("a maintainer");
    assert!(github.rename_user("nobody", "somebody").is_err());
    github
        .rename_user("mirelle-tavok", "mirelle")
        .expect("known");
    let merged_by = github
        .pull(name, 1)
        .expect("there")
        .merged_by
        .expect("merged");
    assert_eq!(merged_by.login, "mirelle");
}
