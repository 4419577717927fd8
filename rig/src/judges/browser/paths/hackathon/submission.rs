//! Teams submit repositories of the simulated GitHub. Two push as they work, which is witnessed; the third one's work is old.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{
    ADA, BERTHS, CY, DEE, FAY, HOST, LOG, NEAP, OLD, SPRING, SPRING_PROJECTS, Scene,
    dates::{self, now},
};
use crate::judges::browser::steps::part;

/// The part of the page that shows the checks.
const CHECKS: &str = "[aria-labelledby='checks']";
/// The part of the page that shows what was submitted.
const OWN: &str = "[aria-labelledby='sub']";

/// Takes the steps until submissions are closed and the organizer has decided about those with findings.
pub(super) async fn submit(scene: &mut Scene) -> Result<()> {
    dates::open_submissions(scene).await?;
    submit_berths(scene).await?;
    submit_log(scene).await?;
    submit_old_work(scene).await?;
    for (login, title) in SPRING_PROJECTS {
        let repository = work(scene, (login, title), "MIT", TimeDelta::minutes(50)).await?;
        enter(scene, (login, SPRING), title, &repository).await?;
    }
    disqualify(scene).await?;
    appeal(scene).await?;
    admit(scene).await
}

/// Returns the lines of a file that nothing else contains.
fn text(name: &str, lines: usize) -> String {
    let line = |number| format!("{name} does step {number} of the day\n");
    (0..lines).map(line).collect()
}

/// Returns a commit with a number of lines.
fn commit(author: &str, at: DateTime<Utc>, (file, lines): (&str, usize)) -> Value {
    json!({
        "author": author, "at": at.to_rfc3339(), "message": format!("Write {file}"),
        "files": { file: text(&format!("{author} {file}"), lines) }
    })
}

/// Adds the repository of a project with work that was pushed some time ago; returns its name. An empty license is none.
async fn work(
    scene: &Scene,
    (login, project): (&str, &str),
    license: &str,
    ago: TimeDelta,
) -> Result<String> {
    let name = project.to_lowercase().replace(' ', "-");
    let at = now() - ago;
    let pushed_at = at.to_rfc3339();
    let commits = [("README.md", 8), ("src/main.rs", 120)];
    let story = json!({
        "repository": format!("{login}/{name}"), "created_at": pushed_at,
        "license": Some(license).filter(|license| !license.is_empty()),
        "pushes": [{ "by": login, "at": pushed_at, "commits": commits.map(|file| commit(login, at, file)) }]
    });
    scene.github.tell("/_code", &story).await?;
    scene.github.add_hook((login, &name), scene.port).await?;
    Ok(format!("{login}/{name}"))
}

/// Submits a project, from the page of the hackathon.
async fn enter(
    scene: &mut Scene,
    (login, event): (&str, &str),
    project: &str,
    repository: &str,
) -> Result<()> {
    open_form(scene, (login, event), project).await?;
    let driver = &mut scene.driver;
    let address = format!("https://github.com/{repository}");
    driver.fill("Repository", &address).await?;
    driver.press("Submit").await?;
    driver.sees("Version 1 is submitted. Its checks begin").await?;
    driver.lands("Your submission").await
}

/// Opens the form, and fills in everything but the repository.
async fn open_form(scene: &mut Scene, (login, event): (&str, &str), project: &str) -> Result<()> {
    scene.visit(login, event).await?;
    let driver = &mut scene.driver;
    driver.follow_in(&part("Hackathon"), "Your submission").await?;
    driver.lands("Your submission").await?;
    driver.sees("Nothing submitted yet").await?;
    driver.follow("Start the submission").await?;
    driver.lands(&format!("Submit to {event}")).await?;
    driver.fill("Name of the project", project).await?;
    driver.fill("What it does", "It **helps** harbors.").await
}

/// The leader of the first team submits after a mistake, which loses no text, and pushes. The push is witnessed.
async fn submit_berths(scene: &mut Scene) -> Result<()> {
    let ago = TimeDelta::minutes(50);
    let repository = work(scene, (ADA, BERTHS), "MIT", ago).await?;
    open_form(scene, (ADA, NEAP), BERTHS).await?;
    let driver = &mut scene.driver;
    driver.fill("Repository", "gannet berths").await?;
    driver.press("Submit").await?;
    driver.sees("Not saved").await?;
    driver.holds("What it does", "It **helps** harbors.").await?;
    driver.holds("Repository", "gannet berths").await?;
    driver.fill("Repository", &format!("https://github.com/{repository}")).await?;
    driver.press("Submit").await?;
    driver.sees("Version 1 is submitted").await?;
    driver.reloads_until(OWN, "Valid").await?;
    driver.says(CHECKS, "1 push witnessed").await?;
    push(scene, ADA, &repository).await
}

/// Pushes a commit to a repository, which GitHub delivers. The page, which is open, says that the push was witnessed.
async fn push(scene: &mut Scene, login: &str, repository: &str) -> Result<()> {
    let commits = [commit(login, now(), ("src/tide.rs", 40))];
    let push = json!({ "by": login, "commits": commits });
    let path = format!("/_code/{repository}");
    scene.github.tell(&path, &push).await?;
    let driver = &mut scene.driver;
    driver.reloads_until(CHECKS, "2 pushes witnessed").await?;
    driver.says(CHECKS, "Pushed.").await
}

/// The invited member of the second team submits a repository without a license.
async fn submit_log(scene: &mut Scene) -> Result<()> {
    let repository = work(scene, (CY, LOG), "", TimeDelta::minutes(50)).await?;
    enter(scene, (DEE, NEAP), LOG, &repository).await?;
    let driver = &mut scene.driver;
    driver.reloads_until(OWN, "A required check fails").await?;
    driver.says(CHECKS, "Missing: LICENSE").await?;
    push(scene, CY, &repository).await
}

/// A person without a team submits what they made a month ago.
async fn submit_old_work(scene: &mut Scene) -> Result<()> {
    let repository = work(scene, (FAY, OLD), "MIT", TimeDelta::days(30)).await?;
    enter(scene, (FAY, NEAP), OLD, &repository).await?;
    let older = "of the work is older than the event";
    scene.driver.reloads_until(CHECKS, older).await
}

/// The organizer reads the checks, and disqualifies the old work.
async fn disqualify(scene: &mut Scene) -> Result<()> {
    scene.become_person(HOST).await?;
    scene.go_to_tab(NEAP, "Submissions").await?;
    let driver = &mut scene.driver;
    driver.lands(&format!("Submissions to {NEAP}")).await?;
    driver.sees("3 submitted, 1 with a required check that fails").await?;
    driver.follow(OLD).await?;
    driver.lands(OLD).await?;
    driver.says(CHECKS, "of the work is older than the event").await?;
    driver.press("Disqualify").await?;
    driver.sees("Not decided").await?;
    driver.fill("Reason", "Made a month before.").await?;
    driver.press("Disqualify").await?;
    driver.sees("Old Harbor is disqualified").await
}

/// Its person reads the reason from their inbox on, and appeals.
async fn appeal(scene: &mut Scene) -> Result<()> {
    scene.become_person(FAY).await?;
    let driver = &mut scene.driver;
    driver.follow_in("//header", "Notices").await?;
    driver.reloads_until("main", "disqualified").await?;
    driver.follow("Old Harbor").await?;
    driver.lands("Your submission").await?;
    driver.sees("Made a month before.").await?;
    driver.fill("Appeal", "I only kept the harbor.").await?;
    driver.press("Send appeal").await?;
    driver.sees("The appeal is sent to the organizers").await
}

/// The organizer reads the appeal and lets the decision be, and has the project without a license judged nonetheless.
async fn admit(scene: &mut Scene) -> Result<()> {
    scene.become_person(HOST).await?;
    scene.go_to_tab(NEAP, "Submissions").await?;
    let driver = &mut scene.driver;
    driver.follow(OLD).await?;
    driver.sees("I only kept the harbor.").await?;
    driver.follow_in(&part("Breadcrumb"), "Submissions").await?;
    driver.follow(LOG).await?;
    driver.lands(LOG).await?;
    driver.says(CHECKS, "Missing: LICENSE").await?;
    driver.press("Judge it nonetheless").await?;
    driver.sees("Petrel Log is judged").await
}
