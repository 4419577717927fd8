//! Push endpoints that lead into the server's own network are refused.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use notifications::actions::add_browser;
use platform::{
    ActionError,
    outbox::{
        Channels, Post,
        push::{NewBrowser, Push, PushServices},
        webhook::Receivers,
    },
    outside::{Guarded, Http},
};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::{
    message_states,
    push::{subscribe, subscription, write},
};
use crate::app::TestApp;

const TIMEOUT: Duration = Duration::from_secs(2);

/// URLs of private addresses, in every notation.
pub(crate) const PRIVATE_URLS: &[&str] = &[
    "https://169.254.169.254/latest/meta-data/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::ffff:127.0.0.1]/push",
    "https://[::ffff:7f00:1]/push",
    "https://[::127.0.0.1]/push",
    "https://[64:ff9b::7f00:1]/push",
    "https://[2002:7f00:1::]/push",
    "https://127.0.0.1/push",
    "https://127.0.0.1:8080/push",
    "https://127.1/push",
    "https://127.0.0.1./push",
    "https://[::1]/push",
    "https://[::]/push",
    "https://0.0.0.0/push",
    "https://0/push",
    "https://10.0.0.1/push",
    "https://172.16.0.1/push",
    "https://172.31.255.255/push",
    "https://192.168.0.1/push",
    "https://100.64.0.1/push",
    "https://100.100.100.200/latest/meta-data/",
    "https://169.254.0.1/push",
    "https://168.63.129.16/push",
    "https://[fe80::1]/push",
    "https://[fc00::1]/push",
    "https://[fd00:ec2::254]/latest/meta-data/",
    "https://[ff02::1]/push",
    "https://224.0.0.1/push",
    "https://255.255.255.255/push",
    "https://198.18.0.1/push",
    "https://2130706433/push",
    "https://0x7f000001/push",
    "https://0x7f.0.0.1/push",
    "https://0177.0.0.1/push",
    "https://017700000001/push",
    "https://%31%32%37.0.0.1/push",
    "https://\u{ff11}\u{ff12}\u{ff17}.0.0.1/push",
    "https://\u{2460}\u{2461}\u{2466}.0.0.1/push",
    "https://push.example@127.0.0.1/push",
    "http://push.example/push",
    "file:///etc/passwd",
    "gopher://push.example/",
];

#[tokio::test]
async fn private_addresses_are_refused_on_subscribing_and_on_sending() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    let path = "/api/v1/me/push-subscriptions";
    for endpoint in PRIVATE_URLS {
        let body = subscription(endpoint);
        let refused = wren.call("POST", path, Some(&body)).await;
        refused.refuses(422, "BAD_PUSH_ENDPOINT", "is not allowed");
    }
    // A public URL without TLS is refused on subscribing only.
    let private = PRIVATE_URLS.iter().filter(|one| !one.starts_with("http:"));
    for (count, endpoint) in private.enumerate() {
        // Simulates an endpoint that was stored before the check existed.
        let browser = subscribe(&app, "https://push.example/wren").await;
        let update = format!("UPDATE push_subscriptions SET endpoint = '{endpoint}'");
        app.change(&update).await.expect("changed");
        write(&app, &browser, &count.to_string()).await;
        app.work().await;
        let states = message_states(&app).await;
        let last = states.last().expect("a message");
        assert!(
            last.starts_with("given up: cannot call the push service: it "),
            "{endpoint}: {last}"
        );
    }
    app.finish().await;
}

/// Answers lookups in turn; the last answer repeats.
struct FakeDns(Mutex<Vec<&'static str>>);

impl Resolve for FakeDns {
    fn resolve(&self, _: Name) -> Resolving {
        let mut answers = self.0.lock().expect("answers");
        let answer = match answers.len() {
            1 => answers[0],
            _ => answers.remove(0),
        };
        let found: Vec<SocketAddr> =
            answer.split(' ').map(|text| SocketAddr::new(text.parse().expect(text), 0)).collect();
        Box::pin(async move { Ok(Box::new(found.into_iter()) as Addrs) })
    }
}

/// Starts a local server that gives the same answer to every request; returns its port and its request counter.
pub(super) async fn start_server(answer: &'static str) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (port, requests)
}

/// Starts an app whose push endpoints resolve to these DNS answers. 127.0.0.1 counts as a public network.
async fn app_with_dns(names: &[&'static str]) -> TestApp {
    let mut app = TestApp::start().await;
    let names = Arc::new(FakeDns(Mutex::new(names.to_vec())));
    let public = vec!["127.0.0.1".parse().expect("a network")];
    let guarded = Guarded::looking_up(TIMEOUT, public, names);
    let server = &app.server;
    let push = Push::new(
        server.context.clone(),
        server.ring.clone(),
        "https://guild.example",
        PushServices::default(),
        guarded,
        Http::new(TIMEOUT),
    );
    app.server.post.channels = Arc::new(Channels::new(vec![Box::new(push)]));
    app
}

#[tokio::test]
async fn a_name_with_a_private_address_is_refused_when_the_browser_subscribes() {
    let app = TestApp::start().await;
    app.browser_of("wren-oak").await;
    let viewer = app.viewer("wren-oak").await;
    for (addresses, is_refused) in
        [("10.0.0.1", true), ("169.254.169.254", true), ("fd00::1 ::1", true), ("1.1.1.1", false)]
    {
        let names = Arc::new(FakeDns(Mutex::new(vec![addresses])));
        let guarded = Arc::new(Guarded::looking_up(TIMEOUT, Vec::new(), names));
        let post = Post { guarded, ..app.server.post.clone() };
        let body = subscription(&format!("https://push.example/{is_refused}"));
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let new = NewBrowser {
            endpoint: text(&body["endpoint"]),
            p256dh: text(&body["keys"]["p256dh"]),
            auth: text(&body["keys"]["auth"]),
            user_agent: None,
        };
        match add_browser(app.context(), &post, &viewer, &new).await {
            Err(ActionError::Refused(problem)) => {
                assert!(is_refused, "{addresses}: {problem:?}");
                let says = "is not allowed: it is not on the public internet";
                assert!(problem.detail.contains(says), "{addresses}: {problem:?}");
            }
            added => assert_eq!(added.is_ok(), !is_refused, "{addresses}"),
        }
    }
    assert_eq!(app.count("SELECT count(*) FROM push_subscriptions").await, 1);
    app.finish().await;
}

/// Returns receivers of webhooks whose names resolve to these DNS answers. 127.0.0.1 counts as a public network.
pub(super) fn receivers(names: &[&'static str]) -> Receivers {
    let names = Arc::new(FakeDns(Mutex::new(names.to_vec())));
    let public = vec!["127.0.0.1".parse().expect("a network")];
    let guarded = Guarded::looking_up(TIMEOUT, public, names);
    Receivers::new(&[], guarded, Http::new(TIMEOUT))
}

const NOT_PUBLIC: &str = "given up: cannot call the push service: it is not on the public internet, so the browser was removed";

#[tokio::test]
async fn a_name_that_later_resolves_to_a_private_address_is_not_called() {
    let (port, requests) = start_server("no TLS").await;
    let app = app_with_dns(&["127.0.0.1", "127.0.0.2"]).await;
    let browser = subscribe(&app, &format!("https://rebound.example:{port}/push")).await;
    write(&app, &browser, "").await;
    app.work().await;
    let states = message_states(&app).await;
    assert!(states[0].starts_with("waits: push service: "), "{states:?}");
    let first = requests.load(Ordering::SeqCst);
    assert!(first > 0, "the address that was checked is the one called");
    app.clock.advance(TimeDelta::hours(1));
    app.work().await;
    assert_eq!(message_states(&app).await, [NOT_PUBLIC]);
    assert_eq!(requests.load(Ordering::SeqCst), first, "no request goes to a private address");
    app.finish().await;
}

#[tokio::test]
async fn a_name_that_resolves_to_a_private_address_is_not_called() {
    for addresses in ["127.0.0.2", "10.0.0.1 192.168.0.1", "fd00::1", "169.254.169.254"] {
        let app = app_with_dns(&[addresses]).await;
        let browser = subscribe(&app, "https://push.example/wren").await;
        write(&app, &browser, "").await;
        app.work().await;
        assert_eq!(message_states(&app).await, [NOT_PUBLIC], "{addresses}");
        app.finish().await;
    }
}

#[tokio::test]
async fn redirects_to_private_addresses_are_not_followed() {
    for answer in [
        "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.2/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 308 Permanent Redirect\r\nLocation: http://[::ffff:10.0.0.1]/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 301 Moved Permanently\r\nLocation: https://inside.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    ] {
        let (port, requests) = start_server(answer).await;
        let app = app_with_dns(&["127.0.0.2"]).await;
        let browser = subscribe(&app, "https://push.example/wren").await;
        // The fake server has no TLS; redirects are checked the same way.
        let update = format!("UPDATE push_subscriptions SET endpoint = 'http://127.0.0.1:{port}/'");
        app.change(&update).await.expect("changed");
        write(&app, &browser, "").await;
        app.work().await;
        assert_eq!(message_states(&app).await, [NOT_PUBLIC], "{answer}");
        assert_eq!(requests.load(Ordering::SeqCst), 1);
        app.finish().await;
    }
}
