use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use platform::{
    Context,
    db::DbError,
    module::Services,
    slow::{SlowRequests, SlowStatement},
    telemetry,
};

use crate::store::slow;

/// How often what was noted is stored.
const EVERY: Duration = Duration::from_secs(30);

/// Stores the slow requests and the slow statements of this process.
#[derive(Debug)]
pub struct Recorder {
    context: Context,
    requests: Arc<SlowRequests>,
}

impl Recorder {
    /// Starts the task that stores them, once in a process and for as long as its services exist. Does nothing without a runtime.
    pub fn start(services: &Services) {
        let requests = SlowRequests::of(services);
        services.once(|| {
            let recorder = Arc::new(Self { context: services.context.clone(), requests });
            if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                runtime.spawn(record(Arc::downgrade(&recorder)));
            }
            recorder
        });
    }
}

async fn record(recorder: Weak<Recorder>) {
    loop {
        tokio::time::sleep(EVERY).await;
        let Some(recorder) = recorder.upgrade() else {
            return;
        };
        match store_slow(&recorder.context, &recorder.requests).await {
            Ok(()) => telemetry::works("slow requests"),
            Err(error) => {
                if let Some(times) = telemetry::news("slow requests", &error) {
                    tracing::warn!(%error, times, "cannot store slow requests and statements; they are lost");
                }
            }
        }
    }
}

/// Stores what was noted since the last call; nothing, without a transaction, if there is nothing.
///
/// # Errors
/// When the database fails. What was noted is lost then.
pub async fn store_slow(context: &Context, requests: &SlowRequests) -> Result<(), DbError> {
    let (requests, statements) = (requests.take(), context.db.take_slow());
    if requests.is_empty() && statements.is_empty() {
        return Ok(());
    }
    let statements = planned(context, merged(statements)).await;
    let tx = context.begin().await?;
    if !requests.is_empty() {
        slow::add_requests(&tx, context, requests).await?;
    }
    if !statements.is_empty() {
        slow::add_statements(&tx, context, statements).await?;
    }
    tx.commit().await
}

/// Adds up the executions of a statement on several pools, because one insert changes a row only once.
fn merged(statements: Vec<SlowStatement>) -> Vec<SlowStatement> {
    let mut all: Vec<SlowStatement> = Vec::with_capacity(statements.len());
    for slow in statements {
        match all.iter_mut().find(|known| known.sql == slow.sql) {
            Some(known) => {
                known.runs += slow.runs;
                known.total_ms = known.total_ms.saturating_add(slow.total_ms);
                known.max_ms = known.max_ms.max(slow.max_ms);
            }
            None => all.push(slow),
        }
    }
    all
}

/// Adds the plan of each statement whose text is whole. Some, such as those that create tables, have none.
async fn planned(
    context: &Context,
    statements: Vec<SlowStatement>,
) -> Vec<(SlowStatement, Option<String>)> {
    let mut planned = Vec::with_capacity(statements.len());
    for slow in statements {
        let plan =
            if slow.is_cut { None } else { context.db.explain(&slow.sql).await.ok().flatten() };
        planned.push((slow, plan.filter(|plan| !plan.is_empty())));
    }
    planned
}
