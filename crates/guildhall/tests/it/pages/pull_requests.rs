use reqwest::StatusCode;

use testkit::{
    payloads::Verdict,
    story::{Act, NewReview},
};

use super::{html, page, server};
use crate::app::scenarios::{Scenario, person, repo};

#[tokio::test]
async fn the_explanation_adds_up_to_the_ledger() {
    let app = server().await;
    let html = html(&app, "/pull-requests/octo-org/lantern/1").await;
    assert!(
        html.contains("Why these points")
            && html.contains("Webhooks don&#39;t list the changed files"),
        "{html}"
    );
    let (_, total) =
        html.split_once(r#"<th scope="row">Points for this pull request</th>"#).unwrap();
    assert!(total.trim_start().starts_with("<td class=\"factor\"></td><td>60</td>"), "{html}");
    assert!(html.contains("Total for this pull request</th><td class=\"n\">60</td>"));
    assert!(html.contains("1st merge of the month"));
    let help = r#"<a href="/projects/lantern#about">Ask a maintainer of "#;
    assert!(html.contains(help), "{html}");
    app.finish().await;
}

#[tokio::test]
async fn a_reversal_is_shown_with_its_cause() {
    let app = server().await;
    let repo = repo(7, "lantern");
    let author = person("jay-yew");
    let scenario = Scenario::opened(&repo, 9, &author, "2026-10-05T08:00:00Z");
    app.deliver(&scenario.deliveries).await;
    app.work().await;
    let labeled = scenario.labeled("spam", "2026-10-06T08:00:00Z");
    app.deliver(&labeled.deliveries).await;
    app.work().await;
    let html = html(&app, "/pull-requests/octo-org/lantern/9").await;
    assert!(html.contains("This entry reverses the award of +10."), "{html}");
    assert!(html.contains("The award is now 0: 10 opened × 0 spam (label spam) = 0."));
    assert!(html.contains("−20"));
    app.finish().await;
}

#[tokio::test]
async fn a_hostile_title_is_escaped() {
    let app = server().await;
    let mut scenario =
        Scenario::new(&repo(7, "lantern"), 9, &person("jay-yew"), "2026-10-05T08:00:00Z");
    scenario.story.pull.title = r#"<script>alert("x")</script>"#.into();
    let scenario =
        scenario.then(testkit::story::Act::Opened, &person("jay-yew"), "2026-10-05T08:00:00Z");
    app.deliver(&scenario.deliveries).await;
    app.work().await;
    for path in ["/pull-requests/octo-org/lantern/9", "/people/jay-yew"] {
        let html = html(&app, path).await;
        assert!(html.contains("&#60;script&#62;") && !html.contains("<script>"), "{path}: {html}");
    }
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_pull_request_is_not_found() {
    let app = server().await;
    for path in ["octo-org/lantern/99", "octo-org/lantern/one", "octo-org/nothing/1"] {
        let (status, html) = page(&app, &format!("/pull-requests/{path}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(html.contains("does not belong to any project"), "{path}: {html}");
    }
    app.finish().await;
}

fn review(id: i64, verdict: Verdict) -> Act {
    Act::Reviewed(NewReview { id, verdict, body: None, association: "MEMBER", bare: false })
}

/// Asserts that the lifecycle on a page has these parts, in this order.
fn assert_life(html: &str, parts: &[&str]) {
    let (_, life) = html.split_once(r#"<ol class="timeline">"#).expect("a list");
    let (life, _) = life.split_once("</ol>").expect("an end");
    let mut rest = life;
    for part in parts {
        let found = rest.split_once(part);
        let (_, after) = found.unwrap_or_else(|| panic!("{part}, in this order: {life}"));
        rest = after;
    }
}

#[tokio::test]
async fn the_lifecycle_lists_every_change_with_its_person() {
    let app = server().await;
    let author = person("jay-yew");
    let scenario = Scenario::opened(&repo(7, "lantern"), 9, &author, "2026-10-05T08:00:00Z")
        .then(Act::ConvertedToDraft, &author, "2026-10-05T09:00:00Z")
        .then(Act::ReadyForReview, &author, "2026-10-05T10:00:00Z")
        .then(review(77, Verdict::ChangesRequested), &person("maintainer"), "2026-10-05T11:00:00Z");
    app.deliver(&scenario.deliveries).await;
    app.work().await;
    let html = html(&app, "/pull-requests/octo-org/lantern/9").await;
    let parts = [
        "Opened</b> by <a href=\"/people/jay-yew\">",
        "Became a draft</b>",
        "Ready for review</b>",
        "Changes requested</b> by <a href=\"/people/maintainer\">",
    ];
    assert_life(&html, &parts);
    assert!(html.contains(r#"<span class="state t-or">Changes requested</span>"#), "{html}");
    app.finish().await;
}

#[tokio::test]
async fn the_lifecycle_shows_when_a_review_was_dismissed() {
    let app = server().await;
    let (author, maintainer) = (person("jay-yew"), person("maintainer"));
    let scenario = Scenario::opened(&repo(7, "lantern"), 9, &author, "2026-10-05T08:00:00Z")
        .then(review(77, Verdict::Approved), &maintainer, "2026-10-05T11:00:00Z")
        .then(Act::ReviewDismissed(77), &person("rook-elm"), "2026-10-06T12:00:00Z");
    app.deliver(&scenario.deliveries).await;
    app.work().await;
    let html = html(&app, "/pull-requests/octo-org/lantern/9").await;
    let parts = [
        "Reviewed</b> by <a href=\"/people/maintainer\"><bdi>maintainer</bdi></a><time datetime=\"2026-10-05T11:00:00Z\"",
        "Review dismissed</b><time datetime=\"2026-10-06T12:00:00Z\"",
    ];
    assert_life(&html, &parts);
    app.finish().await;
}
