//! The path to a first issue, with scripts, without, and by keyboard alone: from the front page through a search and
//! signing in to a claimed issue, within two minutes. The issue is released at the end.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::json;

use crate::{
    installation::Serving,
    judges::browser::{
        driver::Driver,
        keyboard::{ENTER, TAB},
        steps::part,
    },
};

/// The longest time from the front page to the claimed issue.
const MOST: Duration = Duration::from_secs(120);
/// Words of an issue of the demo.
const WORDS: &str = "checksum";
/// The part of the page of an issue where it is claimed.
const CLAIM: &str = "[aria-labelledby='claim']";
/// The first result of a search.
const FIRST: &str = ".titles h3 a";

/// Takes the path each way; complaints say where it ended.
pub(in crate::judges::browser) async fn walk(
    driver: &mut Driver,
    serving: &Serving,
) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for manner in ["with scripts", "without scripts", "by keyboard alone"] {
        let off = json!({ "value": manner == "without scripts" });
        driver.command("Emulation.setScriptExecutionDisabled", &off).await?;
        let is_by_keyboard = manner == "by keyboard alone";
        match claim(driver, serving.port, is_by_keyboard).await {
            Ok(took) => println!("to a claimed issue {manner}: {:.1} s", took.as_secs_f64()),
            Err(error) => complaints.push(format!("to a claimed issue {manner}: {error:#}")),
        }
    }
    Ok(complaints)
}

/// Takes the path once; returns how long it took to the claimed issue.
async fn claim(driver: &mut Driver, port: u16, is_by_keyboard: bool) -> Result<Duration> {
    driver.begin_at(port, "/").await?;
    driver.forget_cookies().await?;
    driver.begin_at(port, "/").await?;
    let start = Instant::now();
    let title = if is_by_keyboard {
        claim_by_keyboard(driver).await?
    } else {
        claim_by_pointer(driver).await?
    };
    let took = start.elapsed();
    ensure!(took < MOST, "it took {:.0} s", took.as_secs_f64());
    release(driver, port, &title).await?;
    Ok(took)
}

/// Follows links and presses buttons; returns the title of the claimed issue.
async fn claim_by_pointer(driver: &mut Driver) -> Result<String> {
    driver.follow_in(&part("Main"), "Discover").await?;
    driver.lands("Discover").await?;
    driver.fill("Search issues", WORDS).await?;
    driver.press("Search").await?;
    driver.sees(&format!("first for “{WORDS}”")).await?;
    let title = driver.text(FIRST).await?;
    driver.click(FIRST).await?;
    driver.lands(&title).await?;
    driver.follow("Sign in to claim it").await?;
    driver.click("button[value='contributor']").await?;
    driver.lands(&title).await?;
    driver.press("Claim for 7 days").await?;
    driver.says(CLAIM, "The issue is yours until").await?;
    Ok(title)
}

/// Presses keys only; returns the title of the claimed issue.
async fn claim_by_keyboard(driver: &mut Driver) -> Result<String> {
    driver.press_keys(TAB).await?;
    driver.has_focus("Skip to content").await?;
    driver.tab_to("Discover").await?;
    driver.press_keys(ENTER).await?;
    driver.lands("Discover").await?;
    driver.tab_to("Search issues").await?;
    driver.press_keys(WORDS).await?;
    driver.press_keys(ENTER).await?;
    driver.sees(&format!("first for “{WORDS}”")).await?;
    let title = driver.text(FIRST).await?;
    driver.tab_to(&title).await?;
    driver.press_keys(ENTER).await?;
    driver.lands(&title).await?;
    driver.tab_to("Sign in to claim it").await?;
    driver.press_keys(ENTER).await?;
    driver.tab_to("Sign in as contributor").await?;
    driver.press_keys(ENTER).await?;
    driver.lands(&title).await?;
    driver.tab_to("Claim for 7 days").await?;
    driver.press_keys(ENTER).await?;
    driver.says(CLAIM, "The issue is yours until").await?;
    Ok(title)
}

/// Finds the issue among the own claims, and gives it back.
async fn release(driver: &mut Driver, port: u16, title: &str) -> Result<()> {
    driver.begin_at(port, "/discover/claims").await?;
    driver.lands("Your claims").await?;
    driver.follow(title).await?;
    driver.lands(title).await?;
    driver.press("Release").await?;
    driver.says(CLAIM, "Open").await
}
