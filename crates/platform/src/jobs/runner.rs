use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{
    Progress, Schedule, Settings, Worker,
    metrics::{self, took},
    pause::Pauses,
    schedule,
};
use crate::{
    Context,
    telemetry::activity::{self, Work},
};

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
        workers.iter().for_each(|worker| metrics::begin(worker.name));
        schedules.iter().for_each(|schedule| metrics::begin_scheduled(schedule.name()));
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        let (pauses, watch) = Pauses::follow(context.db.clone(), stop.clone());
        tasks.spawn(watch);
        for worker in workers {
            let (context, pauses) = (context.clone(), pauses.clone());
            tasks.spawn(drive(context, settings, worker, pauses, stop.clone()));
        }
        let planned = schedule::due_before(context, &schedules);
        tasks.spawn(schedule::drive(
            context.clone(),
            settings,
            (schedules, planned),
            pauses,
            stop.clone(),
        ));
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
    mut pauses: Pauses,
    stop: CancellationToken,
) {
    let id = context.ids.next();
    let bell = context.db.wakes().bell(worker.topic);
    let mut failures = 0_u32;
    while !stop.is_cancelled() && pauses.may_begin(worker.name, &stop).await {
        let began = Instant::now();
        // Runs in its own task, so that a panic ends the batch but not the worker.
        let batch = tokio::spawn(worker.run(context.clone(), id)).await;
        if !matches!(batch, Ok(Ok(Progress::Idle))) {
            took(worker.name, began);
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
                settings.poll
            }
            Ok(Err(error)) => rest_after(worker.name, &error.to_string(), &mut failures),
            Err(panic) => rest_after(worker.name, &panic.to_string(), &mut failures),
        };
        tokio::select! {
            () = bell.notified(), if failures == 0 => {}
            () = tokio::time::sleep(rest) => {}
            () = stop.cancelled() => {}
        }
    }
}

fn rest_after(job: &'static str, error: &str, failures: &mut u32) -> Duration {
    *failures = failures.saturating_add(1);
    metrics::FAILURES.add(&[job], 1);
    activity::count(Work::Failed, 1);
    tracing::error!(job, error, failures, "a job failed; it will be retried");
    Duration::from_millis(250 * 2_u64.pow((*failures).min(7)))
}
