//! The steps with which a new community begins, on the home page of its admins.

use identity::model::Role;

use crate::{
    app::{TestApp, browser::Browser},
    flags::{set, to},
};

/// The addresses of the steps of the modules.
const STEPS: [&str; 4] = ["/projects/new", "/seasons/new", "/hackathons/new", "/ctf/rosters/new"];

/// Returns the steps on the home page, each of which leads to a page.
async fn steps(admin: &Browser<'_>) -> Vec<&'static str> {
    let home = admin.get("/").await.text;
    let shown: Vec<_> =
        STEPS.into_iter().filter(|step| home.contains(&format!("href=\"{step}\""))).collect();
    for step in &shown {
        let page = admin.get(step).await;
        assert_eq!(page.status, 200, "{step}: {}", page.text);
    }
    shown
}

#[tokio::test]
async fn each_step_is_shown_until_it_is_done() {
    let app = TestApp::start().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    assert_eq!(steps(&admin).await, STEPS);
    app.project("lantern").await;
    assert_eq!(steps(&admin).await, STEPS[1..]);
    let season = [("name", "Autumn"), ("first_day", "2026-11-01"), ("last_day", "2026-11-30")];
    admin.post("/seasons/new", &season).await.location();
    assert_eq!(steps(&admin).await, STEPS[2..]);
    let other = app.browser_of("wren-oak").await;
    assert_eq!(steps(&other).await, Vec::<&str>::new());
    app.finish().await;
}

#[tokio::test]
async fn the_steps_stay_with_what_an_admin_does_until_they_are_hidden() {
    let app = super::server().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    assert_eq!(steps(&admin).await, STEPS[1..], "there is a project, and rook-elm has points");
    assert!(!admin.get("/").await.text.contains("Welcome, "));
    assert_eq!(admin.post("/first-steps/hide", &[]).await.location(), "/");
    assert_eq!(steps(&admin).await, Vec::<&str>::new());
    assert!(admin.get("/setup/done").await.text.contains("/seasons/new"), "they are still here");
    app.finish().await;
}

#[tokio::test]
async fn the_step_of_a_program_that_is_off_is_left_out() {
    let app = TestApp::start().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    for (is_on, percent, is_shown) in [(false, 100, false), (true, 50, false), (true, 100, true)] {
        set(&app, "hackathons", to(is_on, percent)).await;
        let shown = steps(&admin).await.contains(&"/hackathons/new");
        assert_eq!(shown, is_shown, "{is_on} {percent}");
    }
    app.finish().await;
}
