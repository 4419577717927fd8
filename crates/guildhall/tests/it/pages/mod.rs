//! Pages: content, escaping, headers, and refusals as pages.

mod docs;
mod environment;
mod errors;
mod events;
mod feeds;
mod first_steps;
mod forms;
mod frame;
mod front_people;
mod guides;
mod home;
mod hostile;
mod leaderboards;
mod own_rank;
mod people;
mod projects;
mod pull_requests;
mod search;
mod social;
mod statements;
mod tables;
mod ways_on;
mod who;

use reqwest::StatusCode;

use crate::app::{
    TestApp,
    markup::joined,
    scenarios::{Scenario, person, repo},
};

/// Returns a page's status and HTML after checking its headers.
async fn page(app: &TestApp, path: &str) -> (StatusCode, String) {
    let response = app.get(path).send().await.expect("an answer");
    let header = |name: &str| {
        let value = response.headers().get(name).map(|value| value.to_str());
        value.expect(name).expect("text").to_owned()
    };
    assert_eq!(header("content-type"), "text/html; charset=utf-8", "{path}");
    assert!(header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    let status = response.status();
    (status, joined(&response.text().await.expect("HTML")))
}

/// Returns the HTML of a page that exists.
async fn html(app: &TestApp, path: &str) -> String {
    let (status, html) = page(app, path).await;
    assert_eq!(status, StatusCode::OK, "{path}");
    html
}

/// Starts a server with a project that has merged pull requests of two people and an open one of a third.
async fn server() -> TestApp {
    let app = TestApp::start().await;
    app.project("lantern").await;
    app.repository("lantern", "octo-org/lantern", 7).await;
    let repo = repo(7, "lantern");
    for (number, login) in [(1, "wren-oak"), (2, "finch-ash")] {
        let merged = format!("2026-10-0{}T09:00:00Z", number + 2);
        let scenario = Scenario::opened(&repo, number, &person(login), "2026-10-02T08:00:00Z")
            .approved("2026-10-03T08:00:00Z")
            .merged(&merged);
        app.deliver(&scenario.deliveries).await;
    }
    let open = Scenario::opened(&repo, 3, &person("rook-elm"), "2026-10-28T08:00:00Z");
    app.deliver(&open.deliveries).await;
    app.work().await;
    app
}
