//! An admin names the host, who announces the hackathons.

use anyhow::Result;

use super::{
    ADA, ADMIN, BO, CY, DEE, ELI, FAY, GUS, HOST, JUDGES, NEAP, PRIZE, SPRING, Scene, dates,
};
use crate::judges::browser::steps::{group, part};

/// Makes everyone known to the server.
pub(super) async fn prepare(scene: &Scene) -> Result<()> {
    let people = [ADMIN, HOST, ADA, BO, CY, DEE, ELI, FAY, GUS];
    for login in people.into_iter().chain(JUDGES) {
        scene.introduce(login).await?;
    }
    let grant = ["user", "grant", ADMIN, "--role", "admin"];
    scene.installation.quietly(&grant).map(drop)
}

/// Takes the steps until both hackathons are published.
pub(super) async fn announce(scene: &mut Scene) -> Result<()> {
    name_host(scene).await?;
    scene.become_person(HOST).await?;
    draft(scene, (NEAP, "Automatically", "5")).await?;
    add_judges(scene).await?;
    set_criteria(scene).await?;
    add_prize(scene).await?;
    publish(scene, NEAP).await?;
    draft(scene, (SPRING, "After a review", "")).await?;
    add_staff(scene, SPRING, JUDGES[0]).await?;
    set_order(scene).await?;
    publish(scene, SPRING).await?;
    see_as_visitor(scene).await
}

/// The admin gives a person the right to hold hackathons, after a typing error.
async fn name_host(scene: &mut Scene) -> Result<()> {
    scene.become_person(ADMIN).await?;
    let driver = &mut scene.driver;
    driver.choose_in_menu("Admin").await?;
    driver.follow_in(&part("Admin"), "Events and hosts").await?;
    driver.lands("Hackathons").await?;
    driver.sees("No hosts yet").await?;
    driver.fill("Username", "quay-quintin").await?;
    driver.press("Add host").await?;
    driver.sees("Unknown login 'quay-quintin'").await?;
    driver.holds("Username", "quay-quintin").await?;
    driver.fill("Username", HOST).await?;
    driver.press("Add host").await?;
    driver.sees("quay-quentin can hold hackathons").await
}

/// Creates a hackathon as a draft, with applications open since yesterday.
async fn draft(scene: &mut Scene, (title, places, number): (&str, &str, &str)) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow_in(&part("Main"), "Events").await?;
    driver.follow("All hackathons").await?;
    driver.lands("Hackathons").await?;
    driver.follow("New hackathon").await?;
    driver.lands("New hackathon").await?;
    driver.fill("1. What is it called?", title).await?;
    driver.pick("3. Where?", "Online").await?;
    driver.fill("People", number).await?;
    for part in ["Picture and texts", "Dates", "Applications and teams"] {
        driver.unfold(part).await?;
    }
    driver.fill("Summary", "Small tools for small harbors").await?;
    driver.fill("Description", "Take **boots** with you.").await?;
    driver.fill("Time zone", "UTC").await?;
    driver.choose("Places are given", places).await?;
    driver.fill("Largest team", "2").await?;
    let dates = dates::around([-24, 24, 48, 72, 96, 120])?;
    dates::enter(scene, dates).await?;
    let driver = &mut scene.driver;
    driver.press("See the page").await?;
    driver.lands(title).await?;
    driver.sees("Take boots with you.").await?;
    driver.press("Back to the form").await?;
    driver.lands("New hackathon").await?;
    driver.holds("1. What is it called?", title).await?;
    driver.press("Create draft").await?;
    driver.sees(&format!("{title} is a draft")).await?;
    driver.lands(&format!("Edit {title}")).await
}

/// Adds the judges to the staff.
async fn add_judges(scene: &mut Scene) -> Result<()> {
    for judge in JUDGES {
        add_staff(scene, NEAP, judge).await?;
    }
    let driver = &mut scene.driver;
    driver.fill("Username", "jury-unknown").await?;
    driver.press("Add to staff").await?;
    driver.sees("Unknown login 'jury-unknown'").await?;
    driver.misses("delivery").await
}

/// Adds a judge to the staff of a hackathon that the host manages.
async fn add_staff(scene: &mut Scene, title: &str, judge: &str) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow_in(&part(&format!("Manage {title}")), "Staff").await?;
    driver.lands(&format!("Staff of {title}")).await?;
    driver.fill("Username", judge).await?;
    driver.choose("Role", "Judge").await?;
    driver.press("Add to staff").await?;
    driver.sees(&format!("{judge} is now in the staff: judge")).await
}

/// Sets criteria that two judges score.
async fn set_criteria(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow_in(&part(&format!("Manage {NEAP}")), "Judging").await?;
    driver.lands(&format!("Judging of {NEAP}")).await?;
    driver.choose("Mode", "Scores by criteria").await?;
    driver.fill("Scores of each project", "2").await?;
    driver.fill("Minutes for each project", "1").await?;
    for (number, name, weight) in [(1, "Use", "1"), (2, "Craft", "2")] {
        let criterion = group(&format!("Criterion {number}"));
        driver.fill_in(&criterion, "Name", name).await?;
        driver.fill_in(&criterion, "Weight", weight).await?;
    }
    driver.press("Save judging").await?;
    driver.sees("The judging is saved").await
}

/// Lets one judge order the projects.
async fn set_order(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow_in(&part(&format!("Manage {SPRING}")), "Judging").await?;
    driver.lands(&format!("Judging of {SPRING}")).await?;
    driver.choose("Mode", "An order of projects").await?;
    driver.fill("Scores of each project", "1").await?;
    driver.press("Save judging").await?;
    driver.sees("The judging is saved").await
}

async fn add_prize(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow_in(&part(&format!("Manage {NEAP}")), "Prizes").await?;
    driver.lands(&format!("Prizes of {NEAP}")).await?;
    driver.fill("Name", PRIZE).await?;
    driver.fill("Value", "A day at sea").await?;
    driver.press("Add prize").await?;
    driver.sees("Harbor prize is added").await
}

/// Publishes a draft from any page on which it is managed.
async fn publish(scene: &mut Scene, title: &str) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow_in(&part(&format!("Manage {title}")), "Edit").await?;
    driver.lands(&format!("Edit {title}")).await?;
    driver.follow("Publish").await?;
    driver.lands(&format!("Publish {title}?")).await?;
    driver.press("Publish").await?;
    driver.sees(&format!("{title} is published")).await?;
    driver.lands(title).await
}

/// A visitor finds the hackathon in the list, and reads its page.
async fn see_as_visitor(scene: &mut Scene) -> Result<()> {
    scene.forget().await?;
    scene.arrive().await?;
    scene.go_to_hackathon(NEAP).await?;
    let driver = &mut scene.driver;
    driver.sees("0 of 5 places taken").await?;
    driver.sees("A day at sea").await?;
    driver.back().await?;
    driver.sees("Applications close on").await
}
