//! An operator's first hour, by the browser alone: a server in an empty folder becomes a community with an admin, GitHub, email, a
//! project, a season, and a second person with the first points.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::{OWN_POINTS, OWN_RANK, Scene, called};
use crate::{http::Connection, judges::browser::steps::part, rosters::Mailbox};

/// The longest time from the start of the server to the first points.
const MOST: Duration = Duration::from_secs(600);
const ADMIN: &str = "Ada Fenwick";
const ADDRESS: &str = "ada@fenwick.example";
const NAME: &str = "Fenwick Guild";
const DESCRIPTION: &str = "Lanterns for all. Come and light one.";
const SENDER: &str = "hall@fenwick.example";
const OWNER: &str = "octo-lantern";
const REPOSITORY: &str = "octo-lantern/lantern";
const PROJECT: &str = "Lantern Works";
const SEASON: &str = "Lantern Winter";
/// The second person, who contributes.
const LOGIN: &str = "second-sol";
const TITLE: &str = "Light the first lantern";

/// Takes the path.
pub(super) async fn take(scene: &mut Scene) -> Result<()> {
    for login in [OWNER, LOGIN] {
        scene.github.join(login).await?;
    }
    scene.github.create(OWNER, "lantern").await?;
    let start = Instant::now();
    become_admin(scene).await?;
    name_the_community(scene).await?;
    connect_github(scene).await?;
    // It must be there for the check at the end.
    let _mailbox = set_up_email(scene).await?;
    look_around(scene).await?;
    register(scene).await?;
    start_season(scene).await?;
    join(scene).await?;
    let took = start.elapsed();
    ensure!(took <= MOST, "the first hour took {took:?}, more than {MOST:?}");
    keep(scene)
}

/// Opens the empty server, which leads to its setup, and becomes the first admin with the code of the log.
async fn become_admin(scene: &mut Scene) -> Result<()> {
    scene.arrive().await?;
    let driver = &mut scene.driver;
    driver.lands("Set up your community").await?;
    driver.fill("Code from the log", "0000-0000-0000").await?;
    driver.fill("Your name", ADMIN).await?;
    driver.fill("Your email address", ADDRESS).await?;
    driver.press("Become admin").await?;
    driver.sees("This is not the code of this server").await?;
    driver.holds("Your name", ADMIN).await?;
    let code = scene.installation.logged_code().await?;
    let driver = &mut scene.driver;
    driver.fill("Code from the log", &code.to_lowercase()).await?;
    driver.press("Become admin").await?;
    driver.says(".kicker", "Step 2 of 6").await
}

/// Names and describes the community, chooses its picture and all programs.
async fn name_the_community(scene: &mut Scene) -> Result<()> {
    let address = format!("http://127.0.0.1:{}", scene.port);
    let driver = &mut scene.driver;
    driver.lands("Name and picture").await?;
    driver.holds("Address", &address).await?;
    driver.fill("Name of the community", NAME).await?;
    driver.fill("What it is, in two sentences", DESCRIPTION).await?;
    driver.pick("Picture", "Second drawing").await?;
    driver.press("Save and continue").await?;
    driver.says(".kicker", "Step 3 of 6").await?;
    driver.lands("What will you do here?").await?;
    driver.says(".lintel .mark", NAME).await?;
    for program in ["Hackathons", "CTF teams of schools", "Finding issues"] {
        driver.pick("Programs", program).await?;
    }
    driver.press("Save and continue").await?;
    driver.says(".kicker", "Step 4 of 6").await
}

/// Creates the GitHub App from its manifest on GitHub, and installs it there in a repository.
async fn connect_github(scene: &mut Scene) -> Result<()> {
    let is_scripted = scene.is_scripted;
    let driver = &mut scene.driver;
    driver.lands("Connect GitHub").await?;
    driver.press("Create the app on GitHub").await?;
    if !is_scripted {
        driver.lands("Continue on GitHub").await?;
        driver.press("Continue to GitHub").await?;
    }
    driver.says("h1", &format!("Create GitHub App for {NAME}")).await?;
    driver.press("Create GitHub App").await?;
    driver.lands("Connect GitHub").await?;
    driver.sees(&format!("Connected as {NAME}")).await?;
    driver.reloads_until("main", "GitHub’s messages reach this server").await?;
    scene.github.install(OWNER, REPOSITORY).await?;
    let driver = &mut scene.driver;
    driver.reloads_until("main", "Installed on 1 repository").await?;
    driver.follow("Continue").await?;
    driver.says(".kicker", "Step 5 of 6").await
}

/// Enters a mail server, which takes a test, and verifies the own address with the link in it.
async fn set_up_email(scene: &mut Scene) -> Result<Mailbox> {
    let (mailbox, port) = Mailbox::beside(&scene.installation)?;
    Connection::once_open(port).await?;
    let driver = &mut scene.driver;
    driver.lands("Email").await?;
    driver.fill("Mail server", "127.0.0.1").await?;
    driver.fill("Port", &port.to_string()).await?;
    driver.fill("From", SENDER).await?;
    driver.holds("Send a test to", ADDRESS).await?;
    driver.press("Send a test").await?;
    driver.sees("The mail server took the email, and is saved").await?;
    let waiting = driver.address().await?;
    let token = mailbox.token(ADDRESS).await?;
    let link = format!("/settings/email/verify?token={token}");
    driver.begin_at(scene.port, &link).await?;
    driver.lands("Verify this email address?").await?;
    driver.press("Verify address").await?;
    driver.sees("Email address verified").await?;
    driver.open(&waiting).await?;
    driver.lands(&format!("{NAME} is ready")).await?;
    driver.sees("GitHub: An app").await?;
    driver.sees(&format!("Email: {SENDER}")).await?;
    driver.misses("Problem").await?;
    Ok(mailbox)
}

/// Opens the community, and looks at the pages of admins.
async fn look_around(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow("Open the community").await?;
    driver.lands("Welcome, Ada").await?;
    driver.choose_in_menu("Admin").await?;
    driver.lands("Nothing waits for an admin").await?;
    driver.follow_in(&part("Admin"), "Health").await?;
    driver.lands("Health").await?;
    driver.follow_in(&part("Admin"), "Settings").await?;
    driver.lands("Settings").await?;
    driver.sees(NAME).await
}

/// Creates a project, and registers a repository in it by its address.
async fn register(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow_in(&part("Main"), "Home").await?;
    driver.follow("Add a project").await?;
    driver.lands("New project").await?;
    driver.fill("Name", PROJECT).await?;
    driver.press("Create project").await?;
    driver.lands(PROJECT).await?;
    driver.sees("Register its repository next").await?;
    driver.follow("Manage").await?;
    driver.lands(&format!("Maintainers of {PROJECT}")).await?;
    driver.follow_in(&part(&format!("Manage {PROJECT}")), "Repositories").await?;
    driver.lands(&format!("Repositories of {PROJECT}")).await?;
    driver.follow("Register a repository").await?;
    driver.lands("Register a repository").await?;
    driver.fill("Repository", &format!("https://github.com/{REPOSITORY}")).await?;
    driver.press("Register repository").await?;
    driver.lands(&format!("Repositories of {PROJECT}")).await?;
    driver.sees(&format!("{REPOSITORY} is registered")).await?;
    driver.reloads_until(".table", "Read from GitHub").await?;
    driver.sees("Connected by the GitHub App").await
}

/// Starts a season of the proposed six weeks with the project.
async fn start_season(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow_in(&part("Main"), "Events").await?;
    driver.follow("All seasons").await?;
    driver.lands("Seasons").await?;
    driver.follow("New season").await?;
    driver.lands("New season").await?;
    driver.pick("When?", "Six weeks").await?;
    driver.fill("Name", SEASON).await?;
    driver.press("Create draft").await?;
    driver.sees(&format!("{SEASON} is a draft")).await?;
    driver.lands(&format!("Publish {SEASON}?")).await?;
    driver.press("Publish").await?;
    driver.sees(&format!("{SEASON} is published")).await?;
    driver.lands(SEASON).await?;
    driver.sees(PROJECT).await?;
    driver.sign_out().await
}

/// A second person signs in by the App, and earns the first points, which everyone sees.
async fn join(scene: &mut Scene) -> Result<()> {
    scene.arrive().await?;
    let driver = &mut scene.driver;
    driver.lands(NAME).await?;
    driver.sees(DESCRIPTION).await?;
    driver.text(".banner-pic").await?;
    driver.reloads_until("main", SEASON).await?;
    scene.sign_in(LOGIN).await?;
    scene.github.open_pull(LOGIN, REPOSITORY, TITLE).await?;
    let driver = &mut scene.driver;
    driver.reloads_until("main", TITLE).await?;
    driver.follow_in(&part("Main"), "Leaderboards").await?;
    driver.lands("Leaderboard").await?;
    driver.reloads_until(OWN_RANK, "people near you").await?;
    driver.says(OWN_POINTS, "10").await?;
    driver.sign_out().await?;
    scene.arrive().await?;
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
