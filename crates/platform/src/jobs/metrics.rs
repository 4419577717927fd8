use std::{iter, time::Instant};

use kernel::Timestamp;

use super::{JobName, Worker, store::QueueState};
use crate::telemetry::{Metric, MetricLabel};

const JOB: &[MetricLabel] = &[MetricLabel::open("job")];
const QUEUE: &[MetricLabel] = &[MetricLabel::open("queue")];

/// The results of a run of a scheduled job.
const OUTCOMES: [&str; 3] = ["done", "failed", "lost"];

/// Runs of scheduled jobs.
pub(crate) const RUNS: Metric =
    Metric::counter("guildhall_job_runs_total", "Runs of scheduled jobs, by result.")
        .by(&[MetricLabel::open("job"), MetricLabel::of("outcome", &OUTCOMES)]);

/// Failures of jobs that are tried again.
pub(crate) const FAILURES: Metric = Metric::counter(
    "guildhall_job_failures_total",
    "Batches of a job that failed and will be retried.",
)
.by(JOB);

/// The durations of runs and batches.
pub(crate) const DURATION: Metric = Metric::histogram(
    "guildhall_job_duration_seconds",
    "Duration of job runs and batches in this process.",
)
.by(JOB);

pub(crate) const DEPTH: Metric =
    Metric::gauge("guildhall_queue_depth", "Pending entries of a queue.").by(QUEUE);

pub(crate) const AGE: Metric =
    Metric::gauge("guildhall_queue_age_seconds", "Age of the oldest pending entry of a queue.")
        .by(QUEUE);

pub(crate) const DEAD: Metric =
    Metric::gauge("guildhall_queue_dead_letters", "Failed entries of a queue.").by(QUEUE);

/// Begins the series of a job that this process runs. All metrics of a renamed job are recorded under both names.
pub(super) fn begin(job: JobName) {
    for name in job.all() {
        FAILURES.begin(&[name]);
        DURATION.begin(&[name]);
    }
}

/// Begins the series of a scheduled job that this process runs.
pub(super) fn begin_scheduled(job: JobName) {
    begin(job);
    for name in job.all() {
        OUTCOMES.iter().for_each(|outcome| RUNS.begin(&[name, outcome]));
    }
}

/// Records the duration of a job.
pub(super) fn took(job: JobName, began: Instant) {
    job.all().for_each(|name| DURATION.record(&[name], began.elapsed()));
}

/// Counts a run of a schedule by its result.
pub(super) fn ran(job: JobName, outcome: &'static str) {
    job.all().for_each(|name| RUNS.add(&[name, outcome], 1));
}

/// Counts a run or a batch that failed.
pub(super) fn failed(job: JobName) {
    job.all().for_each(|name| FAILURES.add(&[name], 1));
}

/// Records the state of each queue of these workers, under both names if one was renamed.
pub fn measure(queues: &[QueueState], workers: &[Worker], now: Timestamp) {
    for queue in queues {
        let mut renamed = workers.iter().filter(|worker| worker.name == queue.name);
        let formerly = renamed.find_map(|worker| worker.formerly);
        let age = queue.oldest_at.map_or(0, |at| (now - at).num_seconds());
        for name in iter::once(queue.name.as_str()).chain(formerly) {
            DEPTH.set(&[name], queue.depth as f64);
            AGE.set(&[name], age.max(0) as f64);
            DEAD.set(&[name], queue.dead as f64);
        }
    }
}
