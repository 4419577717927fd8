use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use futures_util::{StreamExt as _, future::BoxFuture, stream};
use platform::db::DbError;

use crate::{gateway::PlatformError, rules::runs::RunOutcome};

/// A brake on a run, with the reason why it ended early.
#[derive(Default)]
pub(super) struct Brake {
    is_on: AtomicBool,
    reason: Mutex<Option<PlatformError>>,
}

impl Brake {
    pub(super) fn is_on(&self) -> bool {
        self.is_on.load(Ordering::Relaxed)
    }

    /// Ends the run early. The first reason counts, and a rejected token more than its consequences.
    pub(super) fn pull(&self, error: PlatformError) {
        let mut reason = self.reason.lock().unwrap_or_else(PoisonError::into_inner);
        if reason.is_none() || error == PlatformError::Rejected {
            *reason = Some(error);
        }
        self.is_on.store(true, Ordering::Relaxed);
    }

    /// Returns the outcome of a run that ended early.
    pub(super) fn outcome(&self) -> Option<RunOutcome> {
        let reason = self.reason.lock().unwrap_or_else(PoisonError::into_inner);
        reason.as_ref().map(|error| match error {
            PlatformError::Rejected => RunOutcome::Rejected,
            PlatformError::SwitchedOff(_) => RunOutcome::SwitchedOff,
            _ => RunOutcome::EndedEarly,
        })
    }
}

/// Pieces of work, each created when it is asked for.
pub(super) type PendingWork<'a> =
    Box<dyn Iterator<Item = BoxFuture<'a, Result<(), DbError>>> + Send + 'a>;

/// Does work, a number of pieces at once, until the first error. A piece is created when its turn comes: those of ten thousand
/// competitors would take more than a gigabyte.
pub(super) async fn at_once(work: PendingWork<'_>, concurrency: usize) -> Result<(), DbError> {
    let mut done = stream::iter(work).buffer_unordered(concurrency.max(1));
    while let Some(done) = done.next().await {
        done?;
    }
    Ok(())
}
