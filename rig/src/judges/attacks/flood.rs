use std::{net::Ipv4Addr, time::Duration};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    task::JoinSet,
    time::timeout,
};

use super::target::{HOSTILE, Target};
use crate::deliveries;

const MIB: usize = 1 << 20;
/// The address of the client that signs nothing.
const ATTACKER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const SLOW: usize = 24;
const SMALL: usize = 40;
/// How long a response may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Fills the memory for bodies from one address, while others deliver.
pub(super) async fn slow_bodies(target: &Target) -> Result<()> {
    let port = target.serving.port;
    let mut senders = JoinSet::new();
    for _ in 0..SLOW {
        senders.spawn(slow_body(port));
    }
    let mut slow = Vec::new();
    while let Some(sender) = senders.join_next().await {
        slow.push(sender??);
    }
    let answer = timeout(PATIENCE, status_of_unsigned(port)).await;
    let status = answer.context("an unsigned body was not answered in time")??;
    ensure!(status == "503", "the memory is not full: an unsigned body was answered {status}");
    let mut accepted = 0;
    for number in 0..SMALL {
        let title = if number == 0 { MIB } else { 100 };
        let mut body = target.opened(HOSTILE, 40, (7_200, "octo-small"));
        body["pull_request"]["title"] = json!("t".repeat(title));
        let sent = target.send(&body, Some(HOSTILE.hook), HOSTILE.secret);
        let answer = timeout(PATIENCE, sent).await;
        let answer = answer.context("a signed delivery was not answered in time")??;
        accepted += usize::from(answer.status == 202);
    }
    ensure!(accepted == SMALL, "{} of {SMALL} signed deliveries were refused", SMALL - accepted);
    drop(slow);
    target.settled().await
}

/// Announces a large body without a valid signature.
async fn announce(port: u16) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((ATTACKER, 0).into())?;
    let mut stream = socket.connect((Ipv4Addr::LOCALHOST, port).into()).await?;
    let head = deliveries::head("ping", &deliveries::id("slow", 0), &"0".repeat(64), 20 * MIB);
    stream.write_all(head.as_bytes()).await?;
    Ok(stream)
}

/// Announces a large body, and sends a part of it.
async fn slow_body(port: u16) -> Result<TcpStream> {
    let mut stream = announce(port).await?;
    let part = vec![b' '; 12 * MIB];
    // The server may refuse it before the part is sent, which is its right.
    let _ = timeout(Duration::from_secs(2), stream.write_all(&part)).await;
    Ok(stream)
}

/// Announces a large body, sends nothing of it, and returns the status of the response.
async fn status_of_unsigned(port: u16) -> Result<String> {
    let mut start = [0; 12];
    announce(port).await?.read_exact(&mut start).await?;
    let start = String::from_utf8_lossy(&start);
    Ok(start.trim_start_matches("HTTP/1.1 ").to_owned())
}
