//! (b) From delivery to settled points and moved boards.

use std::{
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use sqlx::AnyPool;

use super::{
    Ground, Options, contestants,
    load::{self, Push},
    payload::{self, Told},
    report::{Bound, Promise, Report},
};
use crate::{deliveries, house::SECRET, undone};

const REPOSITORIES: u64 = 20;
const PEOPLE: u64 = 500;
const PATIENCE: Duration = Duration::from_secs(600);

/// Sends pull requests, each opened and then merged, to a serving house and waits for their points.
pub(super) async fn run(ground: &Ground<'_>, options: &Options, report: &mut Report) -> Result<()> {
    let repositories: Vec<_> = (1..=REPOSITORIES).collect();
    let house = contestants::furnished(ground, "settlement", None, &repositories).await?;
    let serving = house.serve(&[]).await?;
    let pool = AnyPool::connect(&house.database_url()).await?;
    let push = Push {
        connections: options.connections,
        count: options.requests,
        first: 0,
    };
    // Made ahead: the client shares the processor with the house.
    let prepared: Vec<_> = (0..push.count).map(delivery).collect();
    let requests: load::Requests =
        Rc::new(move |number, request| request.extend_from_slice(&prepared[number as usize]));
    let start = Instant::now();
    let seen = load::drive(serving.port, push, &requests).await?;
    undone::wait(&pool, PATIENCE).await?;
    let rate = push.count as f64 / start.elapsed().as_secs_f64();
    expect_points(&pool).await?;
    pool.close().await;
    report.section(
        "(b) Settlement on SQLite",
        &[format!("acknowledged at {:.0}/s", seen.rate)],
    );
    report.promises(&[Promise {
        what: "delivery to settled points and moved boards".to_owned(),
        figure: rate,
        unit: "a second",
        bound: Bound::AtLeast(3000.0),
        of: "fixed".to_owned(),
    }]);
    Ok(())
}

/// A house that dropped its work would be fast.
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

/// Even numbers open a pull request, odd ones merge it.
fn delivery(number: u64) -> Vec<u8> {
    let pull = number / 2;
    let told = Told {
        repository: 1 + pull % REPOSITORIES,
        number: 1 + pull / REPOSITORIES,
        author: load::scatter(pull) % PEOPLE,
        month: 1 + load::scatter(!pull) % 10,
        merged: number % 2 == 1,
    };
    let (id, body) = (deliveries::id("settlement", number), payload::body(told));
    deliveries::Delivery {
        event: "pull_request",
        id: &id,
        body: &body,
    }
    .request(SECRET)
}
