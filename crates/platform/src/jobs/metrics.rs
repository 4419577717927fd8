use std::time::Instant;

use kernel::Timestamp;

use super::store::QueueState;
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

/// Begins the series of a job that this process runs.
pub(super) fn begin(job: &str) {
    FAILURES.begin(&[job]);
    DURATION.begin(&[job]);
}

/// Begins the series of a scheduled job that this process runs.
pub(super) fn begin_scheduled(job: &str) {
    begin(job);
    for outcome in OUTCOMES {
        RUNS.begin(&[job, outcome]);
    }
}

/// Records the duration of a job.
pub(super) fn took(job: &'static str, began: Instant) {
    DURATION.record(&[job], began.elapsed());
}

/// Records the state of each queue.
pub fn measure(queues: &[QueueState], now: Timestamp) {
    for queue in queues {
        let label = [queue.name.as_str()];
        let age = queue.oldest_at.map_or(0, |at| (now - at).num_seconds());
        DEPTH.set(&label, queue.depth as f64);
        AGE.set(&label, age.max(0) as f64);
        DEAD.set(&label, queue.dead as f64);
    }
}
