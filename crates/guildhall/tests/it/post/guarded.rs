//! Where browsers say that their push service is: nobody is led into the server's own network by it.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use platform::{
    outbox::{
        Channels,
        push::{Push, PushServices},
    },
    outside::{Guarded, Http},
};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::{
    push::{add, subscription, write},
    standing,
};
use crate::app::TestApp;

const PATIENCE: Duration = Duration::from_secs(2);

/// Addresses that lead into the server, however they are written.
const INSIDE: &[&str] = &[
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
async fn addresses_inside_are_refused_when_they_are_given_and_when_they_are_called() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    let path = "/api/v1/me/push-subscriptions";
    for endpoint in INSIDE {
        let body = subscription(endpoint);
        let refused = wren.call("POST", path, Some(&body)).await;
        refused.refuses(422, "BAD_PUSH_ENDPOINT", "is not called");
    }
    // As if one had been kept before it was judged so.
    let browser = add(&app, "https://push.example/wren").await;
    // Without TLS, but public: refused when it is given.
    let inside = INSIDE.iter().filter(|one| !one.starts_with("http:"));
    for (count, endpoint) in inside.enumerate() {
        let inside = format!("UPDATE push_subscriptions SET endpoint = '{endpoint}'");
        app.change(&inside).await.expect("changed");
        write(&app, &browser, &count.to_string()).await;
        app.work().await;
        let stands = standing(&app).await;
        let last = stands.last().expect("a message");
        assert!(
            last.starts_with("dead: the push service is not called: it "),
            "{endpoint}: {last}"
        );
    }
    app.finish().await;
}

/// Answers in turn; the last answer stays.
struct Names(Mutex<Vec<&'static str>>);

impl Resolve for Names {
    fn resolve(&self, _: Name) -> Resolving {
        let mut answers = self.0.lock().expect("answers");
        let answer = match answers.len() {
            1 => answers[0],
            _ => answers.remove(0),
        };
        let found: Vec<SocketAddr> = answer
            .split(' ')
            .map(|text| SocketAddr::new(text.parse().expect(text), 0))
            .collect();
        Box::pin(async move { Ok(Box::new(found.into_iter()) as Addrs) })
    }
}

/// A server of this machine that gives everybody the same answer; its port, and how many came.
async fn server(answer: &'static str) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let came = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&came);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (port, came)
}

/// A server whose push services are found by these names. 127.0.0.1 stands for the public network.
async fn looking_up(names: &[&'static str]) -> TestApp {
    let mut app = TestApp::start().await;
    let names = Arc::new(Names(Mutex::new(names.to_vec())));
    let public = vec!["127.0.0.1".parse().expect("a network")];
    let guarded = Guarded::looking_up(PATIENCE, public, names);
    let server = &app.server;
    let push = Push::new(
        (server.context.clone(), server.ring.clone()),
        "https://guild.example",
        PushServices::default(),
        (guarded, Http::new(PATIENCE)),
    );
    app.server.post.channels = Arc::new(Channels::new(vec![Box::new(push)]));
    app
}

const NOT_PUBLIC: &str =
    "dead: the push service is not called: it does not lead to the public network (kept)";

#[tokio::test]
async fn a_name_that_turns_inward_is_not_followed() {
    let (port, came) = server("no TLS").await;
    let app = looking_up(&["127.0.0.1", "127.0.0.2"]).await;
    let browser = add(&app, &format!("https://rebound.example:{port}/push")).await;
    write(&app, &browser, "").await;
    app.work().await;
    let stands = standing(&app).await;
    assert!(
        stands[0].starts_with("waits: the push service: it "),
        "{stands:?}"
    );
    let first = came.load(Ordering::SeqCst);
    assert!(first > 0, "it was called where it was judged");
    app.clock.advance(TimeDelta::hours(1));
    app.work().await;
    assert_eq!(standing(&app).await, [NOT_PUBLIC]);
    assert_eq!(
        came.load(Ordering::SeqCst),
        first,
        "nobody is called inside"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_name_inside_is_not_called() {
    for inside in [
        "127.0.0.2",
        "10.0.0.1 192.168.0.1",
        "fd00::1",
        "169.254.169.254",
    ] {
        let app = looking_up(&[inside]).await;
        let browser = add(&app, "https://push.example/wren").await;
        write(&app, &browser, "").await;
        app.work().await;
        assert_eq!(standing(&app).await, [NOT_PUBLIC], "{inside}");
        app.finish().await;
    }
}

#[tokio::test]
async fn a_service_that_leads_inside_is_not_followed() {
    for answer in [
        "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.2/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 308 Permanent Redirect\r\nLocation: http://[::ffff:10.0.0.1]/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 301 Moved Permanently\r\nLocation: https://inside.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    ] {
        let (port, came) = server(answer).await;
        let app = looking_up(&["127.0.0.2"]).await;
        let browser = add(&app, "https://push.example/wren").await;
        // Without TLS, which this server has not: what leads on is judged alike.
        let there = format!("UPDATE push_subscriptions SET endpoint = 'http://127.0.0.1:{port}/'");
        app.change(&there).await.expect("changed");
        write(&app, &browser, "").await;
        app.work().await;
        assert_eq!(standing(&app).await, [NOT_PUBLIC], "{answer}");
        assert_eq!(came.load(Ordering::SeqCst), 1);
        app.finish().await;
    }
}
