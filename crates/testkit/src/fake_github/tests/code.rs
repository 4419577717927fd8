use std::io::Read as _;

use super::*;
use crate::fake_github::code::{CodeStory, CommitStory, PushStory};

const CODE: &str = "monacat/tide-clock";

fn at(text: &str) -> kernel::Timestamp {
    text.parse().expect("an instant")
}

/// A story of two people, whose second push replaces the commit of the first.
fn story() -> CodeStory {
    let first = CommitStory::new("monacat", at("2026-09-02T11:00:00Z"), "Show the tide")
        .file("src/main.rs", "fn main() {}\n")
        .file("README.md", "hello world\n")
        .co_author("hexacat");
    let second = CommitStory::new("Someone <s@example.net>", at("2026-09-01T00:00:00Z"), "Again")
        .file("src/main.rs", "fn main() { low() }\n")
        .committed_by("hexacat", at("2026-09-03T09:00:00Z"))
        .verified();
    CodeStory::new(CODE, at("2026-09-02T09:00:00Z"))
        .license("MIT")
        .collaborator("hexacat")
        .push(PushStory::new("monacat", at("2026-09-02T12:00:00Z")).commit(first.clone()))
        .push(
            PushStory::new("hexacat", at("2026-09-03T10:00:00Z"))
                .forced(0)
                .commit(first)
                .commit(second),
        )
}

impl GithubScene {
    async fn with_code(story: &CodeStory) -> Self {
        let scene = Self::new().await;
        scene.github.add_code(story).expect("added");
        scene
    }
}

#[tokio::test]
async fn commits_have_people_times_and_parents() {
    let scene = GithubScene::with_code(&story()).await;
    let (status, listed) = scene.get(&format!("/repos/{CODE}/commits"), "").await;
    assert_eq!((status, listed.as_array().map(Vec::len)), (200, Some(2)));
    let (new, old) = (&listed[0], &listed[1]);
    assert_eq!(new["parents"][0]["sha"], old["sha"]);
    assert_eq!((&new["author"], &new["committer"]["login"]), (&Value::Null, &json!("hexacat")));
    assert_eq!(new["commit"]["author"]["date"], "2026-09-01T00:00:00Z");
    assert_eq!(new["commit"]["verification"]["verified"], true);
    let message = old["commit"]["message"].as_str().expect("text");
    assert_eq!(message, "Show the tide\n\nCo-authored-by: hexacat <hexacat@example.org>");
    let (_, head) = scene.get(&format!("/repos/{CODE}/commits/heads/main"), "").await;
    assert_eq!(head["sha"], new["sha"]);
    let (status, body) = scene.get(&format!("/repos/{CODE}/commits/dev"), "").await;
    assert_eq!((status, &body["message"]), (422, &json!("No commit found for SHA: dev")));
    let path = format!("/repos/{CODE}/commits?per_page=1");
    let page = scene.ask(Method::GET, &path, "", Value::Null).await;
    let link = page.headers()["link"].to_str().expect("text").to_owned();
    assert!(link.contains("page=2>; rel=\"next\""), "{link}");
}

#[tokio::test]
async fn trees_have_the_shas_of_git() {
    let scene = GithubScene::with_code(&story()).await;
    let sha = scene.github.head(CODE, "main").expect("known").expect("a commit");
    let path = format!("/repos/{CODE}/git/trees/{sha}?recursive=1");
    let (status, tree) = scene.get(&path, "").await;
    assert_eq!((status, &tree["truncated"]), (200, &json!(false)));
    let listed = tree["tree"].as_array().expect("a list");
    let named = |path: &str| listed.iter().find(|node| node["path"] == path).expect("listed");
    assert_eq!(named("README.md")["sha"], "3b18e512dba79e4c8300dd08aeb37f8e728b8dad");
    assert_eq!(
        (&named("src")["type"], &named("src/main.rs")["size"]),
        (&json!("tree"), &json!(20))
    );
    scene.github.switch(|switches| switches.largest_tree = 1);
    assert_eq!(scene.get(&path, "").await.1["truncated"], true);
}

#[tokio::test]
async fn activity_shows_what_a_forced_push_replaced() {
    let scene = GithubScene::with_code(&story()).await;
    let path = format!("/repos/{CODE}/activity?ref=refs/heads/main&per_page=1");
    let page = scene.ask(Method::GET, &path, "", Value::Null).await;
    let link = page.headers()["link"].to_str().expect("text").to_owned();
    let (_, newest) = read(page).await;
    assert_eq!(
        (&newest[0]["activity_type"], &newest[0]["actor"]["login"]),
        (&json!("force_push"), &json!("hexacat"))
    );
    assert_eq!(newest[0]["timestamp"], "2026-09-03T10:00:00Z");
    let next = link.trim_start_matches('<').split('>').next().expect("a URL");
    let next = next.strip_prefix(scene.github.url()).expect("the same server");
    let page = scene.ask(Method::GET, next, "", Value::Null).await;
    assert!(page.headers().get("link").is_none());
    let (_, oldest) = read(page).await;
    assert_eq!(oldest[0]["activity_type"], "branch_creation");
    assert_eq!(oldest[0]["after"], newest[0]["before"]);
}

#[tokio::test]
async fn archives_come_from_another_address() {
    let scene = GithubScene::with_code(&story().private()).await;
    let sha = scene.github.head(CODE, "main").expect("known").expect("a commit");
    let path = format!("/repos/{CODE}/tarball/{sha}");
    assert_eq!(scene.get(&path, "").await.0, 404);
    let redirect = scene.ask(Method::GET, &path, "monacat", Value::Null).await;
    assert_eq!(redirect.status(), 302);
    let address = redirect.headers()["location"].to_str().expect("text").to_owned();
    let download = async |address: &str| scene.client.get(address).send().await.expect("an answer");
    let (bare, _) = address.split_once('?').expect("a token");
    assert_eq!(download(bare).await.status(), 404);
    let packed = download(&address).await.bytes().await.expect("a body");
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(&packed[..]));
    let mut files = Vec::new();
    for entry in archive.entries().expect("entries") {
        let mut entry = entry.expect("an entry");
        let path = entry.path().expect("a path").to_string_lossy().into_owned();
        let mut text = String::new();
        entry.read_to_string(&mut text).expect("text");
        files.push((path, text));
    }
    let top = format!("monacat-tide-clock-{}", &sha[..7]);
    assert_eq!(files[0].0, "pax_global_header");
    assert_eq!(files[1], (format!("{top}/README.md"), "hello world\n".to_owned()));
}

#[tokio::test]
async fn a_push_is_delivered_with_its_checks() {
    let scene = GithubScene::with_code(&story().workflow("Checks", "failure")).await;
    let (url, mut received) = receiver().await;
    scene.github.add_hook(CODE, &url, "secret").expect("a hook");
    let commit = CommitStory::new("monacat", at("2026-10-01T11:00:00Z"), "More").file("a", "b");
    let push = PushStory::now("monacat").forced(1).commit(commit);
    let (before, after) = scene.github.push_code(CODE, &push).expect("pushed");
    scene.github.settle().await;
    let events = all(&mut received);
    let names: Vec<&str> = events.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, ["ping", "push", "check_suite", "workflow_run"]);
    let push = &events[1].2;
    assert_eq!(
        (&push["before"], &push["after"], &push["forced"]),
        (&json!(before), &json!(after), &json!(true))
    );
    let run = &events[3].2["workflow_run"];
    assert_eq!(
        (&run["head_sha"], &run["conclusion"], &run["event"]),
        (&json!(after), &json!("failure"), &json!("push"))
    );
}

#[tokio::test]
async fn a_dispatch_runs_the_workflow_later() {
    let scene = GithubScene::with_code(&story().workflow("Checks", "success")).await;
    let (url, mut received) = receiver().await;
    scene.github.add_hook(CODE, &url, "secret").expect("a hook");
    let path = format!("/repos/{CODE}/dispatches");
    let body = json!({ "event_type": "judge", "client_payload": { "round": 1 } });
    let send =
        async |login, body: &Value| scene.send(Method::POST, &path, login, body.clone()).await.0;
    assert_eq!(send("hexacat", &body).await, 204);
    assert_eq!(send("hexacat", &json!({})).await, 422);
    assert_eq!(send("", &body).await, 401);
    scene.github.settle().await;
    let dispatched = scene.github.dispatched(CODE).expect("known");
    assert_eq!(dispatched, [("judge".to_owned(), json!({ "round": 1 }))]);
    let runs: Vec<_> =
        all(&mut received).into_iter().filter(|(name, ..)| name == "workflow_run").collect();
    assert_eq!(runs[0].2["workflow_run"]["event"], "repository_dispatch");
}

#[tokio::test]
async fn stories_are_added_over_http() {
    let scene = GithubScene::new().await;
    let path = "/_code";
    let (status, made) = scene.send(Method::POST, path, "", json!(story())).await;
    assert_eq!((status, &made["full_name"]), (201, &json!(CODE)));
    assert_eq!(scene.send(Method::POST, path, "", json!(story())).await.0, 422);
    let (status, repo) = scene.get(&format!("/repos/{CODE}"), "").await;
    assert_eq!(
        (status, &repo["license"]["spdx_id"], &repo["created_at"]),
        (200, &json!("MIT"), &json!("2026-09-02T09:00:00Z"))
    );
    let push = json!({ "by": "monacat", "branch": "dev", "commits": [
        { "author": "monacat", "at": "2026-10-01T11:00:00Z", "message": "Try", "files": { "a": "b" } }
    ] });
    let (status, made) = scene.send(Method::POST, &format!("/_code/{CODE}"), "", push).await;
    assert_eq!((status, made["before"].as_str()), (201, Some(&*"0".repeat(40))));
    let (status, error) = scene.send(Method::POST, path, "", json!({ "repository": 7 })).await;
    assert!(
        status == 422 && error["message"].as_str().is_some_and(|text| text.contains("integer `7`"))
    );
}

#[tokio::test]
async fn forks_share_commits_and_merges_have_two_parents() {
    let scene = GithubScene::with_code(&story()).await;
    let topic = CommitStory::new("hexacat", at("2026-09-04T11:00:00Z"), "Topic").file("b", "c");
    let merge = CommitStory::new("hexacat", at("2026-09-04T12:00:00Z"), "Merge").merging("topic");
    let fork = CodeStory::new("hexacat/tide-clock", at("2026-09-04T09:00:00Z"))
        .fork_of(CODE)
        .push(PushStory::new("hexacat", at("2026-09-04T11:30:00Z")).to("topic").commit(topic))
        .push(PushStory::new("hexacat", at("2026-09-04T12:30:00Z")).merging().commit(merge))
        .push(PushStory::new("hexacat", at("2026-09-04T13:00:00Z")).to("topic").deleting());
    let made = scene.github.add_code(&fork).expect("added");
    let (_, repo) = scene.get("/repos/hexacat/tide-clock", "").await;
    assert_eq!((made.fork, &repo["parent"]["full_name"]), (true, &json!(CODE)));
    let (_, listed) = scene.get("/repos/hexacat/tide-clock/commits", "").await;
    assert_eq!(listed[0]["parents"].as_array().map(Vec::len), Some(2));
    assert_eq!(listed.as_array().map(Vec::len), Some(4));
    let (_, changes) = scene.get("/repos/hexacat/tide-clock/activity", "").await;
    let kinds: Vec<_> = changes
        .as_array()
        .expect("a list")
        .iter()
        .map(|own| own["activity_type"].as_str())
        .collect();
    assert_eq!(kinds, [Some("branch_deletion"), Some("pr_merge"), Some("branch_creation")]);
}

#[tokio::test]
async fn an_empty_repository_has_no_commit() {
    let scene = GithubScene::with_code(&CodeStory::new(CODE, at("2026-09-02T09:00:00Z"))).await;
    for path in ["commits", "commits/main", "git/trees/main"] {
        assert_eq!(scene.get(&format!("/repos/{CODE}/{path}"), "").await.0, 409, "{path}");
    }
    assert_eq!(scene.get(&format!("/repos/{CODE}"), "").await.1["size"], 0);
    let (status, changes) = scene.get(&format!("/repos/{CODE}/activity"), "").await;
    assert_eq!((status, changes), (200, json!([])));
}
