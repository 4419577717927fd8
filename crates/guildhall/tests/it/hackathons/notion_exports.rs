//! Exports of boards to a simulated Notion.

use std::collections::BTreeMap;

use hackathons::{
    actions::{change_task, connect_board, export_board, remove_task},
    model::BoardService::{Notion, Trello},
    rules::board_exports::ConnectionInput,
};

use super::{
    board_connections::{Scene, input},
    board_exports::finished,
    boards::task,
};

#[tokio::test]
async fn tasks_become_pages_and_a_repeated_export_changes_nothing() {
    let scene = Scene::connected(&[Notion]).await;
    let (app, notion, slug) = (&scene.app, &scene.notion, &scene.slug);
    assert_eq!(scene.exports(Notion).await, "2 pages added, 0 changed, 0 archived.");
    let types = [
        ("Assignee", "rich_text"),
        ("Due", "date"),
        ("Name", "title"),
        ("Status", "select"),
        ("Task", "url"),
    ];
    let types = types.map(|(name, kind)| (name.to_owned(), kind.to_owned()));
    assert_eq!(notion.types(), BTreeMap::from(types));
    let page = &notion.pages()[0];
    let text = |name: &str| page.text(name);
    assert_eq!(
        (text("Name"), text("Assignee"), text("Status"), text("Due")),
        ("Draw the berths".to_owned(), "bo".to_owned(), "Open".to_owned(), String::new())
    );
    let link = format!("/hackathons/{slug}/board/");
    assert!(text("Task").contains(&link), "{}", text("Task"));
    assert_eq!(scene.exports(Notion).await, "0 pages added, 0 changed, 0 archived.");
    // A move, a new date and an edit in Notion are changes of the page.
    let (ada, first) = (app.hacker_id("ada").await, scene.first_task().await);
    change_task(app.context(), ada, slug, first.key(), &finished()).await.expect("moved");
    notion.edit(|page| {
        if page.text("Name") == "Paint" {
            page.properties.remove("Task");
        }
    });
    assert_eq!(scene.exports(Notion).await, "0 pages added, 2 changed, 0 archived.");
    let page = &notion.pages()[0];
    assert_eq!(
        (page.text("Status"), page.text("Due")),
        ("Done".to_owned(), "2026-11-20".to_owned())
    );
    // A removed task is archived once.
    remove_task(app.context(), ada, slug, first.key()).await.expect("removed");
    assert_eq!(scene.exports(Notion).await, "0 pages added, 0 changed, 1 archived.");
    assert!(notion.pages()[0].archived);
    assert_eq!(scene.exports(Notion).await, "0 pages added, 0 changed, 0 archived.");
    // A page that a person archived cannot be changed: its task gets another one.
    notion.edit(|page| page.archived = true);
    assert_eq!(scene.exports(Notion).await, "1 page added, 0 changed, 0 archived.");
    assert_eq!(notion.pages().len(), 3);
    scene.app.abandon().await;
}

#[tokio::test]
async fn reasons_that_only_the_team_can_change_are_shown() {
    let scene = Scene::connected(&[Notion]).await;
    let notion = &scene.notion;
    notion.switch(|switches| switches.rejected = true);
    let result = scene.exports(Notion).await;
    assert!(result.contains("rejected the token"), "{result}");
    notion.switch(|switches| {
        switches.rejected = false;
        switches.unshared = true;
    });
    let result = scene.exports(Notion).await;
    assert!(result.contains("not shared with the integration"), "{result}");
    notion.switch(|switches| {
        switches.unshared = false;
        switches.read_only = true;
    });
    let result = scene.exports(Notion).await;
    assert!(result.contains("Give it the capabilities"), "{result}");
    notion.switch(|switches| switches.read_only = false);
    let another =
        ConnectionInput { board: "00000000000000000000000000000001".to_owned(), ..input(Notion) };
    scene.connects(Notion, &another).await;
    let result = scene.exports(Notion).await;
    assert!(result.contains("knows no such database"), "{result}");
    scene.connects(Notion, &input(Notion)).await;
    notion.add_property("Status", "status");
    let result = scene.exports(Notion).await;
    assert!(
        result.contains("The property Status of the database in Notion has the type status"),
        "{result}"
    );
    assert!(notion.pages().is_empty());
    assert_eq!(notion.types().len(), 2, "the database is not changed");
    scene.app.abandon().await;
}

#[tokio::test]
async fn teams_share_a_database_and_a_board_has_both_services() {
    let scene = Scene::connected(&[Trello, Notion]).await;
    let (app, slug) = (&scene.app, &scene.slug);
    let cy = app.hacker_id("cy").await;
    app.adds_task((slug, "cy"), &task("Sail", "")).await.expect("added");
    connect_board(app.context(), cy, slug, Notion, &input(Notion)).await.expect("connected");
    export_board(app.context(), cy, slug, Notion).await.expect("requested");
    app.work().await;
    assert_eq!(scene.notion.pages().len(), 1);
    assert_eq!(scene.exports(Notion).await, "2 pages added, 0 changed, 0 archived.");
    assert_eq!(scene.exports(Trello).await, "2 cards added, 0 changed, 0 archived.");
    let (ada, first) = (app.hacker_id("ada").await, scene.first_task().await);
    remove_task(app.context(), ada, slug, first.key()).await.expect("removed");
    assert_eq!(scene.exports(Notion).await, "0 pages added, 0 changed, 1 archived.");
    let pages = scene.notion.pages();
    let of_cy = pages.iter().find(|page| page.text("Name") == "Sail");
    assert!(of_cy.is_some_and(|page| !page.archived));
    assert!(scene.trello.cards().iter().all(|card| !card.closed));
    assert_eq!(app.count("SELECT count(*) FROM board_exports").await, 3);
    scene.app.abandon().await;
}
