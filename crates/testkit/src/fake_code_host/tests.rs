use kernel::Timestamp;
use reqwest::{Client, StatusCode, redirect};
use serde_json::{Value, json};

use super::{CodeHostKind, FakeCodeHost, Options, TOKEN};
use crate::{
    clock::FakeClock,
    fake_github::code::{CodeStory, CommitStory, PushStory},
};

const CODE: &str = "gannets/berthlist";

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

async fn fake(kind: CodeHostKind) -> FakeCodeHost {
    let clock = FakeClock::new(at("2026-11-16T08:00:00Z"));
    let fake = FakeCodeHost::start(clock, Options::new(kind)).await;
    let fake = fake.expect("a free port");
    let commit =
        |hour: &str, path: &str| CommitStory::new("ada", at(hour), "Keep").file(path, "x\n");
    let story = CodeStory::new(CODE, at("2026-11-14T18:30:00Z"))
        .push(
            PushStory::new("ada", at("2026-11-14T19:05:00Z"))
                .commit(commit("2026-11-14T19:00:00Z", "README.md")),
        )
        .push(
            PushStory::new("ada", at("2026-11-15T07:00:00Z"))
                .commit(commit("2026-11-15T06:00:00Z", "src/main.rs")),
        );
    fake.add_code(&story).expect("added");
    fake
}

async fn get(fake: &FakeCodeHost, path: &str, token: &str) -> (StatusCode, Value) {
    let client = Client::builder().redirect(redirect::Policy::none()).no_proxy();
    let client = client.build().expect("a client");
    let request = client.get(format!("{}{path}", fake.url()));
    let request = match token {
        "" => request,
        token => request.bearer_auth(token),
    };
    let answer = request.send().await.expect("an answer");
    let status = answer.status();
    (status, answer.json().await.unwrap_or_default())
}

#[tokio::test]
async fn each_kind_has_its_own_api() {
    let repository = [
        (CodeHostKind::Gitea, format!("/api/v1/repos/{CODE}"), "full_name"),
        (
            CodeHostKind::Gitlab,
            format!("/api/v4/projects/{}", CODE.replace('/', "%2F")),
            "path_with_namespace",
        ),
        (CodeHostKind::Bitbucket, format!("/2.0/repositories/{CODE}"), "full_name"),
    ];
    for (kind, path, name) in repository {
        let fake = fake(kind).await;
        let (status, found) = get(&fake, &path, "").await;
        assert_eq!((status, &found[name]), (StatusCode::OK, &json!(CODE)), "{kind:?}");
        let missing = get(&fake, &path.replace("berthlist", "nothing"), "").await;
        assert_eq!(missing.0, StatusCode::NOT_FOUND, "{kind:?}");
        assert_eq!(get(&fake, &path, "wrong").await.0, StatusCode::UNAUTHORIZED);
        fake.rename(CODE, "berths").expect("renamed");
        assert_eq!(get(&fake, &path, "").await.0, StatusCode::MOVED_PERMANENTLY);
        fake.switch(|switches| switches.requests_left = Some(0));
        assert_eq!(get(&fake, &path, "").await.0, StatusCode::TOO_MANY_REQUESTS);
    }
}

#[tokio::test]
async fn a_private_repository_needs_the_token() {
    let fake = fake(CodeHostKind::Gitlab).await;
    let story = CodeStory::new("gannets/crew/plans", at("2026-11-14T18:30:00Z")).private();
    fake.add_code(&story).expect("added");
    let path = "/api/v4/projects/gannets%2Fcrew%2Fplans";
    assert_eq!(get(&fake, path, "").await.0, StatusCode::NOT_FOUND);
    let (status, project) = get(&fake, path, TOKEN).await;
    assert_eq!((status, &project["visibility"]), (StatusCode::OK, &json!("private")));
}

#[tokio::test]
async fn stories_and_faults_come_over_http_too() {
    let fake = fake(CodeHostKind::Gitea).await;
    let client = Client::new();
    let push = json!({ "by": "bo", "commits": [
        { "author": "bo", "at": "2026-11-15T09:00:00Z", "message": "More", "files": { "a": "b" } },
    ] });
    let url = format!("{}/_code/{CODE}", fake.url());
    let pushed = client.post(url).json(&push).send().await.expect("sent");
    assert_eq!(pushed.status(), StatusCode::CREATED);
    let pushed: Value = pushed.json().await.expect("JSON");
    assert_eq!(pushed["after"].as_str(), fake.head(CODE, "main").as_deref());
    let url = format!("{}/_switches", fake.url());
    let wrong = json!({ "errors": 2.0 });
    let refused = client.post(&url).json(&wrong).send().await.expect("sent");
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let (_, calls) = get(&fake, "/_calls", "").await;
    assert_eq!(calls["total"], 0);
}
