//! The season ends, and the organizer signs off its results.

use std::time::Duration;

use anyhow::Result;
use chrono::{Days, NaiveDate};
use sqlx::AnyPool;

use super::{GRANTED, LINA, ORGANIZER, Scene, WILL};
use crate::undone;

/// Takes the steps until the results are final.
pub(super) async fn close(scene: &mut Scene, today: NaiveDate) -> Result<()> {
    end(scene, today).await?;
    settle(scene).await?;
    sign_off(scene).await
}

/// The organizer moves the last day back, so that the season is over everywhere and its facts are final.
async fn end(scene: &mut Scene, today: NaiveDate) -> Result<()> {
    scene.become_person(ORGANIZER).await?;
    scene.go_to_season().await?;
    let driver = &mut scene.driver;
    driver.reloads_until("[aria-labelledby='top']", GRANTED).await?;
    driver.follow("Manage").await?;
    driver.lands("Edit Lantern Autumn").await?;
    driver.misses("Sign off").await?;
    let last = today - Days::new(17);
    driver.fill_day("Last day", last).await?;
    driver.press("Save changes").await?;
    driver.sees("The changes are saved").await?;
    driver.lands("Edit Lantern Autumn").await?;
    let provisional = "The results are provisional until you sign them off.";
    driver.sees(provisional).await
}

/// Waits until the server has nothing to settle, without which results cannot be final.
async fn settle(scene: &Scene) -> Result<()> {
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(&scene.installation.database_url()).await?;
    undone::wait(&pool, Duration::from_secs(60)).await?;
    pool.close().await;
    Ok(())
}

/// The organizer reads the provisional results, and signs them off.
async fn sign_off(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow("See results").await?;
    driver.lands("Results of Lantern Autumn").await?;
    driver.says(".head .state", "Provisional").await?;
    driver.reloads_until("main", LINA).await?;
    driver.reloads_until("main", WILL).await?;
    driver.back().await?;
    driver.lands("Edit Lantern Autumn").await?;
    driver.follow("Sign off").await?;
    driver.lands("Sign off Lantern Autumn?").await?;
    driver.press("Sign off").await?;
    driver.sees("Lantern Autumn has final results").await?;
    driver.lands("Results of Lantern Autumn").await?;
    driver.says(".head .state", "Final").await
}
