//! Paths that people take through the product, each with scripts and without, but that of a hackathon only without. They
//! open one address; from then on they follow links, press buttons and fill in forms.

mod admin;
mod coach;
mod contributor;
pub(super) mod finder;
mod hackathon;
mod maintainer;
mod operator;
mod season;
mod stranger;
pub(super) mod visitor;

use std::{
    fs,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use serde_json::json;

use super::{dress, driver::Driver};
use crate::{
    fake_github::Github,
    installation::{Installation, Serving},
    judges::{Step, Surroundings, runtime},
};
use xtask::{fetch, postgres::free_port, tally::Tally};

/// A new installation with a simulated GitHub, and a browser.
struct Scene {
    driver: Driver,
    /// True if pages may run scripts.
    is_scripted: bool,
    github: Github,
    installation: Installation,
    /// The server; none while it is restarted.
    serving: Option<Serving>,
    port: u16,
}

/// The state of a server at the beginning of paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beginning {
    /// It has no admin and no settings, and knows only where GitHub is, which is simulated.
    Empty,
    /// It has an admin, and its settings are in the environment.
    SetUp,
}

/// The part of a leaderboard that shows the own rank, and its points.
const OWN_RANK: &str = "[aria-labelledby='own-rank']";
const OWN_POINTS: &str = "[aria-labelledby='own-rank'] .me .pts";

/// Returns the name of a person at the simulated GitHub, which pages show with the login.
fn called(login: &str) -> String {
    login.replace('-', " ")
}

/// Takes each path with a browser that has no cookies, and counts it.
macro_rules! take {
    ($around:ident, $scene:ident: $($path:ident),+ $(,)?) => {{
        let mut complaints = Vec::new();
        $(
            let start = Instant::now();
            if let Err(error) = async { $scene.forget().await?; $path::take(&mut $scene).await }.await {
                complaints.push(format!("{}: {error:#}", stringify!($path)));
            }
            $around.count("paths", 1);
            println!("path of the {}: {:.1} s", stringify!($path), start.elapsed().as_secs_f64());
        )+
        complaints
    }};
}

/// Fetches the browser.
pub(in crate::judges) fn prepare(around: &Surroundings) -> Result<()> {
    fetch::browser_or_install(around.install).map(drop)
}

/// The steps, by their names.
const SCRIPTED: &str = "paths with scripts";
const PLAIN: &str = "paths without scripts";
const HACKATHON: &str = "path of a hackathon without scripts";

/// Takes all paths, on servers that run side by side: some wait for deadlines.
pub(in crate::judges) fn run(around: &Surroundings, tally: &mut Tally) -> Result<()> {
    let steps: Vec<Step> = [SCRIPTED, PLAIN, HACKATHON]
        .map(|name| -> Step { (name, Box::new(move || runtime()?.block_on(judge(around, name)))) })
        .into();
    around.side_by_side(tally, steps);
    Ok(())
}

/// Takes the paths of a step on new servers; an error says where they ended.
async fn judge(around: &Surroundings<'_>, step: &str) -> Result<()> {
    let mut complaints = Vec::new();
    if step != HACKATHON {
        let mut scene = Scene::open(around, step, Beginning::Empty).await?;
        complaints.extend(take!(around, scene: operator));
        complaints.extend(scene.close(around).await?);
    }
    let mut scene = Scene::open(around, step, Beginning::SetUp).await?;
    complaints.extend(match step {
        // It waits for real deadlines, which takes minutes, and its pages have no scripts of their own.
        HACKATHON => take!(around, scene: hackathon),
        _ => take!(around, scene: stranger, contributor, maintainer, admin, season, coach),
    });
    complaints.extend(scene.close(around).await?);
    ensure!(complaints.is_empty(), "{}", complaints.join("\n  "));
    Ok(())
}

impl Scene {
    /// Opens a server and a browser.
    async fn open(around: &Surroundings<'_>, step: &str, from: Beginning) -> Result<Self> {
        let is_scripted = step == SCRIPTED;
        let name = format!("{step} {from:?}").replace(' ', "-");
        let data = around.workspace.target.join("judges/paths").join(name);
        let mut installation = Installation::fresh(around.program(), data, None)?;
        let github = Github::start(&installation).await?;
        let port = free_port()?;
        let address = format!("127.0.0.1:{port}");
        match from {
            Beginning::Empty => installation.settings = github.where_it_is(),
            Beginning::SetUp => {
                installation.github = Some(github.port);
                let url = format!("http://{address}");
                installation.settings.push(("GUILDHALL_PUBLIC_URL", url));
            }
        }
        installation.settings.push(("GUILDHALL_BIND", address));
        let serving = installation.serve_at(port).await?;
        if from == Beginning::SetUp {
            serving.found(&installation).await?;
        }
        let (browser, driver) = fetch::browser_or_install(false)?;
        let profile = installation.data.join("profile");
        let mut driver = Driver::start(&driver, &browser, &profile).await?;
        dress(&mut driver, (1440, 900), "light").await?;
        let off = json!({ "value": !is_scripted });
        driver.command("Emulation.setScriptExecutionDisabled", &off).await?;
        Ok(Self { driver, is_scripted, github, installation, port, serving: Some(serving) })
    }

    /// Ends the browser and the server; returns the errors of scripts and policies.
    async fn close(mut self, around: &Surroundings<'_>) -> Result<Vec<String>> {
        let errors = self.driver.console_errors().await?;
        around.count("steps of people", self.driver.steps());
        self.driver.end().await?;
        drop(self.serving.take());
        if !around.keep {
            fs::remove_dir_all(&self.installation.data)?;
        }
        Ok(errors)
    }

    /// Deletes the browser's cookies.
    async fn forget(&mut self) -> Result<()> {
        self.driver.begin_at(self.port, "/livez").await?;
        self.driver.forget_cookies().await
    }

    /// Stops the server and starts it again with the present settings.
    async fn restart(&mut self) -> Result<()> {
        self.serving = None;
        self.serving = Some(self.installation.serve_at(self.port).await?);
        Ok(())
    }

    /// Waits until GitHub's timestamps, which are whole seconds, differ from the previous ones.
    async fn next_second(&self) {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }

    /// Opens the home page, the only address that people know.
    async fn arrive(&mut self) -> Result<()> {
        self.driver.begin_at(self.port, "/").await
    }

    /// Signs in with GitHub from the open page, and returns to it.
    async fn sign_in(&mut self, login: &str) -> Result<()> {
        self.driver.follow_in("//header", "Sign in").await?;
        self.driver.lands("Sign in").await?;
        self.driver.follow("Sign in with GitHub").await?;
        self.driver.says("h1", "Sign in as").await?;
        self.driver.follow(login).await?;
        let signed_in = format!("Signed in as {}", called(login));
        self.driver.says(".account summary", &signed_in).await
    }

    /// Checks that the home page greets a person.
    async fn greets(&mut self, login: &str) -> Result<()> {
        let first = login.split('-').next().unwrap_or_default();
        self.driver.lands(&format!(", {first}")).await
    }

    /// Opens the own profile by the account menu.
    async fn open_profile(&mut self, login: &str) -> Result<()> {
        let own = format!("{} {login} · view profile", called(login));
        self.driver.choose_in_menu(&own).await?;
        self.meets(login).await
    }

    /// Checks that the profile of a person is open.
    async fn meets(&mut self, login: &str) -> Result<()> {
        self.driver.lands(&called(login)).await?;
        self.driver.says(".profile-head .login", login).await
    }

    /// Signs in as another person, on the home page.
    async fn become_person(&mut self, login: &str) -> Result<()> {
        self.forget().await?;
        self.arrive().await?;
        self.sign_in(login).await
    }

    /// Makes a person known to the server, who signs in with another browser.
    async fn introduce(&self, login: &str) -> Result<()> {
        self.github.join(login).await?;
        let session = self.github.sign_in(self.port, login).await?;
        ensure!(!session.is_empty(), "{login} has no session");
        Ok(())
    }

    /// Registers a project whose repository `OWNER/SLUG` delivers to the server.
    async fn project(&self, name: &str, slug: &str, owner: &str) -> Result<()> {
        let id = self.github.create(owner, slug).await?.to_string();
        let create = ["project", "create", "--name", name, "--slug", slug];
        self.installation.quietly(&create)?;
        let repository = format!("{owner}/{slug}");
        let add = ["repo", "add", &repository, "--project", slug, "--github-id", &id];
        self.installation.quietly(&add)?;
        self.github.add_hook((owner, slug), self.port).await
    }
}
