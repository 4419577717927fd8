//! (b) The cost of a delivery in a large installation, compared with a small one.

use std::{
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::Result;
use sqlx::AnyPool;

use super::{
    Ground, Options, contestants,
    endtoend::turn,
    load::{self, Push},
    proc::Meter,
    report::{Bound, Promise, Report},
    traffic::{REPOSITORIES, Traffic},
};
use crate::{
    installation::{Installation, Serving},
    undone,
};

const SMALL: u64 = 10_000;
/// Number of deliveries per turn in the small installation; few enough that it stays small.
const TURN: u64 = 2_000;
/// Pull requests per person in both installations.
const EACH: u64 = 20;
const PATIENCE: Duration = Duration::from_secs(3600);

/// Fills two installations and measures them in turns.
pub(super) async fn run(ground: &Ground<'_>, options: &Options, report: &mut Report) -> Result<()> {
    let small = Filled::with(ground, SMALL, false).await?;
    let large = Filled::with(ground, options.large, true).await?;
    let options = Options {
        requests: TURN,
        ..options.clone()
    };
    let mut costs = [Vec::new(), Vec::new()];
    for round in 0..=options.rounds {
        for (filled, costs) in [&small, &large].into_iter().zip(&mut costs) {
            let cost = filled.turn(&options).await?;
            if round > 0 {
                costs.push(cost);
            }
        }
    }
    let [small_cost, large_cost] = costs.map(median);
    let size = options.large;
    let line = format!(
        "CPU of a delivery to its points: {small_cost:.0} µs among {SMALL} pull requests, {large_cost:.0} µs among {size}"
    );
    report.section("(b) Growth on SQLite", &[line]);
    report.promises(&[Promise {
        what: format!("a delivery among {size} pull requests"),
        figure: large_cost,
        unit: "µs",
        bound: Bound::AtMost(1.25 * small_cost),
        of: format!("1.25 × the cost among {SMALL}"),
    }]);
    Ok(())
}

fn median(mut costs: Vec<f64>) -> f64 {
    costs.sort_by(f64::total_cmp);
    costs[costs.len() / 2]
}

/// A running installation with many pull requests.
struct Filled {
    serving: Serving,
    pool: AnyPool,
    people: u64,
}

impl Filled {
    /// Creates an installation. A large one is `kept` for the next run; it only grows.
    async fn with(ground: &Ground<'_>, pulls: u64, kept: bool) -> Result<Self> {
        let name = format!("growth-{pulls}");
        let found = contestants::kept(ground, &name)?.filter(|_| kept);
        let installation = match found {
            Some(installation) => installation,
            None => {
                let repositories: Vec<_> = REPOSITORIES.collect();
                contestants::furnished(ground, &name, None, &repositories).await?
            }
        };
        Self::fill(&installation, pulls).await
    }

    async fn fill(installation: &Installation, pulls: u64) -> Result<Self> {
        let serving = installation.serve(&[]).await?;
        let pool = AnyPool::connect(&installation.database_url()).await?;
        let people = pulls / EACH;
        let there = undone::count(&pool, "pull_requests").await? as u64;
        let traffic = Traffic {
            run: "growth",
            people,
            first_pull: there,
            is_slim: true,
        };
        let push = Push {
            connections: 64,
            count: pulls.saturating_sub(there),
            first: 0,
        };
        let requests: load::Requests =
            Rc::new(move |number, request| request.extend_from_slice(&traffic.merge(number)));
        let start = Instant::now();
        load::drive(serving.port, push, &requests).await?;
        undone::wait(&pool, PATIENCE).await?;
        println!(
            "{} merges were settled in {:.0?}",
            push.count,
            start.elapsed()
        );
        Ok(Self {
            serving,
            pool,
            people,
        })
    }

    /// Returns the processor time in microseconds per delivery, including all resulting work.
    async fn turn(&self, options: &Options) -> Result<f64> {
        let traffic = Traffic {
            run: "growth",
            people: self.people,
            first_pull: undone::count(&self.pool, "pull_requests").await? as u64,
            is_slim: false,
        };
        let meter = Meter::of(&self.serving.daemon, None);
        let turn = turn(self.serving.port, &self.pool, meter, traffic, options).await?;
        Ok(turn.cpu)
    }
}
