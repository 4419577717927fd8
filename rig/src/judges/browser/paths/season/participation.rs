//! Contributors register, their pull requests are merged, and the maintainer reviews and rates one of them.

use anyhow::Result;

use super::{
    CONTESTED, FIRST, LINA, MAINTAINER, REPOSITORY, REVIEWED, SEASON, Scene, WILL, called,
    founding::CONSENT,
};
use crate::judges::browser::steps::{part, row};

const WHY: &str = "[aria-labelledby='why']";
const BOARD: &str = "[aria-labelledby='top']";

/// Takes the steps until all pull requests are merged and scored.
pub(super) async fn take_part(scene: &mut Scene) -> Result<()> {
    for login in [WILL, LINA] {
        register(scene, login).await?;
    }
    scene.set_github("days_behind", 20).await?;
    let pull = scene.github.open_pull(LINA, REPOSITORY, CONTESTED).await?;
    scene.merge(&pull).await?;
    scene.set_github("days_behind", 0).await?;
    let pull = scene.github.open_pull(WILL, REPOSITORY, REVIEWED).await?;
    review(scene).await?;
    scene.merge(&pull).await?;
    see_the_rating_count(scene).await?;
    see_the_points(scene).await
}

/// A person registers for the season, with consent.
async fn register(scene: &mut Scene, login: &str) -> Result<()> {
    scene.become_person(login).await?;
    scene.go_to_season().await?;
    let driver = &mut scene.driver;
    driver.sees("Register, so that your points count").await?;
    driver.follow("Register").await?;
    driver.lands("Register for Lantern Autumn").await?;
    driver.sees("Consent, version 1").await?;
    driver.sees(CONSENT).await?;
    driver.tick("I agree to this text").await?;
    driver.press("Register").await?;
    driver.sees("You take part in Lantern Autumn").await?;
    driver.lands(SEASON).await?;
    driver.sees("You registered on").await
}

/// The maintainer finds the open pull request in the queue, starts a review, rates and approves it.
async fn review(scene: &mut Scene) -> Result<()> {
    scene.become_person(MAINTAINER).await?;
    let driver = &mut scene.driver;
    driver.reloads_until("main", REVIEWED).await?;
    driver.follow_in(&part("What needs you"), "All your work").await?;
    driver.sees("waits for you").await?;
    driver.follow_in(&row(REVIEWED), REVIEWED).await?;
    driver.lands(REVIEWED).await?;
    driver.press("Start review").await?;
    driver.sees("Review started. The pull request is under review").await?;
    driver.choose("Rating", "5, excellent").await?;
    driver.press("Approve").await?;
    driver.sees("Approved. The pull request is approved").await?;
    driver.says("#review", "5, the median of 1 rating").await
}

/// The maintainer sees that the merge was scored with the rating, by the new rules.
async fn see_the_rating_count(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.reloads_until(".head", "Merged").await?;
    driver.reloads_until(WHY, "Rated 5").await?;
    driver.says(WHY, "× 1.5").await?;
    driver.says(WHY, "the project’s rules, version 2").await
}

/// The contributor sees the points of both pull requests, and the season's leaderboard has both participants.
async fn see_the_points(scene: &mut Scene) -> Result<()> {
    scene.become_person(WILL).await?;
    scene.open_profile(WILL).await?;
    let driver = &mut scene.driver;
    driver.reloads_until("main", REVIEWED).await?;
    driver.follow(FIRST).await?;
    driver.lands(FIRST).await?;
    driver.says(WHY, "the project’s rules, version 1").await?;
    driver.says("[aria-labelledby='ledger']", "Award, merged").await?;
    scene.go_to_season().await?;
    let driver = &mut scene.driver;
    driver.reloads_until(BOARD, &called(WILL)).await?;
    driver.reloads_until(BOARD, &called(LINA)).await
}
