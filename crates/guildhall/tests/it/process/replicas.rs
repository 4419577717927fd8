//! Two servers and two workers with one database and one Redis act as one server for their users.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use platform::{SystemClock, audit::Actor, db::Sql as _, jobs};
use reqwest::{Client, Response, header, redirect::Policy};
use testkit::fake_github::{FakeGithub, Options};

use super::{
    Sandbox, assert_same, exactly_once::DOUBLE_ENTRIES, history, program::Program,
    run_without_kills, sandbox::metrics, send,
};
use crate::app::{client_builder, redis::Redis};

/// Maximum time until every process follows a changed flag.
const SOON: Duration = Duration::from_secs(5);
/// The public URL, where a load balancer would answer.
const PUBLIC_URL: &str = "http://guild.example";
const TIMEOUT: Duration = Duration::from_secs(30);

/// One of the servers.
struct Replica {
    url: String,
    program: Program,
}

/// The services that the servers share.
struct Cluster {
    sandbox: Sandbox,
    github: FakeGithub,
    redis: Redis,
    client: Client,
}

impl Cluster {
    async fn new(sandbox: Sandbox) -> Self {
        let github = FakeGithub::start(Options::new(SystemClock)).await.expect("a port");
        github.add_user("wren-oak");
        let client = client_builder().redirect(Policy::none());
        Self {
            sandbox,
            github,
            redis: Redis::start().await,
            client: client.build().expect("a client"),
        }
    }

    async fn replica(&self) -> Replica {
        let port = Sandbox::fresh_port();
        let url = format!("http://127.0.0.1:{port}");
        let mut command = self.sandbox.command(&["serve", "--no-jobs"]);
        command
            .env("GUILDHALL_BIND", format!("127.0.0.1:{port}"))
            .env("GUILDHALL_TRUSTED_PROXIES", "127.0.0.1")
            .env("GUILDHALL_PUBLIC_URL", PUBLIC_URL)
            .env("GITHUB_CLIENT_ID", "guildhall")
            .env("GITHUB_CLIENT_SECRET", "fake-secret")
            .env("GUILDHALL_GITHUB_URL", self.github.url())
            .env("GUILDHALL_GITHUB_API_URL", self.github.url())
            .env("REDIS_URL", self.redis.url());
        let program = Program::start(&mut command, self.sandbox.directory());
        let program = program.ready(&url).await;
        Replica { url, program }
    }

    async fn get(&self, replica: &Replica, path: &str) -> Response {
        let request = self.client.get(format!("{}{path}", replica.url));
        request.send().await.expect("an answer")
    }

    async fn text(&self, replica: &Replica, path: &str) -> String {
        self.get(replica, path).await.text().await.expect("text")
    }

    /// Waits until both replicas answer a path with a status.
    async fn becomes(&self, replicas: [&Replica; 2], path: &str, status: u16, within: Duration) {
        let began = Instant::now();
        for replica in replicas {
            while self.get(replica, path).await.status() != status {
                assert!(began.elapsed() < within, "{path} is not {status} within {within:?}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    /// Requests an address with these cookies, and stores the ones it sets.
    async fn browse(&self, url: &str, cookies: &mut BTreeMap<String, String>) -> Response {
        let sent: Vec<String> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.client.get(url).header(header::COOKIE, sent.join("; "));
        let answer = request.send().await.expect("an answer");
        for set in answer.headers().get_all(header::SET_COOKIE) {
            let pair = set.to_str().expect("text").split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a pair");
            cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }
}

fn location_of(answer: &Response) -> String {
    let location = answer.headers().get(header::LOCATION);
    let location = location.unwrap_or_else(|| panic!("{answer:?}"));
    location.to_str().expect("text").to_owned()
}

/// Signs in with the sign-in beginning at one server and ending at the other; the session works at both, and ends at
/// both.
async fn one_session(cluster: &Cluster, [one, other]: [&Replica; 2]) {
    let mut cookies = BTreeMap::new();
    let begun = cluster.browse(&format!("{}/sign-in/github", one.url), &mut cookies).await;
    cluster.github.switch(|switches| switches.sign_in_as = Some("wren-oak".to_owned()));
    let back = cluster.client.get(location_of(&begun)).send().await.expect("GitHub");
    let back = location_of(&back).replace(PUBLIC_URL, &other.url);
    assert!(back.starts_with(&other.url), "{back}");
    location_of(&cluster.browse(&back, &mut cookies).await);
    let mut status = BTreeMap::new();
    for replica in [one, other] {
        let me = cluster.browse(&format!("{}/api/v1/me", replica.url), &mut cookies).await;
        assert_eq!(me.status(), 200);
        status.insert(&replica.url, me.json::<serde_json::Value>().await.expect("JSON"));
    }
    assert!(status.values().all(|me| me["login"] == "wren-oak"), "{status:?}");
    let session: Vec<String> =
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let out = cluster.client.post(format!("{}/sign-out", one.url));
    let out =
        out.header(header::COOKIE, session.join("; ")).header("sec-fetch-site", "same-origin");
    assert_eq!(out.send().await.expect("an answer").status(), 303);
    let me = cluster.browse(&format!("{}/api/v1/me", other.url), &mut cookies).await;
    assert_eq!(me.status(), 401, "signing out at one server signs out at the other");
}

/// Checks that thirty sign-in attempts a minute are allowed in total.
async fn one_rate(cluster: &Cluster, replicas: [&Replica; 2]) {
    for replica in replicas {
        let began = Instant::now();
        while !cluster.text(replica, "/api/health").await.contains("\"redis\":\"healthy\"") {
            assert!(began.elapsed() < TIMEOUT, "Redis is not used");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    for replica in replicas {
        let metrics = metrics(&replica.url).await;
        assert!(metrics.contains("\nguildhall_redis_up "), "{metrics}");
        assert!(replica.program.log().contains("Redis is available"));
    }
    // On a busy machine Redis may answer too late, and the servers then count separately for a moment. So several
    // addresses are tried; servers that never share a limit would fail with each of them.
    let mut counts = Vec::new();
    for last in 1..10 {
        let (began, mut let_in) = (Instant::now(), 0);
        for turn in 0..70 {
            let url = format!("{}/api/v1/auth/refresh", replicas[turn % 2].url);
            let from = format!("203.0.113.{last}");
            let request = cluster.client.post(url).header("x-forwarded-for", from);
            let answer = request.json(&serde_json::json!({})).send().await;
            let_in += u64::from(answer.expect("an answer").status() != 429);
        }
        // One more is allowed every two seconds.
        if (30..=31 + began.elapsed().as_secs() / 2).contains(&let_in) {
            return;
        }
        counts.push(let_in);
    }
    panic!("each server counts separately: {counts:?} of 70");
}

/// Waits until an event stream reports new points.
async fn wait_for_points(stream: &mut Response) {
    loop {
        let event = tokio::time::timeout(TIMEOUT, stream.chunk()).await;
        let event = event.expect("in time").expect("read").expect("an event");
        // Heartbeats come in between.
        if !event.starts_with(b":") {
            assert!(event.starts_with(b"event: posted"), "{event:?}");
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn two_servers_and_two_workers_act_as_one() {
    const BOARD: &str = "/api/v1/leaderboards/global";
    let history = history(8_100);
    let cluster = Cluster::new(Sandbox::with_repositories(&history).await).await;
    let (one, other) = (cluster.replica().await, cluster.replica().await);
    let both = [&one, &other];
    let workers = [cluster.sandbox.worker().await, cluster.sandbox.worker().await];

    // Fills the page caches and opens event streams, before there are points.
    let before = cluster.text(&one, BOARD).await;
    assert_eq!(cluster.text(&other, BOARD).await, before);
    let mut streams = [cluster.get(&one, "/live").await, cluster.get(&other, "/live").await];

    // Each server receives all deliveries, one of them in reverse order.
    let backwards: Vec<_> = history.deliveries.iter().rev().cloned().collect();
    let sent = tokio::join!(send(&one.url, &history.deliveries), send(&other.url, &backwards));
    let count = history.deliveries.len() as u64;
    assert_eq!((sent.0.accepted, sent.1.accepted), (count, count));
    assert_eq!(sent.0.duplicates + sent.1.duplicates, count, "each delivery was new once");
    for stream in &mut streams {
        wait_for_points(stream).await;
    }
    drop(streams);
    cluster.sandbox.settled().await;
    let after = cluster.text(&one, BOARD).await;
    assert_ne!(after, before);
    assert_eq!(cluster.text(&other, BOARD).await, after, "cached pages are never stale");
    assert_eq!(cluster.sandbox.count(DOUBLE_ENTRIES).await, 0);
    // Compare before the sign-ins, because their people may be authors in the history.
    assert_same(&run_without_kills(&history).await, &cluster.sandbox.dump());

    cluster.sandbox.succeed(&["flags", "set", "api_docs", "off"]);
    cluster.becomes(both, "/docs/api", 404, SOON).await;
    cluster.sandbox.succeed(&["flags", "set", "api_docs", "on"]);
    cluster.becomes(both, "/docs/api", 200, SOON).await;

    one_session(&cluster, both).await;
    one_rate(&cluster, both).await;

    // A requested run happens once, in one of the workers.
    let context = cluster.sandbox.context();
    let asked = jobs::ask(&context, Actor::Operator, "LedgerVerification").await;
    assert!(asked.expect("asked"));
    let began = Instant::now();
    let done = "jobs WHERE name = 'LedgerVerification' AND completed_at IS NOT NULL";
    while cluster.sandbox.count(done).await == 0 {
        assert!(began.elapsed() < TIMEOUT, "no worker runs it");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let attempts =
        "SELECT CAST(sum(attempts) AS bigint) FROM jobs WHERE name = 'LedgerVerification'";
    let attempts = context.db.count(context.db.statement(attempts, []));
    assert_eq!(attempts.await.expect("counted"), 1);

    drop((one, other, workers));
    cluster.sandbox.remove().await;
}
