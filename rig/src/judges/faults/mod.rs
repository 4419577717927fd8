//! Judge `faults`: the services below the server fail repeatedly while deliveries arrive. PostgreSQL is stopped as in a
//! crash (`pg_ctl restart -m immediate`, with fsync): every acknowledged delivery must be stored. Redis is stopped and
//! restarted: every response must be right, and the servers must share rate limits again. Afterwards the ledger must be
//! the one of an undisturbed server that got the same deliveries. `doctor` must find the settings by which PostgreSQL
//! may lose commits, accept a cluster without them, and name the webhook that GitHub's messages do not reach. An import
//! from GitHub's API must have the same result although the server is killed and GitHub fails, with as few requests as
//! possible and bounded memory.

mod crash;
mod doctor;
mod import;
mod redis;
mod senders;

use std::{collections::BTreeSet, path::PathBuf, time::Duration};

use anyhow::{Result, ensure};
use sqlx::AnyPool;

use super::{Step, Surroundings, runtime};
use crate::{bench::load::scatter, installation::Installation, undone};
use xtask::{postgres, redis as cache, tally::Tally};

/// The seed for the times of failures.
const SEED: u64 = 20_261_123;

/// Finds PostgreSQL. Redis is looked for later.
pub(super) fn prepare(around: &Surroundings) -> Result<()> {
    postgres::programs_or_install(around.install).map(drop)
}

fn folder(around: &Surroundings) -> PathBuf {
    around.workspace.target.join("judges/faults")
}

/// Returns a number from `low` to `high`, determined by the turn.
fn chosen(turn: u64, low: u64, high: u64) -> u64 {
    low + scatter(SEED ^ turn) % (high - low + 1)
}

/// Compares the ledger of an installation with the one of an undisturbed server on SQLite, after the same deliveries.
async fn compare(
    around: &Surroundings<'_>,
    installation: &Installation,
    (run, deliveries): (&'static str, u64),
) -> Result<()> {
    let folder = folder(around).join(format!("{run}-undisturbed"));
    let undisturbed = Installation::fresh(around.program(), folder, None)?;
    senders::furnish(&undisturbed)?;
    let serving = undisturbed.serve(&[]).await?;
    let mut senders = senders::Senders::start(run, deliveries, &[serving.port]);
    senders.finish().await?;
    let pool = AnyPool::connect(&undisturbed.database_url()).await?;
    undone::wait(&pool, Duration::from_secs(180)).await?;
    pool.close().await;
    drop(serving);
    let (wanted, found) = (dump(&undisturbed)?, dump(installation)?);
    ensure!(
        wanted.len() as u64 > deliveries / 4,
        "the dump of the undisturbed server has only {} lines",
        wanted.len()
    );
    ensure!(wanted == found, "{}", difference(&wanted, &found));
    println!("the dump has the same {} lines as the one of an undisturbed server", wanted.len());
    if !around.keep {
        std::fs::remove_dir_all(&undisturbed.data)?;
    }
    Ok(())
}

/// Returns the lines of an installation's canonical dump.
fn dump(installation: &Installation) -> Result<Vec<String>> {
    let dump = installation.quietly(&["ledger", "dump"])?;
    Ok(dump.lines().map(str::to_owned).collect())
}

/// The maximum number of lines in the description of a difference.
const SHOWN: usize = 200;

/// Describes how a dump differs from the one of an undisturbed server, line by line.
fn difference(wanted: &[String], found: &[String]) -> String {
    let (wanted, found) = (BTreeSet::from_iter(wanted), BTreeSet::from_iter(found));
    let list = |lines: Vec<&&String>, sign: char| {
        let shown = lines.iter().take(SHOWN);
        let shown: String = shown.map(|line| format!("\n{sign} {line}")).collect();
        (lines.len(), shown)
    };
    let (missing, of_missing) = list(wanted.difference(&found).collect(), '-');
    let (extra, of_extra) = list(found.difference(&wanted).collect(), '+');
    format!(
        "the dump differs from the one of an undisturbed server: {missing} lines are missing, {extra} are too \
         many{of_missing}{of_extra}"
    )
}

const CRASHES: &str = "deliveries while PostgreSQL crashes";
const IMPORTS: &str = "imports while GitHub fails and the server is killed";
const DOCTOR: &str = "doctor on a durable PostgreSQL and one that is not";
const WEBHOOK: &str = "doctor on a webhook that GitHub does not reach";
const REDIS: &str = "requests while Redis stops and restarts";

/// Judges PostgreSQL and Redis.
pub(super) fn run(around: &Surroundings, tally: &mut Tally) -> Result<()> {
    sqlx::any::install_default_drivers();
    println!("seed {SEED}");
    let mut steps: Vec<Step> = vec![
        (CRASHES, Box::new(|| runtime()?.block_on(crash::judge(around)))),
        (IMPORTS, Box::new(|| runtime()?.block_on(import::judge(around)))),
        (DOCTOR, Box::new(|| doctor::judge(around))),
        (WEBHOOK, Box::new(|| runtime()?.block_on(doctor::judge_webhook(around)))),
    ];
    if around.wants(REDIS) {
        match cache::program_or_install(around.install) {
            Ok(program) => steps.push((
                REDIS,
                Box::new(move || runtime()?.block_on(redis::judge(around, &program))),
            )),
            Err(error) => tally.leave_out(format!("{REDIS}: {error:#}")),
        }
    }
    around.side_by_side(tally, steps);
    Ok(())
}
