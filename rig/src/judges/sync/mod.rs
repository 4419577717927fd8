//! Judge `sync`: the sync of CTF teams with the game platform, on PostgreSQL. Nothing may be lost or doubled although the
//! platform fails, the server is killed and PostgreSQL crashes; servers that are triggered together do one run; and turning
//! the integration off by SQL stops the calls within five seconds. And reading the issues of 1,100 repositories from GitHub, with
//! as few calls as possible, and with the same rows although the server is killed and GitHub limits the calls.

mod issues;
mod lost;
mod replicas;
mod scene;
mod switch;

use std::{ops::RangeInclusive, path::PathBuf};

use anyhow::{Context as _, Result};

use super::{Step, Surroundings, runtime};
use crate::bench::load::scatter;
use xtask::{postgres, tally::Tally};

/// The seed for the times and kinds of failures, unless `SYNC_SEED` names another number.
const SEED: u64 = 20_261_124;

/// Finds PostgreSQL.
pub(super) fn prepare(around: &Surroundings) -> Result<()> {
    postgres::programs_or_install(around.install).map(drop)
}

fn folder(around: &Surroundings) -> PathBuf {
    around.workspace.target.join("judges/sync")
}

/// The steps, by their names.
const LOST: [&str; 2] = [
    "syncs while everything fails, the first half",
    "syncs while everything fails, the second half",
];
const TOGETHER: &str = "two servers that are triggered together";
const STOPPED: &str = "the integration turned off by SQL";
const ISSUES: &str = "issues of many repositories while everything fails";

/// Numbers that are determined by a seed.
struct Dice {
    seed: u64,
    throws: u64,
}

impl Dice {
    /// Returns a number from `low` to `high`.
    fn throw(&mut self, low: u64, high: u64) -> u64 {
        self.throws += 1;
        low + scatter(self.seed ^ scatter(self.throws)) % (high - low + 1)
    }

    /// Returns one of `all`.
    fn one_of<'a, T>(&mut self, all: &'a [T]) -> Result<&'a T> {
        let last = all.len().saturating_sub(1) as u64;
        let index = usize::try_from(self.throw(0, last))?;
        all.get(index).context("nothing to choose from")
    }
}

/// Judges the sync.
pub(super) fn run(around: &Surroundings, tally: &mut Tally) -> Result<()> {
    sqlx::any::install_default_drivers();
    let seed = std::env::var("SYNC_SEED").map_or(Ok(SEED), |text| text.parse())?;
    println!("seed {seed}");
    let dice = || Dice { seed, throws: 0 };
    let half = |(name, turns): (_, RangeInclusive<u64>)| -> Step<'_> {
        let dice = Dice { seed: seed ^ scatter(*turns.start()), throws: 0 };
        (name, Box::new(move || runtime()?.block_on(lost::judge(around, dice, turns))))
    };
    let mut steps: Vec<Step> = vec![
        (TOGETHER, Box::new(|| runtime()?.block_on(replicas::judge(around)))),
        (STOPPED, Box::new(|| runtime()?.block_on(switch::judge(around)))),
        (ISSUES, Box::new(|| runtime()?.block_on(issues::judge(around, dice())))),
    ];
    steps.extend(LOST.into_iter().zip(lost::HALVES).map(half));
    around.side_by_side(tally, steps);
    Ok(())
}
