use std::time::Instant;

use kernel::Timestamp;

use super::store::QueueState;

/// Records the duration of a job.
pub(super) fn took(job: &'static str, began: Instant) {
    metrics::histogram!("guildhall_job_duration_seconds", "job" => job)
        .record(began.elapsed().as_secs_f64());
}

/// Records the state of each queue.
pub fn measure(queues: &[QueueState], now: Timestamp) {
    for queue in queues {
        let label = [("queue", queue.name.clone())];
        let age = queue.oldest_at.map_or(0, |at| (now - at).num_seconds());
        metrics::gauge!("guildhall_queue_depth", &label).set(queue.depth as f64);
        metrics::gauge!("guildhall_queue_age_seconds", &label).set(age.max(0) as f64);
        metrics::gauge!("guildhall_queue_dead_letters", &label).set(queue.dead as f64);
    }
}
