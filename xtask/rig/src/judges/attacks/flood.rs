use std::{
    fs,
    net::Ipv4Addr,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpSocket, TcpStream},
    time::timeout,
};

use super::target::{HOSTILE, Target};
use crate::{deliveries, http::Connection};

const MIB: usize = 1 << 20;
/// The most memory that large deliveries may take beside what the server uses anyway.
const MOST_MEMORY: usize = 256 * MIB;
/// The address of the client that signs nothing.
const ATTACKER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const SLOW: usize = 24;
const SMALL: usize = 40;

/// Sends eight pull requests with titles of 20 MB at once.
pub(super) async fn large_titles(target: &Target) -> Result<()> {
    let port = target.serving.port;
    let pid = target.serving.daemon.pid();
    let before = memory(pid)?;
    let peak = tokio::spawn(watch_memory(pid));
    let mut senders = tokio::task::JoinSet::new();
    for number in 0..8 {
        let mut body = target.opened(HOSTILE, 20 + number, (7_100, "octo-large"));
        body["pull_request"]["title"] = json!(incompressible(number, 20 * MIB));
        let request = target.signed(&body, Some(HOSTILE.hook), HOSTILE.secret);
        senders.spawn(async move { until_accepted(port, &request).await });
    }
    while let Some(sent) = senders.join_next().await {
        sent??;
    }
    target.settled().await?;
    // One sample is certain, so that a server that cannot be watched is noticed.
    let at_the_end = memory(pid)?;
    peak.abort();
    let peak = PEAK.load(Ordering::Relaxed).max(at_the_end);
    let more = peak.saturating_sub(before) / MIB;
    println!(
        "the server used {} MiB before, and {more} MiB more at most",
        before / MIB
    );
    ensure!(more * MIB <= MOST_MEMORY, "the server used {more} MiB more");
    Ok(())
}

/// The most memory that was seen, in bytes.
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// Looks at the memory of a process again and again.
async fn watch_memory(pid: u32) {
    while let Ok(memory) = memory(pid) {
        PEAK.fetch_max(memory, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
}

/// Returns the memory of a process that the system cannot take back, which leaves out the pages of mapped files.
fn memory(pid: u32) -> Result<usize> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kilobytes = kilobytes.context("the system does not tell the memory of a process")?;
    Ok(kilobytes.parse::<usize>()? * 1024)
}

/// Returns text that compression does not make small.
fn incompressible(seed: u64, length: usize) -> String {
    let mut state = seed + 1;
    let mut character = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'A' + (state % 26) as u8)
    };
    (0..length).map(|_| character()).collect()
}

/// Sends a request until it is accepted, like GitHub would.
async fn until_accepted(port: u16, request: &[u8]) -> Result<()> {
    for _ in 0..300 {
        // A sender that is refused early sees the end of the connection.
        let answer = match Connection::open(port).await {
            Ok(mut connection) => connection.send(request).await,
            Err(error) => Err(error),
        };
        match answer.map(|answer| answer.status) {
            Ok(202) => return Ok(()),
            Ok(503) | Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
            Ok(status) => anyhow::bail!("a large delivery was answered {status}"),
        }
    }
    anyhow::bail!("a large delivery was never accepted")
}

/// Fills the memory for bodies from one address, while others deliver.
pub(super) async fn slow_bodies(target: &Target) -> Result<()> {
    let port = target.serving.port;
    let mut slow = Vec::new();
    for _ in 0..SLOW {
        slow.push(slow_body(port).await?);
    }
    let mut accepted = 0;
    for number in 0..SMALL {
        let title = if number == 0 { MIB } else { 100 };
        let mut body = target.opened(HOSTILE, 40, (7_200, "octo-small"));
        body["pull_request"]["title"] = json!("t".repeat(title));
        let sent = target.send(&body, Some(HOSTILE.hook), HOSTILE.secret);
        let answer = timeout(Duration::from_secs(10), sent).await;
        let answer = answer.context("a signed delivery was not answered in time")??;
        accepted += usize::from(answer.status == 202);
    }
    ensure!(
        accepted == SMALL,
        "{} of {SMALL} signed deliveries were refused",
        SMALL - accepted
    );
    drop(slow);
    target.settled().await
}

/// Announces a large body without a valid signature, and sends a part of it.
async fn slow_body(port: u16) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((ATTACKER, 0).into())?;
    let mut stream = socket.connect((Ipv4Addr::LOCALHOST, port).into()).await?;
    let head = deliveries::head(
        "ping",
        &deliveries::id("slow", 0),
        &"0".repeat(64),
        20 * MIB,
    );
    stream.write_all(head.as_bytes()).await?;
    let part = vec![b' '; 12 * MIB];
    // The server may refuse it before the part is sent, which is its right.
    let _ = timeout(Duration::from_secs(2), stream.write_all(&part)).await;
    Ok(stream)
}
