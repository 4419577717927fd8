//! The ledger's check, its rebuild and its dump: what needs every module that earns points.

mod dump;
mod rebuild;
mod scores;

pub use dump::dump;
pub use rebuild::{Mode, Rebuilt, rebuild};

use platform::{
    Context,
    alerts::Operators,
    db::DbError,
    jobs::{JobError, Schedule},
};
use recognition::verify::Mismatch;

use crate::alerts::alert_ledger;

/// Everything about the ledger that does not agree: totals, boards, histogram and scores counted
/// again by plain SQL, entitlements by settlement.
pub async fn verify(context: &Context) -> Result<Vec<Mismatch>, DbError> {
    let mut found = recognition::verify::mismatches(&context.db).await?;
    found.extend(scores::differing(&context.db).await?);
    let rebuilt = rebuild(context, Mode::Check, |_| {}).await?;
    if rebuilt.entries > 0 {
        found.push(Mismatch {
            what: "entitlement".to_owned(),
            which: format!("{} pull requests", rebuilt.differing),
            stored: "the ledger as it stands".to_owned(),
            counted: format!("{} entries to be posted", rebuilt.entries),
        });
    }
    Ok(found)
}

/// The name of the nightly check.
pub const VERIFICATION: &str = "LedgerVerification";

/// Checks that are listed.
pub const CHECKS_SHOWN: i64 = 20;

/// The nightly check, which wakes operators when something does not agree.
#[must_use]
pub fn schedule(operators: &Operators) -> Schedule {
    let operators = operators.clone();
    let check = move |context: Context| {
        let operators = operators.clone();
        async move {
            let found = verify(&context).await?;
            metrics::gauge!("guildhall_ledger_mismatches").set(found.len() as f64);
            alert_ledger(&context, &operators, &found).await?;
            match found.first() {
                None => Ok("the ledger agrees".to_owned()),
                Some(first) => Err(JobError::Other(format!(
                    "{} mismatches; first: {} {} is {} and should be {}",
                    found.len(),
                    first.what,
                    first.which,
                    first.stored,
                    first.counted
                ))),
            }
        }
    };
    Schedule::new(VERIFICATION, "40 3 * * *", check)
}
