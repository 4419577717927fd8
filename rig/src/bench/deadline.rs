//! (h) The last minute of a hackathon: its teams submit before the deadline, and then all are frozen and checked, with a GitHub
//! whose answers take 200 ms.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use serde_json::json;
use tokio::task::{JoinSet, LocalSet};

use super::{
    Ground, Options,
    event::{self, Event},
    proc::{self, Meter},
    report::{Bound, Promise, Report},
};
use crate::{http::request, undone};
use xtask::postgres::Postgres;

/// How long GitHub takes to answer.
const LATENCY: Duration = Duration::from_millis(200);
/// The time in which all teams submit.
const RUSH: Duration = Duration::from_secs(60);
/// The time between the last submission and the deadline.
const SPARE: Duration = Duration::from_millis(500);
/// The time before the rush, in which everyone is notified of the dates.
const NOTICE: TimeDelta = TimeDelta::seconds(30);
const NOTICE_EACH: TimeDelta = TimeDelta::milliseconds(40);
/// The most that 99 of 100 submissions may take, in milliseconds.
const ANSWER: f64 = 300.0;
/// The most time after the deadline until all are checked, in seconds.
const DRAIN: f64 = 600.0;
const PATIENCE: Duration = Duration::from_secs(1_800);

const OPEN: &str = "submissions WHERE locked_at IS NULL";
const QUEUED: &str = "submission_checks WHERE due_at IS NOT NULL OR claimed_by IS NOT NULL";
const STORED: &str = "submission_versions WHERE NOT is_late";
const REPORTED: &str = "(SELECT DISTINCT submission_id FROM submission_reports \
                        WHERE trigger_code = 'deadline' AND verdict = 'valid') r";

/// Measures on SQLite, then on PostgreSQL.
pub(super) async fn run(ground: &Ground<'_>, options: &Options, report: &mut Report) -> Result<()> {
    on_engine(ground, options.submissions, None, report).await?;
    match &ground.postgres {
        Some(postgres) => on_engine(ground, options.submissions, Some(postgres), report).await,
        None => {
            report.leave_out("the deadline on PostgreSQL: PostgreSQL is not available");
            Ok(())
        }
    }
}

/// The measurements of a deadline.
struct Seen {
    /// The sorted latencies of submissions in milliseconds, from the time at which each should be sent.
    latencies: Vec<f64>,
    /// The processor time of a submission, of the server and of the database, in microseconds.
    cpu: (f64, f64),
    /// The seconds from the deadline until all were frozen, and until all were checked.
    frozen: f64,
    drained: f64,
    calls: u64,
}

async fn on_engine(
    ground: &Ground<'_>,
    teams: usize,
    postgres: Option<&Postgres>,
    report: &mut Report,
) -> Result<()> {
    let engine = postgres.map_or("SQLite", |_| "PostgreSQL");
    let event = Event::hold(ground, teams, postgres).await?;
    let seen = pass(&event, postgres).await?;
    let title = format!("(h) {teams} submissions in the last minute, on {engine}");
    report.section(&title, &[described(&event, &seen)?]);
    let (stored, reported) =
        (undone::count(&event.pool, STORED).await?, undone::count(&event.pool, REPORTED).await?);
    report.promises(&promises(teams, &seen, stored, reported));
    event.pool.close().await;
    Ok(())
}

/// Lets the deadline of an event pass.
async fn pass(event: &Event, postgres: Option<&Postgres>) -> Result<Seen> {
    let teams = i32::try_from(event.leaders.len())?;
    let rush = TimeDelta::from_std(RUSH)?;
    // At a full minute, as organizers choose it.
    let deadline = (event::now() + rush + NOTICE + NOTICE_EACH * teams)
        .duration_trunc(TimeDelta::minutes(1))?
        + TimeDelta::minutes(1);
    event.open_submissions(deadline).await?;
    if postgres.is_some() {
        // As it does by itself within minutes, but not in the middle of what is measured.
        for chore in ["VACUUM ANALYZE", "CHECKPOINT"] {
            sqlx::query(chore).execute(&event.pool).await?;
        }
    }
    let latency = json!({ "latency_ms": u64::try_from(LATENCY.as_millis())? });
    event.github.change("/_switches", &latency).await?;
    let before = calls(event).await?;
    let meter = Meter::of(&event.serving.daemon, postgres);
    let ends = Instant::now() + until(deadline)?;
    let begins = ends.checked_sub(RUSH + SPARE).context("a past instant")?;
    ensure!(begins > Instant::now(), "the deadline is too near");
    tokio::time::sleep_until(begins.into()).await;
    let used = meter.read();
    let latencies = rush_in(event, begins).await?;
    let cpu = meter.read().since(used, f64::from(teams));
    tokio::time::sleep_until(ends.into()).await;
    undone::empty(&event.pool, OPEN, PATIENCE).await?;
    let frozen = ends.elapsed().as_secs_f64();
    undone::empty(&event.pool, QUEUED, PATIENCE).await?;
    Ok(Seen {
        latencies,
        cpu,
        frozen,
        drained: ends.elapsed().as_secs_f64(),
        calls: before - calls(event).await?,
    })
}

fn until(deadline: DateTime<Utc>) -> Result<Duration> {
    let wait = (deadline - event::now()).to_std();
    wait.context("everyone was notified after the deadline")
}

/// Submits for all teams, evenly spread over the rush whatever the server does; returns the sorted latencies.
async fn rush_in(event: &Event, begins: Instant) -> Result<Vec<f64>> {
    let (local, mut tasks) = (LocalSet::new(), JoinSet::new());
    let (port, count) = (event.serving.port, event.leaders.len());
    for (number, leader) in event.leaders.iter().cloned().enumerate() {
        let at = begins + RUSH.mul_f64((number + 1) as f64 / count as f64);
        let one = async move {
            tokio::time::sleep_until(at.into()).await;
            let answer = event::submit(port, &leader).await?;
            if answer.status != 200 {
                bail!("{} was answered {}", leader.0, answer.text());
            }
            Ok(at.elapsed().as_secs_f64() * 1e3)
        };
        tasks.spawn_local_on(one, &local);
    }
    let all = local.run_until(async {
        let mut latencies = Vec::with_capacity(count);
        while let Some(latency) = tasks.join_next().await {
            latencies.push(latency??);
        }
        anyhow::Ok(latencies)
    });
    let mut latencies = all.await?;
    latencies.sort_by(f64::total_cmp);
    Ok(latencies)
}

/// Returns the number of calls that the simulated GitHub still allows.
async fn calls(event: &Event) -> Result<u64> {
    let answer = request(event.github.port, "GET", "/_switches", &[], None).await?;
    let left = answer.json()?["rate_remaining"].as_u64();
    left.context("the fake GitHub has no limit")
}

impl Seen {
    fn at(&self, share: f64) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        let place = (self.latencies.len() as f64 * share) as usize;
        self.latencies.get(place.min(last)).copied().unwrap_or(0.0)
    }
}

fn described(event: &Event, seen: &Seen) -> Result<String> {
    let checks = seen.latencies.len() as f64;
    Ok(format!(
        "A submission takes {:.1} ms (median), {:.1} ms at most; CPU with the checks of the minute {:.0} + {:.0} µs. All are frozen \
         {:.1} s after the deadline. GitHub is called {} times, {:.1} times a submission; memory of the server {:.0} MiB, data in \
         {}.",
        seen.at(0.5),
        seen.at(1.0),
        seen.cpu.0,
        seen.cpu.1,
        seen.frozen,
        seen.calls,
        seen.calls as f64 / checks,
        proc::peak(event.serving.daemon.pid())?,
        event.installation.data.display(),
    ))
}

fn promises(teams: usize, seen: &Seen, stored: i64, reported: i64) -> [Promise; 4] {
    let promise = |what: &str, figure, unit, bound| Promise {
        what: what.to_owned(),
        figure,
        unit,
        bound,
        of: "fixed".to_owned(),
    };
    let all = Bound::AtLeast(teams as f64);
    [
        promise("versions stored on time", stored as f64, "versions", all),
        promise("a submission: p99", seen.at(0.99), "ms", Bound::AtMost(ANSWER)),
        promise("all checked after the deadline", seen.drained, "s", Bound::AtMost(DRAIN)),
        promise("valid at the deadline", reported as f64, "reports", all),
    ]
}
