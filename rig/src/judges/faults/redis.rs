use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};
use sqlx::AnyPool;

use super::{Surroundings, chosen, compare, folder, senders};
use crate::{http::Connection, installation::Installation, undone};
use xtask::redis::Redis;

const DELIVERIES: u64 = 1_500;
const ENDS: u64 = 4;
const PATIENCE: Duration = Duration::from_secs(120);
/// Sign-in attempts per address and minute.
const SIGN_INS: u32 = 30;
/// Networks tried until Redis was in time for all attempts from one.
const COUNTS: u8 = 20;

/// Judges two servers that share rate limits through a Redis that is stopped and restarted.
pub(super) async fn judge(around: &Surroundings<'_>, program: &Path) -> Result<()> {
    let mut redis = Redis::start(program)?;
    let mut installation =
        Installation::fresh(around.program(), folder(around).join("redis"), None)?;
    installation.redis = Some(redis.url());
    senders::furnish(&installation)?;
    let servers = [installation.serve(&[]).await?, installation.serve(&["--no-jobs"]).await?];
    let ports = [servers[0].port, servers[1].port];
    ensure!(count_together(ports, "198.51.100").await?, "before Redis went");
    let mut senders = senders::Senders::start("redis", DELIVERIES, &ports);
    let readers = tokio::spawn(read_on(ports));
    for end in 0..ENDS {
        let share = DELIVERIES / (ENDS + 1);
        senders.reach(share * end + chosen(end, 1, share)).await?;
        redis.kill()?;
        tokio::time::sleep(Duration::from_millis(chosen(ENDS + end, 50, 1_500))).await;
        redis.back()?;
        around.count("ends of Redis", 1);
    }
    senders.finish().await?;
    ensure!(!readers.is_finished(), "readers ended: {:?}", readers.await?);
    readers.abort();
    ensure!(senders.refused() == 0, "{} deliveries were refused", senders.refused());
    ensure!(count_together(ports, "192.0.2").await?, "when Redis was back");
    let pool = AnyPool::connect(&installation.database_url()).await?;
    undone::wait(&pool, PATIENCE).await?;
    let stored = undone::count(&pool, "webhook_deliveries").await?;
    around.count("deliveries", usize::try_from(stored)?);
    ensure!(stored == DELIVERIES as i64, "{stored} deliveries are stored");
    pool.close().await;
    installation.command(&["ledger", "verify"])?;
    compare(around, &installation, ("redis", DELIVERIES)).await?;
    println!(
        "{DELIVERIES} deliveries and as many readers as came, Redis gone {ENDS} times: no answer was wrong"
    );
    drop(servers);
    if !around.keep {
        std::fs::remove_dir_all(&installation.data)?;
    }
    Ok(())
}

/// Sends requests from ever new addresses, which must never be limited.
async fn read_on(ports: [u16; 2]) -> Result<()> {
    let mut connections = [Connection::open(ports[0]).await?, Connection::open(ports[1]).await?];
    for reader in 0_u32.. {
        let connection = &mut connections[reader as usize % 2];
        let [.., b, c] = reader.to_be_bytes();
        let answer = connection
            .send(asking("/api/v1/leaderboards/global", &format!("203.0.{b}.{c}")).as_bytes())
            .await?;
        ensure!(answer.status == 200, "a reader was answered {}", answer.status);
        ensure!(answer.head.to_lowercase().contains("\nratelimit:"), "{}", answer.head);
    }
    Ok(())
}

/// Checks that the servers share one limit per address, once they use Redis.
///
/// Servers that do not share it always admit twice [`SIGN_INS`]. Servers that do may admit more than one of them where
/// this machine is so busy that Redis is too late and each counts alone for a while; only then is another network tried.
async fn count_together(ports: [u16; 2], network: &str) -> Result<bool> {
    let mut connections = [Connection::open(ports[0]).await?, Connection::open(ports[1]).await?];
    for host in 1..=COUNTS {
        for connection in &mut connections {
            uses_redis(connection).await?;
        }
        let began = Instant::now();
        let let_in = admitted(&mut connections, &format!("{network}.{host}")).await?;
        println!("both servers together admitted {let_in} of {} attempts to sign in", 3 * SIGN_INS);
        // The limit refills by half an attempt a second.
        let refilled = u32::try_from(began.elapsed().as_secs() / 2)? + 1;
        if (SIGN_INS..=SIGN_INS + refilled).contains(&let_in) {
            return Ok(true);
        }
        ensure!(let_in > SIGN_INS, "only {let_in} attempts to sign in were admitted");
    }
    Ok(false)
}

/// Counts the attempts to sign in from an address that are admitted, by each server in turn.
async fn admitted(connections: &mut [Connection; 2], from: &str) -> Result<u32> {
    let mut let_in = 0;
    for turn in 0..3 * SIGN_INS {
        let connection = &mut connections[turn as usize % 2];
        let answer = connection.send(asking("/sign-in/email", from).as_bytes()).await?;
        let_in += u32::from(answer.status != 429);
    }
    Ok(let_in)
}

async fn uses_redis(connection: &mut Connection) -> Result<()> {
    for _ in 0..600 {
        let health = connection.get("/api/health").await?;
        if String::from_utf8_lossy(&health.body).contains("\"redis\":\"healthy\"") {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("a server did not use Redis within half a minute")
}

fn asking(path: &str, from: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: {from}\r\n\r\n")
}
