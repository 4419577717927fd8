//! The nightly check of the ledger, the refresh of the boards, and the evaluation of badges.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use identity::model::LISTING_CHANGED;
use kernel::counted;
use platform::{
    Context,
    jobs::{self, JobError, Jobs, Progress, Schedule, Worker},
    module::Services,
};

use crate::{
    Programmes, actions,
    model::{BADGE_CHANGED, BADGES_DUE, RECOUNT_DUE},
    telemetry::LEDGER_MISMATCHES,
};

/// The name of the nightly check.
pub const VERIFICATION: &str = "LedgerVerification";

/// The name of the nightly evaluation of badges, which finds what a lost wake-up left out.
pub const BADGES: &str = "BadgeEvaluation";

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
            LEDGER_MISMATCHES.set(&[], found.len() as f64);
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
        workers: vec![
            listings(),
            Worker::new("board-recounts", RECOUNT_DUE, |context: Context, _| async move {
                Ok(actions::continue_recount(&context).await?)
            }),
            badges(programmes),
            badges_of_everyone(programmes),
        ],
        schedules: vec![
            Schedule::new("FinalMonths", "25 * * * *", move |context: Context| async move {
                let done = actions::finalize_months(&context, programmes).await?;
                Ok(match done.len() {
                    0 => "no month can become final yet".to_owned(),
                    count => counted(count, "month became final", "months became final"),
                })
            }),
            Schedule::new(BADGES, "10 2 * * *", |context: Context| async move {
                actions::evaluate_everyone(&context).await?;
                Ok("requested; the admin page of badges shows the progress".to_owned())
            }),
            Schedule::new(VERIFICATION, "40 3 * * *", check),
            Schedule::new("BoardListings", "*/5 * * * *", refresh),
            Schedule::new("RankSnapshots", "*/10 * * * *", |context: Context| async move {
                Ok(match actions::keep_ranks(&context).await? {
                    0 => "the ranks to compare with are stored".to_owned(),
                    kept => {
                        format!("ranks stored on {}", counted(kept, "leaderboard", "leaderboards"))
                    }
                })
            }),
        ],
    }
}

/// Returns the worker that refreshes the boards after a ban, or when an account is closed or restored.
fn listings() -> Worker {
    Worker::new("board-listings", LISTING_CHANGED, |context: Context, _| async move {
        let Some((tx, claimed)) = jobs::claimed(&context, LISTING_CHANGED).await? else {
            return Ok(Progress::Idle);
        };
        actions::refresh(&tx, &context).await?;
        Ok(jobs::worked(tx, &claimed).await?)
    })
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

/// Returns the worker that evaluates the badges of people for whom something changed. It creates the first badges.
fn badges(programmes: Programmes) -> Worker {
    let is_seeded = Arc::new(AtomicBool::new(false));
    Worker::new("BadgeAwardProcessor", BADGES_DUE, move |context: Context, _| {
        let is_seeded = Arc::clone(&is_seeded);
        async move {
            if !is_seeded.load(Ordering::Relaxed) {
                actions::seed_badges(&context, programmes).await?;
                is_seeded.store(true, Ordering::Relaxed);
            }
            Ok(actions::evaluate_due(&context, programmes).await?)
        }
    })
    .formerly("badges")
}

/// Returns the worker that evaluates the badges of everyone after a badge was created or changed.
fn badges_of_everyone(programmes: Programmes) -> Worker {
    Worker::new("badges-of-everyone", BADGE_CHANGED, move |context: Context, _| async move {
        Ok(actions::evaluate_next(&context, programmes).await?)
    })
}
