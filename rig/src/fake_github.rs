//! The simulated GitHub, and signing in with it.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{
    deliveries::PATH,
    http::{Connection, path_of, request, with_cookies},
    installation::{Installation, SECRET},
};
use xtask::process::Daemon;

/// The cookie of a session.
pub(crate) const SESSION: &str = "guildhall-session";
/// The cookie of an attempt to sign in.
pub(crate) const ATTEMPT: &str = "guildhall-sign-in";
/// The page that sends people to GitHub.
pub(crate) const BEGIN: &str = "/sign-in/github";

/// A repository of a generated community.
pub(crate) struct Guild {
    /// `owner/name`.
    pub(crate) full_name: String,
    /// The number of its open issues.
    pub(crate) open_issues: usize,
}

/// The calls of the API.
pub(crate) struct Calls {
    /// The answered ones, by their kind.
    pub(crate) answered: BTreeMap<String, u64>,
    /// The number that was refused because of a limit.
    pub(crate) limited: u64,
    /// The number that failed, or was refused for another reason.
    pub(crate) failed: u64,
}

impl Calls {
    /// Returns the calls since an earlier count.
    pub(crate) fn since(&self, before: &Self) -> Self {
        let earlier = |kind| before.answered.get(kind).copied().unwrap_or_default();
        let own = self.answered.iter();
        let own = own.map(|(kind, calls)| (kind.clone(), calls - earlier(kind)));
        Self {
            answered: own.filter(|(_, calls)| *calls > 0).collect(),
            limited: self.limited - before.limited,
            failed: self.failed - before.failed,
        }
    }

    /// Returns the number of those that were answered.
    pub(crate) fn total(&self) -> u64 {
        self.answered.values().sum()
    }
}

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
        let (port, daemon) = installation.fake("github")?;
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
        Ok(Self { port, people: people.into(), _daemon: daemon })
    }

    /// Returns the settings with which a server without any others finds it.
    pub(crate) fn where_it_is(&self) -> Vec<(&'static str, String)> {
        let url = format!("http://127.0.0.1:{}", self.port);
        vec![
            ("GUILDHALL_GITHUB_URL", url.clone()),
            ("GUILDHALL_GITHUB_API_URL", url),
            ("GITHUB_WEBHOOK_SECRET", String::new()),
        ]
    }

    /// Changes a setting of the fake.
    pub(crate) async fn change(&self, path: &str, change: &Value) -> Result<()> {
        let answer = request(self.port, "POST", path, &[], Some(change)).await?;
        ensure!(answer.status == 200, "the fake GitHub refused {path}: {}", answer.text());
        Ok(())
    }

    /// Creates a community of repositories with open issues; returns the repositories.
    pub(crate) async fn settle(
        &self,
        repositories: usize,
        issues: usize,
        seed: u64,
    ) -> Result<Vec<Guild>> {
        let wanted = json!({ "repositories": repositories, "issues": issues, "seed": seed });
        let answer = request(self.port, "POST", "/_community", &[], Some(&wanted)).await?;
        ensure!(answer.status == 201, "no community: {}", answer.text());
        let created = answer.json()?;
        let created = created["repositories"].as_array();
        let created = created.context("no repositories were created")?;
        let guild = |own: &Value| {
            Some(Guild {
                full_name: own["full_name"].as_str()?.to_owned(),
                open_issues: usize::try_from(own["open_issues"].as_u64()?).ok()?,
            })
        };
        let guilds: Option<Vec<Guild>> = created.iter().map(guild).collect();
        guilds.context("a repository without name or number")
    }

    /// Counts the calls of the API so far.
    pub(crate) async fn calls(&self) -> Result<Calls> {
        let answer = request(self.port, "GET", "/_calls", &[], None).await?;
        let answer = answer.json()?;
        let kinds = answer.as_object().context("no calls are counted")?;
        let sum = |own: &Value, of: &[&str]| -> u64 {
            let counts = of.iter().map(|of| own[of].as_u64());
            counts.flatten().sum()
        };
        let answered =
            |(kind, own): (&String, &Value)| (kind.clone(), sum(own, &["answered", "unchanged"]));
        let all = |of: &[&str]| kinds.values().map(|own| sum(own, of)).sum();
        Ok(Calls {
            answered: kinds.iter().map(answered).collect(),
            limited: all(&["limited"]),
            failed: all(&["failed", "refused"]),
        })
    }

    /// Adds a person.
    pub(crate) async fn join(&self, login: &str) -> Result<()> {
        let person = json!({ "login": login });
        let answer = request(self.port, "POST", "/_people", &[], Some(&person)).await?;
        ensure!(answer.status == 201, "{login}: {}", answer.text());
        Ok(())
    }

    /// Calls GitHub's API as a person.
    pub(crate) async fn act(
        &self,
        login: &str,
        (method, path): (&str, &str),
        body: &Value,
    ) -> Result<Value> {
        let token = format!("Bearer token-{login}");
        let headers = [("Authorization", token.as_str())];
        let answer = request(self.port, method, path, &headers, Some(body)).await?;
        ensure!(
            (200..300).contains(&answer.status),
            "GitHub refused {method} {path} by {login}: {}",
            answer.text()
        );
        answer.json()
    }

    /// Creates a repository of a person; returns its GitHub ID.
    pub(crate) async fn create(&self, owner: &str, name: &str) -> Result<u64> {
        let name = json!({ "name": name });
        let created = self.act(owner, ("POST", "/user/repos"), &name).await?;
        created["id"].as_u64().context("a repository without ID")
    }

    /// Adds a webhook to a repository of a person, for the server at `port`.
    pub(crate) async fn add_hook(&self, (owner, name): (&str, &str), port: u16) -> Result<()> {
        let url = format!("http://127.0.0.1:{port}{PATH}");
        let config = json!({ "url": url, "content_type": "json", "secret": SECRET });
        let events = ["pull_request", "pull_request_review", "push", "repository"];
        let hook = json!({ "events": events, "config": config });
        let path = format!("/repos/{owner}/{name}/hooks");
        self.act(owner, ("POST", &path), &hook).await.map(drop)
    }

    /// Installs the App of a server in a repository, which people do on GitHub's pages.
    pub(crate) async fn install(&self, account: &str, repository: &str) -> Result<()> {
        let wanted = json!({ "account": account, "repositories": [repository] });
        let answer = request(self.port, "POST", "/_installations", &[], Some(&wanted)).await?;
        ensure!(answer.status == 201, "the App is not installed: {}", answer.text());
        Ok(())
    }

    /// Tells it the story of a repository's code at `/_code`, or of a push at `/_code/OWNER/NAME`, which it delivers.
    pub(crate) async fn tell(&self, path: &str, story: &Value) -> Result<()> {
        let answer = request(self.port, "POST", path, &[], Some(story)).await?;
        ensure!(answer.status == 201, "{path}: {}", answer.text());
        Ok(())
    }

    /// Opens a pull request; returns its path in the API.
    pub(crate) async fn open_pull(
        &self,
        author: &str,
        repository: &str,
        title: &str,
    ) -> Result<String> {
        let pull = json!({ "title": title, "head": format!("{author}:change"), "base": "main" });
        let path = format!("/repos/{repository}/pulls");
        let opened = self.act(author, ("POST", &path), &pull).await?;
        Ok(format!("{path}/{}", opened["number"]))
    }

    /// Follows a link of GitHub's page; returns the path of the callback.
    pub(crate) async fn back_from(&self, link: &str) -> Result<String> {
        let mut connection = Connection::open(self.port).await?;
        let answer = connection.get(path_of(link)).await?;
        let back = answer.header("location").context("GitHub sends no redirect")?;
        Ok(path_of(back).to_owned())
    }

    /// Signs in to the server at `port` without a browser; returns the session.
    pub(crate) async fn sign_in(&self, port: u16, login: &str) -> Result<String> {
        let begun = with_cookies(port, BEGIN, "").await?;
        let attempt = format!("{ATTEMPT}={}", begun.cookie(ATTEMPT)?);
        let to = begun.header("location").context("the server sent no request to GitHub")?;
        let link = format!("{}&login={login}", path_of(to));
        let back = self.back_from(&link).await?;
        with_cookies(port, &back, &attempt).await?.cookie(SESSION)
    }

    /// Connects GitHub for a person with a session at the server at `port`, which can then create webhooks in their
    /// name.
    pub(crate) async fn connect(&self, port: u16, login: &str, session: &str) -> Result<()> {
        let session = format!("{SESSION}={session}");
        let headers = [("Cookie", session.as_str()), ("Sec-Fetch-Site", "same-origin")];
        let begun = request(port, "POST", "/settings/github/connect", &headers, None).await?;
        let to = begun.header("refresh").and_then(|value| value.strip_prefix("0; url="));
        let to = to.with_context(|| format!("nothing leads to GitHub: {}", begun.text()))?;
        let link = format!("{}&login={login}", path_of(to));
        let cookies = format!("{session}; {ATTEMPT}={}", begun.cookie(ATTEMPT)?);
        let back = self.back_from(&link).await?;
        let done = with_cookies(port, &back, &cookies).await?;
        ensure!(done.status == 303, "GitHub is not connected: {}", done.text());
        Ok(())
    }
}
