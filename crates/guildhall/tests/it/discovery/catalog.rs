//! The search index of a process follows the opportunities, and is exact after a restart.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::*;

/// How long a process may take to see a change.
const PATIENCE: Duration = Duration::from_secs(30);

/// Another process that serves the same database.
struct Process {
    app: guildhall::App,
    url: String,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl Process {
    async fn start(app: &TestApp) -> Self {
        let app = app.sibling().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let stop = CancellationToken::new();
        let serving = platform::web::serve(listener, app.router(None), stop.clone());
        Self { url, stop, serving: tokio::spawn(serving), app }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.serving.await.expect("ended");
        self.app.context.db.close().await;
    }

    async fn titles(&self) -> Vec<String> {
        let list = reqwest::get(format!("{}/api/v1/opportunities", self.url)).await;
        let list: Value = list.expect("an answer").json().await.expect("JSON");
        let items = list["items"].as_array().expect("items");
        let title = |item: &Value| item["title"].as_str().expect("a title").to_owned();
        let mut titles: Vec<String> = items.iter().map(title).collect();
        titles.sort();
        titles
    }
}

/// Searches until the titles are those, which takes some seconds at most.
async fn becomes(process: &Process, titles: &[&str]) {
    let begun = Instant::now();
    loop {
        let found = process.titles().await;
        if found == titles {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{found:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn every_process_follows_the_changes() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    let processes = [Process::start(&app).await, Process::start(&app).await];
    let first = reef.open(LANTERN, "Explain the tide table", &[]);
    follow(&app, &[LANTERN]).await;
    for process in &processes {
        assert_eq!(process.titles().await, ["Explain the tide table"]);
    }
    reef.pass(&app, TimeDelta::minutes(20));
    reef.open(LANTERN, "Sort the stations", &[]);
    reef.act(LANTERN, first, &IssueAct::Closed(true));
    read_again(&app).await;
    for process in processes {
        becomes(&process, &["Sort the stations"]).await;
        process.stop().await;
    }
    app.finish().await;
}

#[tokio::test]
async fn a_restart_finds_what_changed_meanwhile() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    reef.open(LANTERN, "Explain the tide table", &[]);
    follow(&app, &[LANTERN]).await;
    let before = Process::start(&app).await;
    assert_eq!(before.titles().await, ["Explain the tide table"]);
    before.stop().await;
    reef.pass(&app, TimeDelta::minutes(20));
    reef.open(LANTERN, "Sort the stations", &[]);
    read_again(&app).await;
    let after = Process::start(&app).await;
    assert_eq!(after.titles().await, ["Explain the tide table", "Sort the stations"]);
    after.stop().await;
    app.finish().await;
}

/// A restored backup continues from an earlier change.
#[tokio::test]
async fn an_index_of_another_history_is_built_again() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    reef.open(LANTERN, "Explain the tide table", &[]);
    reef.open(LANTERN, "Sort the stations", &[]);
    follow(&app, &[LANTERN]).await;
    let before = Process::start(&app).await;
    assert_eq!(before.titles().await.len(), 2);
    before.stop().await;
    for change in [
        // The index has an opportunity that the database has not.
        "DELETE FROM opportunities WHERE number = 2",
        // The last change was of another state.
        "UPDATE opportunities SET title = 'Explain tides', digest = 'other'",
        // The index is ahead of the database.
        "UPDATE opportunities SET title = 'Explain the tide table', changed_seq = 1",
    ] {
        app.change(change).await.expect("changed");
        let after = Process::start(&app).await;
        let list = after.titles().await;
        assert_eq!(list.len(), 1, "{change}: {list:?}");
        after.stop().await;
    }
    app.finish().await;
}
