//! The dates of the hackathons, which the organizer moves so that one phase follows another at once.

use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, DurationRound as _, NaiveDateTime, TimeDelta, Utc};

use super::{HOST, NEAP, SPRING, Scene};

/// The labels of the dates, in their order.
const LABELS: [&str; 6] = [
    "Applications open",
    "Applications close",
    "Submissions open",
    "Submissions close",
    "Judging begins",
    "Judging ends",
];

/// The time that the organizer needs to move the dates of both hackathons.
const TO_MOVE: TimeDelta = TimeDelta::seconds(25);

/// Returns the current time.
#[expect(
    clippy::disallowed_methods,
    reason = "the server and the simulated GitHub read the same clock"
)]
pub(super) fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Returns the beginning of a minute.
fn minute(at: DateTime<Utc>) -> Result<NaiveDateTime> {
    Ok(at.naive_utc().duration_trunc(TimeDelta::minutes(1))?)
}

/// Returns dates that are these hours before or after the current minute.
pub(super) fn around(hours: [i64; 6]) -> Result<[NaiveDateTime; 6]> {
    let now = minute(now())?;
    Ok(hours.map(|hours| now + TimeDelta::hours(hours)))
}

/// Enters dates in the open form.
pub(super) async fn enter(scene: &mut Scene, dates: [NaiveDateTime; 6]) -> Result<()> {
    for (label, at) in LABELS.into_iter().zip(dates) {
        scene.driver.fill_time(label, at).await?;
    }
    Ok(())
}

/// The organizer moves the dates of both hackathons.
async fn move_both(scene: &mut Scene, dates: [NaiveDateTime; 6]) -> Result<()> {
    scene.become_person(HOST).await?;
    for title in [NEAP, SPRING] {
        scene.go_to_tab(title, "Edit").await?;
        enter(scene, dates).await?;
        scene.driver.press("Save changes").await?;
        scene.driver.sees("The changes are saved").await?;
    }
    Ok(())
}

pub(super) async fn open_submissions(scene: &mut Scene) -> Result<()> {
    let dates = around([-72, -2, -1, 24, 24, 48])?;
    move_both(scene, dates).await?;
    scene.driver.says(".head .state", "Submission").await
}

/// Moves the end of submissions to the next minute in which both hackathons can have it, and waits until judging begins. Returns
/// that minute.
pub(super) async fn begin_judging(scene: &mut Scene) -> Result<NaiveDateTime> {
    let begins = minute(now() + TO_MOVE)? + TimeDelta::minutes(1);
    let mut dates = around([-72, -2, -1, 0, 0, 48])?;
    (dates[3], dates[4]) = (begins, begins);
    move_both(scene, dates).await?;
    wait_until(begins).await;
    let driver = &mut scene.driver;
    driver.reloads_until(".head .state", "Judging").await?;
    Ok(begins)
}

/// Ends judging with the current minute, or with the first one after its beginning.
pub(super) async fn end_judging(scene: &mut Scene, began: NaiveDateTime) -> Result<()> {
    let ends = minute(now())?.max(began + TimeDelta::minutes(1));
    scene.become_person(HOST).await?;
    for title in [NEAP, SPRING] {
        scene.go_to_tab(title, "Edit").await?;
        scene.driver.fill_time(LABELS[5], ends).await?;
        scene.driver.press("Save changes").await?;
        scene.driver.sees("The changes are saved").await?;
    }
    wait_until(ends).await;
    let closed = "Judging closed";
    scene.driver.reloads_until(".head .state", closed).await
}

async fn wait_until(at: NaiveDateTime) {
    let left = (at.and_utc() - now()).to_std();
    tokio::time::sleep(left.unwrap_or(Duration::ZERO)).await;
}
