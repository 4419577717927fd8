//! The simulated GitHub, and signing in with it.

use std::fs::File;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{
    http::{Connection, path_of, request, with_cookies},
    installation::Installation,
};
use xtask::{
    postgres::free_port,
    process::{Daemon, Farewell, tied},
};

/// The cookie of a session.
pub(crate) const SESSION: &str = "guildhall-session";
/// The cookie of an attempt to sign in.
pub(crate) const ATTEMPT: &str = "guildhall-sign-in";
/// The page that sends people to GitHub.
pub(crate) const BEGIN: &str = "/sign-in/github";

/// A running fake GitHub.
pub(crate) struct Github {
    /// Its port on 127.0.0.1.
    pub(crate) port: u16,
    /// Two of its people.
    pub(crate) people: [String; 2],
    _daemon: Daemon,
}

impl Github {
    /// Starts it, with its log in the data folder of an installation.
    pub(crate) async fn start(installation: &Installation) -> Result<Self> {
        let port = free_port()?;
        let mut command = tied(&installation.binary, Farewell::Terminate, None)?;
        let log = File::create(installation.data.join("github.log"))?;
        command
            .args(["fake", "github", "--bind"])
            .arg(format!("127.0.0.1:{port}"))
            .stdout(log.try_clone()?)
            .stderr(log);
        let daemon = Daemon::start(&mut command, Farewell::Terminate)?;
        let asked = "/login/oauth/authorize?client_id=guildhall&redirect_uri=http://127.0.0.1/";
        let page = Connection::once_open(port).await?.get(asked).await?;
        let page = String::from_utf8(page.body)?;
        let mut people = page.split("login=").skip(1);
        let mut person = || {
            let login = people.next()?.split('"').next()?;
            Some(login.to_owned())
        };
        let people = person().zip(person());
        let people = people.context("the fake GitHub has no person to sign in as")?;
        Ok(Self {
            port,
            people: people.into(),
            _daemon: daemon,
        })
    }

    /// Changes a setting of the fake.
    pub(crate) async fn change(&self, path: &str, change: &Value) -> Result<()> {
        let answer = request(self.port, "POST", path, &[], Some(change)).await?;
        ensure!(
            answer.status == 200,
            "the fake GitHub refused {path}: {}",
            answer.text()
        );
        Ok(())
    }

    /// Follows a link of GitHub's page; returns the path of the callback.
    pub(crate) async fn back_from(&self, link: &str) -> Result<String> {
        let mut connection = Connection::open(self.port).await?;
        let answer = connection.get(path_of(link)).await?;
        let back = answer
            .header("location")
            .context("GitHub sends no redirect")?;
        Ok(path_of(back).to_owned())
    }

    /// Signs in to the server at `port` without a browser; returns the session.
    pub(crate) async fn sign_in(&self, port: u16, login: &str) -> Result<String> {
        let begun = with_cookies(port, BEGIN, "").await?;
        let attempt = format!("{ATTEMPT}={}", begun.cookie(ATTEMPT)?);
        let to = begun
            .header("location")
            .context("the server sent no request to GitHub")?;
        let link = format!("{}&login={login}", path_of(to));
        let back = self.back_from(&link).await?;
        with_cookies(port, &back, &attempt).await?.cookie(SESSION)
    }
}
