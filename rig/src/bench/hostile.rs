//! (i) Liveness while anonymous clients ask for the most expensive pages, each at an address that is not cached.

use std::{
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::Result;
use sqlx::{AnyPool, AssertSqlSafe};

use super::{
    Ground, Options, contestants,
    load::{self, Push, Requests, scatter},
    numbers::{self, disguised},
    pages::ask,
    report::{Bound, Promise, Report},
};
use crate::http::Connection;

/// Anonymous connections that ask for pages.
const CONNECTIONS: usize = 8;
/// The most milliseconds until the 99th percentile of probes is answered.
const MOST: f64 = 50.0;
/// Time between two probes.
const PAUSE: Duration = Duration::from_millis(10);

/// Measures on SQLite, where queries run in the server's own process.
pub(super) async fn run(ground: &Ground<'_>, options: &Options, report: &mut Report) -> Result<()> {
    let installation = contestants::empty(ground, "hostile", None).await?;
    let serving = installation.demo().await?;
    let pool = AnyPool::connect(&installation.database_url()).await?;
    let nested = format!("UPDATE hackathons SET description = '{}'", ">".repeat(16 * 1024));
    sqlx::query(AssertSqlSafe(nested)).execute(&pool).await?;
    let slugs =
        "SELECT slug FROM hackathons WHERE published_at IS NOT NULL AND visibility = 'public'";
    let slugs: Vec<String> = sqlx::query_scalar(slugs).fetch_all(&pool).await?;
    pool.close().await;
    let port = serving.port;
    let alone = probe(port, tokio::time::sleep(Duration::from_secs(5))).await?;
    let push = Push { connections: CONNECTIONS, count: options.requests, first: 0 };
    let requests = worst(slugs);
    let mut seen = None;
    let attack = async { seen = Some(load::drive(port, push, &requests).await) };
    let during = probe(port, attack).await?;
    let rate = seen.transpose()?.map_or(0.0, |seen| seen.rate);
    report.section("(i) Liveness under hostile requests, on SQLite", &[]);
    let note = format!(
        "{CONNECTIONS} connections got {rate:.0} pages a second. /livez alone: p50 {:.2}, p99 {:.2}, longest {:.2} ms; \
         meanwhile: p50 {:.2}, p99 {:.2}, longest {:.2} ms",
        alone.p50, alone.p99, alone.longest, during.p50, during.p99, during.longest
    );
    report.note(&note);
    report.promises(&[Promise {
        what: "/livez while anonymous clients ask for the worst pages, p99".to_owned(),
        figure: during.p99,
        unit: "ms",
        bound: Bound::AtMost(MOST),
        of: "fixed".to_owned(),
    }]);
    Ok(())
}

/// Milliseconds until probes were answered.
pub(super) struct Answered {
    pub(super) p50: f64,
    pub(super) p99: f64,
    pub(super) longest: f64,
}

/// Asks for `/livez` every [`PAUSE`] until `work` ends.
pub(super) async fn probe(port: u16, work: impl Future<Output = ()>) -> Result<Answered> {
    let mut connection = Connection::open(port).await?;
    let mut tick = tokio::time::interval(PAUSE);
    let mut taken = Vec::new();
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            () = &mut work => break,
            _ = tick.tick() => {
                let start = Instant::now();
                connection.get("/livez").await?;
                taken.push(start.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    taken.sort_by(f64::total_cmp);
    let at = |share| numbers::at(&taken, share);
    Ok(Answered { p50: at(0.5), p99: at(0.99), longest: taken.last().copied().unwrap_or(0.0) })
}

/// Returns requests for pages that cost most: boards, searches for new words, and hackathons whose descriptions are nested.
fn worst(hackathons: Vec<String>) -> Requests {
    Rc::new(move |number, request| {
        let word = format!("{:x}", scatter(number));
        let address = match number % 6 {
            0 => disguised("/leaderboards?rank=00000000000000000000001", number),
            1 => format!("/search?q={word}"),
            2 => format!("/discover?q={word}"),
            3 => "/seasons".to_owned(),
            4 => "/docs/api".to_owned(),
            _ => {
                let slug = &hackathons[number as usize % hackathons.len()];
                disguised(&format!("/hackathons/{slug}"), number)
            }
        };
        request.extend_from_slice(ask(&address, None).as_bytes());
    })
}
