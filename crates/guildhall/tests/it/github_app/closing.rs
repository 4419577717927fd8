//! Abandoned pull requests that the App closes on GitHub, where their project says so.

use serde_json::json;
use testkit::{fake_github::Switches, story::Act};

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

    /// Has the server try to close the pull request while GitHub has a fault.
    async fn tries_to_close(&self, fault: impl FnOnce(&mut Switches)) {
        self.set_closes(true).await;
        self.abandon().await;
        self.github.switch(fault);
        self.later().await;
        self.github.switch(|switches| {
            (switches.failing_changes, switches.lost_answers) = (false, false);
        });
        assert_eq!(self.closings().await, 1, "it is tried again");
    }

    /// Returns whether the pull request is open on GitHub, and the number of its comments.
    fn on_github(&self, number: i64) -> (bool, usize) {
        let pull = self.github.pull(REPOSITORY, number).expect("known");
        let comments = self.github.pull_comments(REPOSITORY, number).expect("known");
        (pull.closed_at.is_none(), comments.len())
    }

    /// Returns what a maintainer reads: the pages of the pull request, of those that are abandoned, and of the
    /// settings.
    async fn pages(&self, number: i64) -> [String; 3] {
        let wren = Browser::new(&self.app);
        wren.sign_in(&self.github, "wren-oak").await.location();
        let pull = format!("/pull-requests/{REPOSITORY}/{number}");
        [
            wren.get(&pull).await.text,
            wren.get("/projects/season/reviews?state=ABANDONED").await.text,
            wren.get("/projects/season/edit").await.text,
        ]
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
    let closed = "Abandoned, and closed by this server on <time datetime=\"2027-01-01T";
    let [pull, queue, settings] = scene.pages(number).await;
    assert!(pull.contains(closed) && !pull.contains("It was reopened"), "{pull}");
    assert!(settings.contains(closed) && !queue.contains(closed), "{settings}");
    // Whoever reopens it decided that it stays open.
    scene.pass(TimeDelta::minutes(1));
    scene.github.act(REPOSITORY, number, "hexacat", Act::Reopened).expect("reopened");
    scene.settle().await;
    scene.abandon().await;
    scene.later().await;
    assert_eq!((scene.state(number).await.as_str(), comments().len()), ("OPEN", 1));
    for page in scene.pages(number).await {
        assert!(page.contains(closed) && page.contains("It was reopened"), "{page}");
    }
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
    let [pull, queue, settings] = scene.pages(number).await;
    let refused = "GitHub refused to let this server close it on <time";
    for page in [&pull, &queue, &settings] {
        assert!(page.contains(refused), "{page}");
    }
    for page in [&pull, &settings] {
        assert!(page.contains("<em>Permissions &amp; events</em>"), "where to grant it: {page}");
    }
    assert!(queue.contains(">What to do<"), "{queue}");
    scene.github.switch(|switches| switches.read_only_app = false);
    scene.pass(TimeDelta::days(1));
    scene.app.run_schedule("ReviewDeadlines").await;
    scene.later().await;
    assert_eq!(scene.state(number).await, "CLOSED");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_closing_that_github_failed_is_tried_again() {
    let (scene, number) = scene().await;
    scene.tries_to_close(|switches| switches.failing_changes = true).await;
    assert_eq!(scene.on_github(number), (true, 0));
    scene.later().await;
    assert_eq!(scene.on_github(number), (false, 1));
    assert_eq!(scene.state(number).await, "CLOSED");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_closing_whose_response_was_lost_is_only_commented() {
    let (scene, number) = scene().await;
    scene.tries_to_close(|switches| switches.lost_answers = true).await;
    assert_eq!(scene.on_github(number), (false, 0));
    scene.later().await;
    assert_eq!(scene.on_github(number), (false, 1));
    let outcomes = scene.app.values("SELECT outcome AS value FROM pull_closings").await;
    assert_eq!(outcomes, ["closed"]);
    scene.app.finish().await;
}

#[tokio::test]
async fn what_happened_after_a_failed_closing_keeps_it_open_even_before_the_server_hears_of_it() {
    let edited = Act::Edited("Again".to_owned());
    for (is_lost, act) in [(false, edited), (true, Act::Reopened)] {
        let (scene, number) = scene().await;
        let fault = |switches: &mut Switches| match is_lost {
            true => switches.lost_answers = true,
            false => switches.failing_changes = true,
        };
        // The server hears of nothing, so that it has to ask.
        scene.github.switch(|switches| switches.dropped = 1.0);
        scene.tries_to_close(fault).await;
        scene.pass(TimeDelta::minutes(1));
        scene.github.act(REPOSITORY, number, "hexacat", act).expect("done");
        scene.later().await;
        assert_eq!(scene.on_github(number), (true, 0), "lost: {is_lost}");
        assert_eq!(scene.closings().await, 0, "lost: {is_lost}");
        scene.app.finish().await;
    }
}
