//! The header of every role, with all features and with few, with names of forty characters, from a small phone to a wide screen: no entry
//! is cut, and there are at most six.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{dress, driver::Driver, folder};
use crate::{
    installation::{Installation, Serving},
    judges::Surroundings,
};
use xtask::fetch;

/// A name of forty characters without a place to break.
const NAME: &str = "TheAssociationOfFreeSoftwareHarborsNorth";
const WIDTHS: [u32; 9] = [320, 390, 768, 820, 992, 1100, 1280, 1440, 1600];
/// The demo's people, by the value of their button.
const ROLES: [&str; 6] = ["contributor", "maintainer", "moderator", "coach", "organizer", "admin"];
/// The sets of features, with the variables that turn the others off.
const FEATURES: [(&str, &[&str]); 2] = [
    ("all", &[]),
    ("few", &["ENABLE_HACKATHONS", "ENABLE_FRIENDS", "ENABLE_REWARDS", "ENABLE_API_DOCS"]),
];
/// A page that is cached for everyone, and one that is not.
const PAGES: [&str; 2] = ["/leaderboards", "/sign-in"];

/// Judges the header with each set of features.
pub(super) async fn judge(around: &Surroundings<'_>, binary: &Path) -> Result<()> {
    let mut complaints = Vec::new();
    for (features, off) in FEATURES {
        let place = folder(around).join(format!("header-{features}"));
        let mut installation = Installation::fresh(binary.to_owned(), place, None)?;
        installation.settings.push(("GUILDHALL_COMMUNITY_NAME", NAME.to_owned()));
        installation.settings.extend(off.iter().map(|name| (*name, "false".to_owned())));
        let serving = around.demo(&installation).await?;
        let (browser, driver) = fetch::browser_or_install(false)?;
        let profile = installation.data.join("profile");
        let mut driver = Driver::start(&driver, &browser, &profile).await?;
        let seen = look(around, &mut driver, &serving, features).await;
        // Quit the browser even after an error: it outlives the program that drives it.
        driver.end().await?;
        complaints.extend(seen?);
    }
    ensure!(complaints.is_empty(), "{}", complaints.join("\n  "));
    Ok(())
}

async fn look(
    around: &Surroundings<'_>,
    driver: &mut Driver,
    serving: &Serving,
    features: &str,
) -> Result<Vec<String>> {
    let address = |page: &str| format!("http://127.0.0.1:{}{page}", serving.port);
    let mut complaints = Vec::new();
    for role in [None].into_iter().chain(ROLES.map(Some)) {
        dress(driver, (1440, 900), "light").await?;
        driver.open(&address("/sign-in")).await?;
        driver.forget_cookies().await?;
        if let Some(role) = role {
            driver.open(&address("/sign-in")).await?;
            driver.click(&format!("button[value='{role}']")).await?;
            driver.text(".account .face").await?;
        }
        for page in PAGES {
            driver.open(&address(page)).await?;
            for width in WIDTHS {
                dress(driver, (width, 900), "light").await?;
                let said = driver.wait_for(include_str!("header.js")).await?;
                let said = said.as_array().context("the header was not looked at")?;
                let who = role.unwrap_or("visitor");
                let at = format!("{page} as {who} at {width} px with {features} features");
                let said = said.iter().filter_map(Value::as_str);
                complaints.extend(said.map(|said| format!("{at}: {said}")));
                around.count("headers", 1);
            }
        }
    }
    Ok(complaints)
}
