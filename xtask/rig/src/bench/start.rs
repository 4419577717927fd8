//! (d) Startup time, idle cost and size.

use std::{fs, time::Duration};

use anyhow::Result;

use super::{
    Ground,
    contestants::{self, REPOSITORY},
    proc::resident,
    report::{Bound, Promise, Report},
};

const STARTS: usize = 5;

/// Starts an existing installation a few times and measures it while idle.
pub(super) async fn run(ground: &Ground<'_>, report: &mut Report) -> Result<()> {
    let installation = contestants::furnished(ground, "start", None, &[REPOSITORY]).await?;
    let mut slowest = Duration::ZERO;
    for _ in 0..STARTS {
        slowest = slowest.max(installation.serve(&[]).await?.ready_after);
    }
    let serving = installation.serve(&[]).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let idle = resident(serving.daemon.pid())?;
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
        promise(
            "start to ready, slowest of five",
            slowest.as_secs_f64() * 1e3,
            "ms",
            500.0,
        ),
        promise("resident memory at rest", idle, "MiB", 64.0),
        promise("size of the binary", size, "MB", 40.0),
    ]);
    Ok(())
}
