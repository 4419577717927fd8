//! Rate limits that several servers share through Redis. When Redis is gone, slow or wrong, each server counts alone
//! and reports it.

use std::time::{Duration, Instant};

use reqwest::Response;

use crate::app::{TestApp, redis::Redis};

/// Requests that a client address may send in these tests.
const QUOTA: usize = 5;

async fn server(redis: &Redis) -> TestApp {
    let url = redis.url();
    let app = TestApp::with(|config| {
        config.redis_url = Some(url.into());
        config.requests_per_minute = QUOTA as u64;
        config.exempt_networks.clear();
        config.trusted_proxies = vec!["127.0.0.1".parse().expect("a network")];
    });
    let app = app.await;
    says(&app, "healthy").await;
    app
}

/// Waits until the health check reports this state of Redis.
async fn says(app: &TestApp, word: &str) {
    let mut said = serde_json::Value::Null;
    for _ in 0..1_500 {
        let health = app.get("/api/health").send().await.expect("an answer");
        let status = health.status();
        let health: serde_json::Value = health.json().await.expect("JSON");
        said = health["checks"]["redis"].clone();
        let is_healthy = said == "healthy";
        assert_eq!(status == 200, is_healthy, "{health}");
        assert_eq!(health["status"] == "healthy", is_healthy, "{health}");
        if said == word {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("Redis is {said} after fifteen seconds, not {word}");
}

async fn ask(app: &TestApp, from: &str) -> Response {
    let request = app.get("/api/v1/projects").header("x-forwarded-for", from);
    request.send().await.expect("an answer")
}

/// Sends `count` requests to the servers in turn; returns how many were allowed.
async fn let_in(servers: &[&TestApp], count: usize, from: &str) -> usize {
    let mut let_in = 0;
    for turn in 0..count {
        let answer = ask(servers[turn % servers.len()], from).await;
        match answer.status().as_u16() {
            200 => let_in += 1,
            429 => assert!(answer.headers().contains_key("retry-after")),
            other => panic!("{other}"),
        }
        assert!(answer.headers().contains_key("ratelimit"));
    }
    let_in
}

/// Checks that two servers share an address's limit. On a busy machine Redis may answer too late, and the servers then
/// count separately for a moment. So several addresses are tried; servers that never share a limit would fail with each
/// of them.
async fn count_together(servers: &[&TestApp], network: &str) {
    let mut counts = Vec::new();
    for last in 1..10 {
        let from = format!("{network}.{last}");
        counts.push(let_in(servers, 3 * QUOTA, &from).await);
        if counts.ends_with(&[QUOTA]) {
            return;
        }
        for server in servers {
            says(server, "healthy").await;
        }
    }
    panic!("each server counts separately: {counts:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn two_servers_count_together() {
    let redis = Redis::start().await;
    let (one, other) = (server(&redis).await, server(&redis).await);
    let both = [&one, &other];
    count_together(&both, "203.0.113").await;
    let kept = redis.run(&["PTTL", "guildhall:rate:requests:203.0.113.1"]).await;
    let lasts: i64 = kept.trim().trim_start_matches(':').parse().expect("a time");
    assert!((1..=60_000).contains(&lasts), "no client is remembered longer: {kept}");
    one.finish().await;
    other.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn servers_count_separately_while_redis_is_gone() {
    let mut redis = Redis::start().await;
    let (one, other) = (server(&redis).await, server(&redis).await);
    let both = [&one, &other];
    for turn in 1..=2 {
        redis.kill();
        // Before the failure is noticed, every response is right and each server counts alone.
        let each = let_in(&both, 6 * QUOTA, &format!("203.0.113.{turn}")).await;
        assert!((QUOTA..=2 * QUOTA + 1).contains(&each), "{each} in turn {turn}");
        says(&one, "degraded").await;
        says(&other, "degraded").await;
        redis.back().await;
        says(&one, "healthy").await;
        says(&other, "healthy").await;
        count_together(&both, &format!("198.51.10{turn}")).await;
    }
    one.finish().await;
    other.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn a_redis_that_hangs_does_not_delay_requests() {
    let redis = Redis::start().await;
    let app = server(&redis).await;
    redis.hang(true);
    let began = Instant::now();
    let count = let_in(&[&app], 10 * QUOTA, "203.0.113.9").await;
    let took = began.elapsed();
    assert!((QUOTA..=QUOTA + 1).contains(&count), "{count}");
    // Waiting for Redis each time would take far longer on any machine.
    assert!(took < Duration::from_secs(3), "{took:?}");
    says(&app, "degraded").await;
    redis.hang(false);
    says(&app, "healthy").await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn servers_count_separately_while_redis_refuses_commands() {
    let redis = Redis::start().await;
    let app = server(&redis).await;
    // Simulate a read-only replica without a primary: it answers, but refuses writes.
    redis.run(&["REPLICAOF", "127.0.0.1", "1"]).await;
    let count = let_in(&[&app], 4 * QUOTA, "203.0.113.9").await;
    assert!((QUOTA..=QUOTA + 1).contains(&count), "{count}");
    says(&app, "degraded").await;
    redis.run(&["REPLICAOF", "NO", "ONE"]).await;
    says(&app, "healthy").await;
    // A key of the wrong type affects only the client that it belongs to.
    redis.run(&["LPUSH", "guildhall:rate:requests:203.0.113.8", "x"]).await;
    assert_eq!(ask(&app, "203.0.113.8").await.status(), 200);
    app.finish().await;
}

#[tokio::test]
async fn a_server_starts_without_redis_and_reports_it() {
    let app = TestApp::with(|config| {
        config.redis_url = Some("redis://127.0.0.1:1".to_owned().into());
        config.requests_per_minute = QUOTA as u64;
        config.exempt_networks.clear();
    });
    let app = app.await;
    assert_eq!(let_in(&[&app], 2 * QUOTA, "203.0.113.9").await, QUOTA);
    says(&app, "degraded").await;
    app.finish().await;
}
