use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

use super::{
    JobName, MAX_ATTEMPTS, Progress, Schedule, Settings, Worker,
    lookout::Lookout,
    metrics::{self, failed, took},
    pause::Pauses,
    schedule,
    store::SCHEDULED,
    worker::Backlog,
};
use crate::{
    Context,
    telemetry::{
        activity::{self, Work},
        errors, news, traces,
    },
};

/// How long an idle job waits when no bell rings.
const LOOKS_ANYWAY: Duration = Duration::from_secs(300);

/// The running jobs of this process.
#[derive(Debug)]
pub struct Runner {
    tasks: JoinSet<()>,
    stop: CancellationToken,
}

impl Runner {
    /// Starts all workers and schedules.
    #[must_use]
    pub fn start(
        context: &Context,
        settings: Settings,
        workers: Vec<Worker>,
        schedules: Vec<Schedule>,
    ) -> Self {
        workers.iter().for_each(|worker| metrics::begin(worker.names()));
        schedules.iter().for_each(|schedule| metrics::begin_scheduled(schedule.names()));
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        let (pauses, watch) = Pauses::follow(context.db.clone(), stop.clone());
        tasks.spawn(watch);
        let mut lookout = Lookout::default();
        for worker in workers {
            let (context, pauses) = (context.clone(), pauses.clone());
            let due = lookout.watch(worker.backlog);
            tasks.spawn(drive(context, settings, worker, due, pauses, stop.clone()));
        }
        let due = lookout.watch(Backlog::Table(SCHEDULED));
        let planned = schedule::due_before(context, &schedules);
        tasks.spawn(schedule::drive(
            context.clone(),
            settings,
            (schedules, planned),
            due,
            pauses,
            stop.clone(),
        ));
        tasks.spawn(lookout.keep(context.clone(), settings.poll, stop.clone()));
        let (listener, stopped) = (context.db.clone(), stop.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = listener.listen() => {}
                () = stopped.cancelled() => {}
            }
        });
        Self { tasks, stop }
    }

    /// Stops after every job has finished its current batch.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a job panicked");
            }
        }
    }
}

async fn drive(
    context: Context,
    settings: Settings,
    worker: Worker,
    due: Arc<Notify>,
    mut pauses: Pauses,
    stop: CancellationToken,
) {
    let (id, name) = (context.ids.next(), worker.names());
    let bell = context.db.wakes().bell(worker.topic);
    let mut failures = 0_u32;
    while !stop.is_cancelled() && pauses.may_begin(name, &stop).await {
        let began = Instant::now();
        // Runs in its own task, so that a panic ends the batch but not the worker.
        let batch = tokio::spawn(worker.run(context.clone(), id)).await;
        if !matches!(batch, Ok(Ok(Progress::Idle))) {
            took(name, began);
            traces::of_batch(name.now, began.elapsed());
        }
        let rest = match batch {
            Ok(Ok(Progress::Full)) => {
                failures = 0;
                continue;
            }
            Ok(Ok(Progress::Worked)) => {
                failures = 0;
                tokio::time::sleep(settings.linger).await;
                continue;
            }
            Ok(Ok(Progress::Idle)) => {
                failures = 0;
                if worker.looks_itself { settings.poll } else { settings.poll.max(LOOKS_ANYWAY) }
            }
            Ok(Err(error)) => rest_after(name, &error.to_string(), &mut failures),
            Err(panic) => rest_after(name, &panic.to_string(), &mut failures),
        };
        tokio::select! {
            () = bell.notified(), if failures == 0 => {}
            () = due.notified(), if failures == 0 => {}
            () = tokio::time::sleep(rest) => {}
            () = stop.cancelled() => {}
        }
    }
}

fn rest_after(job: JobName, error: &str, failures: &mut u32) -> Duration {
    *failures = failures.saturating_add(1);
    if i64::from(*failures) == MAX_ATTEMPTS {
        errors::of_job(job.now, MAX_ATTEMPTS);
    }
    failed(job);
    activity::count(Work::Failed, 1);
    if let Some(times) = news(job.now, &error) {
        tracing::error!(job = job.now, error, failures, times, "a job failed; it will be retried");
    }
    Duration::from_millis(250 * 2_u64.pow((*failures).min(7)))
}
