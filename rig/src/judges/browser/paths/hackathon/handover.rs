//! The winners claim the prize, and the organizer hands it over.

use anyhow::Result;

use super::{ADA, BERTHS, BO, HOST, NEAP, PRIZE, Scene};
use crate::judges::browser::steps::part;

/// The link to the prizes of winners.
const CLAIM: &str = "Claim it, and see its state";

/// Takes the steps until the winners have the prize.
pub(super) async fn hand_over(scene: &mut Scene) -> Result<()> {
    claim(scene).await?;
    send(scene).await?;
    receive(scene).await
}

/// A winner claims the prize.
async fn claim(scene: &mut Scene) -> Result<()> {
    scene.visit(ADA, NEAP).await?;
    let driver = &mut scene.driver;
    driver.sees("You won a prize.").await?;
    driver.follow(CLAIM).await?;
    driver.lands("Your prizes at Neap Tide").await?;
    let address = "Ada Aster\n1 Quay Street";
    driver.fill("Where the organizers hand it over", address).await?;
    driver.press("Claim prize").await?;
    driver.sees("You claimed Harbor prize").await
}

/// The organizer reads the address, and marks the prize as sent and as received.
async fn send(scene: &mut Scene) -> Result<()> {
    scene.become_person(HOST).await?;
    scene.go_to_tab(NEAP, "Prizes").await?;
    let driver = &mut scene.driver;
    driver.follow("Hand-over").await?;
    driver.lands("Hand-over of prizes").await?;
    driver.follow(PRIZE).await?;
    driver.sees("Claimed by").await?;
    driver.misses("1 Quay Street").await?;
    driver.press("Show details").await?;
    driver.sees("1 Quay Street").await?;
    driver.press("Mark as sent").await?;
    driver.sees("Harbor prize: sent").await?;
    driver.follow(PRIZE).await?;
    driver.press("Mark as received").await?;
    driver.sees("Harbor prize: received").await?;
    driver.follow_in(&part("State"), "Received").await?;
    driver.sees(BERTHS).await
}

/// The other winner sees that the prize was received, and no address.
async fn receive(scene: &mut Scene) -> Result<()> {
    scene.visit(BO, NEAP).await?;
    let driver = &mut scene.driver;
    driver.follow(CLAIM).await?;
    driver.lands("Your prizes at Neap Tide").await?;
    driver.sees("Received").await?;
    driver.misses("1 Quay Street").await
}
