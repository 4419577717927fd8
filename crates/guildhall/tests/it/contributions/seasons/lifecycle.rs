//! The states of a season.

use contributions::{
    actions::NewSeason,
    actions::{add_season_project, cancel_season, change_season, create_season, publish_season},
    reads,
    rules::seasons::{SeasonInput, SeasonState},
};
use platform::{ActionError, audit::Actor::Operator};

use super::{AUTUMN, october};
use crate::app::{TestApp, at};

async fn state(app: &TestApp) -> SeasonState {
    let season = reads::season(&app.context().db, AUTUMN).await;
    let now = app.context().now();
    season.expect("read").expect("a season").state(now)
}

fn code<T: std::fmt::Debug>(result: Result<T, ActionError>) -> &'static str {
    match result.expect_err("refused") {
        ActionError::Refused(problem) => problem.code,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_draft_is_published_and_passes_through_its_days() {
    let app = TestApp::of_lantern().await;
    app.clock.set(at("2026-09-01T00:00:00Z"));
    app.draft_season(october()).await;
    assert_eq!(state(&app).await, SeasonState::Draft);
    app.refuses("/api/v1/seasons/autumn", 404, "NOT_FOUND", "Unknown season").await;
    publish_season(app.context(), Operator, AUTUMN).await.expect("published");
    assert_eq!(state(&app).await, SeasonState::Registration);
    app.json("/api/v1/seasons/autumn").await;
    app.clock.set(at("2026-10-05T00:00:00Z"));
    assert_eq!(state(&app).await, SeasonState::Running);
    app.clock.set(at("2026-11-01T12:00:00Z"));
    assert_eq!(state(&app).await, SeasonState::Ended);
    let again = publish_season(app.context(), Operator, AUTUMN).await;
    assert_eq!(code(again), "SEASON_STATE");
    let canceled = cancel_season(app.context(), Operator, AUTUMN).await;
    assert_eq!(code(canceled), "SEASON_STATE");
    app.finish().await;
}

#[tokio::test]
async fn a_canceled_draft_can_no_longer_be_changed() {
    let app = TestApp::of_lantern().await;
    app.draft_season(october()).await;
    cancel_season(app.context(), Operator, AUTUMN).await.expect("canceled");
    assert_eq!(state(&app).await, SeasonState::Canceled);
    let published = publish_season(app.context(), Operator, AUTUMN).await;
    assert_eq!(code(published), "SEASON_STATE");
    let changed = change_season(app.context(), Operator, AUTUMN, october()).await;
    assert_eq!(code(changed), "SEASON_STATE");
    let added = add_season_project(app.context(), Operator, AUTUMN, "season").await;
    assert_eq!(code(added), "SEASON_STATE");
    app.refuses("/api/v1/seasons/autumn", 404, "NOT_FOUND", "Unknown season").await;
    app.finish().await;
}

#[tokio::test]
async fn slugs_are_derived_and_unique() {
    let app = TestApp::start().await;
    let mut slugs = Vec::new();
    for name in ["Autumn 2026", "Autumn 2026", "New"] {
        let new = NewSeason {
            slug: None,
            details: SeasonInput { name: Some(name.to_owned()), ..october() },
        };
        let created = create_season(app.context(), Operator, new).await;
        slugs.push(created.expect("created").slug);
    }
    assert_eq!(slugs, ["autumn-2026", "autumn-2026-2", "new-2"]);
    for (slug, expected) in
        [("autumn-2026", "SLUG_TAKEN"), ("new", "BAD_SLUG"), ("A b", "BAD_SLUG")]
    {
        let new = NewSeason { slug: Some(slug.to_owned()), details: october() };
        assert_eq!(code(create_season(app.context(), Operator, new).await), expected);
    }
    let new = NewSeason {
        slug: None,
        details: SeasonInput { name: Some("…".to_owned()), ..october() },
    };
    assert_eq!(code(create_season(app.context(), Operator, new).await), "NEEDS_SLUG");
    app.finish().await;
}

#[tokio::test]
async fn a_new_consent_text_is_a_new_version() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    let change =
        |text: &str| SeasonInput { consent: Some(text.to_owned()), ..SeasonInput::default() };
    for (text, version) in [("One", 2), ("One", 2), ("Two\r\nlines", 3)] {
        let changed = change_season(app.context(), Operator, AUTUMN, change(text)).await;
        assert_eq!(changed.expect("changed").consent_version, version);
    }
    let shown = app.json("/api/v1/seasons/autumn").await;
    assert_eq!(shown["consent"], "Two\nlines");
    let stored = "SELECT count(*) FROM season_consents";
    assert_eq!(app.count(stored).await, 3);
    app.finish().await;
}

#[tokio::test]
async fn the_audit_log_links_to_pages_that_admins_can_open() {
    let app = TestApp::of_lantern().await;
    app.draft_season(october()).await;
    let admin = app.browser_with("rook-elm", identity::model::Role::Admin).await;
    let opens = async |address: &str| {
        let log = admin.get("/admin/audit").await.text;
        assert!(log.contains(&format!("href=\"{address}\"")), "{log}");
        assert_eq!(admin.get(address).await.status, 200, "{address}");
    };
    opens("/seasons/autumn/edit").await;
    publish_season(app.context(), Operator, AUTUMN).await.expect("published");
    opens("/seasons/autumn").await;
    app.finish().await;
}
