//! Alerts about the ledger.

use platform::{
    ActionError, Context,
    alerts::{Incident, Operators, Severity, reconcile},
};
use recognition::verify::Mismatch;

/// The ledger does not agree with what is derived from it.
pub const LEDGER: &str = "ledger_mismatch";

/// Tells operators what the check of the ledger found, or that it agrees again. Nobody is named: what is
/// told is read elsewhere and kept.
pub(crate) async fn alert_ledger(
    context: &Context,
    operators: &Operators,
    found: &[Mismatch],
) -> Result<(), ActionError> {
    let incident = found.first().map(|first| Incident {
        subject: "ledger".to_owned(),
        severity: Severity::Critical,
        title: "The ledger does not agree with what is counted".to_owned(),
        text: format!(
            "{}; the first: {} is {} and should be {}. Nothing was changed. See docs/operations.md, \
             'When an alert comes'.",
            match found.len() {
                1 => "1 mismatch".to_owned(),
                count => format!("{count} mismatches"),
            },
            first.what,
            first.stored,
            first.counted
        ),
        link: "/admin/ledger",
    });
    let incidents: Vec<_> = incident.into_iter().collect();
    reconcile(context, operators, LEDGER, &incidents).await?;
    Ok(())
}
