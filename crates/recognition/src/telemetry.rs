//! The metrics of points and badges.

use platform::telemetry::Metric;

pub(crate) const BADGES_AWARDED: Metric =
    Metric::counter("guildhall_badges_awarded_total", "Badges awarded.");

/// Entries of the ledger, which programmes count when they settle.
pub const LEDGER_ENTRIES: Metric = Metric::counter(
    "guildhall_ledger_entries_total",
    "Entries posted to the ledger by settlement.",
);

pub(crate) const LEDGER_MISMATCHES: Metric = Metric::gauge(
    "guildhall_ledger_mismatches",
    "Mismatches that the last verification of the ledger found.",
);

pub(crate) const ALL: &[Metric] = &[BADGES_AWARDED, LEDGER_ENTRIES, LEDGER_MISMATCHES];
