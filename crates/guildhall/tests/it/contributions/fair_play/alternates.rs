//! Several new accounts of one person: reading their repositories states their age, and the nightly detection compares it.

use chrono::TimeDelta;
use identity::model::Role;
use serde_json::{Value, json};

use super::FLAGS;
use crate::{
    app::{TestApp, at},
    syncs::{REPOSITORY, Scene},
};

/// The other repository of the scene.
const KILN: &str = "octo-org/kiln";

const PEOPLE: [&str; 2] = ["octavia", "wren-oak"];

/// Lets two people, whose accounts were created at these times, take turns in two repositories for ten days; no one reviews
/// their pull requests. Reads both repositories and returns the flags of alternates.
async fn flags(created: [&str; 2]) -> (TestApp, Value) {
    let scene = Scene::new().await;
    let kiln = scene.github.add_repo("octo-org", "kiln").id;
    for (login, created_at) in PEOPLE.iter().zip(created) {
        let set = scene.github.set_created_at(login, at(created_at));
        set.expect("known");
    }
    let app = scene.server().await;
    for number in 0..8 {
        let (author, place) = (PEOPLE[number % 2], [REPOSITORY, KILN][number / 2 % 2]);
        let opened = scene.github.open_pull(place, author, |_| {});
        opened.expect("opened");
        scene.pass(&[&app], TimeDelta::hours(30));
    }
    app.repository("season", KILN, kiln).await;
    scene.register(&app).await;
    app.work().await;
    app.run_schedule("GamingDetection").await;
    let moderator = app.browser_with("newt-fen", Role::Moderator).await;
    let listed = moderator.json(&format!("{FLAGS}?kind=alternates")).await;
    (app, listed["items"].clone())
}

#[tokio::test]
async fn new_accounts_that_act_as_one_are_flagged() {
    let (app, flags) = flags(["2026-08-20T08:00:00Z", "2026-08-24T09:00:00Z"]).await;
    assert_eq!(flags.as_array().map(Vec::len), Some(1), "{flags}");
    let flag = &flags[0];
    assert_eq!((&flag["people"], &flag["pull_requests"]), (&json!(2), &json!(8)));
    let expected = json!([
        "2 GitHub accounts created within 4 days",
        "8 in 2 repositories",
        "8 of 8 without a comment or a request for changes in a review",
    ]);
    assert_eq!(flag["signs"], expected);
    let moderator = app.browser_of("newt-fen").await;
    let whole = moderator.json(&format!("{FLAGS}/{}", flag["number"])).await;
    let mut logins: Vec<&str> =
        whole["logins"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    logins.sort_unstable();
    assert_eq!(logins, PEOPLE);
    app.finish().await;
}

#[tokio::test]
async fn old_accounts_and_those_of_different_months_are_not() {
    for created in [
        ["2019-08-20T08:00:00Z", "2019-08-24T09:00:00Z"],
        ["2026-07-10T08:00:00Z", "2026-08-25T09:00:00Z"],
    ] {
        let (app, flags) = flags(created).await;
        assert_eq!(flags, json!([]), "{created:?}");
        app.finish().await;
    }
}
