use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use sqlx::AnyPool;

use crate::{
    deliveries::{self, Delivery},
    fake_github::{Github, SESSION},
    http::{Answer, Connection, request},
    installation::{Installation, Serving},
    judges::Surroundings,
    undone,
};
use xtask::process::Daemon;

/// The token of `/metrics`.
pub(super) const METRICS_TOKEN: &str = "a token for this run only";

/// A registered repository with its own webhook.
#[derive(Clone, Copy)]
pub(super) struct Repository {
    pub(super) id: u64,
    pub(super) name: &'static str,
    pub(super) hook: u64,
    pub(super) secret: &'static str,
}

/// The repository that is attacked.
pub(super) const GENUINE: Repository =
    Repository { id: 1, name: "octo-org/lantern", hook: 501, secret: "the lantern's own secret" };

/// The repository whose secret the attacker has.
pub(super) const HOSTILE: Repository =
    Repository { id: 2, name: "octo-org/harbor", hook: 502, secret: "the harbor's own secret" };

/// A session of a person.
pub(super) struct Person {
    pub(super) login: String,
    pub(super) id: String,
    port: u16,
    cookie: String,
}

impl Person {
    /// Sends a request as a page of this site would.
    pub(super) async fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Answer> {
        let own = [("Cookie", self.cookie.as_str()), ("Sec-Fetch-Site", "same-origin")];
        request(self.port, method, path, &[&own, headers].concat(), body).await
    }
}

/// The attacked server, with what an operator would set up.
pub(super) struct Target {
    pub(super) installation: Installation,
    pub(super) serving: Serving,
    pub(super) pool: AnyPool,
    pub(super) github: Github,
    /// The folder of all data of this judge.
    pub(super) folder: PathBuf,
    sent: AtomicU64,
    _mail: Daemon,
}

impl Target {
    pub(super) async fn start(around: &Surroundings<'_>) -> Result<Self> {
        let folder = around.workspace.target.join("judges/attacks");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let mut installation = Installation::fresh(around.program(), folder.join("live"), None)?;
        let github = Github::start(&installation).await?;
        let (port, mail) = installation.fake("smtp")?;
        installation.github = Some(github.port);
        installation.mail = Some(port);
        let token = ("GUILDHALL_METRICS_TOKEN", METRICS_TOKEN.to_owned());
        installation.settings.push(token);
        installation.quietly(&["migrate", "up", "--create"])?;
        installation.quietly(&["project", "create", "--name", "season"])?;
        for repository in [GENUINE, HOSTILE] {
            register(&installation, repository)?;
        }
        let serving = installation.serve(&[]).await?;
        let pool = AnyPool::connect(&installation.database_url()).await?;
        Ok(Self {
            installation,
            serving,
            pool,
            github,
            folder,
            sent: AtomicU64::new(0),
            _mail: mail,
        })
    }

    /// Returns the everyday body of an opened pull request.
    pub(super) fn opened(
        &self,
        repository: Repository,
        number: u64,
        (id, login): (u64, &str),
    ) -> Value {
        let someone = |id: u64, login: &str| json!({ "login": login, "id": id, "type": "User", "avatar_url": "https://avatars.example/1" });
        let (owner, name) = repository.name.split_once('/').unwrap_or_default();
        let object = json!({
            "id": repository.id, "name": name, "full_name": repository.name, "private": false,
            "owner": someone(900, owner),
        });
        let side =
            |name: &str| json!({ "ref": name, "sha": "a".repeat(40), "repo": object.clone() });
        json!({
            "action": "opened", "number": number, "repository": object, "sender": someone(id, login),
            "pull_request": {
                "id": repository.id * 1_000 + number, "number": number, "title": "The genuine one", "state": "open",
                "draft": false, "user": someone(id, login), "created_at": "2026-10-02T08:00:00Z",
                "updated_at": "2026-10-02T08:00:00Z", "closed_at": null, "merged_at": null, "merged": false,
                "merged_by": null, "labels": [], "head": side("repair"), "base": side("main"),
                "additions": 10, "deletions": 2, "changed_files": 1, "commits": 1,
            },
        })
    }

    /// Sends a body, signed with `secret`, and returns the response.
    pub(super) async fn send(
        &self,
        body: &Value,
        hook: Option<u64>,
        secret: &str,
    ) -> Result<Answer> {
        let request = self.signed(body, hook, secret);
        let mut connection = Connection::open(self.serving.port).await?;
        connection.send(&request).await
    }

    /// Returns a signed request.
    pub(super) fn signed(&self, body: &Value, hook: Option<u64>, secret: &str) -> Vec<u8> {
        let number = self.sent.fetch_add(1, Ordering::SeqCst);
        let body = body.to_string();
        let delivery = Delivery {
            event: "pull_request",
            id: &deliveries::id("attacks", number),
            body: body.as_bytes(),
        };
        match hook {
            Some(hook) => delivery.request_of_hook(hook, secret),
            None => delivery.request(secret),
        }
    }

    /// Delivers a body with a repository's own secret, and waits until it has had its effects.
    pub(super) async fn deliver(&self, repository: Repository, body: &Value) -> Result<()> {
        let answer = self.send(body, Some(repository.hook), repository.secret).await?;
        ensure!(answer.status == 202, "a delivery got {}", answer.text());
        self.settled().await
    }

    /// Waits until all deliveries have had their effects.
    pub(super) async fn settled(&self) -> Result<()> {
        undone::wait(&self.pool, Duration::from_secs(120)).await
    }

    /// Returns the number of deliveries so far.
    pub(super) fn sent_so_far(&self) -> u64 {
        self.sent.load(Ordering::SeqCst)
    }

    /// Returns the status and the JSON of a public path.
    pub(super) async fn json(&self, path: &str) -> Result<(u16, Value)> {
        let answer = request(self.serving.port, "GET", path, &[], None).await?;
        Ok((answer.status, answer.json()?))
    }

    /// Counts rows with one text as `$1`.
    pub(super) async fn count(&self, sql: &'static str, value: &str) -> Result<i64> {
        Ok(sqlx::query_scalar(sql).bind(value.to_owned()).fetch_one(&self.pool).await?)
    }

    /// Signs a person in with GitHub.
    pub(super) async fn person(&self, number: usize) -> Result<Person> {
        let login = self.github.people[number].clone();
        let port = self.serving.port;
        let session = self.github.sign_in(port, &login).await?;
        let mut person =
            Person { login, id: String::new(), port, cookie: format!("{SESSION}={session}") };
        let me = person.call("GET", "/api/v1/me", &[], None).await?.json()?;
        me["id"].as_str().context("no one is signed in")?.clone_into(&mut person.id);
        Ok(person)
    }

    /// Signs in a person who is an admin.
    pub(super) async fn admin(&self) -> Result<Person> {
        let admin = self.person(1).await?;
        self.installation.quietly(&["user", "grant", &admin.login, "--role", "admin"])?;
        Ok(admin)
    }

    /// Returns everything that the mail server received.
    pub(super) fn mailed(&self) -> Result<String> {
        let log = self.installation.data.join("smtp.log");
        Ok(fs::read_to_string(log)?)
    }

    /// Stops the server.
    pub(super) fn end(self, keep: bool) -> Result<()> {
        drop(self.serving);
        if !keep {
            fs::remove_dir_all(&self.folder)?;
        }
        Ok(())
    }
}

fn register(installation: &Installation, repository: Repository) -> Result<()> {
    let file = installation.data.with_file_name("secret");
    fs::write(&file, repository.secret)?;
    let (id, hook) = (repository.id.to_string(), repository.hook.to_string());
    let file = file.display().to_string();
    let added = installation.quietly(&[
        "repo",
        "add",
        repository.name,
        "--project",
        "season",
        "--github-id",
        &id,
        "--hook-id",
        &hook,
        "--secret-file",
        &file,
    ]);
    added.map(drop)
}

/// Checks that a delivery was refused because of its signature.
pub(super) fn refused(answer: &Answer) -> Result<()> {
    ensure!(answer.status == 401, "answered {} instead of 401: {}", answer.status, answer.text());
    Ok(())
}
