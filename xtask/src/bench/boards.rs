//! (c) Ranks and pages of a great many people.

use anyhow::Result;
use sqlx::AnyPool;

use super::{
    Ground, Options,
    contest::{self, Contestant},
    contestants,
    load::{self, Push},
    report::{Bound, Promise, Report},
};

const BOARD: &str = "/api/v1/leaderboards/global";
/// Paths asked in turn.
const SAMPLE: i64 = 2000;

/// Seeds the people and asks for ranks and pages.
pub(super) async fn run(ground: &Ground<'_>, options: &Options, report: &mut Report) -> Result<()> {
    let house = contestants::furnished(ground, "boards", None, &[]).await?;
    house.command(&["seed", "--people", &options.people.to_string()])?;
    let pool = AnyPool::connect(&house.database_url()).await?;
    let logins: Vec<String> =
        sqlx::query_scalar("SELECT login FROM users ORDER BY random() LIMIT $1")
            .bind(SAMPLE)
            .fetch_all(&pool)
            .await?;
    pool.close().await;
    let serving = house.serve(&["--no-jobs"]).await?;
    let server = Contestant {
        name: "guildhall",
        daemon: serving.daemon,
        port: serving.port,
        database: None,
    };
    let ranks: Vec<_> = logins
        .iter()
        .map(|login| format!("{BOARD}/ranks/{login}"))
        .collect();
    let jump = |n: i64| {
        format!(
            "{BOARD}?limit=50&rank={}",
            1 + load::scatter(n as u64) % options.people
        )
    };
    let pages: Vec<_> = (0..SAMPLE).map(jump).collect();
    let asked = Asked {
        server: &server,
        options,
    };
    let rank = asked.score("rank of one", &ranks, 1.0, Some(150.0)).await?;
    let page = asked
        .score("jump to a rank, 50 rows", &pages, 2.0, None)
        .await?;
    report.section(
        &format!("(c) Boards of {} people on SQLite", options.people),
        &[],
    );
    report.promises(&[rank, page].concat());
    Ok(())
}

struct Asked<'a> {
    server: &'a Contestant,
    options: &'a Options,
}

impl Asked<'_> {
    /// Latency over one connection stands for the database's; the processor's time is taken with many.
    async fn score(
        &self,
        what: &str,
        paths: &[String],
        p99: f64,
        cpu: Option<f64>,
    ) -> Result<Vec<Promise>> {
        let requests = load::gets(paths);
        let one = Push {
            connections: 1,
            count: 4000,
            first: 0,
        };
        let many = Push {
            connections: 16,
            count: self.options.requests,
            first: 0,
        };
        let promise = |what: String, figure, unit, most| Promise {
            what,
            figure,
            unit,
            bound: Bound::AtMost(most),
            of: "fixed".to_owned(),
        };
        let alone = contest::measure(self.server, one, &requests).await?;
        let mut promises = vec![promise(
            format!("{what}, p99 over HTTP"),
            alone.seen.p99,
            "ms",
            p99,
        )];
        if let Some(most) = cpu {
            let crowd = contest::measure(self.server, many, &requests).await?;
            promises.push(promise(format!("{what}, CPU"), crowd.cpu(), "µs", most));
        }
        Ok(promises)
    }
}
