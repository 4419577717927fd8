//! Emails and notifications about hackathons.

use hackathons::{
    actions::{cancel, edit_hackathon, withdraw},
    rules::details::HackathonInput,
};
use platform::audit::Actor::Operator;

use super::scene::with_places;
use crate::app::{TestApp, browser::Browser};

impl TestApp {
    /// Returns the titles of a person's notifications that are not about badges.
    async fn hackathon_news(&self, browser: &Browser<'_>) -> Vec<String> {
        let mut titles = self.inbox(browser).await;
        titles.retain(|title| !title.contains("badge"));
        titles
    }
}

#[tokio::test]
async fn people_learn_of_their_place_of_other_dates_and_of_a_cancellation() {
    let app = TestApp::start().await;
    let slug = app.hackathon(with_places(1)).await;
    for login in ["ada", "bo"] {
        app.applied(&slug, login).await;
    }
    app.work().await;
    let ada = app.browser_of("ada").await;
    let bo = app.browser_of("bo").await;
    assert_eq!(app.hackathon_news(&ada).await, ["*You have a place at Low Tide"]);
    assert_eq!(app.hackathon_news(&bo).await, ["*You are on the waitlist of Low Tide"]);
    let person = app.person_id("ada").await.into();
    withdraw(app.context(), person, &slug).await.expect("withdrawn");
    app.work().await;
    assert_eq!(app.hackathon_news(&bo).await.len(), 2);
    let mut later = HackathonInput::default();
    later.dates[3] = Some("2026-11-22T20:00:00Z".to_owned());
    for _ in 0..2 {
        edit_hackathon(app.context(), Operator, &slug, &later).await.expect("edited");
        app.work().await;
    }
    cancel(app.context(), Operator, &slug, "The harbor is closed.").await.expect("canceled");
    app.work().await;
    let shown = app.hackathon_news(&bo).await;
    assert_eq!(shown.len(), 4, "{shown:?}");
    for title in ["You have a place at Low Tide", "Low Tide has new dates", "Low Tide is canceled"]
    {
        assert!(shown.iter().any(|it| it.trim_start_matches('*') == title), "{title}: {shown:?}");
    }
    assert_eq!(app.hackathon_news(&ada).await.len(), 1);
    app.finish().await;
}
