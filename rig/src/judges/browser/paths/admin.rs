//! An admin finds a failed delivery, retries it, bans a person and lifts the ban.

use anyhow::{Result, ensure};

use super::{Scene, called};
use crate::{
    deliveries::send_unreadable,
    installation::SECRET,
    judges::browser::steps::{part, row},
};

const LOGIN: &str = "watchful-ada";
const RUDE: &str = "rude-rudi";
const OWNER: &str = "forge-fay";

/// Takes the path.
pub(super) async fn take(scene: &mut Scene) -> Result<()> {
    for login in [LOGIN, RUDE, OWNER] {
        scene.introduce(login).await?;
    }
    scene.installation.quietly(&["user", "grant", LOGIN, "--role", "admin"])?;
    scene.project("Forge", "forge", OWNER).await?;
    let repository = format!("{OWNER}/forge");
    scene.github.open_pull(RUDE, &repository, "Spam").await?;
    send_unreadable(scene.port, SECRET, &repository).await?;

    scene.arrive().await?;
    scene.sign_in(LOGIN).await?;
    retry(scene).await?;
    ban(scene).await?;
    be_banned(scene).await?;
    lift(scene).await
}

/// Finds the failed delivery in the overview and in the list, and retries it.
async fn retry(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.reloads_until("main", "could not be processed").await?;
    driver.choose_in_menu("Admin").await?;
    driver.lands("Deliveries from GitHub failed").await?;
    let failed = part("Failed deliveries");
    driver.follow_in(&failed, "See all").await?;
    driver.lands("Deliveries").await?;
    driver.follow("Pull request opened").await?;
    driver.lands("Pull request opened").await?;
    driver.sees("This delivery could not be processed").await?;
    driver.sees("number").await?;
    driver.press("Retry").await?;
    driver.sees("The delivery is queued again").await?;
    // It cannot be read this time either.
    driver.reloads_until("[aria-labelledby='facts']", "Failed").await?;
    driver.sees("This delivery could not be processed").await
}

/// Bans a person, who is then on no board.
async fn ban(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow_in(&part("Main"), "Leaderboards").await?;
    driver.lands("Leaderboard").await?;
    driver.reloads_until("main", &called(RUDE)).await?;
    driver.choose_in_menu("Admin").await?;
    driver.follow_in(&part("Admin"), "People").await?;
    driver.lands("People").await?;
    driver.fill("Name, username or email", "rude").await?;
    driver.press("Filter").await?;
    driver.follow(&called(RUDE)).await?;
    driver.lands(&called(RUDE)).await?;
    driver.sees("has never been banned").await?;
    driver.unfold("blocks sessions and tokens at once").await?;
    driver.fill("Reason", "insults reviewers").await?;
    driver.press(&format!("Ban {}", called(RUDE))).await?;
    driver.sees("rude-rudi is banned").await?;
    driver.says("[aria-labelledby='bans']", "insults reviewers").await?;
    driver.follow_in(&part("Main"), "Leaderboards").await?;
    let start = std::time::Instant::now();
    while driver.misses(&called(RUDE)).await.is_err() {
        ensure!(start.elapsed().as_secs() < 30, "{RUDE} is still on the board");
        driver.follow_in(&part("Main"), "Leaderboards").await?;
    }
    driver.sign_out().await
}

/// The banned person signs in, and sees only why they are banned.
async fn be_banned(scene: &mut Scene) -> Result<()> {
    scene.arrive().await?;
    let driver = &mut scene.driver;
    driver.follow_in("//header", "Sign in").await?;
    driver.follow("Sign in with GitHub").await?;
    driver.follow(RUDE).await?;
    driver.sees("You are banned").await?;
    driver.sees("insults reviewers").await?;
    driver.says(".signin", "Sign in").await?;
    driver.press("Sign out").await?;
    driver.sees("You are signed out").await
}

/// Lifts the ban; the audit log has both.
async fn lift(scene: &mut Scene) -> Result<()> {
    scene.arrive().await?;
    scene.sign_in(LOGIN).await?;
    let driver = &mut scene.driver;
    driver.choose_in_menu("Admin").await?;
    driver.follow_in(&part("Admin"), "People").await?;
    driver.fill("Name, username or email", "rude").await?;
    driver.press("Filter").await?;
    driver.follow_in(&row("Banned"), &called(RUDE)).await?;
    driver.fill("Reason", "apologized").await?;
    driver.press("Lift the ban").await?;
    driver.sees("Ban on rude-rudi lifted").await?;
    driver.follow("Full audit log").await?;
    driver.lands("Audit log").await?;
    driver.sees("insults reviewers").await?;
    driver.sees("apologized").await?;
    driver.follow_in(&part("Main"), "Leaderboards").await?;
    driver.reloads_until("main", &called(RUDE)).await
}
