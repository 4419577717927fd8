//! `cargo xtask pictures`: takes the pictures of README.md and of the guides.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::Args;
use serde_json::json;
use sqlx::AnyPool;
use xtask::{fetch, workspace::Workspace};

use super::{
    SETUP, dress,
    driver::Driver,
    shots::{FOUNDER, README, SHOTS, Shot},
};
use crate::{installation::Installation, judges::runtime, undone};

/// How long the work may take that the demo's season causes.
const PATIENCE: Duration = Duration::from_secs(120);

/// Frames what the text of a guide counts, and numbers it where there are several.
const MARK: &str = "const marks = SELECTORS;
    marks.forEach((selector, index) => {
        const marked = document.querySelector(selector);
        if (!marked) throw new Error(`nothing to mark at ${selector}`);
        marked.style.cssText += 'outline: 4px solid #b58a2a; outline-offset: 4px';
        if (marks.length === 1) return;
        const { left, top } = marked.getBoundingClientRect();
        const number = document.createElement('b');
        number.textContent = index + 1;
        number.style.cssText = `position: fixed; z-index: 9; left: ${left - 32}px; top: ${top - 14}px;
            width: 28px; font: 700 16px/28px sans-serif; text-align: center; color: #fff;
            background: #7a5200; border-radius: 4px 4px 14px 14px`;
        document.body.append(number);
    });
    arguments[0]();";

/// Options of `rig pictures`.
#[derive(Args)]
pub(crate) struct Options {
    /// The binary whose pages are shown.
    #[arg(long, value_name = "FILE")]
    binary: PathBuf,
    /// Take only the pictures whose name contains this text.
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,
}

/// Takes the wanted pictures, of the demo and of a new server.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    runtime()?.block_on(take_all(workspace, options))
}

async fn take_all(workspace: &Workspace, options: &Options) -> Result<()> {
    let (browser, driver) = fetch::browser_or_install(true)?;
    let place = workspace.target.join("pictures");
    let installation =
        |name: &str| Installation::fresh(options.binary.clone(), place.join(name), None);
    let (demo, new) = (installation("demo")?, installation("new")?);
    let (season, empty) = (demo.demo().await?, new.serve(&[]).await?);
    settle(&demo).await?;
    let mut driver = Driver::start(&driver, &browser, &demo.data.join("profile")).await?;
    let taken: Result<()> = async {
        for shot in SHOTS.iter().filter(|shot| shot.name.contains(&options.only)) {
            let port = match shot.role {
                FOUNDER => {
                    found(&mut driver, &new, empty.port).await?;
                    empty.port
                }
                role => {
                    sign_in(&mut driver, season.port, role).await?;
                    season.port
                }
            };
            let taken = take(&mut driver, port, shot, &workspace.root).await;
            taken.with_context(|| format!("the picture {}", shot.name))?;
        }
        Ok(())
    }
    .await;
    // Quit the browser even after an error: it outlives the program that drives it.
    driver.end().await?;
    taken
}

/// Waits until the work is done that the season of a demo causes.
async fn settle(demo: &Installation) -> Result<()> {
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(&demo.database_url()).await?;
    undone::wait(&pool, PATIENCE).await?;
    pool.close().await;
    Ok(())
}

/// Becomes the first admin of a new server.
async fn found(driver: &mut Driver, installation: &Installation, port: u16) -> Result<()> {
    driver.begin_at(port, SETUP).await?;
    driver.fill("Code from the log", &installation.setup_code()?).await?;
    driver.fill("Your name", "Sefa Whitlock").await?;
    driver.press("Become admin").await?;
    driver.says(".kicker", "Step 2 of").await
}

/// Signs in to the demo in a role; as a visitor with an empty one.
async fn sign_in(driver: &mut Driver, port: u16, role: &str) -> Result<()> {
    driver.begin_at(port, "/sign-in").await?;
    driver.forget_cookies().await?;
    if role.is_empty() {
        return Ok(());
    }
    driver.begin_at(port, "/sign-in").await?;
    driver.click(&format!("button[value='{role}']")).await?;
    driver.text(".account .face").await.map(drop)
}

/// Takes a picture of the part of a page that is in the view, with its marks.
async fn take(driver: &mut Driver, port: u16, shot: &Shot, root: &Path) -> Result<()> {
    let size = if shot.folder == README { (1280, 800) } else { (1100, 680) };
    dress(driver, size, "light").await?;
    driver.begin_at(port, shot.page).await?;
    for link in shot.links {
        let path = driver.path_of(link).await?;
        driver.begin_at(port, &path).await?;
    }
    let marks = serde_json::to_string(shot.marks)?;
    driver.wait_for(&MARK.replace("SELECTORS", &marks)).await?;
    let taken = driver.command("Page.captureScreenshot", &json!({ "format": "png" })).await?;
    let picture = STANDARD.decode(taken["data"].as_str().context("no picture")?)?;
    let folder = root.join(shot.folder);
    fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{}.png", shot.name));
    println!("{}: {} KB", file.display(), picture.len() / 1024);
    Ok(fs::write(file, picture)?)
}
