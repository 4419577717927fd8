//! (b) From delivery to settled points and updated leaderboards.

use std::{
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use sqlx::AnyPool;

use super::{
    Ground, Options, contestants,
    load::{self, Push},
    proc::Meter,
    report::{Bound, Promise, Report},
    traffic::{REPOSITORIES, Traffic},
};
use crate::undone;

const PEOPLE: u64 = 500;
const PATIENCE: Duration = Duration::from_secs(600);

/// Sends deliveries of pull requests that are opened and then merged, and waits for their points.
pub(super) async fn run(ground: &Ground<'_>, options: &Options, report: &mut Report) -> Result<()> {
    let repositories: Vec<_> = REPOSITORIES.collect();
    let installation = contestants::furnished(ground, "endtoend", None, &repositories).await?;
    let serving = installation.serve(&[]).await?;
    let pool = AnyPool::connect(&installation.database_url()).await?;
    let mut turns = Vec::new();
    for round in 0..options.rounds {
        let first_pull = round as u64 * options.requests.div_ceil(2);
        let traffic = Traffic {
            run: "endtoend",
            people: PEOPLE,
            repositories: *REPOSITORIES.end(),
            first_pull,
            is_slim: false,
        };
        let meter = Meter::of(&serving.daemon, None);
        turns.push(turn(serving.port, &pool, meter, traffic, options).await?);
    }
    expect_points(&pool).await?;
    pool.close().await;
    turns.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    let middle = &turns[turns.len() / 2];
    let line = format!(
        "acknowledged at {:.0}/s; CPU of a delivery to its points {:.0} µs",
        middle.acknowledged, middle.cpu
    );
    report.section("(b) End to end on SQLite", &[line]);
    report.promises(&[Promise {
        what: "delivery to settled points and moved boards".to_owned(),
        figure: middle.rate,
        unit: "a second",
        bound: Bound::AtLeast(3500.0),
        of: "fixed".to_owned(),
    }]);
    Ok(())
}

/// The result of a turn.
pub(super) struct Turn {
    /// Deliveries per second, from the first one sent to the last one's points.
    rate: f64,
    /// Responses per second meanwhile.
    acknowledged: f64,
    /// Processor time in microseconds per delivery, including all resulting work.
    pub(super) cpu: f64,
}

/// Sends `options.requests` deliveries and waits until all work is done.
pub(super) async fn turn(
    port: u16,
    pool: &AnyPool,
    meter: Meter,
    traffic: Traffic,
    options: &Options,
) -> Result<Turn> {
    let push = Push { connections: options.connections, count: options.requests, first: 0 };
    // Prepared in advance, because the client shares the processor with the server.
    let prepared: Vec<_> = (0..push.count).map(|number| traffic.request(number)).collect();
    let requests: load::Requests =
        Rc::new(move |number, request| request.extend_from_slice(&prepared[number as usize]));
    let (start, before) = (Instant::now(), meter.read());
    let seen = load::drive(port, push, &requests).await?;
    undone::wait(pool, PATIENCE).await?;
    let (server, database) = meter.read().since(before, push.count as f64);
    Ok(Turn {
        rate: push.count as f64 / start.elapsed().as_secs_f64(),
        acknowledged: seen.rate,
        cpu: server + database,
    })
}

/// Checks that points were posted, because a server that drops its work would look fast.
async fn expect_points(pool: &AnyPool) -> Result<()> {
    let dead = undone::count(pool, "webhook_deliveries WHERE dead_at IS NOT NULL").await?;
    let merged = undone::count(pool, "pull_requests WHERE merged_at IS NOT NULL").await?;
    let entries = undone::count(pool, "point_transactions").await?;
    ensure!(
        dead == 0 && merged > 0 && entries > merged,
        "{dead} deliveries are dead, and {merged} merges have {entries} entries in the ledger"
    );
    Ok(())
}
