//! A stranger joins: reads how to take part, signs in, looks at the own pages, changes a setting and signs out.

use anyhow::Result;

use super::Scene;
use crate::judges::browser::steps::part;

const LOGIN: &str = "stranger-sol";
const OWNER: &str = "pottery-pam";

/// Takes the path.
pub(super) async fn take(scene: &mut Scene) -> Result<()> {
    scene.github.join(OWNER).await?;
    scene.github.join(LOGIN).await?;
    scene.project("Open Pottery", "pottery", OWNER).await?;
    read(scene).await?;
    scene.sign_in(LOGIN).await?;
    scene.driver.lands("Rules for Open Pottery").await?;
    look_around(scene).await?;
    change_settings(scene).await?;
    let driver = &mut scene.driver;
    driver.sign_out().await?;
    driver.sees("You are signed out").await?;
    driver.follow_in(&part("Main"), "Home").await?;
    driver.sees("How to take part").await
}

/// Reads how to take part, from the home page to the rules of a project.
async fn read(scene: &mut Scene) -> Result<()> {
    scene.arrive().await?;
    let driver = &mut scene.driver;
    driver.sees("How to take part").await?;
    let part_taking = part("How to take part");
    driver.follow_in(&part_taking, "Guide for contributors").await?;
    driver.lands("Contribute to a project").await?;
    driver.sees("What earns points").await?;
    driver.follow_in(&part("Main"), "Home").await?;
    driver.follow("Choose a project").await?;
    driver.lands("Projects").await?;
    driver.follow("Open Pottery").await?;
    driver.lands("Open Pottery").await?;
    driver.sees("No pull requests here").await?;
    driver.follow("All rules").await?;
    driver.lands("Rules for Open Pottery").await
}

/// Looks at the own home page and profile, which have no points yet.
async fn look_around(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow_in(&part("Main"), "Home").await?;
    scene.greets(LOGIN).await?;
    let driver = &mut scene.driver;
    driver.sees("Earn points to appear on the leaderboard").await?;
    driver.sees("Begin with whichever you like").await?;
    scene.open_profile(LOGIN).await?;
    let driver = &mut scene.driver;
    driver.unfold("All points and why").await?;
    driver.sees("No points yet").await
}

/// Changes the notification settings: a time zone with a typo is refused, the right one is kept.
async fn change_settings(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.choose_in_menu("Settings").await?;
    driver.lands("Your sessions").await?;
    driver.sees("this browser").await?;
    driver.follow_in(&part("Settings"), "Notifications").await?;
    driver.lands("Notifications").await?;
    driver.fill("Time zone", "Europe/Atlantis").await?;
    driver.press("Save").await?;
    driver.sees("Your settings were not saved").await?;
    driver.lands("Notifications").await?;
    driver.fill("Time zone", "Europe/Lisbon").await?;
    driver.press("Save").await?;
    driver.sees("saved").await?;
    driver.misses("not saved").await?;
    driver.follow_in(&part("Settings"), "Email").await?;
    driver.lands("Your email address").await?;
    driver.sees("This server cannot send email").await
}
