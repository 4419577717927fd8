//! The analytics of projects, their contributors, and the reports of seasons.

mod api;
mod contributors;
mod page;
mod report;
pub(super) mod rows;

use contributions::model::ReviewAction::{Rated, Started};
use testkit::story::Act;

use super::app::review_of;
use crate::app::{
    TestApp, at,
    scenarios::{Scenario, person, repo},
};

/// Starts a server with a project of two repositories and six pull requests in four weeks of October 2026:
///
/// | pull request | opened | first reviewed | ended | ratings |
/// |---|---|---|---|---|
/// | lantern #1 by hexacat | Mon 5 | after 2 h | merged after 24 h | |
/// | lantern #2 by hexacat | Wed 7 | | merged after 8 days | |
/// | lantern #3 by monacat | Mon 12 | | closed after 24 h | |
/// | wick #1 by octofox | Mon 12 | | merged after 4 h | |
/// | lantern #4 by monacat | Thu 29 | | | |
/// | lantern #5 by hexacat | Fri 30 | after 46 h | merged after 47 h | 4 and 5 |
async fn server() -> TestApp {
    let app = TestApp::of_lantern().await;
    app.repository("season", "octo-org/wick", 2).await;
    let (lantern, wick) = (repo(1, "lantern"), repo(2, "wick"));
    let opened =
        |number, login: &str, when: &str| Scenario::opened(&lantern, number, &person(login), when);
    let first = opened(1, "hexacat", "2026-10-05T08:00:00Z")
        .approved("2026-10-05T10:00:00Z")
        .merged("2026-10-06T08:00:00Z");
    let second = opened(2, "hexacat", "2026-10-07T08:00:00Z").merged("2026-10-15T08:00:00Z");
    let third = opened(3, "monacat", "2026-10-12T08:00:00Z").then(
        Act::Closed,
        &person("monacat"),
        "2026-10-13T08:00:00Z",
    );
    let other = Scenario::opened(&wick, 1, &person("octofox"), "2026-10-12T08:00:00Z")
        .merged("2026-10-12T12:00:00Z");
    let fourth = opened(4, "monacat", "2026-10-29T08:00:00Z");
    let fifth = opened(5, "hexacat", "2026-10-30T08:00:00Z");
    app.deliver_all(&[&first, &second, &third, &other, &fourth, &fifth]).await;
    rate(&app).await;
    app.clock.set(at("2026-11-01T08:00:00Z"));
    let merged = fifth.merged("2026-11-01T07:00:00Z");
    app.deliver(&merged.deliveries[1..]).await;
    app.work().await;
    app
}

/// Gives the fifth pull request a rating of 2, which the same reviewer changes to 4, and one of 5 by another.
async fn rate(app: &TestApp) {
    app.clock.set(at("2026-11-01T06:00:00Z"));
    for login in ["wren-oak", "finch-ash"] {
        app.know_reviewer("season", login).await;
    }
    let started = app.review("lantern", 5, "wren-oak", Started).await;
    started.expect("started");
    for (login, rating) in [("wren-oak", 2), ("wren-oak", 4), ("finch-ash", 5)] {
        let mut new = review_of(Rated, login);
        new.rating = Some(rating);
        let rated = app.give_review("lantern", 5, login, new).await;
        rated.expect("rated");
    }
    app.work().await;
}

/// Returns the lines of a CSV without the byte order mark.
async fn lines(app: &TestApp, login: &str, path: &str) -> Vec<String> {
    let answer = app.browser_of(login).await.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    let text = answer.text.trim_start_matches('\u{feff}');
    text.lines().map(str::to_owned).collect()
}
