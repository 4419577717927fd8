//! The metrics of settlement.

use platform::telemetry::Metric;

pub(crate) const FAILING: Metric = Metric::gauge(
    "guildhall_settlement_failing",
    "Pull requests that the last batch of settlement in this process could not settle.",
);

pub(crate) const WINDOWS: Metric = Metric::counter(
    "guildhall_settled_windows_total",
    "Scoring windows processed. A window is one person's pull requests in one repository and month.",
);

pub(crate) const ALL: &[Metric] = &[FAILING, WINDOWS];
