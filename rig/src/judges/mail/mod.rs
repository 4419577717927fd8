//! Judge `mail`: a real mail server (aiosmtpd) receives 1,000 messages from two workers that are killed ten times.
//! Every message must arrive, exactly once by Message-ID, and Python's library must parse it correctly. The share of
//! duplicates is reported. An independent implementation of web push must also decrypt push messages.

mod outbox;
mod push;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use sqlx::AnyPool;

use super::{Step, Surroundings, runtime};
use crate::{installation::Installation, undone};
use xtask::{
    fetch,
    postgres::free_port,
    process::{Daemon, Farewell, tied},
    tally::Tally,
};

const PACKAGES: &[&str] = &["aiosmtpd==1.4.6", "cryptography==50.0.2", "http_ece==1.2.1"];
const MESSAGES: usize = 1_000;
const KILLS: usize = 10;
const PATIENCE: Duration = Duration::from_secs(180);

/// Fetches the mail server and the packages that decrypt push messages.
pub(super) fn prepare(around: &Surroundings) -> Result<()> {
    fetch::python_packages(&python(around), PACKAGES, around.install)
}

fn folder(around: &Surroundings) -> PathBuf {
    around.workspace.target.join("judges/mail")
}

fn python(around: &Surroundings) -> PathBuf {
    folder(around).join("python")
}

/// Judges workers on SQLite, and on PostgreSQL if it is available.
pub(super) fn run(around: &Surroundings, tally: &mut Tally) -> Result<()> {
    sqlx::any::install_default_drivers();
    let mut steps: Vec<Step> = vec![
        ("push that a browser reads", Box::new(|| runtime()?.block_on(push::judge(around)))),
        (
            "mail from killed workers on SQLite",
            Box::new(|| runtime()?.block_on(judge(around, "sqlite", None))),
        ),
    ];
    match around.postgres {
        Some(postgres) => steps.push((
            "mail from killed workers on PostgreSQL",
            Box::new(|| {
                let url = postgres.new_database("mail")?;
                runtime()?.block_on(judge(around, "postgres", Some(url)))
            }),
        )),
        None => {
            tally.leave_out("mail from killed workers on PostgreSQL: PostgreSQL is not available");
        }
    }
    around.side_by_side(tally, steps);
    Ok(())
}

/// A mail as parsed by Python's library.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Note {
    id: String,
    to: String,
    envelope: Vec<String>,
    from: String,
    subject: String,
    r#type: String,
    text: Option<String>,
    html: Option<String>,
    unsubscribe: Option<String>,
    one_click: Option<String>,
    auto: Option<String>,
    has_date: bool,
    defects: Vec<String>,
}

/// The mail server, and the file that it records mails in.
pub(super) struct MailServer {
    _daemon: Daemon,
    port: u16,
    notes: PathBuf,
}

impl MailServer {
    /// Starts it with the Python of an environment; it records mails in a folder.
    pub(super) fn start(python: &Path, data: &Path) -> Result<Self> {
        Self::start_at(python, data, free_port()?)
    }

    /// Starts it on a port. What it recorded in the folder before stays.
    pub(super) fn start_at(python: &Path, data: &Path, port: u16) -> Result<Self> {
        let notes = data.join("notes.jsonl");
        let (script, said) = (data.join("server.py"), data.join("server.log"));
        fs::write(&script, include_str!("server.py"))?;
        File::options().create(true).append(true).open(&notes)?;
        let mut command = tied(&python.join("bin/python"), Farewell::Terminate, None)?;
        command.arg(&script).arg(port.to_string()).arg(&notes);
        command.stdout(File::create(&said)?);
        let mut daemon = Daemon::start(&mut command, Farewell::Terminate)?;
        let start = Instant::now();
        while !fs::read_to_string(&said)?.contains("ready") {
            let waits = start.elapsed() < Duration::from_secs(30) && !daemon.has_ended();
            ensure!(waits, "the mail server did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Self { _daemon: daemon, port, notes })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    fn taken(&self) -> Result<Vec<Note>> {
        let text = fs::read_to_string(&self.notes)?;
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let read = |line| serde_json::from_str(line).context("cannot read a note");
        whole.lines().map(read).collect()
    }

    async fn wait_for(&self, count: usize) -> Result<()> {
        let start = Instant::now();
        while self.taken()?.len() < count {
            ensure!(start.elapsed() < PATIENCE, "{count} mails did not arrive");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }
}

async fn judge(around: &Surroundings<'_>, engine: &str, database: Option<String>) -> Result<()> {
    let binary = around.program();
    let mut installation = Installation::fresh(binary, folder(around).join(engine), database)?;
    let server = MailServer::start(&python(around), &installation.data)?;
    installation.mail = Some(server.port);
    installation.command(&["migrate", "up", "--create"])?;
    let pool = AnyPool::connect(&installation.database_url()).await?;
    outbox::fill(&pool, installation.database.is_some(), MESSAGES).await?;
    let start = Instant::now();
    let workers = kill_again_and_again(&installation, &server).await?;
    undone::wait_messages(&pool, PATIENCE).await?;
    drop(workers);
    let took = start.elapsed();
    let sent = outbox::sent(&pool, installation.database.is_some()).await?;
    pool.close().await;
    let taken = server.taken()?;
    let twice = taken.len() - check(&taken, &sent)?;
    around.count("mails", sent.len());
    around.count("kills", KILLS);
    println!(
        "{MESSAGES} messages on {engine}, two workers, {KILLS} times kill -9, {took:.1?}: all {} mails \
         arrived, {twice} of them twice ({:.1} %)",
        taken.len(),
        twice as f64 * 100.0 / MESSAGES as f64
    );
    if !around.keep {
        fs::remove_dir_all(&installation.data)?;
    }
    Ok(())
}

/// Runs two workers and kills them alternately, each time after some more mails were sent.
async fn kill_again_and_again(
    installation: &Installation,
    server: &MailServer,
) -> Result<[Daemon; 2]> {
    let mut workers = [installation.worker("outbox")?, installation.worker("outbox")?];
    for kill in 0..KILLS {
        server.wait_for((kill + 1) * MESSAGES / (KILLS + 2)).await?;
        let fresh = installation.worker("outbox")?;
        std::mem::replace(&mut workers[kill % 2], fresh).kill()?;
    }
    Ok(workers)
}

/// Checks that each message arrived and is parsed correctly; returns the number of distinct Message-IDs.
fn check(taken: &[Note], sent: &BTreeMap<String, String>) -> Result<usize> {
    let mut distinct = BTreeMap::new();
    for note in taken {
        let first = distinct.entry(&note.id).or_insert(note);
        ensure!(*first == note, "a second copy differs: {first:?} and {note:?}");
    }
    for (id, recipient) in sent {
        let note = distinct.get(id).with_context(|| format!("message {id} is missing"))?;
        let complaint = outbox::complaint(note, recipient);
        ensure!(complaint.is_none(), "{}: {note:?}", complaint.unwrap_or_default());
    }
    ensure!(distinct.len() == sent.len(), "mails that were never written");
    Ok(distinct.len())
}
