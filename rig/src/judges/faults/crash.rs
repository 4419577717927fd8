use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use sqlx::AnyPool;

use super::{Surroundings, chosen, compare, folder, senders};
use crate::{installation::Installation, undone};
use xtask::postgres::{self, Manner, Postgres};

const DELIVERIES: u64 = 2_000;
const CRASHES: u64 = 5;
const PATIENCE: Duration = Duration::from_secs(180);

/// Judges a server with jobs on its own PostgreSQL, which is crashed repeatedly.
pub(super) async fn judge(around: &Surroundings<'_>) -> Result<()> {
    let programs = postgres::programs_or_install(around.install)?;
    let manner = Manner { durable: true, keep: around.keep };
    let mut postgres = Postgres::start(around.workspace, &programs, manner)?;
    let url = postgres.new_database("faults")?;
    let installation =
        Installation::fresh(around.program(), folder(around).join("crash"), Some(url))?;
    senders::furnish(&installation)?;
    let mut serving = installation.serve(&[]).await?;
    let start = Instant::now();
    let mut senders = senders::Senders::start("crash", DELIVERIES, &[serving.port]);
    for crash in 0..CRASHES {
        let share = DELIVERIES / (CRASHES + 1);
        senders.reach(share * crash + chosen(crash, 1, share)).await?;
        postgres.crash()?;
        around.count("crashes of PostgreSQL", 1);
        ensure!(!serving.daemon.has_ended(), "the server exited together with PostgreSQL");
    }
    senders.finish().await?;
    let took = start.elapsed();
    let pool = AnyPool::connect(&installation.database_url()).await?;
    undone::wait(&pool, PATIENCE).await?;
    let stored = sqlx::query_scalar("SELECT delivery_id FROM webhook_deliveries");
    let stored: Vec<String> = stored.fetch_all(&pool).await?;
    let acknowledged = senders.acknowledged();
    let missing = acknowledged.iter().filter(|id| !stored.contains(id)).count();
    ensure!(missing == 0, "{missing} acknowledged deliveries are lost");
    around.count("deliveries", stored.len());
    ensure!(stored.len() as u64 == DELIVERIES, "{} are stored", stored.len());
    ensure!(undone::count(&pool, "point_transactions").await? > 0, "nothing was settled");
    pool.close().await;
    installation.command(&["ledger", "verify"])?;
    compare(around, &installation, ("crash", DELIVERIES)).await?;
    installation.command(&["doctor"])?;
    println!(
        "{DELIVERIES} deliveries, PostgreSQL crashed {CRASHES} times, {took:.1?}: all acknowledged \
         deliveries were stored; the server reported {} times that it could not store one",
        senders.refused()
    );
    drop(serving);
    if !around.keep {
        std::fs::remove_dir_all(&installation.data)?;
    }
    Ok(())
}
