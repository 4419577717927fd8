//! Abandoned pull requests that the App closes on GitHub, where their project says so.

use serde_json::json;
use testkit::story::Act;

use super::*;

/// A server with an open pull request of a project; returns its number.
async fn scene() -> (Scene, i64) {
    let scene = Scene::with_app().await;
    scene.install().await;
    scene.register_by_operator().await;
    let number = scene.github.open_pull(REPOSITORY, "hexacat", |_| {}).expect("opened");
    scene.settle().await;
    (scene, number)
}

impl Scene {
    /// Sets by the API whether the project has abandoned pull requests closed.
    async fn set_closes(&self, closes: bool) {
        let wren = self.maintainer("wren-oak").await;
        let patch = json!({ "closes_abandoned": closes });
        let changed = wren.call("PATCH", "/api/v1/projects/season", Some(&patch)).await;
        assert_eq!(changed.json()["closes_abandoned"], closes, "{}", changed.text);
    }

    /// Lets time pass until the pull request is abandoned, and has that noted.
    async fn abandon(&self) {
        self.pass(TimeDelta::days(61));
        self.app.run_schedule("ReviewDeadlines").await;
        self.app.work().await;
    }

    /// Lets hours pass, and has done what is due then.
    async fn later(&self) {
        self.pass(TimeDelta::hours(2));
        self.settle().await;
        self.settle().await;
    }

    async fn state(&self, number: i64) -> String {
        let path = format!("/api/v1/pull-requests/{REPOSITORY}/{number}");
        self.app.json(&path).await["state"].as_str().expect("a state").to_owned()
    }

    async fn closings(&self) -> i64 {
        self.app.count("SELECT count(*) FROM pull_closings").await
    }
}

#[tokio::test]
async fn an_abandoned_pull_request_is_closed_once_with_a_comment() {
    let (scene, number) = scene().await;
    let comments = || scene.github.pull_comments(REPOSITORY, number).expect("known");
    scene.set_closes(true).await;
    scene.abandon().await;
    assert_eq!((scene.state(number).await.as_str(), comments().len()), ("OPEN", 0), "at first");
    scene.later().await;
    let why = "Nothing happened here for 60 days, so season closes this pull request.";
    assert_eq!(scene.state(number).await, "CLOSED");
    let said = comments();
    assert!(said.len() == 1 && said[0].starts_with(why), "{said:?}");
    // Whoever reopens it decided that it stays open.
    scene.pass(TimeDelta::minutes(1));
    scene.github.act(REPOSITORY, number, "hexacat", Act::Reopened).expect("reopened");
    scene.settle().await;
    scene.abandon().await;
    scene.later().await;
    assert_eq!((scene.state(number).await.as_str(), comments().len()), ("OPEN", 1));
    scene.app.finish().await;
}

#[tokio::test]
async fn what_is_no_longer_abandoned_stays_open() {
    let (scene, number) = scene().await;
    scene.set_closes(true).await;
    scene.abandon().await;
    assert_eq!(scene.closings().await, 1);
    let edited = Act::Edited("Again".to_owned());
    scene.github.act(REPOSITORY, number, "hexacat", edited).expect("edited");
    scene.later().await;
    assert_eq!(scene.state(number).await, "OPEN");
    assert_eq!(scene.closings().await, 0, "it can be abandoned again");
    scene.app.finish().await;
}

#[tokio::test]
async fn nothing_is_closed_unless_the_project_says_so() {
    let (scene, number) = scene().await;
    scene.abandon().await;
    scene.later().await;
    assert_eq!((scene.state(number).await.as_str(), scene.closings().await), ("OPEN", 0));
    scene.app.finish().await;
}

#[tokio::test]
async fn an_app_that_may_only_read_closes_nothing_until_it_may_write() {
    let (scene, number) = scene().await;
    scene.github.switch(|switches| switches.read_only_app = true);
    scene.set_closes(true).await;
    scene.abandon().await;
    scene.later().await;
    assert_eq!(scene.state(number).await, "OPEN");
    let outcomes = scene.app.values("SELECT outcome AS value FROM pull_closings").await;
    assert_eq!(outcomes, ["not closed: the GitHub App may not write to pull requests here"]);
    scene.github.switch(|switches| switches.read_only_app = false);
    scene.pass(TimeDelta::days(1));
    scene.app.run_schedule("ReviewDeadlines").await;
    scene.later().await;
    assert_eq!(scene.state(number).await, "CLOSED");
    scene.app.finish().await;
}
