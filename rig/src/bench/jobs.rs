//! (f) The job runner alone: the cost of adding a job to a transaction, and the throughput of jobs that do nothing.

use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{
    Ground, contestants,
    report::{Bound, Promise, Report},
};
use xtask::{postgres::Postgres, process::output};

#[derive(Deserialize)]
struct Figures {
    transaction_us: f64,
    transaction_with_job_us: f64,
    queue_jobs_a_second: f64,
    wake_ups_a_second: f64,
}

/// Measures on SQLite, then on PostgreSQL.
pub(super) async fn run(ground: &Ground<'_>, report: &mut Report) -> Result<()> {
    on_engine(ground, None, report).await?;
    match &ground.postgres {
        Some(postgres) => on_engine(ground, Some(postgres), report).await?,
        None => report.leave_out("jobs on PostgreSQL: PostgreSQL is not available"),
    }
    Ok(())
}

async fn on_engine(
    ground: &Ground<'_>,
    postgres: Option<&Postgres>,
    report: &mut Report,
) -> Result<()> {
    let engine = postgres.map_or("SQLite", |_| "PostgreSQL");
    let installation = contestants::empty(ground, "jobs", postgres).await?;
    let mut program = Command::new(ground.workspace.target.join("dist/noop-jobs"));
    program.env("DATABASE_URL", installation.database_url());
    let printed = output(&mut program)?;
    let figures: Figures = serde_json::from_str(&printed).context("noop-jobs printed nothing")?;
    let lines = [format!(
        "A transaction of one recorded change takes {:.0} µs, {:.0} µs with a job. {:.0} wake-ups a second end, of one worker.",
        figures.transaction_us, figures.transaction_with_job_us, figures.wake_ups_a_second
    )];
    report.section(&format!("(f) Jobs on {engine}"), &lines);
    let promise = |what: &str, figure, unit, bound| Promise {
        what: format!("{what} on {engine}"),
        figure,
        unit,
        bound,
        of: "fixed".to_owned(),
    };
    let added = figures.transaction_with_job_us - figures.transaction_us;
    report.promises(&[
        promise("what a job adds to a transaction", added, "µs", Bound::AtMost(100.0)),
        promise(
            "jobs that do nothing",
            figures.queue_jobs_a_second,
            "jobs a second",
            Bound::AtLeast(3_000.0),
        ),
    ]);
    Ok(())
}
