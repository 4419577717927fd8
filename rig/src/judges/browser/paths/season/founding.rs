//! An admin and a maintainer found the season: a project, its repository and rules, and the season itself.

use anyhow::{Context, Result};
use chrono::{Days, NaiveDate};
use serde_json::json;

use super::{
    FIRST, LINA, MAINTAINER, MODERATOR, ORGANIZER, REPOSITORY, SEASON, Scene, WILL, called,
};
use crate::judges::browser::steps::{part, row};

/// The text that participants agree to.
pub(super) const CONSENT: &str = "Your name and points in this season are public.";
/// Milliseconds that GitHub takes to respond while the repository is read.
const SLOW: u32 = 1_500;

/// Prepares people and a repository with a merged pull request from three weeks ago; returns today's date on GitHub.
pub(super) async fn prepare(scene: &Scene) -> Result<NaiveDate> {
    for login in [ORGANIZER, MAINTAINER, MODERATOR, LINA, WILL] {
        scene.introduce(login).await?;
    }
    for (login, role) in [(ORGANIZER, "admin"), (MAINTAINER, "moderator"), (MODERATOR, "moderator")]
    {
        let grant = ["user", "grant", login, "--role", role];
        scene.installation.quietly(&grant)?;
    }
    let name = json!({ "name": "beacon" });
    let created = scene.github.act(MAINTAINER, ("POST", "/user/repos"), &name);
    let created = created.await?;
    let created_at = created["created_at"].as_str().and_then(|at| at.get(..10));
    let today: NaiveDate = created_at.context("a repository without a date")?.parse()?;
    scene.set_github("days_behind", 21).await?;
    let pull = scene.github.open_pull(WILL, REPOSITORY, FIRST).await?;
    scene.merge(&pull).await?;
    scene.set_github("days_behind", 0).await?;
    Ok(today)
}

/// Takes the steps until the season is published.
pub(super) async fn found(scene: &mut Scene, today: NaiveDate) -> Result<()> {
    create_project(scene).await?;
    connect_github(scene).await?;
    register_repository(scene).await?;
    publish_rules(scene).await?;
    draft_season(scene, today).await?;
    publish_season(scene).await
}

/// An operator creates the project, and the admin appoints its maintainer.
async fn create_project(scene: &mut Scene) -> Result<()> {
    scene.become_person(ORGANIZER).await?;
    let create = ["project", "create", "--name", "Beacon", "--slug", "beacon"];
    scene.installation.quietly(&create)?;
    let driver = &mut scene.driver;
    driver.follow_in(&part("Main"), "Projects").await?;
    driver.reloads_until("main", "Beacon").await?;
    driver.follow("Beacon").await?;
    driver.lands("Beacon").await?;
    driver.follow("Manage").await?;
    driver.lands("Maintainers of Beacon").await?;
    driver.fill("Username", MAINTAINER).await?;
    driver.press("Add maintainer").await?;
    driver.sees("beacon-bo now maintains Beacon").await
}

/// The maintainer allows the server to create webhooks.
async fn connect_github(scene: &mut Scene) -> Result<()> {
    scene.become_person(MAINTAINER).await?;
    let driver = &mut scene.driver;
    driver.follow_in(&part("Main"), "Projects").await?;
    driver.follow("Beacon").await?;
    driver.lands("Beacon").await?;
    driver.follow("Manage").await?;
    driver.lands("Maintainers of Beacon").await?;
    driver.follow_in(&part("Manage Beacon"), "Repositories").await?;
    driver.lands("Repositories of Beacon").await?;
    driver.sees("No repositories").await?;
    driver.follow("Register a repository").await?;
    driver.lands("Register a repository").await?;
    driver.press("Connect GitHub").await?;
    driver.says("h1", "Sign in as").await?;
    driver.follow(MAINTAINER).await?;
    driver.lands("Register a repository").await
}

/// Registers the repository, and watches until its pull request is read.
async fn register_repository(scene: &mut Scene) -> Result<()> {
    scene.driver.sees(REPOSITORY).await?;
    scene.set_github("latency_ms", SLOW).await?;
    let driver = &mut scene.driver;
    driver.press_in(&row(REPOSITORY), "Register").await?;
    driver.lands("Repositories of Beacon").await?;
    driver.sees("is registered, and is being read from GitHub").await?;
    // It waits to be read, or some of its pull requests are.
    driver.says(".table", "read from GitHub").await?;
    driver.reloads_until(".table", "Read from GitHub").await?;
    scene.set_github("latency_ms", 0).await?;
    let driver = &mut scene.driver;
    driver.follow_in(&part("Breadcrumb"), "Beacon").await?;
    driver.lands("Beacon").await?;
    driver.reloads_until("[aria-labelledby='top']", &called(WILL)).await?;
    driver.follow("Merged").await?;
    driver.says("[aria-labelledby='pulls']", FIRST).await
}

/// Sees what other rules would have given for the pull request, and publishes them.
async fn publish_rules(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow("Manage").await?;
    driver.lands("Maintainers of Beacon").await?;
    driver.follow_in(&part("Manage Beacon"), "Rules").await?;
    driver.lands("Edit the rules of Beacon").await?;
    driver.fill("Merged", "60").await?;
    driver.press("Check the fields").await?;
    driver.sees("What would change").await?;
    let effect = "[aria-labelledby='effect']";
    driver.says(effect, "1 pull request earned").await?;
    driver.says(effect, "By these rules").await?;
    driver.press("Publish version 2").await?;
    driver.lands("Rules for Beacon").await?;
    driver.sees("Version 2 is published").await
}

/// The admin creates the season as a draft, with the project that the page proposes.
async fn draft_season(scene: &mut Scene, today: NaiveDate) -> Result<()> {
    scene.become_person(ORGANIZER).await?;
    let driver = &mut scene.driver;
    driver.follow_in(&part("Main"), "Events").await?;
    driver.follow("All seasons").await?;
    driver.lands("Seasons").await?;
    driver.sees("No seasons yet").await?;
    driver.follow("New season").await?;
    driver.lands("New season").await?;
    driver.fill("Name", SEASON).await?;
    let (first, last) = (today - Days::new(30), today + Days::new(7));
    driver.pick("When?", "Choose dates").await?;
    driver.fill_day("First day", first).await?;
    driver.fill_day("Last day", last).await?;
    driver.unfold("Goal and rules").await?;
    driver.fill("Goal", "1").await?;
    driver.unfold("Registration").await?;
    driver.fill("Consent text", CONSENT).await?;
    driver.press("Create draft").await?;
    driver.sees("Lantern Autumn is a draft").await?;
    driver.lands("Publish Lantern Autumn?").await
}

/// Publishes the draft.
async fn publish_season(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.press("Publish").await?;
    driver.sees("Lantern Autumn is published").await?;
    driver.lands(SEASON).await?;
    driver.says(".headcard .state", "Running").await
}
