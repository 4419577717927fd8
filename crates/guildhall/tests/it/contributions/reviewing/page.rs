//! The page of a pull request, for maintainers and for everyone else.

use contributions::model::ReviewAction;

use super::{PAGE, server};
use crate::app::browser::Browser;

const FORM: &str = "/pull-requests/octo-org/lantern/1/reviews";

#[tokio::test]
async fn only_maintainers_see_the_form_and_internal_comments() {
    let (app, _) = server().await;
    let wren = app.browser_of("wren-oak").await;
    app.review("lantern", 1, "finch-ash", ReviewAction::Started).await.expect("started");
    app.work().await;
    let (stranger, visitor) = (app.browser_of("rook-elm").await, Browser::new(&app));
    // Each page is read twice, so that the second answer comes from the cache.
    for _ in 0..2 {
        let page = wren.get(PAGE).await;
        for own in [
            "Noted by finch-ash.",
            "Said by finch-ash.",
            "name=\"internal_comment\"",
            "Start review",
        ] {
            assert!(page.text.contains(own), "{own}: {}", page.text);
        }
        assert!(page.header("cache-control").starts_with("private"));
        for other in [&stranger, &visitor] {
            let page = other.get(PAGE).await.text;
            assert!(page.contains("Said by finch-ash."), "{page}");
            for own in ["Noted by", "internal_comment", "Start review", platform::web::slot()] {
                assert!(!page.contains(own), "{own}: {page}");
            }
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn the_form_reviews_and_keeps_what_was_typed() {
    let (app, _) = server().await;
    let wren = app.browser_of("wren-oak").await;
    let started = wren.post(FORM, &[("action", "STARTED_REVIEW"), ("rating", "")]).await;
    assert_eq!(started.location(), format!("{PAGE}#review"));
    let blank = [
        ("action", "REQUESTED_CHANGES"),
        ("public_comment", ""),
        ("internal_comment", "Keep <this>"),
        ("rating", "2"),
    ];
    let refused = wren.post(FORM, &blank).await;
    refused.refuses_form(422, Some("public_comment"), "which changes are needed");
    assert!(refused.text.contains("Keep &#60;this&#62;"), "{}", refused.text);
    assert!(refused.text.contains("<option value=\"2\" selected>"), "{}", refused.text);
    let page = wren.get(PAGE).await.text;
    assert!(!page.contains("Keep "), "a refused form changes nothing");
    let filled = [
        ("action", "REQUESTED_CHANGES"),
        ("public_comment", "Add a <b>test</b>."),
        ("rating", "2"),
    ];
    wren.post(FORM, &filled).await.location();
    let page = wren.get(PAGE).await.text;
    assert!(page.contains("Changes requested. The pull request is waiting for changes"), "{page}");
    assert!(page.contains("Add a &#60;b&#62;test&#60;/b&#62;."), "{page}");
    let comment = [("action", "COMMENTED"), ("public_comment", "Thank you.")];
    wren.post(FORM, &comment).await.location();
    let page = wren.get(PAGE).await.text;
    assert!(page.contains("Commented. The pull request is waiting"), "{page}");
    let refused = wren.post(FORM, &[("action", "APPROVED")]).await;
    refused.refuses_form(409, None, "It is waiting for changes. Start a review first.");
    let unknown = wren.post(FORM, &[("action", "LIKED")]).await;
    assert_eq!(unknown.status, 400);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn starting_a_review_publishes_nothing_and_keeps_what_was_typed() {
    let (app, _) = server().await;
    let wren = app.browser_of("wren-oak").await;
    let typed =
        [("public_comment", "Half a thought"), ("internal_comment", "Ask ash"), ("rating", "4")];
    let post = async |action| wren.post(FORM, &[&typed[..], &[("action", action)]].concat()).await;
    let started = post("STARTED_REVIEW").await;
    assert_eq!(started.status, 200, "{}", started.text);
    for part in [
        "You started the review.",
        ">Half a thought</textarea>",
        ">Ask ash</textarea>",
        "<option value=\"4\" selected>",
    ] {
        assert!(started.text.contains(part), "{part}: {}", started.text);
    }
    let page = wren.get(PAGE).await.text;
    assert!(!page.contains("Half a thought") && !page.contains("Ask ash"), "{page}");
    let refused = post("RELEASED").await;
    refused.refuses_form(422, Some("rating"), "This action takes no rating");
    assert!(refused.text.contains(">Half a thought</textarea>"), "{}", refused.text);
    post("APPROVED").await.location();
    assert!(wren.get(PAGE).await.text.contains("Half a thought"));
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn the_author_is_notified_of_each_change_without_internal_comments() {
    let (app, _) = server().await;
    let author = app.browser_of("hexacat").await;
    for action in [ReviewAction::Started, ReviewAction::Approved, ReviewAction::Rated] {
        app.review("lantern", 1, "wren-oak", action).await.expect("given");
    }
    let mut internal = crate::contributions::app::review_of(ReviewAction::Commented, "wren-oak");
    internal.words.public_comment = None;
    app.give_review("lantern", 1, "wren-oak", internal).await.expect("given");
    app.work().await;
    let mut inbox = app.inbox(&author).await;
    inbox.sort();
    let said = ["approved", "rated", "review started"];
    let said = said.map(|what| format!("*octo-org/lantern#1: {what}"));
    assert_eq!(inbox, said);
    app.finish().await;
}

#[tokio::test]
async fn visitors_read_who_reviews_in_the_project_of_an_issue_alone() {
    let (app, _) = server().await;
    app.project("harbor").await;
    app.repository("harbor", "octo-org/harbor", 2).await;
    app.add_maintainer("harbor", "finch-ash").await;
    for action in [ReviewAction::Started, ReviewAction::Approved] {
        app.review("lantern", 1, "finch-ash", action).await.expect("given");
    }
    app.work().await;
    let find = contributions::MODULE.front.and_then(|front| front.reviewers).expect("reviewers");
    let finch = app.person_id("finch-ash").await;
    for (github_id, words) in [(1, "reviews in season"), (2, "maintains harbor")] {
        let id = github::reads::repository_id(&app.context().db, github_id).await;
        let id = id.expect("read").expect("a repository").0;
        let found = find(app.context(), vec![id]).await.expect("read");
        let first = found[&id].first().map(|it| (it.person, it.words.as_str()));
        assert_eq!(first, Some((finch, words)));
    }
    app.finish().await;
}
