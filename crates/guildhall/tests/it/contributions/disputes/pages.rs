//! The pages of disputes.

use identity::model::Role;

use super::*;

#[tokio::test]
async fn an_author_contests_and_appeals_on_the_pages() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    let page = author.get("/pull-requests/octo-org/lantern/1").await.text;
    assert!(page.contains("Contest these points"), "{page}");
    assert!(page.contains("14 days left"), "{page}");
    let form = "/disputes/new?kind=score&target=octo-org%2Flantern%231";
    assert!(page.contains("target=octo-org%2Flantern%231"), "{page}");
    let stranger = app.browser_of("finch-ash").await;
    let other = stranger.get("/pull-requests/octo-org/lantern/1").await.text;
    assert!(!other.contains("Contest these points"), "{other}");
    let shown = author.get(form).await;
    assert!(shown.text.contains("Your reasons"), "{}", shown.text);
    let target = ("target", "octo-org/lantern#1");
    let blank = [("kind", "score"), target, ("text", " ")];
    let refused = author.post("/disputes", &blank).await;
    refused.refuses_form(422, Some("text"), "Enter a text");
    let filled = [("kind", "score"), target, ("text", "Step 2 is wrong.")];
    let opened = author.post("/disputes", &filled).await;
    assert_eq!(opened.location(), "/disputes/D-1");
    let again = author.post("/disputes", &filled).await;
    again.refuses_form(409, None, "D-1");
    assert!(again.text.contains("Step 2 is wrong."), "{}", again.text);
    let written = author.post("/disputes/D-1/messages", &[("text", "See the log.")]).await;
    assert_eq!(written.location(), "/disputes/D-1");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let unused = [("outcome", "uphold"), ("points", "7"), ("reason", "It is right.")];
    let refused = moderator.post("/disputes/D-1/decision", &unused).await;
    refused.refuses_form(422, Some("points"), "Leave them out");
    let decision = [("outcome", "uphold"), ("reason", "It is right.")];
    assert_eq!(moderator.post("/disputes/D-1/decision", &decision).await.status, 303);
    let thread = author.get("/disputes/D-1").await.text;
    for words in
        ["See the log.", "It is right.", "Decision: not granted, nothing changes", "Appeal"]
    {
        assert!(thread.contains(words), "{words}: {thread}");
    }
    let page = author.get("/me/standing").await.text;
    assert!(page.contains("Not granted") && !page.contains("Upheld"), "{page}");
    let refused = author.post("/disputes/D-1/appeal", &[("text", "")]).await;
    refused.refuses_form(422, Some("text"), "Enter a text");
    let appealed = author.post("/disputes/D-1/appeal", &[("text", "Look again.")]).await;
    assert_eq!(appealed.location(), "/disputes/D-1");
    let thread = author.get("/disputes/D-1").await.text;
    assert!(thread.contains("Appealed"), "{thread}");
    app.finish().await;
}

#[tokio::test]
async fn moderators_decide_on_the_pages() {
    let app = scene().await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let empty = moderator.get("/admin/disputes").await.text;
    assert!(empty.contains("Nothing to decide"), "{empty}");
    app.disputes(AUTHOR, DisputeKind::Score, "octo-org/lantern#1").await;
    let queue = moderator.get("/admin/disputes").await.text;
    assert!(queue.contains("octo-org/lantern #1"), "{queue}");
    assert!(queue.contains("14 days left"), "{queue}");
    let none = moderator.get("/admin/disputes?state=open&kind=flag").await.text;
    assert!(none.contains("No matching disputes"), "{none}");
    app.clock.advance(chrono::TimeDelta::days(15));
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let late = moderator.get("/admin/disputes").await.text;
    assert!(late.contains("Late"), "{late}");
    let path = "/disputes/D-1/decision";
    let odd = [("outcome", "grant"), ("points", "many"), ("reason", "Right.")];
    let refused = moderator.post(path, &odd).await;
    refused.refuses_form(422, Some("points"), "whole number");
    let none = [("outcome", ""), ("reason", "Right.")];
    let refused = moderator.post(path, &none).await;
    refused.refuses_form(422, Some("outcome"), "Choose whether");
    let grant = [("outcome", "grant"), ("points", "40"), ("reason", "Right.")];
    assert_eq!(moderator.post(path, &grant).await.location(), "/disputes/D-1");
    let second = app.browser_with("wren-oak", Role::Moderator).await;
    let refused = second.post(path, &grant).await;
    refused.refuses_form(409, None, "rook-elm already decided");
    let decided = second.get("/admin/disputes?state=decided").await.text;
    assert!(decided.contains("Granted"), "{decided}");
    app.work().await;
    assert_eq!(score(&app, 1).await, 40);
    app.finish().await;
}

#[tokio::test]
async fn the_form_needs_a_decision_to_contest() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    let none = author.get("/disputes/new").await;
    assert!(none.text.contains("Choose a decision first"), "{}", none.text);
    let odd = author.get("/disputes/new?kind=odd&target=x").await;
    assert_eq!(odd.status, 400, "{}", odd.text);
    let unknown = "/disputes/new?kind=score&target=octo-org%2Flantern%239";
    assert_eq!(author.get(unknown).await.status, 404);
    app.clock.advance(chrono::TimeDelta::days(15));
    let author = app.browser_of(AUTHOR).await;
    let late = "/disputes/new?kind=score&target=octo-org%2Flantern%231";
    let late = author.get(late).await.text;
    assert!(late.contains("The time is over"), "{late}");
    let page = author.get("/pull-requests/octo-org/lantern/1").await.text;
    assert!(page.contains("They could be contested until"), "{page}");
    app.finish().await;
}
