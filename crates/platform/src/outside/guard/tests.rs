use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::*;
use crate::outside::silence;

const PATIENCE: Duration = Duration::from_secs(5);

fn here() -> Vec<Network> {
    vec!["127.0.0.1".parse().expect("a network")]
}

fn strict() -> Guarded {
    let _ = rustls_provider();
    Guarded::new(PATIENCE, Vec::new())
}

fn rustls_provider() -> Result<(), ()> {
    rustls::crypto::ring::default_provider().install_default().map_err(drop)
}

/// A resolver that returns its answers in turn, and then the last one forever.
struct Changing {
    answers: Mutex<Vec<&'static str>>,
    asked: AtomicUsize,
}

impl Changing {
    fn new(answers: &[&'static str]) -> Arc<Self> {
        Arc::new(Self { answers: Mutex::new(answers.to_vec()), asked: AtomicUsize::new(0) })
    }
}

impl Resolve for Changing {
    fn resolve(&self, _: Name) -> Resolving {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().expect("answers");
        let answer = match answers.len() {
            1 => answers[0],
            _ => answers.remove(0),
        };
        let found: Vec<SocketAddr> =
            answer.split(' ').map(|text| SocketAddr::new(text.parse().expect(text), 0)).collect();
        Box::pin(async move { Ok(Box::new(found.into_iter()) as Addrs) })
    }
}

/// Starts a local server with a fixed response. Returns its port and its number of connections.
async fn server(answer: impl Fn(u16) -> String) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (came, answer) = (Arc::new(AtomicUsize::new(0)), answer(port));
    let counter = Arc::clone(&came);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            let mut asked = [0; 4096];
            let _ = stream.read(&mut asked).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (port, came)
}

fn well(_: u16) -> String {
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok".to_owned()
}

fn leads_to(location: &str) -> String {
    format!(
        "HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
}

async fn call(guarded: &Guarded, url: &str) -> Result<u16, Option<Refused>> {
    match guarded.request(Method::GET, url) {
        Ok(request) => match request.send().await {
            Ok(answer) => Ok(answer.status().as_u16()),
            Err(error) => Err(refusal(&error)),
        },
        Err(GuardError::Refused(refused)) => Err(Some(refused)),
        Err(GuardError::Client(error)) => panic!("{error}"),
    }
}

#[test]
fn every_notation_of_an_address_is_checked() {
    let guarded = strict();
    for (url, refused) in [
        ("http://169.254.169.254/latest/meta-data/", Refused::NotPublic),
        ("http://[::ffff:10.0.0.1]/", Refused::NotPublic),
        ("http://[::ffff:a9fe:a9fe]/", Refused::NotPublic),
        ("http://0.0.0.0/", Refused::NotPublic),
        ("http://[::1]/", Refused::NotPublic),
        ("http://[::]/", Refused::NotPublic),
        ("http://[64:ff9b::7f00:1]/", Refused::NotPublic),
        ("http://[2002:7f00:1::]/", Refused::NotPublic),
        ("http://[fd00:ec2::254]/", Refused::NotPublic),
        ("http://2130706433/", Refused::NotPublic),
        ("http://0x7f000001/", Refused::NotPublic),
        ("http://0177.0.0.1/", Refused::NotPublic),
        ("http://017700000001/", Refused::NotPublic),
        ("http://127.1/", Refused::NotPublic),
        ("http://0/", Refused::NotPublic),
        ("http://127.0.0.1./", Refused::NotPublic),
        ("http://%31%32%37.0.0.1/", Refused::NotPublic),
        ("http://\u{ff11}\u{ff12}\u{ff17}.0.0.1/", Refused::NotPublic),
        ("http://\u{2460}\u{2461}\u{2466}.0.0.1/", Refused::NotPublic),
        ("http://1.1.1.1@127.0.0.1/", Refused::NotPublic),
        ("http:\\\\127.0.0.1\\", Refused::NotPublic),
        ("file:///etc/passwd", Refused::NotOfTheWeb),
        ("gopher://1.1.1.1/", Refused::NotOfTheWeb),
        ("unix:/run/x.sock", Refused::NotOfTheWeb),
        ("//1.1.1.1/", Refused::NotOfTheWeb),
        ("", Refused::NotOfTheWeb),
    ] {
        match guarded.request(Method::GET, url) {
            Err(GuardError::Refused(is)) => assert_eq!(is, refused, "{url}"),
            other => panic!("{url}: {other:?}"),
        }
    }
    assert!(guarded.request(Method::GET, "https://1.1.1.1/").is_ok());
}

#[tokio::test]
async fn names_of_this_machine_are_rejected() {
    for name in ["localhost", "LOCALHOST", "localhost."] {
        let (port, came) = server(well).await;
        let answer = call(&strict(), &format!("http://{name}:{port}/")).await;
        // Not every system resolves the last one.
        assert!(matches!(answer, Err(Some(Refused::NotPublic) | None)), "{name}: {answer:?}");
        assert_eq!(came.load(Ordering::SeqCst), 0, "{name}");
    }
}

#[tokio::test]
async fn an_operator_can_allow_a_network() {
    let _ = rustls_provider();
    let (port, came) = server(well).await;
    let guarded = Guarded::new(PATIENCE, here());
    assert_eq!(call(&guarded, &format!("http://127.0.0.1:{port}/")).await, Ok(200));
    assert_eq!(came.load(Ordering::SeqCst), 1);
    let other = call(&guarded, &format!("http://127.0.0.2:{port}/")).await;
    assert_eq!(other, Err(Some(Refused::NotPublic)));
}

/// Tests a name that resolves differently when it is checked and when it is called. The allowed network stands
/// for the public one.
#[tokio::test]
async fn a_name_is_called_at_the_checked_address() {
    let _ = rustls_provider();
    let (port, came) = server(well).await;
    let url = format!("http://changing.example:{port}/");
    let names = Changing::new(&["127.0.0.1", "127.0.0.2"]);
    let guarded = Guarded::looking_up(PATIENCE, here(), names.clone());
    assert_eq!(call(&guarded, &url).await, Ok(200));
    assert_eq!(names.asked.load(Ordering::SeqCst), 1, "judged and called by one look");
    assert_eq!(call(&guarded, &url).await, Err(Some(Refused::NotPublic)));
    assert_eq!(came.load(Ordering::SeqCst), 1);
    let error = guarded.request(Method::GET, &url).expect("a name").send().await;
    let said = silence(&error.expect_err("refused"));
    assert_eq!(said, "the address is not allowed");
}

#[tokio::test]
async fn only_public_addresses_of_a_name_are_called() {
    let _ = rustls_provider();
    let (port, came) = server(well).await;
    let names = Changing::new(&["127.0.0.2 10.0.0.1 127.0.0.1 ::1"]);
    let guarded = Guarded::looking_up(PATIENCE, here(), names);
    let url = format!("http://mixed.example:{port}/");
    assert_eq!(call(&guarded, &url).await, Ok(200));
    assert_eq!(came.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn redirects_are_checked_too() {
    let _ = rustls_provider();
    let (inside, came) = server(well).await;
    for location in [
        "http://10.0.0.1/".to_owned(),
        "http://169.254.169.254/latest/".to_owned(),
        format!("http://127.0.0.2:{inside}/"),
        format!("http://[::ffff:127.0.0.2]:{inside}/"),
        format!("http://0x7f000002:{inside}/"),
        format!("http://within.example:{inside}/"),
    ] {
        let (port, _) = server(|_| leads_to(&location)).await;
        let guarded = Guarded::looking_up(PATIENCE, here(), Changing::new(&["127.0.0.2"]));
        let answer = call(&guarded, &format!("http://127.0.0.1:{port}/")).await;
        assert_eq!(answer, Err(Some(Refused::NotPublic)), "{location}");
    }
    let (port, _) = server(|_| leads_to("file:///etc/passwd")).await;
    let guarded = Guarded::new(PATIENCE, here());
    let answer = call(&guarded, &format!("http://127.0.0.1:{port}/")).await;
    assert!(!matches!(answer, Ok(200)), "{answer:?}");
    assert_eq!(came.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn at_most_five_redirects_are_followed() {
    let _ = rustls_provider();
    let guarded = Guarded::new(PATIENCE, here());
    let (last, _) = server(well).await;
    let (first, _) = server(|_| leads_to(&format!("http://127.0.0.1:{last}/"))).await;
    assert_eq!(call(&guarded, &format!("http://127.0.0.1:{first}/")).await, Ok(200));
    let (circle, came) = server(|port| leads_to(&format!("http://127.0.0.1:{port}/"))).await;
    let answer = call(&guarded, &format!("http://127.0.0.1:{circle}/")).await;
    assert_eq!(answer, Err(Some(Refused::TooManyRedirects)));
    assert_eq!(came.load(Ordering::SeqCst), 6, "once, and five times more");
}

#[test]
fn redirects_from_https_to_http_are_rejected() {
    let guard = strict().guard;
    let url = |text: &str| Url::parse(text).expect(text);
    let (safe, open) = (url("https://guild.example/"), url("http://guild.example/"));
    let may = |from: &Url, to: &Url| guard.may_follow(std::slice::from_ref(from), to);
    assert_eq!(may(&safe, &open), Err(Refused::Downgraded));
    for (from, to) in [(&safe, &safe), (&open, &open), (&open, &safe)] {
        assert_eq!(may(from, to), Ok(()));
    }
}
