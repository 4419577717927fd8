//! (b) The cost of a delivery in a large installation, compared with a small one.

use anyhow::Result;
use sqlx::AnyPool;

use super::{
    Ground, Options,
    endtoend::turn,
    large::{self, Size},
    proc::Meter,
    report::{Bound, Promise, Report},
};
use crate::{installation::Serving, undone};

const SMALL: u64 = 10_000;
/// Number of deliveries per turn in the small installation; few enough that it stays small.
const TURN: u64 = 2_000;

/// Fills two installations and measures them in turns.
pub(super) async fn run(ground: &Ground<'_>, options: &Options, report: &mut Report) -> Result<()> {
    let small = Filled::with(ground, SMALL, false).await?;
    let large = Filled::with(ground, options.large, true).await?;
    let options = Options { requests: TURN, ..options.clone() };
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
    size: Size,
}

impl Filled {
    async fn with(ground: &Ground<'_>, pulls: u64, kept: bool) -> Result<Self> {
        let size = Size { pulls };
        let installation = large::filled(ground, size, kept).await?;
        Ok(Self {
            serving: installation.serve(&[]).await?,
            pool: AnyPool::connect(&installation.database_url()).await?,
            size,
        })
    }

    /// Returns the processor time in microseconds per delivery, including all resulting work.
    async fn turn(&self, options: &Options) -> Result<f64> {
        let there = undone::count(&self.pool, "pull_requests").await?;
        let traffic = self.size.traffic(there.unsigned_abs(), false);
        let meter = Meter::of(&self.serving.daemon, None);
        let turn = turn(self.serving.port, &self.pool, meter, traffic, options).await?;
        Ok(turn.cpu)
    }
}
