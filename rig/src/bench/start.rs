//! (d) Startup time, idle cost and size.

use std::{fs, time::Duration};

use anyhow::{Context as _, Result, ensure};

use super::{
    Ground,
    contestants::{self, REPOSITORY},
    load::disguised,
    proc::resident,
    report::{Bound, Promise, Report},
};
use crate::http::Connection;

const STARTS: usize = 5;
/// How long a server rests before its memory is read.
const REST: Duration = Duration::from_secs(3);
/// How long a server rests after use: it frees unused pages and connections after one to two minutes.
const REST_AFTER_USE: Duration = Duration::from_secs(150);
/// Number of requests after which memory is read again.
const REQUESTS: usize = 1_000;

/// Starts an existing installation a few times and measures it while idle.
pub(super) async fn run(ground: &Ground<'_>, report: &mut Report) -> Result<()> {
    let installation = contestants::furnished(ground, "start", None, &[REPOSITORY]).await?;
    let mut slowest = Duration::ZERO;
    for _ in 0..STARTS {
        slowest = slowest.max(installation.serve(&[]).await?.ready_after);
    }
    let serving = installation.serve(&[]).await?;
    tokio::time::sleep(REST).await;
    let idle = resident(serving.daemon.pid())?;
    drop(serving);
    let used = after_use(ground).await?;
    let size = fs::metadata(&installation.binary)?.len() as f64 / 1e6;
    let promise = |what: &str, figure, unit, most| Promise {
        what: what.to_owned(),
        figure,
        unit,
        bound: Bound::AtMost(most),
        of: "fixed".to_owned(),
    };
    report.section("(d) Start, rest and size", &[]);
    report.promises(&[
        promise("start to ready, slowest of five", slowest.as_secs_f64() * 1e3, "ms", 500.0),
        promise("resident memory at rest", idle, "MiB", 64.0),
        promise(
            "resident memory at rest, after 1,000 requests to the demo's season",
            used,
            "MiB",
            64.0,
        ),
        promise("size of the binary", size, "MB", 40.0),
    ]);
    Ok(())
}

/// Serves the demo's season, requests its pages, and returns the resident memory after that.
async fn after_use(ground: &Ground<'_>) -> Result<f64> {
    let installation = contestants::empty(ground, "used", None).await?;
    installation.command(&["seed", "--demo"])?;
    let serving = installation.serve(&[]).await?;
    let mut connection = Connection::open(serving.port).await?;
    let first = connection.get("/api/v1/leaderboards/global?limit=1").await?;
    let first = first.json()?;
    let login = first["items"][0]["login"].as_str();
    let login = login.context("no one of the demo's season has points")?;
    let pages = [
        "/?unread=0".to_owned(),
        "/leaderboards?unread=0".to_owned(),
        "/projects?unread=0".to_owned(),
        format!("/people/{login}?unread=0"),
        "/api/v1/leaderboards/global?limit=100".to_owned(),
        format!("/api/v1/leaderboards/global/ranks/{login}"),
    ];
    for (number, path) in pages.iter().cycle().take(REQUESTS).enumerate() {
        // Most pages are rendered: their parameter is not known, and its value is new.
        let path = match path.strip_suffix("unread=0") {
            Some(page) => format!("{page}unread={number}"),
            None => disguised(path, number as u64),
        };
        let answer = connection.get(&path).await?;
        ensure!(answer.status == 200, "{path} was answered {}", answer.status);
    }
    tokio::time::sleep(REST_AFTER_USE).await;
    resident(serving.daemon.pid())
}
