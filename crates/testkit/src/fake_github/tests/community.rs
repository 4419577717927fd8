use std::collections::{BTreeMap, BTreeSet};

use super::*;

const WANTED: Community = Community { repositories: 60, issues: 1_500 };

/// Starts a fake with a community; returns it with the repositories and their open issues.
async fn settled(seed: u64) -> (GithubScene, BTreeMap<String, u64>) {
    let scene = GithubScene::new().await;
    let wanted =
        json!({ "repositories": WANTED.repositories, "issues": WANTED.issues, "seed": seed });
    let (status, created) = scene.send(Method::POST, "/_community", "", wanted).await;
    assert_eq!(status, 201, "{created}");
    let created = created["repositories"].as_array().expect("repositories");
    let sizes = created.iter().map(|own| {
        let name = own["full_name"].as_str().expect("a name");
        (name.to_owned(), own["open_issues"].as_u64().expect("a number"))
    });
    let sizes = sizes.collect();
    (scene, sizes)
}

/// Reads the issues and pull requests of a repository.
async fn issues(scene: &GithubScene, name: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for page in 1.. {
        let path = format!("/repos/{name}/issues?state=all&per_page=100&page={page}");
        let (status, found) = scene.get(&path, "hexacat").await;
        assert_eq!(status, 200);
        let found = found.as_array().expect("a list").clone();
        if found.is_empty() {
            break;
        }
        all.extend(found);
    }
    all
}

#[tokio::test]
async fn a_community_has_many_small_repositories_and_some_with_pages_of_issues() {
    let (scene, sizes) = settled(3).await;
    assert_eq!(sizes.len(), WANTED.repositories);
    assert_eq!(sizes.values().sum::<u64>(), WANTED.issues as u64);
    let of = |is: &dyn Fn(u64) -> bool| sizes.values().filter(|size| is(**size)).count();
    assert_eq!(of(&|size| size == 0), 6);
    assert!(of(&|size| size > 100) >= 1, "{sizes:?}");
    assert!(of(&|size| size < 30) > 30, "{sizes:?}");

    let (name, size) = sizes.iter().max_by_key(|(_, size)| **size).expect("one");
    let all = issues(&scene, name).await;
    let (pulls, own): (Vec<_>, Vec<_>) =
        all.iter().partition(|one| one["pull_request"].is_object());
    let open = own.iter().filter(|issue| issue["state"] == "open").count();
    assert_eq!((open as u64, own.len() as u64), (*size, size + size / 10));
    let some = |has: &dyn Fn(&Value) -> bool| own.iter().any(|issue| has(issue));
    assert!(some(&|issue| issue["labels"][0].is_object()));
    assert!(some(&|issue| issue["assignees"][0].is_object()));
    assert!(some(&|issue| issue["comments"].as_i64() > Some(0)));
    assert!(some(&|issue| issue["locked"] == true));
    let merged = pulls.iter().filter(|pull| pull["state"] == "closed").count();
    assert!(merged as u64 >= size / 10 && merged < pulls.len());
    let closes =
        |pull: &Value| pull["body"].as_str().is_some_and(|body| body.starts_with("Fixes #"));
    assert!(pulls.iter().all(|pull| closes(pull)));
}

#[tokio::test]
async fn a_seed_determines_the_community() {
    let read = async |seed| {
        let (scene, sizes) = settled(seed).await;
        let name = sizes.iter().max_by_key(|(_, size)| **size).expect("one").0;
        let issues = issues(&scene, name).await;
        let stated = issues.iter().map(|issue| {
            let parts = ["number", "title", "body", "created_at", "updated_at", "comments"];
            parts.map(|part| issue[part].to_string()).join(" ")
        });
        (sizes.clone(), stated.collect::<BTreeSet<String>>())
    };
    let first = read(3).await;
    assert_eq!(first, read(3).await);
    assert_ne!(first, read(4).await);
}

#[tokio::test]
async fn a_community_is_bounded_and_there_is_one() {
    let (scene, _) = settled(3).await;
    for wanted in [
        json!({ "repositories": 1, "issues": 1 }),
        json!({ "repositories": 10_001, "issues": 1 }),
        json!({ "repositories": 1, "issues": 1, "pulls": 1 }),
    ] {
        let (status, _) = scene.send(Method::POST, "/_community", "", wanted).await;
        assert_eq!(status, 422);
    }
}

#[tokio::test]
async fn calls_are_counted_by_kind_and_outcome() {
    let scene = GithubScene::new().await;
    let calls = async || scene.get("/_calls", "").await.1;
    assert_eq!(calls().await, json!({}));
    let path = format!("/repos/{REPO}/issues");
    assert_eq!(scene.get(&path, "hexacat").await.0, 200);
    assert_eq!(scene.get("/repos/octo-tools/none/issues", "hexacat").await.0, 404);
    let query = "query { repository(owner: \"octo-tools\", name: \"lantern\") { databaseId issues(first: 1) { totalCount } } }";
    let named = "query { r0: repository(owner: \"octo-tools\", name: \"lantern\") { databaseId } }";
    for query in [query, named, named] {
        let body = json!({ "query": query });
        assert_eq!(scene.send(Method::POST, "/graphql", "hexacat", body).await.0, 200);
    }
    for (change, status) in [
        (json!({ "errors": 1.0 }), 500..600),
        (json!({ "errors": 0.0, "secondary_limit": 7 }), 403..404),
        (json!({ "secondary_limit": null, "rate_remaining": 0 }), 403..404),
    ] {
        scene.send(Method::POST, "/_switches", "", change).await;
        assert!(status.contains(&scene.get(&path, "hexacat").await.0));
    }
    let counted = |answered: u64, limited: u64, failed: u64, refused: u64| json!({ "answered": answered, "unchanged": 0, "limited": limited, "failed": failed, "refused": refused });
    let expected = json!({
        "GET /repos/{owner}/{repo}/issues": counted(1, 2, 1, 1),
        "POST /graphql issues": counted(1, 0, 0, 0),
        "POST /graphql repository": counted(2, 0, 0, 0),
    });
    assert_eq!(calls().await, expected);
}

#[tokio::test]
async fn limits_begin_by_chance_and_end_after_their_time() {
    let scene = GithubScene::new().await;
    let path = format!("/repos/{REPO}");
    let ask = async || scene.ask(Method::GET, &path, "hexacat", Value::Null).await;
    scene.github.switch(|switches| (switches.secondary, switches.secondary_seconds) = (1.0, 20));
    let refused = ask().await;
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["retry-after"]),
        (403, &"20".parse().expect("a value"))
    );
    scene.github.switch(|switches| switches.secondary = 0.0);
    scene.clock.advance(chrono::TimeDelta::seconds(15));
    let refused = ask().await;
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["retry-after"]),
        (403, &"5".parse().expect("a value"))
    );
    scene.clock.advance(chrono::TimeDelta::seconds(5));
    assert_eq!(ask().await.status(), 200);

    scene.github.switch(|switches| {
        (switches.rate_limit, switches.rate_remaining) = (2, 0);
        (switches.rate_reset, switches.rate_window) = (10, 30);
    });
    assert_eq!(ask().await.status(), 403);
    for seconds in [10, 30, 30] {
        scene.clock.advance(chrono::TimeDelta::seconds(seconds));
        let statuses =
            [ask().await, ask().await, ask().await].map(|answer| answer.status().as_u16());
        assert_eq!(statuses, [200, 200, 403]);
    }
}
