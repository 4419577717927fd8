//! The metrics of deliveries.

use platform::telemetry::{Metric, MetricLabel};

/// Deliveries by result. That of a refusal is the code of its problem.
pub(crate) const DELIVERIES: Metric =
    Metric::counter("guildhall_webhook_deliveries_total", "Deliveries received, by result.")
        .by(&[MetricLabel::of("outcome", &["accepted", "altered", "duplicate", "failed"])]);
