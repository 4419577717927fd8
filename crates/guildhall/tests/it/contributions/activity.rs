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

#[tokio::test]
async fn pull_requests_are_filtered_by_project_and_repository_everywhere() {
    let app = scene().await;
    app.project("harbor").await;
    app.repository("harbor", "octo-org/harbor", 2).await;
    let harbor = repo(2, "harbor");
    let other = Scenario::opened(&harbor, 4, &person("hexacat"), "2026-10-04T08:00:00Z");
    app.deliver(&other.deliveries).await;
    app.work().await;
    let api = "/api/v1/people/hexacat/pull-requests";
    for (filter, found) in [
        ("", 4),
        ("?project=harbor", 1),
        ("?project=season", 3),
        ("?repository=Octo-Org/Harbor", 1),
        ("?project=season&repository=octo-org/lantern", 3),
        ("?project=season&repository=octo-org/harbor", 0),
    ] {
        let page = app.json(&format!("{api}{filter}")).await;
        assert_eq!(page["items"].as_array().map(Vec::len), Some(found), "{filter}: {page}");
        let csv = text(&app, &format!("/people/hexacat/pull-requests.csv{filter}")).await;
        assert_eq!(csv.lines().count(), 1 + found, "{filter}: {csv}");
    }
    let next = app.json(&format!("{api}?project=season&limit=2")).await;
    let cursor = next["next_cursor"].as_str().expect("a next page").to_owned();
    let last = app.json(&format!("{api}?project=season&limit=2&cursor={cursor}")).await;
    assert_eq!(last["items"].as_array().map(Vec::len), Some(1), "{last}");
    let page = text(&app, "/people/hexacat?project=season&state=OPEN").await;
    for part in [
        r#"<option value="season" selected>"#,
        "<option>octo-org/harbor</option>",
        r#"<input type="hidden" name="state" value="OPEN">"#,
        "/people/hexacat?state=MERGED&#38;project=season#pulls",
        "pull-requests.csv?state=OPEN&#38;project=season&#38;pulls=",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let (_, list) = page.split_once("id=\"pulls\"").expect("the list");
    let (list, _) = list.split_once("</section>").expect("its end");
    assert!(list.contains("octo-org/lantern/3\"") && !list.contains("harbor/4\""), "{list}");
    app.refuses(&format!("{api}?project=none"), 404, "NOT_FOUND", "Unknown project 'none'").await;
    let unknown = format!("{api}?repository=octo-org/none");
    app.refuses(&unknown, 404, "NOT_FOUND", "No project has the repository octo-org/none").await;
    let answer = app.get("/people/hexacat?project=none").send().await.expect("an answer");
    assert_eq!(answer.status(), 404);
    app.finish().await;
}
