use std::{sync::Arc, time::Duration};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{store::due, worker::Backlog};
use crate::{
    Context,
    telemetry::{news, works},
};

/// The bells of a process's idle jobs. One statement looks for due work in all their queues, so that an idle process costs the
/// database little, however many jobs there are.
#[derive(Default)]
pub(super) struct Lookout {
    backlogs: Vec<Backlog>,
    bells: Vec<Arc<Notify>>,
}

impl Lookout {
    /// Returns a bell that rings while a queue has due work.
    pub(super) fn watch(&mut self, backlog: Backlog) -> Arc<Notify> {
        let bell = Arc::new(Notify::new());
        self.backlogs.push(backlog);
        self.bells.push(Arc::clone(&bell));
        bell
    }

    /// Looks again after each `pause` until `stop`.
    pub(super) async fn keep(self, context: Context, pause: Duration, stop: CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_some() {
            match due(&context.db, &self.backlogs, context.now()).await {
                Ok(due) => {
                    works("queues");
                    let due = self.bells.iter().zip(due).filter(|(_, is_due)| *is_due);
                    due.for_each(|(bell, _)| bell.notify_one());
                }
                Err(error) => {
                    if let Some(times) = news("queues", &error) {
                        tracing::error!(%error, times, "cannot look for due work; retrying soon");
                    }
                }
            }
        }
    }
}
