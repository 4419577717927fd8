//! (c) Ranks and pages of very many people, with mostly equal or mostly distinct points.

use std::time::Instant;

use anyhow::{Context, Result};
use sqlx::AnyPool;

use super::{
    Ground, Options,
    contest::{self, Contestant, Course},
    contestants,
    live::{RATE, Stream},
    load,
    report::{Bound, Promise, Report},
};
use crate::{http::Connection, installation::Installation, undone};
use xtask::postgres::Postgres;

const BOARD: &str = "/api/v1/leaderboards/global";
/// Number of sampled paths, requested in turn.
const SAMPLE: u64 = 2000;
/// Number of requests over a single connection.
const ALONE: u64 = 2000;

/// The distribution of points.
#[derive(Clone, Copy)]
struct Spread {
    name: &'static str,
    flag: &'static str,
}

const SPREADS: [Spread; 2] = [
    Spread { name: "skewed", flag: "--people" },
    Spread { name: "distinct", flag: "--distinct-people" },
];

/// Measures both distributions on SQLite, then on PostgreSQL.
pub(super) async fn run(ground: &Ground<'_>, options: &Options, report: &mut Report) -> Result<()> {
    for spread in SPREADS {
        on_engine(ground, options, spread, None, report).await?;
    }
    let Some(postgres) = &ground.postgres else {
        report.leave_out("boards on PostgreSQL: PostgreSQL is not available");
        return Ok(());
    };
    for spread in SPREADS {
        on_engine(ground, options, spread, Some(postgres), report).await?;
    }
    Ok(())
}

async fn on_engine(
    ground: &Ground<'_>,
    options: &Options,
    spread: Spread,
    postgres: Option<&Postgres>,
    report: &mut Report,
) -> Result<()> {
    let engine = postgres.map_or("SQLite", |_| "PostgreSQL");
    let installation = peopled(ground, options.people, spread, postgres).await?;
    let logins = some_logins(&installation).await?;
    let serving = installation.serve(&["--no-jobs"]).await?;
    let port = serving.port;
    let ranks: Vec<_> = logins.iter().map(|login| format!("{BOARD}/ranks/{login}")).collect();
    let jumps: Vec<_> = (0..SAMPLE).map(|n| jump(n, options.people)).collect();
    let next = cursors(port, &jumps[..200]).await?;
    let title = format!("(c) {} people, {}, on {engine}", options.people, spread.name);
    let paths = [ranks, jumps, next];
    let server = Contestant::new("guildhall", serving.daemon, port, postgres);
    let asked = Asked { server: &server, options };
    // The limit for the server's processor time applies to SQLite: PostgreSQL works in other processes.
    let most = postgres.is_none().then_some(150.0);
    let promises = asked.scores(&paths, most).await?;
    report.section(&title, &[]);
    report.promises(&promises);
    drop(server);
    let stream = Stream::of(&installation).await?;
    let serving = installation.serve(&[]).await?;
    let port = serving.port;
    let server = Contestant::new("guildhall", serving.daemon, port, postgres);
    let asked = Asked { server: &server, options };
    let promises = stream.during(port, asked.scores(&paths, None)).await?;
    stream.expect_processed(&installation).await?;
    // Processor time includes that of the deliveries.
    report.section(&format!("{title}, while {RATE} deliveries a second come in"), &[]);
    report.promises(&promises);
    Ok(())
}

/// Returns an installation with `people`; on SQLite it is kept for the next run.
async fn peopled(
    ground: &Ground<'_>,
    people: u64,
    spread: Spread,
    postgres: Option<&Postgres>,
) -> Result<Installation> {
    let name = format!("people_{}_{people}", spread.name);
    if postgres.is_none()
        && let Some(installation) = contestants::kept(ground, &name)?
        && count_of_people(&installation).await? >= people
    {
        return Ok(installation);
    }
    let installation = contestants::empty(ground, &name, postgres).await?;
    let start = Instant::now();
    installation.command(&["seed", spread.flag, &people.to_string()])?;
    println!("{people} {} people were seeded in {:.0?}", spread.name, start.elapsed());
    Ok(installation)
}

/// Counts the people: an earlier run may have been stopped before everyone had points.
async fn count_of_people(installation: &Installation) -> Result<u64> {
    let pool = AnyPool::connect(&installation.database_url()).await?;
    let people = undone::count(&pool, "users").await?;
    pool.close().await;
    Ok(people as u64)
}

async fn some_logins(installation: &Installation) -> Result<Vec<String>> {
    let pool = AnyPool::connect(&installation.database_url()).await?;
    let logins = sqlx::query_scalar("SELECT login FROM users ORDER BY random() LIMIT $1")
        .bind(SAMPLE as i64)
        .fetch_all(&pool)
        .await?;
    pool.close().await;
    Ok(logins)
}

fn jump(number: u64, people: u64) -> String {
    let rank = 1 + load::scatter(number) % people;
    format!("{BOARD}?limit=50&rank={rank}")
}

/// Returns the paths of the pages that follow `pages`.
async fn cursors(port: u16, pages: &[String]) -> Result<Vec<String>> {
    let mut connection = Connection::open(port).await?;
    let mut next = Vec::new();
    for page in pages {
        let answer = connection.get(page).await?;
        let body: serde_json::Value =
            serde_json::from_slice(&answer.body).context("a page is not JSON")?;
        if let Some(cursor) = body["next_cursor"].as_str() {
            next.push(format!("{BOARD}?limit=50&cursor={cursor}"));
        }
    }
    Ok(next)
}

struct Asked<'a> {
    server: &'a Contestant,
    options: &'a Options,
}

impl Asked<'_> {
    /// Measures ranks, jumps and next pages. `cpu` limits the processor time of a rank.
    async fn scores(&self, paths: &[Vec<String>; 3], cpu: Option<f64>) -> Result<Vec<Promise>> {
        let [ranks, jumps, next] = paths;
        let mut promises = self.score("rank of one", ranks, 1.0, cpu).await?;
        promises.extend(self.score("jump to a rank, 50 rows", jumps, 2.0, None).await?);
        promises.extend(self.score("next page, 50 rows", next, 2.0, None).await?);
        Ok(promises)
    }

    /// Measures latency over one connection, as an upper bound for the database, and processor time with many.
    async fn score(
        &self,
        what: &str,
        paths: &[String],
        p99: f64,
        cpu: Option<f64>,
    ) -> Result<Vec<Promise>> {
        let requests = load::gets(paths);
        let alone = Options { requests: ALONE, connections: 1, ..self.options.clone() };
        let many = Options { connections: 16, ..self.options.clone() };
        let promise = |what: String, figure, unit, most| Promise {
            what,
            figure,
            unit,
            bound: Bound::AtMost(most),
            of: "fixed".to_owned(),
        };
        let one = std::slice::from_ref(self.server);
        let alone = contest::hold(one, &requests, Course::of(&alone)).await?;
        let alone = contest::median(&alone[0]);
        let crowd = contest::hold(one, &requests, Course::of(&many)).await?;
        let crowd = contest::median(&crowd[0]);
        let what_p99 = format!(
            "{what}, p99 over HTTP (p50 {:.2} ms, CPU {:.0} + {:.0} µs)",
            alone.seen.p50, crowd.server, crowd.database
        );
        let mut promises = vec![promise(what_p99, alone.seen.p99, "ms", p99)];
        promises.extend(cpu.map(|most| promise(format!("{what}, CPU"), crowd.cpu(), "µs", most)));
        Ok(promises)
    }
}
