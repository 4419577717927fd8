//! Flags and disputes that are open when a season is signed off.

use contributions::{
    actions::{add_organizer, sign_off_season},
    model::DisputeKind,
};
use identity::model::Role;
use platform::{ActionError, audit::Actor::Operator};

use super::super::seasons::{AUTUMN, open_to_everyone};
use super::penalties::{confirm, running};
use crate::app::{TestApp, at};

/// Returns why the season cannot be signed off without a reason.
async fn refusal(app: &TestApp) -> String {
    match sign_off_season(app.context(), Operator, AUTUMN, &[]).await {
        Err(ActionError::Refused(problem)) if problem.code == "SEASON_BLOCKED" => problem.detail,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn open_flags_and_disputes_keep_results_from_being_final() {
    let app = running(open_to_everyone()).await;
    app.clock.set(at("2026-11-20T00:00:00Z"));
    let said = refusal(&app).await;
    assert!(said.contains("Open flags: 2."), "{said}");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    confirm(&moderator, 1).await;
    app.work().await;
    let said = refusal(&app).await;
    assert!(said.contains("Open flags: 1.") && !said.contains("disputes"), "{said}");
    app.disputes("hexacat", DisputeKind::Flag, "F-1").await;
    app.work().await;
    let said = refusal(&app).await;
    assert!(said.contains("Open disputes and appeals: 1."), "{said}");

    let admin = app.browser_with("oak-elm", Role::Admin).await;
    let page = "/seasons/autumn/sign-off";
    let asked = admin.get(page).await.text;
    for words in ["/admin/fair-play", "Open flags</a>: 1", "/admin/disputes"] {
        assert!(asked.contains(words), "{words}: {asked}");
    }
    // An organizer reads who decides, without links that refuse them.
    app.browser_of("elm-fir").await;
    add_organizer(app.context(), Operator, AUTUMN, "elm-fir").await.expect("an organizer");
    let asked = app.browser_of("elm-fir").await.get(page).await.text;
    let (_, main) = asked.split_once("<main").expect("a main part");
    for words in
        ["Open flags: 1", "Open disputes and appeals: 1", "Moderators decide", "/projects/"]
    {
        assert!(main.contains(words), "{words}: {main}");
    }
    assert!(!main.contains("/admin/"), "{main}");
    let short = admin.post(page, &[("open_flags", "x")]).await;
    short.refuses_form(422, Some("open_flags"), "Write at least 10");
    let refused = admin.post(page, &[("open_disputes", "A halcyon reason.")]).await;
    refused.refuses_form(409, None, "Open flags: 1.");
    assert!(refused.text.contains("A halcyon reason."), "{}", refused.text);
    let long = "x".repeat(501);
    admin.post(page, &[("open_flags", long.as_str())]).await.refuses_form(
        422,
        Some("open_flags"),
        "500",
    );
    let form = [
        ("open_flags", "They are minor."),
        ("open_disputes", "A halcyon reason."),
        ("unreviewed_work", "They come too late."),
    ];
    let signed = admin.post(page, &form).await;
    assert_eq!(signed.location(), "/seasons/autumn/results", "{}", signed.text);
    let kept = "SELECT blocker AS value FROM sign_off_reasons WHERE reason LIKE '%halcyon%'";
    assert_eq!(app.values(kept).await, ["open_disputes"]);
    let shown = admin.get(page).await.text;
    assert!(shown.contains("A halcyon reason.") && shown.contains("oak-elm"), "{shown}");
    let public = app.browser_of("hexacat").await.get("/seasons/autumn/results").await.text;
    assert!(!public.contains("halcyon"), "{public}");
    app.work().await;
    app.finish().await;
}
