//! The panel of what a person did, and its files.

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

async fn scene() -> TestApp {
    let app = TestApp::of_lantern().await;
    let tags = contributions::actions::ProjectChange {
        tags: Some(vec!["rust".to_owned(), "cli".to_owned()]),
        ..Default::default()
    };
    let operator = platform::audit::Actor::Operator;
    contributions::actions::change_project(app.context(), operator, "season", tags)
        .await
        .expect("tagged");
    let repo = repo(1, "lantern");
    let opened =
        |number| Scenario::opened(&repo, number, &person("hexacat"), "2026-10-02T08:00:00Z");
    let pulls = [
        opened(1).merged("2026-10-03T08:00:00Z"),
        opened(2).merged("2026-10-03T09:00:00Z"),
        opened(3),
    ];
    app.deliver_all(&pulls.iter().collect::<Vec<_>>()).await;
    app
}

async fn text(app: &TestApp, path: &str) -> String {
    let response = app.get(path).send().await.expect("an answer");
    assert_eq!(response.status(), 200, "{path}");
    response.text().await.expect("text")
}

#[tokio::test]
async fn a_profile_shows_days_states_and_skills() {
    let app = scene().await;
    let page = text(&app, "/people/hexacat").await;
    for words in [
        "pull requests on 2 of",
        "?state=MERGED#pulls",
        "?state=OPEN#pulls",
        "<h2 id=\"skills\">Learning</h2>",
        "<bdi>Rust</bdi>",
        "<bdi>CLI</bdi>",
        "2 of 2 merged",
        "5 contributions in a year",
        "on 2 days, longest run 2 days",
        "Selected work",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let csv = text(&app, "/people/hexacat/contributions.csv").await;
    let lines: Vec<&str> = csv.lines().collect();
    let days = [r#""2026-10-03",2"#, r#""2026-10-02",3"#];
    assert_eq!(lines[1..], days, "{csv}");
    let csv = text(&app, "/people/hexacat/skills.csv").await;
    assert!(csv.contains(r#""rust",100,3,"#), "{csv}");
    app.finish().await;
}

#[tokio::test]
async fn pull_requests_are_filtered_by_state_also_in_the_file() {
    let app = scene().await;
    let page = text(&app, "/people/hexacat?state=OPEN").await;
    // The best ones above are merged.
    let (_, list) = page.split_once("id=\"pulls\"").expect("the list");
    let (list, _) = list.split_once("</section>").expect("its end");
    assert!(list.contains("lantern/3\"") && !list.contains("lantern/1\""), "{list}");
    assert!(list.contains("pull-requests.csv?state=OPEN&#38;pulls="), "{list}");
    let csv = text(&app, "/people/hexacat/pull-requests.csv?state=OPEN").await;
    assert_eq!(csv.lines().count(), 2, "{csv}");
    let csv = text(&app, "/people/hexacat/pull-requests.csv?state=nothing").await;
    assert_eq!(csv.lines().count(), 4, "{csv}");
    let none = text(&app, "/people/hexacat?state=CLOSED").await;
    assert!(none.contains("No such pull requests"), "{none}");
    app.finish().await;
}
