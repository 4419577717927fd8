//! Teams and people that are recommended to a person.

use hackathons::{
    actions::{self, TeamChange, apply},
    rules::{applications::ApplicationInput, details::HackathonInput, friends::Verb},
};
use serde_json::json;

use super::scene::{application, november};
use crate::app::TestApp;

impl TestApp {
    /// Lets a person apply with skills.
    async fn applied_with(&self, slug: &str, login: &str, skills: &str) {
        let person = self.hacker(login).await;
        let input = ApplicationInput { skills: skills.to_owned(), ..application() };
        apply(self.context(), person, slug, "", &input).await.expect("applied");
    }

    /// Returns the names that are recommended to a person, best first.
    async fn recommended(&self, slug: &str, login: &str) -> Vec<String> {
        let path = format!("/api/v1/me/hackathons/{slug}/recommendations");
        let found = self.browser_of(login).await.json(&path).await;
        let items = found["items"].as_array().expect("a list").iter();
        let name = |item: &serde_json::Value| item["name"].as_str().expect("a name").to_owned();
        items.map(name).collect()
    }
}

/// A hackathon whose applications are open after the results of [`november`].
fn december() -> HackathonInput {
    let date = |day: &str| Some(format!("2026-{day}T18:00:00Z"));
    HackathonInput {
        title: Some("High Tide".to_owned()),
        dates: [
            date("11-20"),
            date("12-06"),
            date("12-14"),
            date("12-22"),
            date("12-23"),
            date("12-29"),
        ],
        team_max: Some(3),
        ..november()
    }
}

#[tokio::test]
async fn teams_with_open_places_and_people_are_recommended_with_reasons() {
    let app = TestApp::start().await;
    let slug = app.hackathon(november()).await;
    for (login, skills) in
        [("ada", "Rust"), ("bo", "rust, design, law"), ("cy", "Rust"), ("dee", "Go, design")]
    {
        app.applied_with(&slug, login, skills).await;
    }
    app.team_of(&slug, "dee", "Gannet").await;
    for (login, zone) in [("ada", "Europe/Lisbon"), ("bo", "Europe/Helsinki")] {
        let sql = format!("UPDATE users SET timezone = '{zone}' WHERE login = '{login}'");
        app.change(&sql).await.expect("changed");
    }
    assert_eq!(app.recommended(&slug, "ada").await, ["bo", "Gannet", "cy"]);
    let ada = app.browser_of("ada").await;
    let path = format!("/api/v1/me/hackathons/{slug}/recommendations");
    let found = ada.json(&path).await;
    let expected = json!({
        "kind": "person", "name": "bo", "team": null, "login": "bo", "open_slots": null,
        "skills": ["design", "law", "rust"],
        "reasons": [
            "Knows design and law, which you did not name", "Also knows rust",
            "Lives 2 hours from your time zone", "Is new to hackathons, like you",
        ],
    });
    assert_eq!(found["items"][0], expected);
    let team = &found["items"][1];
    assert_eq!(
        (&team["kind"], &team["team"], &team["open_slots"]),
        (&json!("team"), &json!("gannet"), &json!(3))
    );
    let page = ada.get(&format!("/hackathons/{slug}/teams")).await.text;
    assert!(page.contains("Recommended for you"), "{page}");
    assert!(page.contains("Lives 2 hours from your time zone"), "{page}");
    assert!(page.contains("3 open places"), "{page}");
    app.abandon().await;
}

#[tokio::test]
async fn recommendations_leave_out_the_person_full_and_locked_teams_and_blocks() {
    let app = TestApp::start().await;
    let input = HackathonInput { team_max: Some(2), ..november() };
    let slug = app.hackathon(input).await;
    for login in ["ada", "bo", "cy", "dee", "eve", "fay"] {
        app.applied(&slug, login).await;
    }
    let mut others = app.recommended(&slug, "ada").await;
    assert_eq!(others, ["bo", "cy", "dee", "eve", "fay"]);
    // Blocks of either direction count, also those of a member of a team.
    app.befriends("ada", "bo", Verb::Block).await.expect("blocked");
    app.befriends("cy", "ada", Verb::Block).await.expect("blocked");
    others.retain(|name| name != "bo" && name != "cy");
    assert_eq!(app.recommended(&slug, "ada").await, others);
    app.team_of(&slug, "cy", "Skuas").await;
    let gannet = app.team_of(&slug, "dee", "Gannet").await;
    assert_eq!(app.recommended(&slug, "ada").await, ["eve", "fay", "Gannet"]);
    let lock = |is_locked| TeamChange { is_locked: Some(is_locked), ..TeamChange::default() };
    let dee = app.person_id("dee").await.into();
    actions::change_team(app.context(), dee, &slug, &lock(true)).await.expect("locked");
    assert_eq!(app.recommended(&slug, "ada").await, ["eve", "fay"]);
    assert!(app.recommended(&slug, "dee").await.is_empty());
    actions::change_team(app.context(), dee, &slug, &lock(false)).await.expect("open");
    // The member of a team finds people, not other teams.
    assert_eq!(app.recommended(&slug, "dee").await, ["ada", "bo", "eve", "fay"]);
    app.joins(&gannet, "fay").await.expect("joined");
    assert_eq!(app.recommended(&slug, "ada").await, ["eve"]);
    assert!(app.recommended(&slug, "dee").await.is_empty());
    let page = app.browser_of("dee").await;
    let page = page.get(&format!("/hackathons/{slug}/teams")).await.text;
    assert!(page.contains("No one to recommend."), "{page}");
    app.hacker("stranger").await;
    let stranger = app.browser_of("stranger").await;
    let path = format!("/api/v1/me/hackathons/{slug}/recommendations");
    let refused = stranger.get(&path).await;
    refused.refuses(403, "NOT_A_PARTICIPANT", "See its page");
    let organizer = app.browser_of("organizer").await;
    let refused = organizer.get(&path).await;
    refused.refuses(403, "NOT_A_PARTICIPANT", "See its page");
    app.abandon().await;
}

#[tokio::test]
async fn earlier_hackathons_with_a_submission_are_experience() {
    let app = TestApp::start().await;
    let before = app.closed_event().await;
    app.prize_giving(&before).await;
    let slug = app.hackathon(december()).await;
    for login in ["ada", "cy", "dee"] {
        app.applied(&slug, login).await;
    }
    let path = format!("/api/v1/me/hackathons/{slug}/recommendations");
    let found = app.browser_of("ada").await.json(&path).await;
    let says = "Has taken part in 1 hackathon, as you have in 1";
    assert_eq!(found["items"][0]["login"], "cy", "{found}");
    assert_eq!(found["items"][0]["reasons"][1], says, "{found}");
    let says = "Is new to hackathons; you have taken part in 1";
    assert_eq!(found["items"][1]["reasons"][1], says, "{found}");
    app.abandon().await;
}

#[tokio::test]
async fn the_number_of_statements_does_not_depend_on_the_number_of_people() {
    let (app, count) = TestApp::counted().await;
    let slug = app.hackathon(november()).await;
    for login in ["ada", "bo"] {
        app.applied(&slug, login).await;
    }
    app.team_of(&slug, "bo", "Gannet").await;
    let ada = app.browser_of("ada").await;
    let path = format!("/api/v1/me/hackathons/{slug}/recommendations");
    let cost = async || {
        ada.json(&path).await;
        count.take();
        ada.json(&path).await;
        count.take()
    };
    let few = cost().await;
    for number in 0..12 {
        let login = format!("more-{number}");
        app.applied(&slug, &login).await;
        if number % 2 == 0 {
            app.team_of(&slug, &login, &login).await;
        }
    }
    assert_eq!(cost().await, few);
    app.abandon().await;
}
