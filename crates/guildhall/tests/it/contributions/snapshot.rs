//! The data that a pull request was scored on, which pages and the API show.

use testkit::story::{Act, Diff};

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

#[tokio::test]
async fn the_data_is_that_at_the_closing() {
    let app = TestApp::of_lantern().await;
    let maintainer = person("maintainer");
    let scenario =
        Scenario::opened(&repo(1, "lantern"), 1, &person("hexacat"), "2026-10-01T08:00:00Z");
    let diff = Diff { additions: 77, deletions: 11, changed_files: 3, head_sha: "0".repeat(40) };
    let mut scenario = scenario
        .then(Act::Synchronized(diff), &maintainer, "2026-10-01T09:00:00Z")
        .labeled("in-time", "2026-10-01T10:00:00Z")
        .merged("2026-10-02T08:00:00Z");
    // After the closing, the label, the title and the size change.
    scenario.story.pull.additions = 9_999;
    let scenario = scenario.labeled("too-late", "2026-10-10T08:00:00Z").then(
        Act::Edited("Renamed".to_owned()),
        &maintainer,
        "2026-10-10T09:00:00Z",
    );
    app.deliver_all(&[&scenario]).await;
    let shown = app.json("/api/v1/pull-requests/octo-org/lantern/1").await;
    assert_eq!((&shown["title"], &shown["additions"]), (&"Renamed".into(), &9_999.into()));
    let data = &shown["scoring_data"];
    assert_eq!(data["labels"], serde_json::json!(["in-time"]));
    assert_eq!((&data["additions"], &data["deletions"]), (&77.into(), &11.into()));
    assert_ne!(data["title"], "Renamed");

    let page = app.get("/pull-requests/octo-org/lantern/1").send().await;
    let html = page.expect("an answer").text().await.expect("HTML");
    let (_, data_part) = html.split_once("Scoring data").expect("the section");
    assert!(data_part.contains("+77 −11, 3 files"), "{data_part}");
    assert!(data_part.contains("in-time") && !data_part.contains("too-late"));
    app.finish().await;
}
