//! Runs the guildhall binary like an operator would.

use std::{
    fs,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};

use crate::{
    attempt::Attempt,
    fake_github::SESSION,
    http::{Answer, Connection},
};
use xtask::{
    postgres::{Postgres, free_port},
    process::{Daemon, Farewell, succeed, tied},
};

/// The webhook secret of every run.
pub(crate) const SECRET: &str = "a secret for this run only";

/// Client secret for an OpenID Connect provider.
pub(crate) const OPENID_SECRET: &str = "a secret/+ for this run only";

pub(crate) struct Installation {
    /// The program.
    pub(crate) binary: PathBuf,
    /// Its data folder.
    pub(crate) data: PathBuf,
    /// The URL of PostgreSQL; `None` for SQLite in the data folder.
    pub(crate) database: Option<String>,
    /// The port of the fake GitHub for signing in, if there is one.
    pub(crate) github: Option<u16>,
    /// The port of the OpenID Connect provider for signing in, if there is one.
    pub(crate) openid: Option<u16>,
    /// The port of the mail server, if there is one.
    pub(crate) mail: Option<u16>,
    /// The Redis that its servers share for rate limits, if there is one. Rate limits then apply, by the client address
    /// in the forwarded header of requests.
    pub(crate) redis: Option<String>,
    /// The port of the fake push service that subscriptions may use, if there is one.
    pub(crate) push: Option<u16>,
    /// Further settings, as environment variables.
    pub(crate) settings: Vec<(&'static str, String)>,
}

/// A running server.
pub(crate) struct Serving {
    /// Its process.
    pub(crate) daemon: Daemon,
    /// Its port on 127.0.0.1.
    pub(crate) port: u16,
    /// The time from start to ready.
    pub(crate) ready_after: Duration,
}

impl Serving {
    /// Signs in to the demo in one of its roles and returns the session.
    pub(crate) async fn session_of(&self, role: &str) -> Result<String> {
        let answer = self.submit("/sign-in/demo", &format!("as={role}")).await?;
        let session = answer.cookie(SESSION);
        session.with_context(|| format!("the demo's {role} was not signed in"))
    }

    /// Makes a newcomer the first admin: until then, the home page of a new server leads to its setup.
    pub(crate) async fn found(&self, installation: &Installation) -> Result<()> {
        let form = format!("code={}&name=Founder", installation.setup_code()?);
        let answer = self.submit("/setup", &form).await?;
        ensure!(answer.status == 303, "no one became an admin: {}", answer.text());
        Ok(())
    }

    async fn submit(&self, path: &str, form: &str) -> Result<Answer> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        Connection::open(self.port).await?.send(request.as_bytes()).await
    }
}

impl Installation {
    /// Creates an installation in an empty data folder.
    pub(crate) fn fresh(binary: PathBuf, data: PathBuf, database: Option<String>) -> Result<Self> {
        if data.exists() {
            fs::remove_dir_all(&data)?;
        }
        fs::create_dir_all(&data)?;
        Ok(Self {
            binary,
            data,
            database,
            github: None,
            openid: None,
            mail: None,
            redis: None,
            push: None,
            settings: Vec::new(),
        })
    }

    /// Returns the database's URL for sqlx.
    pub(crate) fn database_url(&self) -> String {
        let file = || format!("sqlite://{}", self.data.join("guildhall.db").display());
        self.database.clone().unwrap_or_else(file)
    }

    /// Runs one command of the server to completion.
    pub(crate) fn command(&self, arguments: &[&str]) -> Result<()> {
        let mut command = Command::new(&self.binary);
        self.furnish(&mut command);
        succeed(command.args(arguments).arg("--data-dir").arg(&self.data))
    }

    /// Runs a command that may be refused, with further settings.
    pub(crate) fn attempt(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Result<Attempt> {
        let mut command = tied(&self.binary, Farewell::Terminate, None)?;
        self.furnish(&mut command);
        command.args(arguments).arg("--data-dir").arg(&self.data).envs(settings.iter().copied());
        Attempt::of(&mut command, &self.data)
    }

    /// Runs a command that must succeed, without showing what it prints, and returns its standard output.
    pub(crate) fn quietly(&self, arguments: &[&str]) -> Result<String> {
        let attempt = self.attempt(arguments, &[])?;
        attempt.succeeded().with_context(|| format!("{arguments:?} failed"))
    }

    /// Has the server print a code, with which a browser becomes the first admin.
    pub(crate) fn setup_code(&self) -> Result<String> {
        let said = self.quietly(&["setup-code"])?;
        Ok(said.lines().next().context("no code was printed")?.to_owned())
    }

    /// Waits until the server's log has the code with which a browser becomes the first admin.
    pub(crate) async fn logged_code(&self) -> Result<String> {
        for _ in 0..200 {
            let said = self.said();
            let code = said.split("\"code\":\"").nth(1).and_then(|rest| rest.split('"').next());
            if let Some(code) = code {
                return Ok(code.to_owned());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("the server logged no code: it said {:?}", self.said())
    }

    /// Starts the demo and waits until it responds, before its season is loaded.
    pub(crate) async fn demo_begun(&self) -> Result<Serving> {
        self.start("demo", &[], free_port()?).await
    }

    /// Starts the server and waits until it is ready.
    pub(crate) async fn serve(&self, arguments: &[&str]) -> Result<Serving> {
        self.start("serve", arguments, free_port()?).await
    }

    /// Starts the server on a port that is free and waits until it is ready.
    pub(crate) async fn serve_at(&self, port: u16) -> Result<Serving> {
        self.start("serve", &[], port).await
    }

    /// Starts the demo and waits until its season is loaded.
    pub(crate) async fn demo(&self) -> Result<Serving> {
        let mut serving = self.demo_begun().await?;
        let note = self.data.join("demo-season.json");
        let is_in = || fs::read_to_string(&note).is_ok_and(|note| note.contains("true"));
        while !is_in() {
            if serving.daemon.has_ended() {
                bail!("`guildhall demo` ended: it said {:?}", self.said());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Ok(serving)
    }

    /// Returns the server's log.
    fn said(&self) -> String {
        let log = fs::read_to_string(self.data.join("serve.log")).unwrap_or_default();
        log.trim().to_owned()
    }

    async fn start(&self, how: &str, arguments: &[&str], port: u16) -> Result<Serving> {
        let log = fs::File::create(self.data.join("serve.log"))?;
        let mut command = tied(&self.binary, Farewell::Terminate, None)?;
        self.furnish(&mut command);
        command
            .arg(how)
            .arg("--data-dir")
            .arg(&self.data)
            .arg("--bind")
            .arg(format!("127.0.0.1:{port}"));
        command.args(arguments).stdout(log.try_clone()?).stderr(log);
        let start = Instant::now();
        let mut daemon = Daemon::start(&mut command, Farewell::Terminate)?;
        while !is_ready(port).await {
            if daemon.has_ended() || start.elapsed() > Duration::from_secs(60) {
                let said = self.said();
                bail!("`guildhall {how}` did not become ready: it said {said:?}");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(Serving { daemon, port, ready_after: start.elapsed() })
    }

    /// Starts `guildhall fake SERVICE`, with its log in the data folder; returns its port.
    pub(crate) fn fake(&self, service: &str) -> Result<(u16, Daemon)> {
        let port = free_port()?;
        let log = fs::File::create(self.data.join(format!("{service}.log")))?;
        let mut command = tied(&self.binary, Farewell::Terminate, None)?;
        command.args(["fake", service, "--bind"]);
        command.arg(format!("127.0.0.1:{port}"));
        command.stdout(log.try_clone()?).stderr(log);
        Ok((port, Daemon::start(&mut command, Farewell::Terminate)?))
    }

    /// Starts a worker for a single job, in its own process.
    pub(crate) fn worker(&self, job: &str) -> Result<Daemon> {
        self.work(&["--only", job])
    }

    /// Starts a worker for all jobs, in its own process.
    pub(crate) fn whole_worker(&self) -> Result<Daemon> {
        self.work(&[])
    }

    fn work(&self, options: &[&str]) -> Result<Daemon> {
        let log = fs::File::create(self.data.join("worker.log"))?;
        let mut command = tied(&self.binary, Farewell::Terminate, None)?;
        self.furnish(&mut command);
        command.arg("worker").args(options).env("GUILDHALL_WORKER_BIND", "127.0.0.1:0");
        command.arg("--data-dir");
        command.arg(&self.data).stdout(log.try_clone()?).stderr(log);
        Daemon::start(&mut command, Farewell::Terminate)
    }

    /// Copies the installation to another name. The original must not be in use.
    pub(crate) async fn copied(&self, name: &str, postgres: Option<&Postgres>) -> Result<Self> {
        let data = self.data.with_file_name(name);
        let copy = Self::fresh(self.binary.clone(), data, None)?;
        for file in fs::read_dir(&self.data)? {
            let file = file?;
            fs::copy(file.path(), copy.data.join(file.file_name()))?;
        }
        let from = self.database.as_ref().and_then(|url| url.rsplit_once('/'));
        let database = match (postgres, from) {
            (Some(postgres), Some((_, from))) => {
                Some(postgres.copied_database(from, &format!("{from}_{name}"))?)
            }
            _ => None,
        };
        Ok(Self { database, ..copy })
    }

    /// Copies the secret key to another installation.
    pub(crate) fn copy_key(&self, to: &Self) -> Result<()> {
        fs::copy(self.data.join("secret.key"), to.data.join("secret.key"))?;
        Ok(())
    }

    fn furnish(&self, command: &mut Command) {
        command
            .env("GITHUB_WEBHOOK_SECRET", SECRET)
            .env_remove("REDIS_URL")
            .env_remove("DATABASE_URL");
        command.envs(self.settings.iter().map(|(name, value)| (*name, value)));
        match &self.redis {
            Some(url) => {
                command.env("REDIS_URL", url).env("GUILDHALL_TRUSTED_PROXIES", "127.0.0.1")
            }
            // Judges and load generators send more requests than a client may.
            None => command.env("GUILDHALL_EXEMPT_NETWORKS", "127.0.0.1"),
        };
        if let Some(url) = &self.database {
            command.env("DATABASE_URL", url);
        }
        if let Some(port) = self.mail {
            command
                .env("SMTP_URL", format!("smtp://127.0.0.1:{port}"))
                .env("GUILDHALL_MAIL_FROM", "Guildhall <hall@guild.example>")
                // Makes a killed worker's emails due again soon.
                .env("GUILDHALL_JOB_LEASE_SECONDS", "3")
                .env("GUILDHALL_JOB_POLL_MILLISECONDS", "50");
        }
        if let Some(port) = self.openid {
            command
                .env("GUILDHALL_OPENID_ISSUER", format!("http://127.0.0.1:{port}"))
                .env("GUILDHALL_OPENID_CLIENT_ID", "guildhall")
                .env("GUILDHALL_OPENID_CLIENT_SECRET", OPENID_SECRET);
        }
        if let Some(port) = self.push {
            let service = format!("http://127.0.0.1:{port}");
            command.env("GUILDHALL_PUSH_SERVICES", service);
        }
        if let Some(port) = self.github {
            let url = format!("http://127.0.0.1:{port}");
            command
                .env("GITHUB_CLIENT_ID", "guildhall")
                .env("GITHUB_CLIENT_SECRET", "fake-secret")
                .env("GUILDHALL_GITHUB_URL", &url)
                .env("GUILDHALL_GITHUB_API_URL", &url);
        }
    }
}

/// Returns true when the server at `port` is ready.
pub(crate) async fn is_ready(port: u16) -> bool {
    let ask = async { Connection::open(port).await?.get("/readyz").await };
    ask.await.is_ok_and(|answer| answer.status == 200)
}
