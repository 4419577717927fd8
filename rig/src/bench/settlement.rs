//! (b) Settlement alone: queued wake-ups, and one worker that turns them into points.

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
use crate::{installation::Installation, undone};
use xtask::postgres::Postgres;

/// Few pull requests per person, so that most windows contain one or two.
const PEOPLE: u64 = 1000;
const PATIENCE: Duration = Duration::from_secs(600);

/// Measures on SQLite, then on PostgreSQL.
pub(super) async fn run(ground: &Ground<'_>, options: &Options, report: &mut Report) -> Result<()> {
    on_engine(ground, options, None, report).await?;
    match &ground.postgres {
        Some(postgres) => on_engine(ground, options, Some(postgres), report).await?,
        None => report.leave_out("settlement on PostgreSQL: PostgreSQL is not available"),
    }
    Ok(())
}

async fn on_engine(
    ground: &Ground<'_>,
    options: &Options,
    postgres: Option<&Postgres>,
    report: &mut Report,
) -> Result<()> {
    let (engine, least, most) = match postgres {
        None => ("SQLite", 9_000.0, 110.0),
        Some(_) => ("PostgreSQL", 6_000.0, 170.0),
    };
    let (ready, applied) = stocked(ground, options, postgres).await?;
    let mut turns = Vec::new();
    for _ in 0..options.rounds {
        turns.push(settle(&ready, postgres).await?);
    }
    turns.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    let Turn { windows, .. } = turns[0];
    let middle = &turns[turns.len() / 2];
    let (server, database) = middle.cpu;
    let lines = [
        applied,
        String::new(),
        format!(
            "{windows} windows of {} pull requests; of a window the worker's CPU {server:.0} µs, the database's {database:.0} µs",
            options.requests / 2
        ),
    ];
    report.section(&format!("(b) Settlement on {engine}"), &lines);
    report.promises(&[
        Promise {
            what: format!("settlement on {engine}"),
            figure: middle.rate,
            unit: "windows a second",
            bound: Bound::AtLeast(least),
            of: "fixed".to_owned(),
        },
        Promise {
            what: format!("a settled window on {engine}: CPU"),
            figure: server + database,
            unit: "µs",
            bound: Bound::AtMost(most),
            of: "fixed".to_owned(),
        },
    ]);
    Ok(())
}

/// Creates an installation whose deliveries are applied but not settled; also returns the cost of applying them.
async fn stocked(
    ground: &Ground<'_>,
    options: &Options,
    postgres: Option<&Postgres>,
) -> Result<(Installation, String)> {
    let repositories: Vec<_> = REPOSITORIES.collect();
    let installation =
        contestants::furnished(ground, "settlement", postgres, &repositories).await?;
    let traffic = Traffic {
        run: "settlement",
        people: PEOPLE,
        repositories: *REPOSITORIES.end(),
        first_pull: 0,
        is_slim: false,
    };
    let requests: load::Requests =
        Rc::new(move |number, request| request.extend_from_slice(&traffic.request(number)));
    let push = Push { connections: options.connections, count: options.requests, first: 0 };
    let serving = installation.serve(&["--no-jobs"]).await?;
    load::drive(serving.port, push, &requests).await?;
    drop(serving);
    let pool = AnyPool::connect(&installation.database_url()).await?;
    let worker = installation.worker("inbox")?;
    let meter = Meter::of(&worker, postgres);
    let (start, before) = (Instant::now(), meter.read());
    undone::wait_deliveries(&pool, PATIENCE).await?;
    let rate = push.count as f64 / start.elapsed().as_secs_f64();
    let (server, database) = meter.read().since(before, push.count as f64);
    drop(worker);
    pool.close().await;
    let line = format!(
        "deliveries are applied at {rate:.0}/s; of each the worker's CPU {server:.0} µs, the database's {database:.0} µs"
    );
    Ok((installation, line))
}

struct Turn {
    windows: i64,
    rate: f64,
    cpu: (f64, f64),
}

/// Settles a copy of `ready` and measures from the first finished batch to the last.
async fn settle(ready: &Installation, postgres: Option<&Postgres>) -> Result<Turn> {
    let installation = ready.copied("settled", postgres).await?;
    let pool = AnyPool::connect(&installation.database_url()).await?;
    let all = undone::count(&pool, "wake_ups").await?;
    ensure!(all > 0, "no settlement waits");
    let worker = installation.worker("settlement")?;
    let meter = Meter::of(&worker, postgres);
    let (start, left, before) = loop {
        let left = undone::count(&pool, "wake_ups").await?;
        if left < all {
            break (Instant::now(), left, meter.read());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    };
    undone::wait(&pool, PATIENCE).await?;
    let took = start.elapsed();
    let (after, windows) = (meter.read(), windows(&pool).await?);
    pool.close().await;
    let timed = windows as f64 * left as f64 / all as f64;
    Ok(Turn { windows, rate: timed / took.as_secs_f64(), cpu: after.since(before, timed) })
}

/// Counts the windows: distinct contributors, repositories and months in which a pull request was opened or merged.
async fn windows(pool: &AnyPool) -> Result<i64> {
    let place = |column: &str| {
        format!(
            "SELECT author_id, repository_id, substr(CAST({column} AS text), 1, 7) FROM contributions \
             WHERE {column} IS NOT NULL"
        )
    };
    let all = format!("({} UNION {}) AS places", place("opening_at"), place("merged_at"));
    let windows = undone::count(pool, &all).await?;
    let paid = undone::count(pool, "point_transactions").await?;
    ensure!(paid > windows, "{windows} windows have {paid} entries");
    Ok(windows)
}
