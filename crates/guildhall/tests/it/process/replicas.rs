//! Two servers and two workers on one database, and on one Redis where there is one: whichever is asked,
//! it is one house.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use platform::{Context, RandomIds, SystemClock, audit::Actor, db::Sql as _, jobs};
use reqwest::{Client, Response, header, redirect::Policy};
use testkit::fake_github::{FakeGithub, Options};

use super::{
    Place, assert_same, history, once::DOUBLE_ENTRIES, program::Program, send, undisturbed,
};
use crate::app::redis::Redis;

/// Within which every process follows what is switched.
const SOON: Duration = Duration::from_secs(5);
/// Where people find the server: what stands there is the load balancer's.
const HOUSE: &str = "http://house.example";
const PATIENCE: Duration = Duration::from_secs(30);

/// A server of the server.
struct Replica {
    url: String,
    program: Program,
}

/// What the servers of one house share.
struct Surroundings {
    place: Place,
    github: FakeGithub,
    redis: Redis,
    client: Client,
}

impl Surroundings {
    async fn new(place: Place) -> Self {
        let github = FakeGithub::start(Options::new(SystemClock))
            .await
            .expect("a port");
        github.add_user("wren-oak");
        let client = Client::builder().no_proxy().redirect(Policy::none());
        Self {
            place,
            github,
            redis: Redis::start().await,
            client: client.build().expect("a client"),
        }
    }

    async fn replica(&self) -> Replica {
        let port = Place::fresh_port();
        let url = format!("http://127.0.0.1:{port}");
        let mut command = self.place.command(&["serve", "--no-jobs"]);
        command
            .env("GUILDHALL_BIND", format!("127.0.0.1:{port}"))
            .env("GUILDHALL_TRUSTED_PROXIES", "127.0.0.1")
            .env("GUILDHALL_PUBLIC_URL", HOUSE)
            .env("GITHUB_CLIENT_ID", "guildhall")
            .env("GITHUB_CLIENT_SECRET", "fake-secret")
            .env("GUILDHALL_GITHUB_URL", self.github.url())
            .env("GUILDHALL_GITHUB_API_URL", self.github.url())
            .env("REDIS_URL", self.redis.url());
        let program = Program::start(&mut command, self.place.directory());
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

    /// Waits until each of `replicas` answers a path so.
    async fn becomes(&self, replicas: [&Replica; 2], path: &str, status: u16, within: Duration) {
        let began = Instant::now();
        for replica in replicas {
            while self.get(replica, path).await.status() != status {
                assert!(
                    began.elapsed() < within,
                    "{path} is not {status} within {within:?}"
                );
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    /// Asks at an address with these cookies and keeps what is set.
    async fn browse(&self, url: &str, cookies: &mut BTreeMap<String, String>) -> Response {
        let sent: Vec<String> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = self.client.get(url).header(header::COOKIE, sent.join("; "));
        let answer = request.send().await.expect("an answer");
        for set in answer.headers().get_all(header::SET_COOKIE) {
            let pair = set
                .to_str()
                .expect("text")
                .split(';')
                .next()
                .unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a pair");
            cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    fn context(&self) -> Context {
        Context {
            keys: None,
            db: self.place.db.clone(),
            clock: std::sync::Arc::new(SystemClock),
            ids: std::sync::Arc::new(RandomIds),
            flags: Default::default(),
        }
    }
}

fn leads_to(answer: &Response) -> String {
    let location = answer.headers().get(header::LOCATION);
    let location = location.unwrap_or_else(|| panic!("{answer:?}"));
    location.to_str().expect("text").to_owned()
}

/// Sign-in begins at one server and ends at the other; the session is good at both, and over at both.
async fn one_session(around: &Surroundings, [one, other]: [&Replica; 2]) {
    let mut cookies = BTreeMap::new();
    let begun = around
        .browse(&format!("{}/sign-in/github", one.url), &mut cookies)
        .await;
    around
        .github
        .switch(|switches| switches.sign_in_as = Some("wren-oak".to_owned()));
    let back = around
        .client
        .get(leads_to(&begun))
        .send()
        .await
        .expect("GitHub");
    let back = leads_to(&back).replace(HOUSE, &other.url);
    assert!(back.starts_with(&other.url), "{back}");
    leads_to(&around.browse(&back, &mut cookies).await);
    let mut status = BTreeMap::new();
    for replica in [one, other] {
        let me = around
            .browse(&format!("{}/api/v1/me", replica.url), &mut cookies)
            .await;
        assert_eq!(me.status(), 200);
        status.insert(
            &replica.url,
            me.json::<serde_json::Value>().await.expect("JSON"),
        );
    }
    assert!(
        status.values().all(|me| me["login"] == "wren-oak"),
        "{status:?}"
    );
    let session: Vec<String> = cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let out = around.client.post(format!("{}/sign-out", one.url));
    let out = out
        .header(header::COOKIE, session.join("; "))
        .header("sec-fetch-site", "same-origin");
    assert_eq!(out.send().await.expect("an answer").status(), 303);
    let me = around
        .browse(&format!("{}/api/v1/me", other.url), &mut cookies)
        .await;
    assert_eq!(
        me.status(),
        401,
        "who signed out at one is signed out at the other"
    );
}

/// Thirty attempts to sign in a minute, at whichever server.
async fn one_rate(around: &Surroundings, replicas: [&Replica; 2]) {
    for replica in replicas {
        let began = Instant::now();
        while !around
            .text(replica, "/api/health")
            .await
            .contains("\"redis\":\"healthy\"")
        {
            assert!(began.elapsed() < PATIENCE, "Redis is not used");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    for replica in replicas {
        let metrics = around.text(replica, "/metrics").await;
        assert!(metrics.contains("\nguildhall_redis_up "), "{metrics}");
        assert!(replica.program.log().contains("counted through Redis"));
    }
    // On a busy machine Redis may answer too late, and then each counts by itself for a moment: so some
    // addresses are tried, each of which would show servers that never count together.
    let mut counts = Vec::new();
    for last in 1..10 {
        let (began, mut let_in) = (Instant::now(), 0);
        for turn in 0..70 {
            let url = format!("{}/api/v1/auth/refresh", replicas[turn % 2].url);
            let from = format!("203.0.113.{last}");
            let request = around.client.post(url).header("x-forwarded-for", from);
            let answer = request.json(&serde_json::json!({})).send().await;
            let_in += u64::from(answer.expect("an answer").status() != 429);
        }
        // One more every two seconds.
        if (30..=31 + began.elapsed().as_secs() / 2).contains(&let_in) {
            return;
        }
        counts.push(let_in);
    }
    panic!("each counts for itself: {counts:?} of 70");
}

/// Both servers tell open pages that something was posted.
async fn tells(stream: &mut Response) {
    loop {
        let event = tokio::time::timeout(PATIENCE, stream.chunk()).await;
        let event = event.expect("in time").expect("read").expect("an event");
        // Now and then a sign of life.
        if !event.starts_with(b":") {
            assert!(event.starts_with(b"event: posted"), "{event:?}");
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn two_servers_and_two_workers_are_one_house() {
    const BOARD: &str = "/api/v1/leaderboards/global";
    let history = history(8_100);
    let around = Surroundings::new(Place::with_repositories(&history).await).await;
    let (one, other) = (around.replica().await, around.replica().await);
    let both = [&one, &other];
    let workers = [around.place.worker().await, around.place.worker().await];

    // Kept pages, before anything is there, and streams that wait.
    let before = around.text(&one, BOARD).await;
    assert_eq!(around.text(&other, BOARD).await, before);
    let mut streams = [
        around.get(&one, "/events").await,
        around.get(&other, "/events").await,
    ];

    // Each is sent all deliveries, one from the front and one from the back.
    let backwards: Vec<_> = history.deliveries.iter().rev().cloned().collect();
    let sent = tokio::join!(
        send(&one.url, &history.deliveries),
        send(&other.url, &backwards)
    );
    let count = history.deliveries.len() as u64;
    assert_eq!((sent.0.accepted, sent.1.accepted), (count, count));
    assert_eq!(
        sent.0.duplicates + sent.1.duplicates,
        count,
        "each was new once"
    );
    for stream in &mut streams {
        tells(stream).await;
    }
    drop(streams);
    around.place.settled().await;
    let after = around.text(&one, BOARD).await;
    assert_ne!(after, before);
    assert_eq!(
        around.text(&other, BOARD).await,
        after,
        "no kept page is older than the database"
    );
    assert_eq!(around.place.count(DOUBLE_ENTRIES).await, 0);
    // Before anybody signs in, who may be somebody of the history.
    assert_same(&undisturbed(&history).await, &around.place.dump());

    around.place.succeed(&["flags", "set", "api_docs", "off"]);
    around.becomes(both, "/docs/api", 404, SOON).await;
    around.place.succeed(&["flags", "set", "api_docs", "on"]);
    around.becomes(both, "/docs/api", 200, SOON).await;

    one_session(&around, both).await;
    one_rate(&around, both).await;

    // A run that is asked for is done once, by one of the workers.
    let context = around.context();
    let asked = jobs::ask(&context, Actor::Operator, "LedgerVerification").await;
    assert!(asked.expect("asked"));
    let began = Instant::now();
    let done = "jobs WHERE name = 'LedgerVerification' AND completed_at IS NOT NULL";
    while around.place.count(done).await == 0 {
        assert!(began.elapsed() < PATIENCE, "nobody runs it");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let attempts =
        "SELECT CAST(sum(attempts) AS bigint) FROM jobs WHERE name = 'LedgerVerification'";
    let attempts = context.db.count(context.db.statement(attempts, []));
    assert_eq!(attempts.await.expect("counted"), 1);

    drop((one, other, workers));
    around.place.remove().await;
}
