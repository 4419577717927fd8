//! A coach's first day: invited by an admin, a roster from nothing, a game platform that fails and recovers, the first
//! solves, figures that grow old, and an integration that is turned off.

use anyhow::{Context, Result};
use serde_json::json;
use sqlx::AnyPool;

use super::Scene;
use crate::{
    game_platform::{FLAG, GamePlatform, OFF},
    http::path_of,
    judges::browser::steps::{part, row},
    rosters::Mailbox,
};

const ADMIN: &str = "guiding-gia";
const COACH: &str = "coaching-cleo";
const ADDRESS: &str = "cleo@lantern.example";
const ROSTER: &str = "Lantern Owls";

/// Takes the path.
pub(super) async fn take(scene: &mut Scene) -> Result<()> {
    let mailbox = Mailbox::start(&mut scene.installation)?;
    let platform = GamePlatform::start(&mut scene.installation).await?;
    // Only what the coach asks for is synced: the first full run could come between the steps.
    let settings = &mut scene.installation.settings;
    settings.push(("GAME_PLATFORM_SYNC_INTERVAL_HOURS", "0".to_owned()));
    scene.restart().await?;
    for login in [ADMIN, COACH] {
        scene.introduce(login).await?;
    }
    scene.installation.quietly(&["user", "grant", ADMIN, "--role", "admin"])?;
    let link = invite(scene).await?;
    become_coach(scene, &link).await?;
    verify_address(scene, &mailbox).await?;
    begin_roster(scene).await?;
    add_competitor(scene).await?;
    recover(scene, &platform).await?;
    see_solves(scene, &platform).await?;
    see_old_figures(scene).await?;
    turn_off(scene).await?;
    scene.driver.sign_out().await
}

/// Creates an invitation as an admin; returns the path of its link.
async fn invite(scene: &mut Scene) -> Result<String> {
    scene.arrive().await?;
    scene.sign_in(ADMIN).await?;
    let driver = &mut scene.driver;
    driver.choose_in_menu("Admin").await?;
    driver.follow_in(&part("Admin"), "Coaches and consent").await?;
    driver.lands("CTF teams").await?;
    driver.sees("No coaches yet").await?;
    driver.press("Invite").await?;
    driver.sees("Link created").await?;
    let link = driver.text("[aria-labelledby='created'] code").await?;
    driver.sign_out().await?;
    Ok(path_of(&link).to_owned())
}

/// Opens the link, signs in and becomes a coach.
async fn become_coach(scene: &mut Scene, link: &str) -> Result<()> {
    scene.arrive().await?;
    scene.sign_in(COACH).await?;
    let driver = &mut scene.driver;
    driver.choose_in_menu("CTF teams").await?;
    driver.sees("You are not on a CTF team yet").await?;
    driver.begin_at(scene.port, link).await?;
    driver.fill("School", "Lantern High").await?;
    driver.choose("Division", "High school").await?;
    driver.fill("Region", "Texas").await?;
    driver.press("Become a coach").await?;
    driver.lands("CTF teams").await?;
    driver.sees("No rosters yet").await
}

/// Adds an email address, which the platform gets with the coach.
async fn verify_address(scene: &mut Scene, mailbox: &Mailbox) -> Result<()> {
    let driver = &mut scene.driver;
    driver.begin_at(scene.port, "/settings/email").await?;
    driver.lands("Your email address").await?;
    driver.fill("Email address", ADDRESS).await?;
    driver.press("Send verification link").await?;
    let token = mailbox.token(ADDRESS).await?;
    let driver = &mut scene.driver;
    let link = format!("/settings/email/verify?token={token}");
    driver.begin_at(scene.port, &link).await?;
    driver.press("Verify address").await?;
    driver.sees(ADDRESS).await?;
    driver.choose_in_menu("CTF teams").await?;
    driver.lands("CTF teams").await
}

/// Creates a roster, whose dashboard is empty.
async fn begin_roster(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow("New roster").await?;
    driver.lands("New roster").await?;
    for (label, text) in [
        ("Name", ROSTER),
        ("School", "Lantern High"),
        ("School year", "2026/27"),
        ("Time zone", "Nowhere/Else"),
    ] {
        driver.fill(label, text).await?;
    }
    driver.press("Create roster").await?;
    driver.sees("Not created").await?;
    driver.fill("Time zone", "America/Chicago").await?;
    driver.press("Create roster").await?;
    driver.sees("is created").await?;
    driver.follow_in("//nav", "Dashboard").await?;
    driver.lands(ROSTER).await?;
    driver.sees("No competitors yet").await?;
    driver.sees(OFF).await
}

/// Adds an adult competitor, and turns the integration on.
async fn add_competitor(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow("Add competitors").await?;
    driver.follow("Add competitor").await?;
    driver.lands("Add a competitor").await?;
    for (label, text) in [
        ("First name", "Ada"),
        ("Last name", "Ember"),
        ("School email address", "ada@lantern.example"),
        ("Grade", "12"),
    ] {
        driver.fill(label, text).await?;
    }
    driver.choose("18 or over", "Yes").await?;
    driver.press("Add competitor").await?;
    driver.sees("Ada Ember").await?;
    let on = ["flags", "set", FLAG, "100"];
    scene.installation.quietly(&on)?;
    let driver = &mut scene.driver;
    driver.follow_in("//nav", ROSTER).await?;
    driver.lands(ROSTER).await?;
    driver.reloads_until("main", "Refresh scores").await?;
    driver.misses(OFF).await
}

/// The platform refuses the competitor; the error says so, and a retry works once it answers again.
async fn recover(scene: &mut Scene, platform: &GamePlatform) -> Result<()> {
    platform.change("/_switches", &json!({ "errors": 1 })).await?;
    let driver = &mut scene.driver;
    driver.press("Refresh scores").await?;
    driver.sees("The sync has been requested").await?;
    driver.reloads_until("main", "Retry failed").await?;
    driver.press("Refresh scores").await?;
    driver.sees("less than five minutes ago").await?;
    driver.back().await?;
    platform.change("/_switches", &json!({ "errors": 0 })).await?;
    driver.press("Retry failed").await?;
    driver.sees("is tried again").await?;
    driver.reloads_until("main", "last synced").await?;
    driver.sees("No challenges completed yet").await?;
    driver.misses("Retry failed").await
}

/// Solves booked on the platform appear on the open dashboard.
async fn see_solves(scene: &mut Scene, platform: &GamePlatform) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow("Ada Ember").await?;
    driver.lands("Ada Ember").await?;
    let address = driver.address().await?;
    let id = address.split('?').next().and_then(|it| it.rsplit('/').next());
    let id = id.context("the report card has no ID in its address")?;
    let solves = json!({ "syned_user_id": id, "count": 3 });
    platform.change("/_solves", &solves).await?;
    driver.press("Sync now").await?;
    driver.sees("The sync has been requested").await?;
    driver.follow_in("//nav", ROSTER).await?;
    driver.reloads_until(".stats", "3 on demand").await?;
    driver.follow_in(&row("Ada Ember"), "Ada Ember").await?;
    driver.lands("Ada Ember").await?;
    driver.follow_in("//nav", ROSTER).await?;
    driver.lands(ROSTER).await
}

/// Figures older than 12 hours carry a warning with its cause.
async fn see_old_figures(scene: &mut Scene) -> Result<()> {
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(&scene.installation.database_url()).await?;
    for (table, column) in [
        ("competitors", "game_platform_synced_at"),
        ("game_platform_stats", "synced_at"),
        ("game_platform_sync_state", "last_attempt_at"),
        ("game_platform_sync_state", "last_odl_synced_at"),
    ] {
        let sql = format!(
            "UPDATE {table} SET {column} = strftime('%Y-%m-%d %H:%M:%S', 'now', '-13 hours') || substr({column}, 20)"
        );
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&pool).await?;
    }
    pool.close().await;
    let driver = &mut scene.driver;
    driver.reloads_until("main", "13 hours").await?;
    driver.sees("no solve is lost").await
}

/// Without the integration, the last known data stays, under a banner.
async fn turn_off(scene: &mut Scene) -> Result<()> {
    scene.installation.quietly(&["flags", "set", FLAG, "off"])?;
    let driver = &mut scene.driver;
    driver.reloads_until("main", OFF).await?;
    driver.sees("3 on demand").await?;
    driver.misses("Refresh scores").await
}
