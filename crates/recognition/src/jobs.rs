//! The nightly check of the ledger, and the refresh of the boards.

use identity::model::LISTING_CHANGED;
use kernel::counted;
use platform::{
    Context,
    jobs::{self, JobError, Jobs, Progress, Schedule, Worker},
    module::Services,
};

use crate::{Programmes, actions};

/// The name of the nightly check.
pub const VERIFICATION: &str = "LedgerVerification";

/// The number of checks that are listed.
pub(crate) const CHECKS_SHOWN: i64 = 20;

/// Returns the nightly check, which alerts operators of mismatches.
pub(crate) fn jobs(services: &Services) -> Jobs {
    let (operators, programmes) = (services.operators(), Programmes::of(services));
    let check = move |context: Context| {
        let operators = operators.clone();
        async move {
            let found = actions::verify(&context, programmes).await?;
            let awaiting = actions::awaiting(&context, programmes).await?;
            metrics::gauge!("guildhall_ledger_mismatches").set(found.len() as f64);
            actions::alert(&context, &operators, &found).await?;
            match found.first() {
                None if awaiting > 0 => Ok(format!(
                    "no mismatches; {} not checked, because settlement is due",
                    counted(awaiting, "window", "windows")
                )),
                None => Ok("no mismatches".to_owned()),
                Some(first) => Err(JobError::Other(format!(
                    "{}: {first}",
                    counted(found.len(), "mismatch", "mismatches, the first")
                ))),
            }
        }
    };
    Jobs {
        workers: vec![listings()],
        schedules: vec![
            Schedule::new(VERIFICATION, "40 3 * * *", check),
            Schedule::new("BoardListings", "*/5 * * * *", refresh),
        ],
    }
}

/// Returns the worker that refreshes the boards after a ban, or when an account is closed or restored.
fn listings() -> Worker {
    Worker::new(
        "board-listings",
        LISTING_CHANGED,
        |context: Context, _| async move {
            let Some((tx, claimed)) = jobs::claimed(&context, LISTING_CHANGED).await? else {
                return Ok(Progress::Idle);
            };
            actions::refresh(&tx, &context).await?;
            Ok(jobs::worked(tx, &claimed).await?)
        },
    )
}

/// Refreshes the boards at set times, because a ban may end by itself.
async fn refresh(context: Context) -> Result<String, JobError> {
    let changed = actions::refresh_listings(&context).await?;
    Ok(counted(
        changed,
        "person hidden from or restored to leaderboards",
        "people hidden from or restored to leaderboards",
    ))
}
