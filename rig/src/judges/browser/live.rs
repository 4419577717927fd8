//! Live updates of an open leaderboard never replace or move what a person points at, presses or has focused; they are shown as
//! soon as the person does something else. `LIVE_UPDATE_RUNS` names how often the case is run, on a new leaderboard each time.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use sqlx::AnyPool;

use super::{driver::Driver, folder, keyboard::ENTER};
use crate::{
    bench::payload::{Statement, day_of, repository_name, slim_body},
    deliveries::{Delivery, id},
    http::Connection,
    installation::{Installation, SECRET, Serving},
    judges::Surroundings,
    undone,
};
use xtask::fetch;

/// The link to the second person of the board, a button below the board and a link above it.
const PERSON: &str = "[data-live=board] tr:nth-child(2) th a";
const BELOW: &str = "#around + button";
const ABOVE: &str = ".lintel a.find";
const HEADING: &str = "h1";
/// The people who are on each board from the beginning.
const FIRST: std::ops::RangeInclusive<u64> = 1..=3;
/// The people of a delivery who are not its author have smaller numbers.
const OTHERS: u64 = 10;
/// More than the people who come to a board.
const MOST: u64 = 20;
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the case, as often as wanted.
pub(super) async fn judge(around: &Surroundings<'_>, binary: &Path) -> Result<()> {
    let runs: u64 = std::env::var("LIVE_UPDATE_RUNS").map_or(Ok(1), |text| text.parse())?;
    let installation = Installation::fresh(binary.to_owned(), folder(around).join("live"), None)?;
    let serving = installation.serve(&[]).await?;
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(&installation.database_url()).await?;
    let (browser, driver) = fetch::browser_or_install(false)?;
    let mut driver = Driver::start(&driver, &browser, &installation.data.join("profile")).await?;
    let before = json!({ "source": include_str!("live.js") });
    driver.command("Page.addScriptToEvaluateOnNewDocument", &before).await?;
    let (mut updates, mut complaints) = (0, Vec::new());
    for run in 1..=runs {
        let mut scene = Scene {
            driver: &mut driver,
            installation: &installation,
            serving: &serving,
            pool: &pool,
            run,
            last: 0,
        };
        let outcome = scene.take().await;
        // Each page of leaderboards links the projects that are not archived.
        let archived = installation.quietly(&["project", "archive", &scene.slug()]);
        if let Err(error) = outcome.and(archived) {
            complaints.push(format!("run {run}: {error:#}"));
        }
        updates += scene.last - FIRST.end();
    }
    around.count("live updates", usize::try_from(updates)?);
    println!("{runs} runs of live updates while a person uses a page: {} failed", complaints.len());
    pool.close().await;
    driver.end().await?;
    drop(serving);
    ensure!(complaints.is_empty(), "{}", complaints.join("\n  "));
    if !around.keep {
        std::fs::remove_dir_all(&installation.data)?;
    }
    Ok(())
}

/// A person at an open leaderboard of a project.
struct Scene<'a> {
    driver: &'a mut Driver,
    installation: &'a Installation,
    serving: &'a Serving,
    pool: &'a AnyPool,
    /// The number of the project and its repository.
    run: u64,
    /// The number of the person who came to the board last.
    last: u64,
}

impl Scene<'_> {
    async fn take(&mut self) -> Result<()> {
        self.create_board().await?;
        self.point().await.context("pointed at")?;
        self.press().await.context("pressed")?;
        self.focus().await.context("focused")?;
        self.point_below().await.context("below the board")?;
        self.point_above().await.context("above the board")?;
        self.come_back().await.context("in the background")
    }

    /// Creates a project with a repository, whose board has a few people.
    async fn create_board(&mut self) -> Result<()> {
        let (slug, id) = (self.slug(), self.run.to_string());
        self.installation.quietly(&["project", "create", "--name", &slug, "--slug", &slug])?;
        let name = repository_name(self.run);
        let add = ["repo", "add", &name, "--project", &slug, "--github-id", &id];
        self.installation.quietly(&add)?;
        for _ in FIRST {
            self.deliver().await?;
        }
        undone::wait(self.pool, PATIENCE).await
    }

    /// The person under the pointer stays there, and the update is shown when the pointer leaves.
    async fn point(&mut self) -> Result<()> {
        self.open().await?;
        self.driver.point_at(PERSON).await?;
        self.stays(PERSON).await?;
        self.waits().await?;
        self.driver.point_at(HEADING).await?;
        self.shows().await
    }

    /// A click works although an update arrives between its two halves.
    async fn press(&mut self) -> Result<()> {
        self.open().await?;
        let login = self.driver.text(PERSON).await?;
        self.driver.point_at(PERSON).await?;
        self.driver.press_mouse().await?;
        self.stays(PERSON).await?;
        self.driver.release_mouse().await?;
        self.driver.lands(&login).await
    }

    /// The link with the focus keeps it, and can be followed.
    async fn focus(&mut self) -> Result<()> {
        self.open().await?;
        let login = self.driver.text(PERSON).await?;
        self.driver.tab_to(&login).await?;
        self.stays(PERSON).await?;
        self.driver.has_focus(&login).await?;
        self.driver.press_keys(ENTER).await?;
        self.driver.lands(&login).await
    }

    /// A new row of the board moves no button that is pointed at.
    async fn point_below(&mut self) -> Result<()> {
        self.open().await?;
        self.driver.point_at(BELOW).await?;
        self.stays(BELOW).await?;
        self.waits().await?;
        self.driver.point_at(HEADING).await?;
        self.shows().await
    }

    /// An update that moves nothing that is used is shown at once.
    async fn point_above(&mut self) -> Result<()> {
        self.open().await?;
        self.driver.point_at(ABOVE).await?;
        self.stays(ABOVE).await?;
        let shown = self.board().await?;
        ensure!(shown.contains(&self.login()), "an update waits: {shown}");
        Ok(())
    }

    /// A page that comes back to the foreground shows what it missed.
    async fn come_back(&mut self) -> Result<()> {
        self.open().await?;
        self.driver.wait_for("window.turnVisible('hidden'); arguments[0]()").await?;
        self.deliver().await?;
        undone::wait(self.pool, PATIENCE).await?;
        self.driver.wait_for("window.turnVisible('visible'); arguments[0]()").await?;
        self.shows().await
    }

    /// Opens the board, and waits until it listens for updates.
    async fn open(&mut self) -> Result<()> {
        let path = format!("/leaderboards/projects/{}", self.slug());
        // Away from every control.
        self.driver.begin_at(self.serving.port, "/livez").await?;
        self.driver.begin_at(self.serving.port, &path).await?;
        self.driver.point_at(HEADING).await?;
        let can = "arguments[0](matchMedia('(hover: hover) and (pointer: fine)').matches)";
        ensure!(self.driver.wait_for(can).await? == true, "the browser has no mouse");
        self.driver.wait_for("window.once(() => window.isListening, arguments[0])").await?;
        let shown = self.board().await?;
        ensure!(shown.contains(&self.login()), "the board lacks {}: {shown}", self.login());
        Ok(())
    }

    /// Adds a person to the board, and checks that an element is still where it was when the page knows of it.
    async fn stays(&mut self, selector: &str) -> Result<()> {
        let hold = format!("window.hold(document.querySelector({selector:?})); arguments[0]()");
        self.driver.wait_for(&hold).await?;
        self.deliver().await?;
        let knows = format!("() => window.fetched.includes({:?})", self.login());
        let lost = format!("window.once({knows}, () => arguments[0](window.lost()))");
        let lost = self.driver.wait_for(&lost).await?;
        ensure!(lost == Value::Null, "`{selector}` is not where it was: {lost}");
        Ok(())
    }

    /// Checks that the board does not show the last person yet.
    async fn waits(&mut self) -> Result<()> {
        let shown = self.board().await?;
        ensure!(!shown.contains(&self.login()), "the board was replaced: {shown}");
        Ok(())
    }

    /// Waits until the board shows the last person.
    async fn shows(&mut self) -> Result<()> {
        let login = self.login();
        self.driver.says("[data-live=board]", &login).await
    }

    async fn board(&mut self) -> Result<String> {
        self.driver.text("[data-live=board]").await
    }

    /// Delivers the merged pull request of a person who is new to the board.
    async fn deliver(&mut self) -> Result<()> {
        self.last += 1;
        // Merged before those of the others, so that the new row is above theirs.
        let (number, day) = (self.last, day_of(1, MOST - self.last));
        let author = number + OTHERS;
        let merge = Statement { repository: self.run, number, author, day, merged: true };
        let id = id(&self.slug(), number);
        let delivery = Delivery { event: "pull_request", id: &id, body: &slim_body(merge) };
        let mut connection = Connection::open(self.serving.port).await?;
        let answer = connection.send(&delivery.request(SECRET)).await?;
        ensure!(answer.status == 202, "the delivery was answered {}", answer.status);
        Ok(())
    }

    fn slug(&self) -> String {
        format!("live-{}", self.run)
    }

    /// Returns the login of the last person.
    fn login(&self) -> String {
        format!("octocat-{}", self.last + OTHERS)
    }
}
