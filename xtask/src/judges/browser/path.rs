//! A stranger's path, with scripts and without: open, find oneself on the board, see why, sign in,
//! find the rule, sign out.

use anyhow::Result;
use serde_json::json;

use super::driver::Driver;
use crate::house::Serving;

/// Walks it both ways; complaints say where it ended.
pub(super) async fn walk(driver: &mut Driver, serving: &Serving) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for is_scripted in [true, false] {
        let off = json!({ "value": !is_scripted });
        driver
            .command("Emulation.setScriptExecutionDisabled", &off)
            .await?;
        let manner = if is_scripted {
            "with scripts"
        } else {
            "without scripts"
        };
        if let Err(error) = steps(driver, serving.port).await {
            complaints.push(format!("a stranger's path {manner}: {error:#}"));
        }
    }
    Ok(complaints)
}

async fn steps(driver: &mut Driver, port: u16) -> Result<()> {
    driver.open(&format!("http://127.0.0.1:{port}/")).await?;
    driver.click(".nav a[href='/leaderboards']").await?;
    let login = driver.text("tbody tr:nth-child(4) th a").await?;
    driver.write("#around", &login).await?;
    driver.click("#around + button").await?;
    driver.click(".me th a").await?;
    says(driver, "h1", &login).await?;
    driver
        .click("[aria-labelledby='pulls'] tbody .n a, [aria-labelledby='pulls'] tbody th a")
        .await?;
    says(driver, "#why", "Why these points").await?;
    let pull = driver.address().await?;
    driver.click(".account[href^='/sign-in']").await?;
    driver.click("button[value='contributor']").await?;
    driver.text(".account .avatar").await?;
    driver.open(&pull).await?;
    says(driver, "#why", "Why these points").await?;
    driver
        .click("[aria-labelledby='why'] header a[href*='/rules']")
        .await?;
    says(driver, "h1", "Rules of").await?;
    driver.click(".account[href='/settings/sessions']").await?;
    driver.click("form[action='/sign-out'] button").await?;
    says(driver, ".account", "Sign in").await
}

/// Waits until an element says something: an update may be under way.
async fn says(driver: &mut Driver, selector: &str, words: &str) -> Result<()> {
    let mut said = String::new();
    for _ in 0..100 {
        said = driver.text(selector).await.unwrap_or_default();
        if said.contains(words) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    anyhow::bail!("`{selector}` says {said:?}, not {words:?}")
}
