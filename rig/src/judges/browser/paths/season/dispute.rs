//! The contributor contests points: a maintainer of the project cannot decide, a moderator upholds them, and an admin
//! grants the appeal.

use anyhow::Result;

use super::{CONTESTED, GRANTED, LINA, MAINTAINER, MODERATOR, ORGANIZER, REPOSITORY, Scene};
use crate::judges::browser::steps::part;

/// The heading of the dispute.
const HEADING: &str = "Points of a pull request";
const THREAD: &str = "[aria-labelledby='thread']";
const WHY: &str = "[aria-labelledby='why']";
const GRANT_REASON: &str = "The shield keeps the beacon lit in every storm.";

/// Takes the steps until the points are those that were granted.
pub(super) async fn contest(scene: &mut Scene) -> Result<()> {
    open(scene).await?;
    be_barred(scene).await?;
    uphold(scene).await?;
    appeal(scene).await?;
    grant(scene).await?;
    see_the_correction(scene).await
}

/// Goes from the own profile to the pull request.
async fn find_own(scene: &mut Scene) -> Result<()> {
    scene.become_person(LINA).await?;
    scene.open_profile(LINA).await?;
    let driver = &mut scene.driver;
    driver.reloads_until("main", CONTESTED).await?;
    driver.follow(CONTESTED).await?;
    driver.lands(CONTESTED).await
}

/// Contests the points of the pull request.
async fn open(scene: &mut Scene) -> Result<()> {
    find_own(scene).await?;
    let driver = &mut scene.driver;
    driver.sees("Ledger entries").await?;
    driver.follow("Contest these points").await?;
    driver.lands("Contest the points of beacon-bo/beacon#2").await?;
    let reasons = "It took a month of trials, which its size does not show.";
    driver.fill("Your reasons", reasons).await?;
    driver.press("Contest").await?;
    driver.sees("Dispute D-1 is open").await?;
    driver.lands(HEADING).await?;
    driver.says(THREAD, reasons).await
}

/// Opens the queue of disputes as another person.
async fn open_queue(scene: &mut Scene, login: &str) -> Result<()> {
    scene.become_person(login).await?;
    let driver = &mut scene.driver;
    driver.choose_in_menu("Admin").await?;
    driver.follow_in(&part("Admin"), "Disputes").await?;
    driver.lands("Disputes").await
}

/// Opens the dispute from the queue.
async fn follow_dispute(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow(&format!("{REPOSITORY} #2")).await?;
    driver.lands(HEADING).await
}

/// The maintainer of the project is a moderator, but cannot decide. They can write to the contributor.
async fn be_barred(scene: &mut Scene) -> Result<()> {
    open_queue(scene, MAINTAINER).await?;
    follow_dispute(scene).await?;
    let driver = &mut scene.driver;
    driver.sees("You maintain a project that it is about, so someone else has to decide.").await?;
    driver.misses("Points, if granted").await?;
    driver.fill("Message", "I saw those trials.").await?;
    driver.press("Add message").await?;
    driver.sees("The message is added").await?;
    driver.says(THREAD, "I saw those trials.").await
}

/// Another moderator upholds the points.
async fn uphold(scene: &mut Scene) -> Result<()> {
    open_queue(scene, MODERATOR).await?;
    follow_dispute(scene).await?;
    let driver = &mut scene.driver;
    let decision = "Keep the decision: nothing changes";
    driver.choose("Decision", decision).await?;
    let reason = "The rules count lines, not trials.";
    driver.fill("Reason", reason).await?;
    driver.press("Decide").await?;
    driver.sees("The decision is made").await?;
    driver.says(THREAD, "Decision: not granted").await?;
    driver.says(THREAD, reason).await
}

/// The contributor finds the decision on the page of the pull request, and appeals.
async fn appeal(scene: &mut Scene) -> Result<()> {
    find_own(scene).await?;
    let driver = &mut scene.driver;
    driver.says("#contest", "Not granted").await?;
    driver.follow("dispute D-1").await?;
    driver.lands(HEADING).await?;
    driver.says(THREAD, "Decision: not granted").await?;
    let reasons = "Points are for what work is worth.";
    driver.fill("Your reasons", reasons).await?;
    driver.press("Appeal").await?;
    driver.sees("An admin will decide your appeal").await
}

/// An admin who had no part in it grants the appeal.
async fn grant(scene: &mut Scene) -> Result<()> {
    open_queue(scene, ORGANIZER).await?;
    let driver = &mut scene.driver;
    driver.follow_in(&part("State"), "Appeals").await?;
    driver.sees("Appealed").await?;
    follow_dispute(scene).await?;
    let driver = &mut scene.driver;
    driver.sees("Decide the appeal").await?;
    driver.choose("Decision", "Grant").await?;
    driver.fill("Points, if granted", GRANTED).await?;
    driver.fill("Reason", GRANT_REASON).await?;
    driver.press("Decide").await?;
    driver.sees("The decision is made").await?;
    driver.says(THREAD, "Decision of the appeal: granted").await
}

/// The contributor sees the granted points with their reason, and the entries of the ledger that lead there.
async fn see_the_correction(scene: &mut Scene) -> Result<()> {
    find_own(scene).await?;
    let driver = &mut scene.driver;
    let points = format!("Why these points\n{GRANTED} points");
    driver.reloads_until(WHY, &points).await?;
    driver.says(WHY, GRANT_REASON).await?;
    let ledger = "[aria-labelledby='ledger']";
    driver.says(ledger, "Reversal").await?;
    driver.says("[aria-labelledby='ledger'] tfoot", GRANTED).await?;
    driver.says("#contest", "Granted").await
}
