use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{Loss, Mount, Surroundings, folder, library, python};
use crate::{
    http::Connection,
    installation::{Installation, Serving},
    judges::mail::MailServer,
};
use xtask::{
    postgres::{self, Manner, Postgres},
    process::Daemon,
    redis::{self as cache, Redis},
};

/// How long each message may take, and each repairing.
const PATIENCE: Duration = Duration::from_secs(240);
/// How often the server and the channels are asked.
const PAUSE: Duration = Duration::from_millis(250);
/// How long an answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
/// How long the processes run before something is lost.
const SETTLED_AFTER: Duration = Duration::from_secs(5);
/// The bytes that fill the small disk but for a few.
const FILLING: usize = 52 << 20;
/// The seconds by which the clock is ahead.
const DAY: i64 = 86_400;

/// A server without jobs, a worker, and what they use. Processes are stopped before what they use.
pub(super) struct Scene {
    loss: Loss,
    installation: Installation,
    serving: Option<Serving>,
    worker: Option<Daemon>,
    mail: Option<MailServer>,
    mail_port: u16,
    python: PathBuf,
    /// The port of Slack and Telnyx.
    post: u16,
    _post: Daemon,
    redis: Redis,
    /// The cluster of its own, if PostgreSQL is what it loses.
    postgres: Option<Postgres>,
    _mount: Option<Mount>,
}

impl Scene {
    /// Prepares an installation with all channels.
    pub(super) async fn open(around: &Surroundings<'_>, loss: Loss) -> Result<Self> {
        let (name, python) = (loss.name(), python(around));
        let postgres = (loss == Loss::Postgres).then(|| own_cluster(around)).transpose()?;
        let cluster = postgres.as_ref().or(around.postgres).context("PostgreSQL is missing")?;
        let url = cluster.new_database(&format!("night_{name}"))?;
        let data = folder(around).join(name);
        let mut installation = Installation::fresh(around.program(), data, Some(url))?;
        let mount = (loss == Loss::Disk).then(|| Mount::on(&installation.data)).transpose()?;
        let redis = Redis::start(&cache::program_or_install(false)?)?;
        installation.redis = Some(redis.url());
        let mail = MailServer::start(&python, &installation.data)?;
        let mail_port = mail.port();
        let (post, daemon) = installation.fake("post")?;
        Connection::once_open(post).await?;
        installation.settings = channels(mail_port, post);
        let mut scene = Self {
            loss,
            installation,
            serving: None,
            worker: None,
            mail: Some(mail),
            mail_port,
            python,
            post,
            _post: daemon,
            redis,
            postgres,
            _mount: mount,
        };
        if loss == Loss::Clock {
            fs::write(scene.ahead(), 0_i64.to_ne_bytes())?;
            let library = library(around).display().to_string();
            let ahead = scene.ahead().display().to_string();
            scene.installation.settings.extend([("LD_PRELOAD", library), ("AHEAD", ahead)]);
        }
        Ok(scene)
    }

    /// Starts the server and the worker, and waits until all is well.
    pub(super) async fn begin(&mut self) -> Result<()> {
        self.installation.quietly(&["migrate", "up", "--create"])?;
        self.serving = Some(self.installation.serve(&["--no-jobs"]).await?);
        self.worker = Some(self.installation.whole_worker()?);
        self.until_health(Instant::now(), true).await?;
        // The server has renewed its row and checked the services.
        tokio::time::sleep(SETTLED_AFTER).await;
        let notified = self.notified().await?;
        let is_early = notified.iter().any(|(_, text)| text.contains(self.loss.title()));
        ensure!(!is_early, "before anything was lost, messages came: {notified:?}");
        Ok(())
    }

    /// Takes away what is lost. Returns when it did.
    pub(super) fn lose(&mut self) -> Result<Instant> {
        match self.loss {
            Loss::Workers => self.worker.take().map_or(Ok(()), Daemon::kill)?,
            Loss::Disk => fs::write(self.filling(), vec![0_u8; FILLING])?,
            Loss::Postgres => self.own_postgres()?.stop()?,
            Loss::Redis => self.redis.kill()?,
            Loss::Mail => drop(self.mail.take()),
            Loss::Clock => self.shift(DAY)?,
        }
        Ok(Instant::now())
    }

    /// Gives back what was lost. Returns when it did.
    pub(super) fn repair(&mut self) -> Result<Instant> {
        match self.loss {
            Loss::Workers => self.worker = Some(self.installation.whole_worker()?),
            Loss::Disk => fs::remove_file(self.filling())?,
            Loss::Postgres => self.own_postgres()?.back()?,
            Loss::Redis => self.redis.back()?,
            Loss::Mail => {
                let data = &self.installation.data;
                self.mail = Some(MailServer::start_at(&self.python, data, self.mail_port)?);
            }
            Loss::Clock => self.shift(0)?,
        }
        Ok(Instant::now())
    }

    /// Waits until `/api/health` is healthy, or is not. Returns the time since `since`.
    pub(super) async fn until_health(&self, since: Instant, is_wanted: bool) -> Result<Duration> {
        let mut said = Value::Null;
        while since.elapsed() < PATIENCE {
            if let Some(health) = self.health().await {
                if (health["status"] == "healthy") == is_wanted {
                    return Ok(since.elapsed());
                }
                said = health;
            }
            tokio::time::sleep(PAUSE).await;
        }
        bail!("after {PATIENCE:?}, /api/health says {said}")
    }

    /// Returns what `/api/health` says; `None` if it does not answer in time.
    async fn health(&self) -> Option<Value> {
        let port = self.serving.as_ref()?.port;
        let ask = async { Connection::open(port).await?.get("/api/health").await?.json() };
        tokio::time::timeout(ANSWER_WITHIN, ask).await.ok()?.ok()
    }

    /// Waits until an alert, or its end, arrived by a channel that works. Returns the channel and the time from `since`.
    pub(super) async fn until_notified(
        &self,
        since: Instant,
        is_over: bool,
    ) -> Result<(String, Duration)> {
        let broken = (self.loss == Loss::Mail).then_some("email");
        let is_it = |(channel, text): &(String, String)| {
            broken != Some(channel.as_str())
                && text.contains(self.loss.title())
                && text.contains("[resolved]") == is_over
        };
        while since.elapsed() < PATIENCE {
            if let Some((channel, _)) = self.notified().await?.into_iter().find(is_it) {
                return Ok((channel, since.elapsed()));
            }
            tokio::time::sleep(PAUSE).await;
        }
        bail!("no message came in {PATIENCE:?}, but {:?}", self.notified().await?)
    }

    /// Returns all messages so far: their channels with their titles.
    async fn notified(&self) -> Result<Vec<(String, String)>> {
        let taken = Connection::open(self.post).await?.get("/_taken").await?.json()?;
        let mut notified = Vec::new();
        for message in taken.as_array().context("no list of messages")? {
            let text = |name: &str| message[name].as_str().unwrap_or_default();
            let body: Value = serde_json::from_slice(&STANDARD.decode(text("body"))?)?;
            notified.push((text("service").to_owned(), body["text"].to_string()));
        }
        let notes = fs::read_to_string(self.installation.data.join("notes.jsonl"))?;
        let whole = notes.rfind('\n').map_or("", |end| &notes[..end]);
        for line in whole.lines() {
            let note: Value = serde_json::from_str(line)?;
            notified.push(("email".to_owned(), note["subject"].to_string()));
        }
        Ok(notified)
    }

    fn own_postgres(&mut self) -> Result<&mut Postgres> {
        self.postgres.as_mut().context("the cluster belongs to others")
    }

    /// Returns the file that fills the small disk.
    fn filling(&self) -> PathBuf {
        self.installation.data.join("filling")
    }

    /// Returns the file with the seconds by which the clock is ahead.
    fn ahead(&self) -> PathBuf {
        self.installation.data.join("ahead")
    }

    /// Shifts the clock of all processes. They have mapped the file, so it is not replaced.
    fn shift(&self, seconds: i64) -> Result<()> {
        let mut file = OpenOptions::new().write(true).open(self.ahead())?;
        Ok(file.write_all(&seconds.to_ne_bytes())?)
    }

    /// Stops everything.
    pub(super) fn close(self, around: &Surroundings<'_>) -> Result<()> {
        let data = self.installation.data.clone();
        drop(self);
        if !around.keep {
            fs::remove_dir_all(data)?;
        }
        Ok(())
    }
}

/// Starts a cluster that no other step uses.
fn own_cluster(around: &Surroundings<'_>) -> Result<Postgres> {
    let manner = Manner { durable: false, keep: around.keep };
    Postgres::start(around.workspace, &postgres::programs_or_install(false)?, manner)
}

/// Returns the settings of email, Slack and text messages to operators.
fn channels(mail: u16, post: u16) -> Vec<(&'static str, String)> {
    let services = format!("http://127.0.0.1:{post}");
    vec![
        ("SMTP_URL", format!("smtp://127.0.0.1:{mail}")),
        ("GUILDHALL_MAIL_FROM", "Guildhall <hall@guild.example>".to_owned()),
        ("GUILDHALL_ALERT_EMAILS", "ops@guild.example".to_owned()),
        ("SLACK_WEBHOOK_URL", format!("{services}/services/T0/B0/X")),
        ("TELNYX_API_KEY", "KEY_of_the_night".to_owned()),
        ("GUILDHALL_TELNYX_URL", services),
        ("GUILDHALL_TELNYX_FROM", "+15551230000".to_owned()),
        ("GUILDHALL_ALERT_PHONES", "+15551230001".to_owned()),
    ]
}
