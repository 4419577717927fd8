//! A sample of each kind of email, as the demo shows them: on a phone and in a window, light and dark, with images blocked. Nothing may be
//! cut off or scroll sideways, one button is visible, and the contrast is enough.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::{dress, driver::Driver, folder, shoot};
use crate::{http::Connection, installation::Installation, judges::Surroundings};
use xtask::fetch;

/// The page that lists the samples.
const LIST: &str = "/dev/mail";
/// The least number of samples.
const FEWEST: usize = 55;
/// The widths of a phone and of the frame of an email with a margin.
const SIZES: [(u32, u32); 2] = [(390, 844), (640, 900)];
/// Samples of emails to people who have no page to open.
const WITHOUT_BUTTON: [&str; 1] = ["ctf-reminder-sign-in"];
/// The addresses of images.
const IMAGES: [&str; 2] = ["*/assets/*", "*/pictures/*"];

/// Looks at all samples.
pub(super) async fn judge(around: &Surroundings<'_>, binary: &Path) -> Result<()> {
    let place = folder(around).join("mails");
    let installation = Installation::fresh(binary.to_owned(), place, None)?;
    let serving = around.demo(&installation).await?;
    let names = names(serving.port).await?;
    let (browser, driver) = fetch::browser_or_install(false)?;
    let profile = installation.data.join("profile");
    let mut driver = Driver::start(&driver, &browser, &profile).await?;
    let looked = look_at_all(around, &mut driver, serving.port, &names).await;
    // Quit the browser even after an error: it outlives the program that drives it.
    driver.end().await?;
    let complaints = looked?;
    ensure!(complaints.is_empty(), "{}", complaints.join("\n  "));
    Ok(())
}

/// Returns the names of the samples.
async fn names(port: u16) -> Result<BTreeSet<String>> {
    let page = Connection::open(port).await?.get(LIST).await?.text();
    let begin = format!("href=\"{LIST}/");
    let links = page.split(&begin).skip(1);
    let names = links.filter_map(|rest| rest.split('"').next().map(str::to_owned));
    let names: BTreeSet<String> = names.collect();
    ensure!(names.len() >= FEWEST, "{LIST} lists {} samples: {names:?}", names.len());
    Ok(names)
}

async fn look_at_all(
    around: &Surroundings<'_>,
    driver: &mut Driver,
    port: u16,
    names: &BTreeSet<String>,
) -> Result<Vec<String>> {
    let axe = fs::read_to_string(folder(around).join("node_modules/axe-core/axe.min.js"))?;
    let check = [axe.as_str(), include_str!("fits.js"), include_str!("mails.js")].join(";");
    let shots = folder(around).join("shots/mails");
    fs::create_dir_all(&shots)?;
    driver.command("Network.enable", &json!({})).await?;
    driver.command("Network.setBlockedURLs", &json!({ "urls": IMAGES })).await?;
    let mut complaints = Vec::new();
    for name in names {
        let buttons = usize::from(!WITHOUT_BUTTON.contains(&name.as_str()));
        driver.begin_at(port, &format!("{LIST}/{name}")).await?;
        driver.wait_for(&check).await?;
        for (size @ (width, _), scheme) in
            SIZES.into_iter().flat_map(|size| [(size, "light"), (size, "dark")])
        {
            dress(driver, size, scheme).await?;
            let said =
                driver.wait_for(&format!("window.checkMail({buttons}, arguments[0])")).await?;
            let said = said.as_array().context("the email was not looked at")?;
            let said = said.iter().filter_map(Value::as_str);
            let at = format!("{name} at {width} px, {scheme}");
            complaints.extend(said.map(|said| format!("{at}: {said}")));
            if around.keep {
                shoot(driver, &shots.join(format!("{name}-{width}-{scheme}.png"))).await?;
            }
            around.count("emails in a width and a color scheme", 1);
        }
    }
    around.count("emails", names.len());
    Ok(complaints)
}
