mod api;
mod apps;
mod code;
mod community;
mod deliveries;
mod demo;
mod sign_in;

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::*;
use crate::{clock::FakeClock, delivery::sign, payloads::Verdict, story::Act};

const REPO: &str = "octo-tools/lantern";

/// A fake with a maintainer, a contributor and one repository, and an HTTP client.
struct GithubScene {
    github: FakeGithub,
    clock: FakeClock,
    client: Client,
}

impl GithubScene {
    async fn new() -> Self {
        let clock = FakeClock::new("2026-10-01T12:00:00Z".parse().expect("an instant"));
        let github = FakeGithub::start(Options::new(clock.clone())).await.expect("a port");
        github.add_user("monacat");
        github.add_user("hexacat");
        github.add_repo("octo-tools", "lantern");
        github.permit(REPO, "monacat", Role::Admin).expect("both are known");
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        Self { github, clock, client: client.build().expect("a client") }
    }

    async fn ask(&self, method: Method, path: &str, login: &str, body: Value) -> Response {
        let request = self.client.request(method, format!("{}{path}", self.github.url()));
        let request =
            if login.is_empty() { request } else { request.bearer_auth(format!("token-{login}")) };
        request.json(&body).send().await.expect("an answer")
    }

    async fn get(&self, path: &str, login: &str) -> (u16, Value) {
        read(self.ask(Method::GET, path, login, Value::Null).await).await
    }

    async fn send(&self, method: Method, path: &str, login: &str, body: Value) -> (u16, Value) {
        read(self.ask(method, path, login, body).await).await
    }

    fn open(&self, title: &str) -> i64 {
        let shape = |pull: &mut crate::payloads::PullState| title.clone_into(&mut pull.title);
        self.github.open_pull(REPO, "hexacat", shape).expect("both are known")
    }
}

async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let bytes = response.bytes().await.expect("a body");
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

type ReceivedHook = (HeaderMap, Bytes);

/// Starts a receiver of deliveries; returns its address and the received deliveries.
async fn receiver() -> (String, UnboundedReceiver<ReceivedHook>) {
    async fn take(
        State(out): State<UnboundedSender<ReceivedHook>>,
        headers: HeaderMap,
        body: Bytes,
    ) -> &'static str {
        out.send((headers, body)).expect("the test listens");
        "thanks"
    }
    let (out, received) = unbounded_channel();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let router = Router::new().route("/hook", post(take)).with_state(out);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, received)
}

fn all(received: &mut UnboundedReceiver<ReceivedHook>) -> Vec<(String, String, Value)> {
    std::iter::from_fn(|| received.try_recv().ok())
        .map(|(headers, body)| {
            let text = |name: &str| headers[name].to_str().expect("text").to_owned();
            let body = serde_json::from_slice(&body).expect("JSON");
            (text("x-github-event"), text("x-github-delivery"), body)
        })
        .collect()
}
