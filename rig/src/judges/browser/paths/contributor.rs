//! A contributor asks why: finds a deduction in the own ledger, its evidence, and where it can be corrected, and sees the
//! correction.

use anyhow::{Result, ensure};
use serde_json::json;

use super::{OWN_POINTS, OWN_RANK, Scene};
use crate::judges::browser::steps::{part, row};

const LOGIN: &str = "curious-cleo";
const OWNER: &str = "kiln-keeper";
const TITLE: &str = "Keep the glaze from cracking";
/// The part of the own home page with the points.
const FIGURES: &str = "[aria-labelledby='fig']";

/// Takes the path.
pub(super) async fn take(scene: &mut Scene) -> Result<()> {
    scene.introduce(LOGIN).await?;
    scene.introduce(OWNER).await?;
    scene.project("Kiln", "kiln", OWNER).await?;
    let repository = format!("{OWNER}/kiln");
    scene.github.open_pull(LOGIN, &repository, TITLE).await?;
    find_the_award(scene).await?;
    let labels = format!("/repos/{repository}/issues/1/labels");
    let spam = json!({ "labels": ["spam"] });
    scene.next_second().await;
    scene.github.act(OWNER, ("POST", &labels), &spam).await?;
    find_the_deduction(scene).await?;
    ask_for_help(scene).await?;
    scene.next_second().await;
    let mistaken = format!("{labels}/spam");
    scene.github.act(OWNER, ("DELETE", &mistaken), &json!({})).await?;
    see_the_correction(scene).await
}

/// Signs in and sees the points of the new pull request.
async fn find_the_award(scene: &mut Scene) -> Result<()> {
    scene.arrive().await?;
    scene.sign_in(LOGIN).await?;
    let driver = &mut scene.driver;
    driver.reloads_until("main", TITLE).await?;
    driver.reloads_until(FIGURES, "All-time points\n10").await
}

/// Goes from the home page to the own ledger and to the pull request that lost points.
async fn find_the_deduction(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.reloads_until(FIGURES, "All-time points\n−20").await?;
    scene.open_profile(LOGIN).await?;
    let driver = &mut scene.driver;
    driver.unfold("All points and why").await?;
    let ledger = part("All points and why");
    driver.follow_in(&ledger, &format!("{OWNER}/kiln")).await?;
    driver.lands(TITLE).await?;
    driver.sees("Why these points").await?;
    driver.says("[aria-labelledby='why']", "spam").await?;
    driver.says("[aria-labelledby='facts']", "spam").await
}

/// Finds where the evidence can be corrected.
async fn ask_for_help(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    let github = driver.path_of(".head a.btn").await?;
    ensure!(
        github.ends_with("/kiln-keeper/kiln/pull/1"),
        "the pull request is on GitHub at {github}"
    );
    let why = part("Why these points");
    driver.follow_in(&why, "the project’s rules, version 1").await?;
    driver.lands("Rules for Kiln").await?;
    driver.back().await?;
    driver.lands(TITLE).await?;
    driver.follow_in(&why, "Ask a maintainer").await?;
    driver.lands("Kiln").await?;
    driver.says("[aria-labelledby='about']", OWNER).await?;
    driver.follow_in(&row(TITLE), TITLE).await?;
    driver.lands(TITLE).await
}

/// Sees the reversal and the award after a maintainer removed the label.
async fn see_the_correction(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    let points = "Why these points\n10 points";
    driver.reloads_until("[aria-labelledby='why']", points).await?;
    driver.says("[aria-labelledby='ledger']", "Reversal").await?;
    driver.follow_in(&part("Main"), "Home").await?;
    scene.greets(LOGIN).await?;
    let driver = &mut scene.driver;
    driver.says(FIGURES, "All-time points\n10").await?;
    driver.follow_in(&part("Your figures"), "Why these points").await?;
    scene.meets(LOGIN).await?;
    let driver = &mut scene.driver;
    driver.follow_in(&part("All points and why"), &format!("{OWNER}/kiln")).await?;
    driver.lands(TITLE).await?;
    driver.follow_in(&part("Main"), "Leaderboards").await?;
    driver.lands("Leaderboard").await?;
    driver.reloads_until(OWN_RANK, "people near you").await?;
    driver.says(OWN_POINTS, "10").await
}
