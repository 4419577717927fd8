//! An operator's first hour: a new installation becomes a community with an admin, a project and its first points.

use std::fs;

use anyhow::{Result, ensure};

use super::{OWN_POINTS, OWN_RANK, Scene, called};
use crate::judges::browser::steps::part;

const LOGIN: &str = "first-fenwick";
const OWNER: &str = "octo-lantern";
const NAME: &str = "Fenwick Guild";
const TITLE: &str = "Light the first lantern";
const MARK: &str =
    r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>"#;

/// Takes the path.
pub(super) async fn take(scene: &mut Scene) -> Result<()> {
    scene.github.join(LOGIN).await?;
    scene.github.join(OWNER).await?;
    become_admin(scene).await?;
    name_the_community(scene).await?;
    register(scene).await?;
    see_the_first_points(scene).await?;
    keep(scene)
}

/// Signs in to the empty server, and becomes an admin by the command line.
async fn become_admin(scene: &mut Scene) -> Result<()> {
    scene.arrive().await?;
    scene.driver.lands("Guildhall").await?;
    scene.driver.sees("No points yet").await?;
    scene.driver.follow("See the projects").await?;
    scene.driver.lands("Projects").await?;
    scene.driver.sees("No projects yet").await?;
    scene.driver.follow_in(&part("Main"), "Home").await?;
    scene.driver.lands("Guildhall").await?;
    scene.sign_in(LOGIN).await?;
    scene.greets(LOGIN).await?;
    scene.installation.quietly(&["user", "grant", LOGIN, "--role", "admin"])?;
    let driver = &mut scene.driver;
    driver.open_again().await?;
    driver.choose_in_menu("Admin").await?;
    driver.lands("Needs an admin").await?;
    driver.follow_in(&part("Admin"), "Health").await?;
    driver.lands("Health").await
}

/// Sets the URL, and the name, the description and the mark of the community, and restarts the server.
async fn name_the_community(scene: &mut Scene) -> Result<()> {
    let mark = scene.installation.data.join("mark.svg");
    fs::write(&mark, MARK)?;
    let address = format!("127.0.0.1:{}", scene.port);
    scene.installation.settings.extend([
        ("GUILDHALL_PUBLIC_URL", format!("http://{address}")),
        ("GUILDHALL_BIND", address),
        ("GUILDHALL_COMMUNITY_NAME", NAME.to_owned()),
        ("GUILDHALL_COMMUNITY_DESCRIPTION", "Lanterns for all.".to_owned()),
        ("GUILDHALL_COMMUNITY_MARK", mark.display().to_string()),
    ]);
    scene.restart().await?;
    scene.arrive().await?;
    let driver = &mut scene.driver;
    driver.says(".lintel .mark", NAME).await?;
    driver.choose_in_menu("Admin").await?;
    driver.follow_in(&part("Admin"), "Settings").await?;
    driver.lands("Settings").await?;
    driver.says("main", NAME).await?;
    driver.says("main", "Lanterns for all.").await
}

/// Creates a project with a repository, whose webhook GitHub pings.
async fn register(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow_in(&part("Main"), "Projects").await?;
    driver.sees("An admin of this server adds").await?;
    driver.follow("New project").await?;
    driver.lands("New project").await?;
    driver.follow_in(&part("Main"), "Projects").await?;
    scene.project("Lantern Works", "lantern", OWNER).await?;
    let driver = &mut scene.driver;
    driver.reloads_until("main", "Lantern Works").await?;
    driver.follow("Lantern Works").await?;
    driver.lands("Lantern Works").await?;
    driver.sees("octo-lantern/lantern").await?;
    driver.sees("No pull requests here").await
}

/// A signed delivery arrives: it is on the project's page, in the list of deliveries and on the leaderboard.
async fn see_the_first_points(scene: &mut Scene) -> Result<()> {
    let repository = format!("{OWNER}/lantern");
    scene.github.open_pull(LOGIN, &repository, TITLE).await?;
    let driver = &mut scene.driver;
    driver.reloads_until("main", TITLE).await?;
    driver.choose_in_menu("Admin").await?;
    driver.follow_in(&part("Admin"), "Deliveries").await?;
    driver.lands("Deliveries").await?;
    driver.follow("pull_request.opened").await?;
    driver.lands("pull_request.opened").await?;
    driver.sees("Done").await?;
    driver.follow_in(&part("Main"), "Leaderboards").await?;
    driver.lands("Leaderboard").await?;
    driver.reloads_until(OWN_RANK, "people near you").await?;
    driver.says(OWN_POINTS, "10").await?;
    driver.sign_out().await?;
    scene.arrive().await?;
    scene.driver.lands(NAME).await?;
    scene.driver.sees("Lanterns for all.").await?;
    scene.driver.sees(&called(LOGIN)).await
}

/// Checks the installation and backs it up while the server is running.
fn keep(scene: &Scene) -> Result<()> {
    let backup = scene.installation.data.join("backup.db");
    let to = backup.display().to_string();
    for command in [&["doctor"][..], &["ledger", "verify"], &["backup", "--to", &to]] {
        scene.installation.quietly(command)?;
    }
    ensure!(backup.exists(), "there is no backup");
    Ok(())
}
