use std::{collections::HashSet, time::Duration};

use super::*;

#[tokio::test]
async fn a_merge_through_the_api_shows_there_and_delivers_a_signed_hook() {
    let scene = GithubScene::new().await;
    let (url, mut received) = receiver().await;
    let number = scene.open("feat: Light");
    let config = json!({ "url": url, "content_type": "json", "secret": "s3cret" });
    let hook = json!({ "name": "web", "events": ["pull_request", "push"], "config": config });
    let hooks = format!("/repos/{REPO}/hooks");
    let (status, created) = scene.send(Method::POST, &hooks, "monacat", hook.clone()).await;
    assert_eq!((status, created["config"]["secret"].as_str()), (201, Some("********")));
    let (status, again) = scene.send(Method::POST, &hooks, "monacat", hook).await;
    assert_eq!(status, 422, "{again}");
    assert_eq!(again["errors"][0]["message"], "Hook already exists on this repository");

    let merge = format!("/repos/{REPO}/pulls/{number}/merge");
    assert_eq!(scene.send(Method::PUT, &merge, "hexacat", json!({})).await.0, 403);
    let (status, merged) = scene.send(Method::PUT, &merge, "monacat", json!({})).await;
    assert_eq!((status, &merged["merged"]), (200, &json!(true)));
    let (status, refused) = scene.send(Method::PUT, &merge, "monacat", json!({})).await;
    assert_eq!((status, &refused["message"]), (405, &json!("Pull Request is not mergeable")));
    let (_, pull) = scene.get(&format!("/repos/{REPO}/pulls/{number}"), "").await;
    assert_eq!((&pull["merged"], &pull["merged_by"]["login"]), (&json!(true), &json!("monacat")));
    assert!(pull["url"].as_str().expect("text").starts_with(scene.github.url()));

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
async fn switches_cause_their_faults() {
    let scene = GithubScene::new().await;
    let switch = async |body: Value| scene.send(Method::POST, "/_switches", "", body).await;
    let person = async || scene.ask(Method::GET, "/users/hexacat", "", Value::Null).await;
    assert_eq!(switch(json!({ "errors": 1.0 })).await.0, 200);
    assert!(person().await.status().is_server_error());
    assert_eq!(switch(json!({ "errors": 2.0 })).await.0, 422);
    assert_eq!(switch(json!({ "unknown": 1 })).await.0, 422);
    switch(json!({ "errors": 0.0, "rate_remaining": 1, "rate_reset": 60 })).await;
    assert_eq!(person().await.status(), 200);
    let limited = person().await;
    assert_eq!(limited.status(), 403);
    assert_eq!(limited.headers()["x-ratelimit-remaining"], "0");
    let reset = limited.headers()["x-ratelimit-reset"].to_str().expect("text").to_owned();
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
    let scene = GithubScene::new().await;
    let (url, mut received) = receiver().await;
    let hook = scene.github.add_hook(REPO, &url, "s3cret").expect("the repository is known");
    scene.github.settle().await;
    assert_eq!(all(&mut received)[0].0, "ping");

    scene.github.switch(|switches| switches.dropped = 1.0);
    scene.open("fix: Lost");
    scene.github.settle().await;
    assert!(all(&mut received).is_empty());
    let deliveries = format!("/repos/{REPO}/hooks/{hook}/deliveries");
    let (_, list) = scene.get(&deliveries, "monacat").await;
    assert_eq!((&list[0]["event"], &list[0]["status_code"]), (&json!("pull_request"), &json!(0)));
    let again = format!("{deliveries}/{}/attempts", list[0]["id"]);
    assert_eq!(scene.send(Method::POST, &again, "monacat", json!({})).await.0, 202);
    scene.github.settle().await;
    let got = all(&mut received);
    assert_eq!((got.len(), &json!(got[0].1)), (1, &list[0]["guid"]));

    scene.github.switch(|switches| (switches.dropped, switches.doubled) = (0.0, 1.0));
    scene.open("fix: Twice");
    scene.github.settle().await;
    let got = all(&mut received);
    assert_eq!((got.len(), &got[0].1), (2, &got[1].1));

    scene.github.switch(|switches| (switches.doubled, switches.shuffled) = (0.0, 0.6));
    let opened: Vec<i64> = (0..20).map(|number| scene.open(&format!("fix: {number}"))).collect();
    scene.github.settle().await;
    let numbers: Vec<i64> =
        all(&mut received).iter().filter_map(|one| one.2["number"].as_i64()).collect();
    assert_ne!(numbers, opened);
    assert_eq!(numbers.iter().collect::<HashSet<_>>(), opened.iter().collect());
}
