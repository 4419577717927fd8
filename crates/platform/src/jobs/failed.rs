use super::store::{ScheduledRun, failed};
use crate::db::{DbError, Sql};

/// The maximum number of failed runs that are counted.
const RUNS: i64 = 1_000;

/// A job with failed runs.
#[derive(Clone, Debug)]
pub struct FailedJob {
    /// The latest of them.
    pub newest: ScheduledRun,
    /// Their number.
    pub count: i64,
    /// True when some of them are not retried automatically.
    pub has_dead: bool,
}

/// Lists the jobs with failed runs, the latest failure first.
pub async fn failed_jobs(db: &impl Sql) -> Result<Vec<FailedJob>, DbError> {
    let mut jobs: Vec<FailedJob> = Vec::new();
    for run in failed(db, RUNS).await? {
        let has_dead = run.dead_at.is_some();
        match jobs.iter_mut().find(|job| job.newest.name == run.name) {
            Some(job) => {
                job.count += 1;
                job.has_dead |= has_dead;
            }
            None => jobs.push(FailedJob { newest: run, count: 1, has_dead }),
        }
    }
    Ok(jobs)
}
