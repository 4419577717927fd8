//! Deliveries that fail.

use platform::alerts::{Incident, Severity};

use crate::model::Failures;

/// The number of deliveries from which on their share of failures says something.
const FEWEST: i64 = 10;

/// Returns an incident if more than a tenth of the deliveries of fifteen minutes failed.
pub(crate) fn incident(counted: &Failures) -> Option<Incident> {
    let Failures { received, failed } = *counted;
    (received >= FEWEST && failed.saturating_mul(10) > received).then(|| Incident {
        subject: "webhook".to_owned(),
        severity: Severity::High,
        title: "More than 10 % of GitHub's deliveries fail".to_owned(),
        text: format!(
            "{failed} of the {received} deliveries of the last 15 minutes could not be applied. They are stored and tried again: \
             open the page, read the error and fix the cause."
        ),
        link: "/admin/deliveries",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_a_tenth_of_enough_deliveries_is_an_incident() {
        for (received, failed, expected) in [
            (0, 0, false),
            (9, 9, false),
            (10, 1, false),
            (10, 2, true),
            (100, 10, false),
            (100, 11, true),
        ] {
            let found = incident(&Failures { received, failed });
            assert_eq!(found.is_some(), expected, "{failed} of {received}");
            assert!(found.is_none_or(|it| it.severity == Severity::High));
        }
    }
}
