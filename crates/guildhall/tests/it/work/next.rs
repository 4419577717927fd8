//! The answer to an act on an item of work leads to the next item.

use identity::model::Role;

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

#[tokio::test]
async fn a_review_leads_to_the_next_one() {
    let app = TestApp::of_lantern().await;
    let opened = |number| {
        let at = format!("2026-10-30T0{number}:00:00Z");
        Scenario::opened(&repo(1, "lantern"), number, &person("hexacat"), &at)
    };
    let all = [opened(1), opened(2)];
    app.deliver_all(&all.iter().collect::<Vec<_>>()).await;
    app.know_reviewer("season", "wren-oak").await;
    let wren = app.browser_of("wren-oak").await;
    let page = |number| format!("/pull-requests/octo-org/lantern/{number}");
    let approval = [("action", "APPROVED"), ("rating", "4")];
    let started = wren.post(&format!("{}/reviews", page(1)), &[("action", "STARTED_REVIEW")]).await;
    assert_eq!(started.location(), format!("{}#review", page(1)), "it still waits");
    let approved = wren.post(&format!("{}/reviews", page(1)), &approval).await;
    assert_eq!(approved.location(), page(2));
    let said = wren.get(&page(2)).await.text;
    assert!(said.contains("This one is left"), "{said}");
    let started = wren.post(&format!("{}/reviews", page(2)), &[("action", "STARTED_REVIEW")]).await;
    assert_eq!(started.location(), format!("{}#review", page(2)), "it still waits");
    let last = wren.post(&format!("{}/reviews", page(2)), &approval).await;
    assert_eq!(last.location(), format!("{}#review", page(2)), "nothing is left");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_decision_on_a_flag_leads_to_the_next_one() {
    let app = TestApp::of_lantern().await;
    let merged = |number, login| {
        Scenario::opened(&repo(1, "lantern"), number, &person(login), "2026-10-20T08:00:00Z")
            .merged("2026-10-21T08:00:00Z")
    };
    let all = [merged(1, "hexacat"), merged(2, "monacat")];
    app.deliver_all(&all.iter().collect::<Vec<_>>()).await;
    let reporter = app.browser_of("finch-ash").await;
    for number in ["1", "2"] {
        let fields = [("repository", "octo-org/lantern"), ("number", number), ("reason", "copied")];
        assert_eq!(reporter.post("/reports", &fields).await.status, 303);
    }
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    assert_eq!(app.work_of("rook-elm").await.len(), 2);
    let decision = [("decision", "dismiss"), ("reason", "It is their own work")];
    let decided = moderator.post("/admin/fair-play/1", &decision).await;
    assert_eq!(decided.location(), "/admin/fair-play/2", "{}", decided.text);
    let last = moderator.post("/admin/fair-play/2", &decision).await;
    assert_eq!(last.location(), "/admin/fair-play", "{}", last.text);
    app.is_done("rook-elm", "report").await;
    app.work().await;
    app.finish().await;
}
