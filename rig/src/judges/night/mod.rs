//! Judge `night`: what would be noticed only in the morning. An installation on PostgreSQL, with Redis, a mail
//! server, Slack and text messages, loses one thing at a time: its workers, the space on its disk, PostgreSQL, Redis,
//! the mail server, and the right time. `/api/health` must say within a minute that something is wrong, and a
//! message must arrive by a channel that works. When it is repaired, the server must be healthy again and another
//! message must say so. Each has an installation of its own, because most of the time is waiting.

mod scene;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};

use super::{Step, Surroundings, runtime};
use scene::Scene;
use xtask::{
    fetch, postgres,
    process::{found, output},
    redis as cache,
    tally::Tally,
};

/// The mail server.
const PACKAGES: &[&str] = &["aiosmtpd==1.4.6"];

/// How soon `/api/health` must say that something is wrong.
const SEEN_WITHIN: Duration = Duration::from_secs(60);

/// The loss of an installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loss {
    Workers,
    Disk,
    Postgres,
    Redis,
    Mail,
    Clock,
}

impl Loss {
    /// Returns the name of the step.
    fn step(self) -> &'static str {
        match self {
            Self::Workers => "all workers are killed",
            Self::Disk => "the disk is full",
            Self::Postgres => "PostgreSQL is stopped",
            Self::Redis => "Redis is killed",
            Self::Mail => "the mail server is stopped",
            Self::Clock => "the clock is a day ahead",
        }
    }

    /// Returns the name of its folder and its database.
    fn name(self) -> &'static str {
        match self {
            Self::Workers => "workers",
            Self::Disk => "disk",
            Self::Postgres => "postgres",
            Self::Redis => "redis",
            Self::Mail => "mail",
            Self::Clock => "clock",
        }
    }

    /// Returns words of the title of its alert.
    fn title(self) -> &'static str {
        match self {
            Self::Workers => "No one runs the background jobs",
            Self::Disk => "is full",
            Self::Postgres => "cannot use its database",
            Self::Redis | Self::Mail => "An outside service fails",
            Self::Clock => "The clock of",
        }
    }
}

/// Fetches PostgreSQL, Redis and the mail server.
pub(super) fn prepare(around: &Surroundings) -> Result<()> {
    postgres::programs_or_install(around.install)?;
    cache::program_or_install(around.install)?;
    fetch::python_packages(&python(around), PACKAGES, around.install)
}

fn folder(around: &Surroundings) -> PathBuf {
    around.workspace.target.join("judges/night")
}

fn python(around: &Surroundings) -> PathBuf {
    folder(around).join("python")
}

/// Judges all losses side by side.
pub(super) fn run(around: &Surroundings, tally: &mut Tally) -> Result<()> {
    let mut losses = vec![Loss::Workers, Loss::Postgres, Loss::Redis, Loss::Mail];
    let needed: [(Loss, Result<()>); 2] = [
        (Loss::Disk, Mount::on(&folder(around).join("mounted")).map(drop)),
        (Loss::Clock, shim(around)),
    ];
    for (loss, outcome) in needed {
        match outcome {
            Ok(()) => losses.push(loss),
            Err(error) => tally.leave_out(format!("{}: {error:#}", loss.step())),
        }
    }
    let step = |loss: Loss| -> Step<'_> {
        (loss.step(), Box::new(move || runtime()?.block_on(judge(around, loss))))
    };
    around.side_by_side(tally, losses.into_iter().map(step).collect());
    Ok(())
}

async fn judge(around: &Surroundings<'_>, loss: Loss) -> Result<()> {
    let mut scene = Scene::open(around, loss).await?;
    scene.begin().await?;
    let lost = scene.lose()?;
    let (seen, (channel, notified)) =
        tokio::try_join!(scene.until_health(lost, false), scene.until_notified(lost, false))?;
    let repaired = scene.repair()?;
    let (well, (_, over)) =
        tokio::try_join!(scene.until_health(repaired, true), scene.until_notified(repaired, true))?;
    around.count("blind spots", 1);
    println!(
        "{}: /api/health said so after {:.0} s and {channel} after {:.0} s; repaired, it was healthy after {:.0} s, and the message \
         came after {:.0} s",
        loss.step(),
        seen.as_secs_f64(),
        notified.as_secs_f64(),
        well.as_secs_f64(),
        over.as_secs_f64()
    );
    ensure!(seen <= SEEN_WITHIN, "/api/health said nothing for {:.0} s", seen.as_secs_f64());
    scene.close(around)
}

/// A small disk in memory, which is removed when this value is dropped.
struct Mount(PathBuf);

impl Mount {
    /// Mounts it on a folder, which is created.
    fn on(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=64m", "tmpfs"]).arg(folder);
        output(&mut mount).context("a small disk needs the right to mount one")?;
        Ok(Self(folder.to_owned()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = output(Command::new("umount").arg("--lazy").arg(&self.0));
    }
}

/// The library that shifts the clock of a process.
fn library(around: &Surroundings) -> PathBuf {
    folder(around).join("ahead.so")
}

/// Compiles the library.
fn shim(around: &Surroundings) -> Result<()> {
    let compiler = found("cc").context("install a C compiler")?;
    let source = folder(around).join("ahead.c");
    fs::write(&source, include_str!("ahead.c"))?;
    let mut compile = Command::new(compiler);
    compile.args(["-shared", "-fPIC", "-O1", "-o"]).arg(library(around)).arg(source);
    output(&mut compile).map(drop)
}
