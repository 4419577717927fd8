//! Judge `browser`: opens every page in a real browser, with data, empty and refused, at three widths and in two color
//! schemes. No page may violate axe's rules, scroll sideways, break words in narrow places, have tables that are wider
//! than their place, hide a control outside the view, be longer than 6,000 px or load from other origins; what fits is
//! also checked at a fourth width; sign-in with GitHub must accept and refuse as specified; emails must fit and be read.
//! Judge `paths`: people must find their way with and without scripts.

mod driver;
mod figures;
mod guests;
mod header;
mod keyboard;
mod live;
mod mails;
mod parts;
pub(super) mod paths;
pub(crate) mod pictures;
mod pointer;
mod shots;
mod sign_in;
mod steps;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use self::driver::Driver;
use super::{Step, Surroundings, runtime};
use crate::{
    http::Connection,
    installation::{Installation, Serving},
};
use xtask::{fetch, tally::Tally};

const AXE: &str = "axe-core@4.11.0";
/// Each way to look at a page: the view's size, the color scheme, and what `look.js` checks.
const WAYS: [((u32, u32), &str, &str); 7] = [
    // Narrow first: what is current is scrolled into view when the page is loaded.
    ((390, 844), "light", "everything"),
    ((390, 844), "dark", "colors"),
    ((820, 1180), "light", "layout"),
    ((820, 1180), "dark", "new colors"),
    ((1100, 900), "light", "fit"),
    ((1440, 900), "light", "layout"),
    ((1440, 900), "dark", "new colors"),
];
/// The name of the server with the demo's season.
const SEASON: &str = "season";
/// The names of the steps.
const STEPS: [&str; 7] = [
    STEP_EMPTY,
    STEP_SEASON,
    STEP_LIVE,
    STEP_HEADER,
    STEP_FIGURES,
    STEP_MAILS,
    "sign-in with GitHub",
];
const STEP_EMPTY: &str = "pages of an empty server";
const STEP_SEASON: &str = "pages of a season";
const STEP_LIVE: &str = "live updates of what a person uses";
const STEP_HEADER: &str = "the header of every role";
const STEP_FIGURES: &str = "the figures that pages state";
const STEP_MAILS: &str = "emails of every kind";
/// Maximum size of a first visit, compressed.
const MOST_BYTES: usize = 50 * 1024;

/// Fetches axe and the browser.
pub(super) fn prepare(around: &Surroundings) -> Result<()> {
    fetch::npm_packages(&folder(around), &[AXE], around.install)?;
    fetch::browser_or_install(around.install).map(drop)
}

fn folder(around: &Surroundings) -> PathBuf {
    around.workspace.target.join("judges/browser")
}

/// Judges an empty server, and one with a season and difficult content.
pub(super) fn run(around: &Surroundings, tally: &mut Tally) -> Result<()> {
    let run = |step| async move {
        let binary = around.program();
        match step {
            STEP_EMPTY => judge(around, &binary, false).await,
            STEP_SEASON => judge(around, &binary, true).await,
            STEP_LIVE => live::judge(around, &binary).await,
            STEP_HEADER => header::judge(around, &binary).await,
            STEP_FIGURES => figures::judge(around, &binary).await,
            STEP_MAILS => mails::judge(around, &binary).await,
            _ => sign_in::judge(around, &binary).await,
        }
    };
    let steps =
        STEPS.map(|step| -> Step { (step, Box::new(move || runtime()?.block_on(run(step)))) });
    around.side_by_side(tally, steps.into());
    Ok(())
}

async fn judge(around: &Surroundings<'_>, binary: &Path, is_full: bool) -> Result<()> {
    let name = if is_full { SEASON } else { "empty" };
    let installation = Installation::fresh(binary.to_owned(), folder(around).join(name), None)?;
    let serving =
        if is_full { around.demo(&installation).await? } else { installation.serve(&[]).await? };
    let pages = if is_full {
        guests::register(&installation)?;
        guests::arrive(&installation, &serving).await?;
        guests::pages(serving.port).await?
    } else {
        EMPTY.iter().map(|page| (*page).to_owned()).collect()
    };
    let mut complaints = weigh(&serving, if is_full { "/" } else { SETUP }).await?;
    let (browser, driver) = fetch::browser_or_install(false)?;
    let profile = installation.data.join("profile");
    let mut driver = Driver::start(&driver, &browser, &profile).await?;
    let seen = see(around, &mut driver, &serving, (name, &pages)).await;
    // Quit the browser even after an error: it outlives the program that drives it.
    driver.end().await?;
    drop(serving);
    complaints.extend(seen?);
    ensure!(complaints.is_empty(), "{}", complaints.join("\n  "));
    if !around.keep {
        fs::remove_dir_all(&installation.data)?;
    }
    Ok(())
}

/// Checks the pages; with a season also as each of the demo's people.
async fn see(
    around: &Surroundings<'_>,
    driver: &mut Driver,
    serving: &Serving,
    (server, pages): (&str, &[String]),
) -> Result<Vec<String>> {
    let shots = folder(around).join("shots").join(server);
    fs::create_dir_all(&shots)?;
    let mut eye = Eye { around, driver, port: serving.port, shots: &shots };
    let mut complaints = eye.look_at_all("anybody", pages).await?;
    complaints.extend(eye.try_guards().await?);
    if server == SEASON {
        complaints.extend(parts::look(&mut eye).await?);
        complaints.extend(paths::visitor::walk(eye.driver, serving).await?);
        complaints.extend(paths::finder::walk(eye.driver, serving).await?);
    }
    Ok(complaints)
}

/// Pages that exist also on an empty server.
const EMPTY: &[&str] = &[
    SETUP,
    "/projects",
    "/leaderboards",
    "/leaderboards/months",
    "/leaderboards/months/2026-01",
    "/badges",
    "/badges/unknown-badge",
    "/people/unknown-login",
    "/guides",
    "/docs/api",
    "/nothing/here",
];

/// The page to which the home page of a new server leads.
const SETUP: &str = "/setup";

/// Checks the compressed size of a first visit.
async fn weigh(serving: &Serving, first: &str) -> Result<Vec<String>> {
    let mut connection = Connection::open(serving.port).await?;
    let page = String::from_utf8(connection.get(first).await?.body)?;
    let assets = page.split('"').filter(|part| part.starts_with("/assets/"));
    let mut weight = compressed(page.as_bytes())?;
    for asset in assets {
        weight += compressed(&connection.get(asset).await?.body)?;
    }
    println!("the first page weighs {weight} bytes, compressed");
    let heavy = || format!("the first page weighs {weight} bytes: more than {MOST_BYTES}");
    Ok((weight > MOST_BYTES).then(heavy).into_iter().collect())
}

fn compressed(bytes: &[u8]) -> Result<usize> {
    use std::io::Write as _;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

/// A browser that checks pages.
struct Eye<'a, 'b> {
    around: &'a Surroundings<'b>,
    driver: &'a mut Driver,
    port: u16,
    shots: &'a Path,
}

impl Eye<'_, '_> {
    /// Opens a page of the server.
    async fn open(&mut self, page: &str) -> Result<()> {
        let address = format!("http://127.0.0.1:{}{page}", self.port);
        self.driver.open(&address).await
    }

    /// Tries what the headers forbid, in a page of the server; returns what the browser allowed.
    async fn try_guards(&mut self) -> Result<Vec<String>> {
        self.open("/").await?;
        let said = self.driver.wait_for(include_str!("guards.js")).await?;
        self.around.count("pages with guards", 1);
        let said = said.as_array().context("the guards were not tested")?;
        let said = said.iter().filter_map(Value::as_str);
        Ok(said.map(|said| format!("guards: {said}")).collect())
    }

    /// Checks each page in every way, as one person; returns the complaints.
    async fn look_at_all(&mut self, who: &str, pages: &[String]) -> Result<Vec<String>> {
        let axe = folder(self.around).join("node_modules/axe-core/axe.min.js");
        let axe = fs::read_to_string(axe)?;
        let look = [axe.as_str(), include_str!("fits.js"), include_str!("look.js")].join(";");
        let mut complaints = Vec::new();
        for (number, page) in pages.iter().enumerate() {
            let (size, scheme, _) = WAYS[0];
            dress(self.driver, size, scheme).await?;
            self.open(page).await?;
            self.driver.wait_for(&look).await?;
            for (size @ (width, _), scheme, part) in WAYS {
                dress(self.driver, size, scheme).await?;
                let look = format!("window.look({part:?}, arguments[0])");
                let said = self.driver.wait_for(&look).await?;
                self.around.count(&format!("pages at {width} px, {scheme} ({part})"), 1);
                let rules = said["rules"].as_u64().context("the page was not looked at")?;
                self.around.count("rules of axe", usize::try_from(rules)?);
                let said = said["said"].as_array().into_iter().flatten();
                let at = format!("{page} as {who} at {width} px, {scheme}");
                let said = said.filter_map(Value::as_str);
                complaints.extend(said.map(|said| format!("{at}: {said}")));
                if self.around.keep {
                    let name = format!("{who}-{number:02}-{width}-{scheme}.png");
                    shoot(self.driver, &self.shots.join(name)).await?;
                }
            }
        }
        self.around.count("pages", pages.len());
        println!("{} pages looked at as {who}, {} ways each", pages.len(), WAYS.len());
        Ok(complaints)
    }
}

async fn dress(driver: &mut Driver, (width, height): (u32, u32), scheme: &str) -> Result<()> {
    let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    driver.command("Emulation.setDeviceMetricsOverride", &size).await?;
    let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    driver.command("Emulation.setEmulatedMedia", &media).await?;
    Ok(())
}

/// Takes a screenshot of the whole page.
async fn shoot(driver: &mut Driver, file: &Path) -> Result<()> {
    let whole = json!({ "format": "png", "captureBeyondViewport": true });
    let shot = match driver.command("Page.captureScreenshot", &whole).await {
        Ok(shot) => shot,
        // A page may be longer than the largest possible screenshot: then take its beginning.
        Err(_) => {
            let beginning = json!({ "format": "png" });
            driver.command("Page.captureScreenshot", &beginning).await?
        }
    };
    let data = shot["data"].as_str().context("the browser took no screenshot")?;
    Ok(fs::write(file, STANDARD.decode(data)?)?)
}
