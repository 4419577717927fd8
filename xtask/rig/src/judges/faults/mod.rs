//! Judge `faults`: the services below the server fail repeatedly while deliveries arrive. PostgreSQL is stopped as in a
//! crash (`pg_ctl restart -m immediate`, with fsync): every acknowledged delivery must be stored. Redis is stopped and
//! restarted: every response must be right, and the servers must share rate limits again.

mod crash;
mod redis;
mod senders;

use std::path::PathBuf;

use anyhow::Result;

use super::Surroundings;
use crate::bench::load::scatter;
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

/// Judges PostgreSQL and Redis.
pub(super) fn run(around: &Surroundings, tally: &mut Tally) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    sqlx::any::install_default_drivers();
    println!("seed {SEED}");
    let crashed = runtime.block_on(crash::judge(around));
    tally.step("deliveries while PostgreSQL crashes", crashed);
    match cache::program_or_install(around.install) {
        Ok(program) => {
            let gone = runtime.block_on(redis::judge(around, &program));
            tally.step("requests while Redis stops and restarts", gone);
        }
        Err(error) => tally.leave_out(format!(
            "requests while Redis stops and restarts: {error:#}"
        )),
    }
    Ok(())
}
