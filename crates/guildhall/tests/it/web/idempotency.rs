//! Idempotent requests: repeating a request with the same `Idempotency-Key` has no further effect.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use axum::{Extension, Json, Router, extract::State, http::StatusCode, routing::post};
use chrono::TimeDelta;
use identity::model::{Role, Scope};
use platform::{
    Context,
    db::Sql,
    idempotency::{Idempotency, forget},
    module::Description,
    web::{self, Caller, WebError},
};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::app::{
    TestApp,
    browser::{Answer, Browser},
    client,
};

const TOKENS: &str = "/api/v1/me/tokens";
const REPLAYED: &str = "idempotency-replayed";

fn token_input(name: &str) -> Value {
    json!({ "name": name, "scopes": ["read"], "expires_in_days": 30 })
}

async fn ask(browser: &Browser<'_>, path: &str, key: &str, body: &Value) -> Answer {
    let headers = [("idempotency-key", key)];
    browser.call_with_headers("POST", path, &headers, Some(body)).await
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let made = ask(&browser, TOKENS, "\"a-1\"", &token_input("One")).await;
    assert_eq!((made.status.as_u16(), made.header(REPLAYED)), (201, ""), "{}", made.text);
    // The key may be quoted.
    for key in ["\"a-1\"", "a-1"] {
        let again = ask(&browser, TOKENS, key, &token_input("One")).await;
        assert_eq!((again.status, &again.text), (made.status, &made.text));
        assert_eq!(again.header(REPLAYED), "true");
        assert_eq!(again.header("content-type"), "application/json");
        assert_eq!(again.header("cache-control"), "private, no-store");
    }
    let count = async || app.count("SELECT count(*) FROM api_tokens").await;
    assert_eq!(count().await, 1);
    let other = ask(&browser, TOKENS, "a-1", &token_input("Two")).await;
    other.refuses(422, "IDEMPOTENCY_KEY_REUSED", "new key");
    // Another key, person or route, or no key, makes a different request.
    assert_eq!(ask(&browser, TOKENS, "a-2", &token_input("One")).await.status, 201);
    let finch = app.browser_of("finch-ash").await;
    let theirs = ask(&finch, TOKENS, "a-1", &token_input("One")).await;
    assert_eq!((theirs.status.as_u16(), theirs.header(REPLAYED)), (201, ""));
    for _ in 0..2 {
        assert_eq!(browser.call("POST", TOKENS, Some(&token_input("One"))).await.status, 201);
    }
    assert_eq!(count().await, 5);
    app.finish().await;
}

#[tokio::test]
async fn answers_are_stored_encrypted_and_need_the_same_credentials() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let made = ask(&browser, TOKENS, "a-1", &token_input("One")).await.json();
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    let stored =
        "SELECT lower(hex(response_secret)) || lower(hex(key_hash)) AS value FROM stored_responses";
    let stored = match app.context().db.engine() {
        platform::db::Engine::Sqlite => stored.to_owned(),
        platform::db::Engine::Postgres => {
            stored.replace("lower(hex(", "(encode(").replace("))", ", 'hex'))")
        }
    };
    let stored = app.values(&stored).await.concat();
    for open in [&secret, "secret", "a-1"] {
        assert!(!stored.contains(&hex::encode(open)), "{open}");
    }
    // Weaker credentials do not get the stored answer either, and a ban applies immediately.
    let token = app.token("wren-oak", &[Scope::Read, Scope::Write]).await;
    let by_token = ask(&Browser::bearing(&app, &token), TOKENS, "a-1", &token_input("One")).await;
    by_token.refuses(422, "IDEMPOTENCY_KEY_REUSED", "different request");
    let elsewhere = app.browser_of("wren-oak").await;
    let by_other = ask(&elsewhere, TOKENS, "a-1", &token_input("One")).await;
    by_other.refuses(422, "IDEMPOTENCY_KEY_REUSED", "different request");
    app.ban("wren-oak").await;
    let banned = ask(&browser, TOKENS, "a-1", &token_input("One")).await;
    banned.refuses(403, "BANNED", "Spam");
    assert!(!banned.text.contains(&secret));
    app.finish().await;
}

#[tokio::test]
async fn a_refused_request_can_be_repeated_with_the_same_key() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let bad = json!({ "name": "", "scopes": ["read"], "expires_in_days": 30 });
    for _ in 0..2 {
        let refused = ask(&browser, TOKENS, "a-1", &bad).await;
        refused.refuses(422, "BAD_NAME", "");
        assert_eq!(refused.header(REPLAYED), "");
    }
    assert_eq!(ask(&browser, TOKENS, "a-1", &token_input("One")).await.status, 201);
    for key in ["a b", "", &"k".repeat(256)] {
        let refused = ask(&browser, TOKENS, key, &token_input("One")).await;
        refused.refuses(400, "BAD_IDEMPOTENCY_KEY", "visible characters");
    }
    // The keys of anonymous requests are ignored.
    let anonymous = Browser::new(&app);
    let refused = ask(&anonymous, TOKENS, "a-1", &token_input("One")).await;
    refused.refuses(401, "SIGN_IN_REQUIRED", "");
    app.finish().await;
}

#[tokio::test]
async fn a_key_is_deleted_after_a_day() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let first = ask(&browser, TOKENS, "a-1", &token_input("One")).await;
    app.clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
    let kept = ask(&browser, TOKENS, "a-1", &token_input("One")).await;
    assert_eq!(kept.text, first.text);
    app.clock.advance(TimeDelta::seconds(1));
    let anew = ask(&browser, TOKENS, "a-1", &token_input("Two")).await;
    assert_eq!((anew.status.as_u16(), anew.header(REPLAYED)), (201, ""), "{}", anew.text);
    let again = ask(&browser, TOKENS, "a-1", &token_input("Two")).await;
    assert_eq!((again.text, again.headers[REPLAYED].len()), (anew.text, 4));
    let now = app.context().now();
    let before = now - platform::idempotency::KEPT;
    assert_eq!(forget(app.context(), before).await.expect("forgotten"), 0);
    assert_eq!(forget(app.context(), now).await.expect("forgotten"), 1);
    app.finish().await;
}

#[tokio::test]
async fn every_route_that_documents_the_key_supports_it() {
    let app = TestApp::start().await;
    app.project("season").await;
    let admin = app.browser_with("wren-oak", Role::Admin).await;
    for (method, path, body) in [
        (
            "POST",
            "/api/v1/projects/season/rules",
            Some(json!({ "document": { "merged": 60 }, "based_on": 1 })),
        ),
        ("POST", TOKENS, Some(token_input("One"))),
        ("POST", "/api/v1/admin/ledger/checks", None),
        ("POST", "/api/v1/admin/jobs/SessionRetention/runs", None),
        ("PUT", "/api/v1/me/email", Some(json!({ "address": "wren@oak.example" }))),
    ] {
        let key = [("idempotency-key", "a-1")];
        let ask = async || admin.call_with_headers(method, path, &key, body.as_ref()).await;
        let first = ask().await;
        // Without a mail server the last request is refused, and may be repeated.
        let expected = if first.status.is_success() { "true" } else { "" };
        let again = ask().await;
        assert_eq!((first.status, &first.text), (again.status, &again.text), "{path}");
        assert_eq!(again.header(REPLAYED), expected, "{path}: {}", again.text);
    }
    app.finish().await;
}

/// Returns each operation of the API that changes something: its method, a path, and its description.
fn changes() -> Vec<(String, String, Value)> {
    let described = Description::of(guildhall::MODULES);
    let paths = described.value()["paths"].clone();
    let paths = paths.as_object().expect("paths").clone();
    let of_path = |(path, operations): (String, Value)| {
        let parts = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        let operations = operations.as_object().expect("operations").clone();
        operations
            .into_iter()
            .map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
    };
    let all = paths.into_iter().flat_map(of_path);
    all.filter(|(method, ..)| method != "GET").collect()
}

#[tokio::test]
async fn exactly_the_routes_that_document_the_key_read_it() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let admin = app.browser_with("wren-oak", Role::Admin).await;
    let (mut reading, mut others) = (0, 0);
    for (method, path, operation) in changes() {
        let takes_key = operation["parameters"].to_string().contains("\"Idempotency-Key\"");
        let replays = operation["responses"].to_string().contains("\"Idempotency-Replayed\"");
        assert_eq!(takes_key, replays, "{method} {path}");
        let bad = [("idempotency-key", "a b")];
        let answer = admin.call_with_headers(&method, &path, &bad, Some(&json!({}))).await;
        let is_read = answer.text.contains("BAD_IDEMPOTENCY_KEY");
        assert_eq!(is_read, takes_key, "{method} {path}: {}", answer.text);
        *if is_read { &mut reading } else { &mut others } += 1;
    }
    assert!(reading > 10 && others > 10, "{reading} read a key, {others} do not");
    app.finish().await;
}

/// A server with one slow route, which waits until the test lets it continue.
struct Slow {
    app: TestApp,
    begun: Arc<Semaphore>,
    may_go_on: Arc<Semaphore>,
    url: String,
    client: reqwest::Client,
}

#[derive(Clone)]
struct Work {
    context: Context,
    begun: Arc<Semaphore>,
    may_go_on: Arc<Semaphore>,
}

async fn note(context: &Context) -> Result<(), platform::db::DbError> {
    let tx = context.begin().await?;
    let sql = "INSERT INTO jobs (id, name, attempts, created_at, updated_at) \
               VALUES ($1, 'noted', 0, $2, $2)";
    let values = [context.ids.next().into(), context.now().into()];
    tx.run(tx.statement(sql, values)).await?;
    tx.commit().await
}

/// Records a run, waits, and records it again.
async fn work(State(work): State<Work>) -> Result<(StatusCode, Json<Value>), WebError> {
    note(&work.context).await?;
    work.begun.add_permits(1);
    work.may_go_on.acquire().await.expect("open").forget();
    note(&work.context).await?;
    Ok((StatusCode::CREATED, Json(json!({ "is_done": true }))))
}

impl Slow {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let (begun, may_go_on) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        let state = Work {
            context: app.context().clone(),
            begun: Arc::clone(&begun),
            may_go_on: Arc::clone(&may_go_on),
        };
        let caller = Caller {
            person: Uuid::max(),
            token: None,
            credential: "session",
            credential_id: Uuid::max(),
            role: "user",
        };
        let routes = BTreeSet::from(["POST /work/{name}".to_owned()]);
        let idempotency = Idempotency::new(app.context().clone(), app.server.ring.clone(), routes);
        let router = Router::new().route("/work/{name}", post(work)).with_state(state);
        let router = idempotency.around(web::guard(router, Duration::from_secs(9)));
        let observed = web::Stack::default().with_state(web::Observation::default(), web::observe);
        let router = observed.around(router.layer(Extension(caller)));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/work/x", listener.local_addr().expect("an address"));
        tokio::spawn(web::serve(listener, router, Default::default()));
        Self { app, begun, may_go_on, url, client: client() }
    }

    fn ask(&self, key: &str) -> tokio::task::JoinHandle<(u16, Value)> {
        let request = self.client.post(&self.url).header("idempotency-key", key);
        tokio::spawn(async move {
            let answer = request.send().await.expect("an answer");
            (answer.status().as_u16(), answer.json().await.expect("JSON"))
        })
    }

    async fn begun(&self) {
        self.begun.acquire().await.expect("open").forget();
    }

    async fn noted(&self) -> i64 {
        self.app.count("SELECT count(*) FROM jobs WHERE name = 'noted'").await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_progress_refuses_its_repetition() {
    let slow = Slow::start().await;
    let first = slow.ask("a-1");
    slow.begun().await;
    let (status, problem) = slow.ask("a-1").await.expect("asked");
    assert_eq!((status, &problem["code"]), (409, &json!("IDEMPOTENCY_KEY_IN_USE")));
    slow.may_go_on.add_permits(1);
    let answered = first.await.expect("asked");
    assert_eq!(answered, (201, json!({ "is_done": true })));
    assert_eq!(slow.ask("a-1").await.expect("asked"), answered);
    assert_eq!(slow.noted().await, 2);
    slow.app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_disconnects_finds_the_answer_later() {
    let slow = Slow::start().await;
    let first = slow.ask("a-1");
    slow.begun().await;
    first.abort();
    first.await.expect_err("hung up");
    slow.may_go_on.add_permits(1);
    for _ in 0..500 {
        match slow.ask("a-1").await.expect("asked") {
            (409, problem) => assert_eq!(problem["code"], "IDEMPOTENCY_KEY_IN_USE"),
            answered => {
                assert_eq!(answered, (201, json!({ "is_done": true })));
                assert_eq!(slow.noted().await, 2);
                return slow.app.finish().await;
            }
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no answer within five seconds");
}

/// A process whose claim has expired is considered dead. If it committed anything, the work is not repeated. Otherwise
/// the work is repeated, and later commits of the first process are refused.
#[tokio::test(flavor = "multi_thread")]
async fn work_that_a_dead_process_committed_is_not_repeated() {
    let slow = Slow::start().await;
    let first = slow.ask("a-1");
    slow.begun().await;
    slow.app.clock.advance(TimeDelta::seconds(61));
    let (status, problem) = slow.ask("a-1").await.expect("asked");
    assert_eq!((status, &problem["code"]), (409, &json!("IDEMPOTENCY_RESPONSE_LOST")));
    assert_eq!(slow.noted().await, 1);
    slow.may_go_on.add_permits(1);
    assert_eq!(
        first.await.expect("asked").0,
        201,
        "the process was alive, and no other one took over"
    );

    // Simulate a process that died before its first commit.
    let stolen = slow.ask("a-2");
    slow.begun().await;
    let forget = "UPDATE stored_responses SET is_done = FALSE WHERE response_secret IS NULL";
    slow.app.change(forget).await.expect("changed");
    slow.app.clock.advance(TimeDelta::seconds(61));
    let second = slow.ask("a-2");
    slow.begun().await;
    let before = slow.noted().await;
    slow.may_go_on.add_permits(2);
    let mut answers = [stolen.await.expect("asked").0, second.await.expect("asked").0];
    answers.sort_unstable();
    assert_eq!(answers, [201, 500], "only the holder of the claim commits");
    assert_eq!(slow.noted().await, before + 1);
    slow.app.finish().await;
}
