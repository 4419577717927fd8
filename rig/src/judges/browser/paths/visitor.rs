//! A visitor's path, with scripts and without: open the site, find oneself on the leaderboard, see the reasons for
//! points, sign in, find the rules, sign out.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use crate::{installation::Serving, judges::browser::driver::Driver};

/// Follows the path both ways; complaints say where it ended.
pub(in crate::judges::browser) async fn walk(
    driver: &mut Driver,
    serving: &Serving,
) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for is_scripted in [true, false] {
        let off = json!({ "value": !is_scripted });
        driver.command("Emulation.setScriptExecutionDisabled", &off).await?;
        let manner = if is_scripted { "with scripts" } else { "without scripts" };
        if let Err(error) = steps(driver, serving.port).await {
            complaints.push(format!("a visitor's path {manner}: {error:#}"));
        }
    }
    Ok(complaints)
}

async fn steps(driver: &mut Driver, port: u16) -> Result<()> {
    driver.open(&format!("http://127.0.0.1:{port}/")).await?;
    driver.click(".mainnav a[href='/leaderboards']").await?;
    let person = driver.path_of("tbody tr:nth-child(4) th a").await?;
    let name = driver.text("tbody tr:nth-child(4) th a").await?;
    // People are shown by their names, and found by their logins.
    let login = person.strip_prefix("/people/").context("the fourth has no page")?;
    driver.write("#around", login).await?;
    driver.click("#around + button").await?;
    let found = driver.path_of(".me th a").await?;
    ensure!(found == person, "{found} was found, not {person}");
    driver.click(".me th a").await?;
    driver.says("h1", &name).await?;
    driver.says(".profile-head", login).await?;
    driver.unfold("All work").await?;
    driver.click("#pulls tbody .n a").await?;
    driver.says("#why", "Why these points").await?;
    // The sign-in leads back to the page, not to a part of it.
    let address = driver.address().await?;
    let pull = address.split('#').next().unwrap_or_default();
    driver.click(".signin").await?;
    driver.click("button[value='contributor']").await?;
    driver.text(".account .face").await?;
    ensure!(driver.address().await? == pull, "signing in does not lead back to {pull}");
    driver.says("#why", "Why these points").await?;
    driver.click("[aria-labelledby='why'] header a[href*='/rules']").await?;
    driver.says("h1", "Rules for").await?;
    driver.click(".account summary").await?;
    driver.click(".account form[action='/sign-out'] button").await?;
    driver.says(".signin", "Sign in").await
}
