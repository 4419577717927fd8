//! The nightly check of the ledger.

use kernel::counted;
use platform::{
    Context,
    jobs::{JobError, Jobs, Schedule},
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
            metrics::gauge!("guildhall_ledger_mismatches").set(found.len() as f64);
            actions::alert(&context, &operators, &found).await?;
            match found.first() {
                None => Ok("no mismatches".to_owned()),
                Some(first) => Err(JobError::Other(format!(
                    "{}: {first}",
                    counted(found.len(), "mismatch", "mismatches, the first")
                ))),
            }
        }
    };
    Jobs {
        workers: Vec::new(),
        schedules: vec![Schedule::new(VERIFICATION, "40 3 * * *", check)],
    }
}
